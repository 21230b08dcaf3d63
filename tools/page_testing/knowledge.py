"""Checks of the page of knowledge bases: files in, pieces shown, passages found, the reasons, progress."""

import json
from collections.abc import Callable
from pathlib import Path

from page_testing.devtools import PageError
from page_testing.playground import ENTER, ESCAPE, TAB, Playground, expect
from page_testing.service import REPOSITORY

DOCUMENTS = sorted((REPOSITORY / "testdata/knowledge/documents").iterdir())
WIDTHS = [390, 1280]
NOT_WIDER = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def start(page: Playground) -> None:
    page.browser.open(page.service.page + "/knowledge")
    page.wait_for("document.getElementById('state-text').textContent === 'ready'")
    page.wait_for("document.getElementById('documents-count').textContent !== '–'")


def choose(page: Playground, files: list[Path]) -> None:
    """Gives files to the page as its chooser would."""
    document = page.browser.call("DOM.getDocument")["root"]["nodeId"]
    field = page.browser.call("DOM.querySelector", nodeId=document, selector="#files")["nodeId"]
    page.browser.call("DOM.setFileInputFiles", nodeId=field, files=[str(file) for file in files])


def wait_for_documents(page: Playground, count: int) -> None:
    page.wait_for(
        f"document.getElementById('documents-count').textContent === '{count}' "
        f"&& document.getElementById('work').hidden && document.querySelectorAll('#documents li').length === {count}",
        60,
    )


def leave_out_the_reranker(page: Playground) -> None:
    """The small reranker of the tests knows nothing."""
    page.wait_for("!document.getElementById('rerank-row').hidden")
    page.evaluate("{const box = document.getElementById('rerank'); if (box.checked) box.click()}")


def search(page: Playground, query: str) -> list[str]:
    """Asks as a person does; the names of the passages' documents."""
    page.evaluate("document.getElementById('hits').replaceChildren(); document.getElementById('query').focus()")
    page.fill("#query", query)
    page.browser.press("Enter", ENTER)
    page.wait_for("document.querySelectorAll('#hits > li').length > 0")
    return page.evaluate("[...document.querySelectorAll('#hits .name')].map(name => name.textContent)")


def reads_files_that_are_chosen(page: Playground) -> None:
    start(page)
    expect(page.text("documents-count") == "0", "the base is not empty")
    choose(page, DOCUMENTS)
    wait_for_documents(page, len(DOCUMENTS))
    names = page.evaluate("[...document.querySelectorAll('#documents .open')].map(button => button.textContent)")
    expect(sorted(names) == sorted(file.name for file in DOCUMENTS), f"shows {names}")
    facts = page.evaluate("document.querySelector('#documents .facts').textContent")
    expect("piece" in facts, f"no count of pieces in {facts}")
    expect(int(page.text("chunks-count")) >= len(DOCUMENTS), "there are too few pieces")
    expect("zh 2" in page.text("languages"), f"languages: {page.text('languages')}")


def takes_files_that_are_dropped(page: Playground) -> None:
    start(page)
    page.evaluate(
        "{const data = new DataTransfer();"
        "data.items.add(new File(['The drawer of the red cupboard is stuck.'], 'cupboard.txt'));"
        "data.items.add(new File(['?'], 'picture.xyz'));"
        "for (const kind of ['dragenter', 'dragover', 'drop'])"
        " document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}))}"
    )
    wait_for_documents(page, len(DOCUMENTS) + 1)
    page.wait_for("!document.getElementById('failures-row').hidden")
    failure = page.text("failures")
    expect("picture.xyz" in failure and "ending" in failure, f"says {failure}")


def finds_passages_in_several_languages(page: Playground) -> None:
    start(page)
    leave_out_the_reranker(page)
    for query, name in [("保修期多长", "保修.zh.md"), ("Garantie", "garantie.de.md"), ("返品", "返品.ja.md")]:
        found = search(page, query)
        expect(found[0] == name, f"{query} finds {found}")
    marks = page.evaluate("[...document.querySelectorAll('#hits mark')].map(mark => mark.textContent)")
    expect("返品" in marks, f"marks {marks}")
    page.fill("#query", "Garantie")
    page.evaluate(
        "{const field = document.getElementById('language'); field.value = 'de';"
        "field.dispatchEvent(new Event('change'))}"
    )
    search(page, "Garantie")
    languages = page.evaluate("[...document.querySelectorAll('#hits .place')].map(place => place.textContent)")
    expect(all("German" in place for place in languages), f"of other languages: {languages}")


def says_why_a_passage_was_found(page: Playground) -> None:
    start(page)
    search(page, "red cupboard")
    page.wait_for("document.getElementById('search-summary').textContent.includes('reranked by judge')")
    page.evaluate("document.querySelector('#hits details').open = true")
    reasons = page.evaluate("document.querySelector('#hits .reasons').textContent")
    for word in ["Meaning (cosine)", "Words", "Reranker", "%", "token"]:
        expect(word in reasons, f"no {word} in {reasons}")
    bars = page.evaluate(
        "[...document.querySelectorAll('#hits details[open] .share')].map(bar => bar.getBoundingClientRect().width)"
    )
    expect(len(bars) >= 3 and all(width > 20 for width in bars), f"bars: {bars}")


def shows_a_passage_in_its_document(page: Playground) -> None:
    start(page)
    leave_out_the_reranker(page)
    found = search(page, "expansion vessel")
    expect("boiler.en.html" in found, f"finds {found}")
    place = found.index("boiler.en.html")
    page.evaluate(f"document.querySelectorAll('#hits > li')[{place}].querySelector('button').focus()")
    page.browser.press("Enter", ENTER)
    page.wait_for("document.querySelector('.piece.found') !== null")
    head = page.evaluate("document.querySelector('.piece.found .piece-head').textContent")
    expect("tokens" in head and "line" in head and "bytes" in head, f"says {head}")
    text = page.evaluate("document.querySelector('.piece.found .piece-text').textContent")
    expect("expansion vessel" in text, f"shows {text}")
    expect(page.evaluate("document.querySelectorAll('.piece').length") >= 2, "only one piece is drawn")
    page.browser.press("Escape", ESCAPE)
    page.wait_for("!document.getElementById('reader').open")
    expect(
        page.evaluate("document.activeElement.textContent") == "Show in the document",
        "the focus does not go back to where it was",
    )


def cuts_anew_with_progress(page: Playground) -> None:
    start(page)
    before = int(page.text("chunks-count"))
    page.evaluate("document.querySelector('.reindex').open = true")
    page.fill("#chunk-tokens", "24")
    page.fill("#overlap", "0")
    page.click("reindex")
    page.wait_for(f"Number(document.getElementById('chunks-count').textContent) > {before}", 60)
    page.wait_for("document.getElementById('work').hidden")
    page.fill("#chunk-tokens", "3")
    page.evaluate("document.getElementById('reindex-form').noValidate = true")
    page.click("reindex")
    page.wait_for("!document.getElementById('reindex-problem').hidden")
    expect("at least 16" in page.text("reindex-problem"), f"says {page.text('reindex-problem')}")
    page.browser.problems[:] = [problem for problem in page.browser.problems if "400" not in problem]


def removes_a_document_at_the_second_click(page: Playground) -> None:
    start(page)
    count = int(page.text("documents-count"))
    button = (
        "[...document.querySelectorAll('#documents li')].find(row => row.textContent.includes('cupboard.txt'))"
        ".querySelector('.remove')"
    )
    page.wait_for(f"[...document.querySelectorAll('#documents li')].length === {count}")
    page.evaluate(f"{button}.click()")
    expect(page.evaluate(f"{button}.textContent") == "Remove?", "the first click asks")
    page.evaluate(f"{button}.click()")
    wait_for_documents(page, count - 1)
    names = page.evaluate("[...document.querySelectorAll('#documents .open')].map(button => button.textContent)")
    expect("cupboard.txt" not in names, f"shows {names}")


def works_by_keyboard_and_names_its_parts(page: Playground) -> None:
    start(page)
    search(page, "Garantie")
    nodes = page.browser.call("Accessibility.getFullAXTree")["nodes"]
    for node in nodes:
        role = node.get("role", {}).get("value")
        if not node.get("ignored") and role in {"button", "searchbox", "combobox", "spinbutton", "link", "switch"}:
            expect(node.get("name", {}).get("value"), f"a {role} has no name")
    page.evaluate("document.activeElement.blur(); window.getSelection().collapse(document.body, 0)")
    order = []
    for _ in range(120):
        page.browser.press("Tab", TAB)
        place = page.evaluate(
            "document.activeElement === document.body ? -1 "
            ": [...document.querySelectorAll('*')].indexOf(document.activeElement)"
        )
        if place == -1 or place in order:
            break
        order.append(place)
    expect(len(order) > 25 and order == sorted(order), f"the order of focus is not that of the page: {order}")
    page.evaluate("document.querySelector('#documents .open').focus()")
    page.browser.press("Enter", ENTER)
    page.wait_for("document.getElementById('reader').open")
    page.browser.press("Escape", ESCAPE)
    page.wait_for("!document.getElementById('reader').open")


def looks(folder: Path) -> Callable[[Playground], None]:
    def the_knowledge_page_fits_every_window(page: Playground) -> None:
        for width in WIDTHS:
            for theme in ["light", "dark"]:
                page.browser.look(width=width, dark=theme == "dark")
                start(page)
                leave_out_the_reranker(page)
                search(page, "保修期多长")
                page.evaluate("document.querySelector('#hits details').open = true")
                expect(page.evaluate(NOT_WIDER), f"{width}: wider than the window")
                if width == 390:
                    low = page.evaluate(
                        "[...document.querySelectorAll('main button, main select, main summary')]"
                        ".filter(item => item.getClientRects().length > 0)"
                        ".map(item => [item.textContent, item.getBoundingClientRect().height])"
                        ".filter(([, height]) => height < 40)"
                    )
                    expect(not low, f"too low for a finger: {json.dumps(low)}")
                page.browser.screenshot(folder / f"knowledge-{width}-{theme}.png")
                page.evaluate("document.querySelector('#hits button').click()")
                page.wait_for("document.querySelector('.piece.found') !== null")
                expect(page.evaluate(NOT_WIDER), f"{width}: the document is wider than the window")
                page.browser.screenshot(folder / f"knowledge-document-{width}-{theme}.png")
        page.browser.look(width=1280)

    return the_knowledge_page_fits_every_window


def the_other_page_leads_here(page: Playground) -> None:
    page.start()
    page.wait_for("!document.getElementById('knowledge-top').hidden")
    expect(
        page.evaluate("document.getElementById('knowledge-top').getAttribute('href')") == "/knowledge",
        "leads elsewhere",
    )


def asks_for_a_key_for_the_knowledge(page: Playground) -> None:
    """Needs a service with a key."""
    page.browser.open(page.service.page + "/knowledge")
    page.wait_for("!document.getElementById('key-card').hidden")
    page.browser.type_text("wrong")
    page.browser.press("Enter", ENTER)
    page.wait_for("!document.getElementById('key-problem').hidden")
    if not page.service.key:
        raise PageError("the service has no key")
    page.browser.type_text(page.service.key)
    page.browser.press("Enter", ENTER)
    page.wait_for("document.getElementById('state-text').textContent === 'ready'")
    expect(page.is_hidden("key-card"), "the field for the key stays")
    page.browser.problems[:] = [problem for problem in page.browser.problems if "401" not in problem]


KNOWLEDGE = [
    reads_files_that_are_chosen,
    takes_files_that_are_dropped,
    finds_passages_in_several_languages,
    says_why_a_passage_was_found,
    shows_a_passage_in_its_document,
    removes_a_document_at_the_second_click,
    works_by_keyboard_and_names_its_parts,
    the_other_page_leads_here,
]
LATER = [cuts_anew_with_progress]
