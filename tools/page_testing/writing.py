"""Checks of writing: boxes, many texts, files, links, memory, copying, routes."""

import json

from page_testing.playground import ENTER, Playground, cosines, expect, expect_close

DROP = """{{
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array({bytes})], 'texts.txt', {{type: 'text/plain'}}));
  const drop = new DragEvent('drop', {{dataTransfer: transfer, bubbles: true, cancelable: true}});
  document.getElementById('texts-card').dispatchEvent(drop);
}}"""


def takes_any_text_by_keyboard(page: Playground) -> None:
    """Texts that would be HTML, or are of other scripts."""
    page.start()
    page.evaluate("document.getElementById('add').focus()")
    page.browser.press("Enter", ENTER)
    expect(page.evaluate("document.activeElement.tagName") == "TEXTAREA", "a new text has no focus")
    page.browser.type_text("<img src=x onerror=alert(1)> 密码错误 é 👩‍👩‍👧\nsecond line")
    page.browser.press("Enter", ENTER, control=True)
    page.wait_for("document.querySelectorAll('#matrix tbody tr').length === 5")
    expect_close(page.matrix(), cosines(page.vectors()), "the matrix of five texts")
    expect(page.evaluate("document.querySelectorAll('main img').length") == 0, "a text became HTML")
    page.evaluate("document.querySelectorAll('#texts .remove')[4].click()")
    expect(page.evaluate("document.activeElement.getAttribute('aria-label')") == "Text 4", "focus after removing")


def pastes_many_texts_one_a_line(page: Playground) -> None:
    page.start()
    mine = page.texts()
    page.click("open-many")
    expect(page.evaluate("document.activeElement.id") == "many-lines", "the field for many has no focus")
    page.browser.type_text("first\n\n  second\nשלישי\n")
    page.click("many-add")
    found = [entry["text"] for entry in page.texts()]
    expect(found == ["first", "  second", "שלישי"], f"in the place of the untouched examples: {found}")
    page.click("open-many")
    page.browser.type_text("fourth")
    page.click("many-add")
    expect([entry["text"] for entry in page.texts()][3:] == ["fourth"], f"not added: {page.texts()}")
    page.click("open-many")
    page.browser.type_text("\n".join(f"line {number}" for number in range(600)))
    page.click("many-replace")
    expect(len(page.texts()) == 500, f"{len(page.texts())} texts")
    expect("100 lines left out" in page.text("notice-text"), f"says {page.text('notice-text')}")
    page.click("undo")
    expect(len(page.texts()) == 4, f"undo: {page.texts()}")
    page.click("examples")
    expect(page.texts() == mine, "the examples do not come back")


def takes_a_text_file_that_is_dropped(page: Playground) -> None:
    page.start()
    page.evaluate(DROP.format(bytes=list("\ufeffone\r\ntwo: 二\n".encode())))
    page.wait_for("document.querySelectorAll('#texts li').length === 2")
    expect([entry["text"] for entry in page.texts()] == ["one", "two: 二"], f"{page.texts()}")
    page.evaluate(DROP.format(bytes=[0xFF, 0xFE, 0x00, 0x41]))
    page.wait_for("!document.getElementById('problem').hidden")
    expect("texts.txt is not text in UTF-8" in page.text("problem"), f"says {page.text('problem')}")
    expect(len(page.texts()) == 2, "a file that is no text changed the texts")


def remembers_texts_over_a_reload_until_cleared(page: Playground) -> None:
    page.start()
    page.fill("#texts textarea", "Remember me, שלום", 1)
    page.fill("#query", "a query of mine")
    page.browser.reload()
    page.settle()
    expect(page.texts()[1]["text"] == "Remember me, שלום", f"forgotten: {page.texts()}")
    expect(page.evaluate("document.getElementById('query').value") == "a query of mine", "the query is forgotten")
    page.click("clear")
    expect([entry["text"] for entry in page.texts()] == [""], f"not cleared: {page.texts()}")
    expect(page.evaluate("localStorage.getItem('touchstone.texts')") is None, "cleared, and still kept")
    page.click("undo")
    expect(page.texts()[1]["text"] == "Remember me, שלום", "clearing cannot be undone")


def shares_texts_in_a_link(page: Playground) -> None:
    page.start(["for you: 你好", "and שלום"], "a shared query")
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    page.click("share")
    page.wait_for("window.copied")
    link = page.evaluate("window.copied")
    expect(link.startswith(page.service.page + "/#"), f"the link is {link[:60]}")
    page.start(["texts of mine"])
    page.start(["texts of mine"], fragment=link.split("/")[-1])
    expect([entry["text"] for entry in page.texts()] == ["for you: 你好", "and שלום"], f"{page.texts()}")
    expect(page.evaluate("location.hash") == "", "a reload would bring the link's texts again")
    page.click("undo")
    expect([entry["text"] for entry in page.texts()] == ["texts of mine"], f"mine are lost: {page.texts()}")
    page.start(["texts of mine"], fragment="#t=AAAA")
    expect([entry["text"] for entry in page.texts()] == ["texts of mine"], "a broken link changes the texts")


def copies_over_plain_http(page: Playground) -> None:
    """Where the page did not come from a safe address, a browser has no clipboard for scripts."""
    page.start()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.evaluate(
        "document.addEventListener('copy', () => { const field = document.activeElement;"
        "window.copied = field.value.slice(field.selectionStart, field.selectionEnd) })"
    )
    page.evaluate("document.querySelector('.components button').click()")
    page.wait_for("window.copied")
    vector = json.loads(page.evaluate("window.copied"))
    expected = page.vector(page.texts()[0]["text"], role="query")
    expect(len(vector) == len(expected), f"{len(vector)} components")
    expect(all(abs(a - b) < 1e-6 for a, b in zip(vector, expected, strict=True)), "not the vector")
    expect(page.evaluate("document.querySelector('.components button').textContent").startswith("Copied"), "not said")
    page.evaluate("document.execCommand = () => false")
    page.evaluate("document.querySelector('.components button').click()")
    page.wait_for("document.querySelector('.to-copy') !== null")
    selected = page.evaluate("document.activeElement.selectionEnd - document.activeElement.selectionStart")
    expect(selected > 1000, "nothing is selected for Ctrl+C")


def reads_the_routes_from_the_description(page: Playground) -> None:
    page.start(fragment="#routes")
    page.wait_for("document.querySelectorAll('.route').length > 0")
    description = page.service.ask("/openapi.json")
    expected = {f"{method.upper()} {path}" for path, methods in description["paths"].items() for method in methods}
    found = page.evaluate(
        "[...document.querySelectorAll('.route > summary')]"
        ".map(line => line.children[0].textContent + ' ' + line.children[1].textContent)"
    )
    expect(set(found) == expected, f"routes {set(found) ^ expected}")
    page.evaluate("document.querySelector('.route').open = true")
    page.wait_for("document.querySelector('.route .try button') !== null")
    fields = page.evaluate(
        "[...document.querySelector('.route').querySelectorAll('th code')].map(name => name.textContent)"
    )
    schema = description["components"]["schemas"]["OpenAIEmbeddingsRequest"]
    expect(fields == list(schema["properties"]), f"fields {fields}")
    page.evaluate("document.querySelector('.route .try button').click()")
    page.wait_for("/^200\\n/.test(document.querySelector('.route .try [role=status]').textContent)")


WRITING = [
    takes_any_text_by_keyboard,
    pastes_many_texts_one_a_line,
    takes_a_text_file_that_is_dropped,
    remembers_texts_over_a_reload_until_cleared,
    shares_texts_in_a_link,
    copies_over_plain_http,
    reads_the_routes_from_the_description,
]
