"""Checks of the page of explanations, and of the page that `touchstone explain --html` writes."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from page_testing.devtools import PageError
from page_testing.playground import ENTER, TAB, Playground, expect
from page_testing.service import REPOSITORY

WIDTHS = [390, 1280]
NOT_WIDER = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
QUERY = "where is the missing file"
DOCUMENTS = ["The file was not found. Look in the other folder.", "The printer is out of paper."]
MIXED = "The naïve Cafe\u0301 in 東京 was not found <|im_end|> שלום"


def start(page: Playground, wanted: dict | None = None) -> None:
    fragment = "#" + "".join(f"%{byte:02X}" for byte in json.dumps(wanted).encode()) if wanted else ""
    page.browser.open(page.service.page + "/explain" + fragment)
    page.wait_for("document.getElementById('state-text').textContent === 'ready'")


def explain(page: Playground, text: str, documents: list[str] | None = None, seconds: float = 60) -> None:
    page.fill("#text", text)
    for identifier, document in zip(["a", "b"], [*(documents or []), "", ""], strict=False):
        page.fill(f"#document-{identifier}", document)
    page.evaluate("delete document.getElementById('result').dataset.shown")
    page.click("explain")
    page.wait_for("document.getElementById('result').dataset.shown !== undefined", seconds)


def headings(page: Playground) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('#result h2')].map(heading => heading.textContent)")


def explains_a_text(page: Playground) -> None:
    start(page)
    explain(page, MIXED)
    wanted = ["Tokens", "Merges", "Residual stream", "Attention of the last token", "The vector"]
    expect(headings(page) == wanted, f"the parts are {headings(page)}")
    answer = page.service.ask("/v1/explain", {"text": MIXED})
    shown = page.evaluate("[...document.querySelectorAll('#tokens .chips .id')].map(id => Number(id.textContent))")
    expect(shown == [token["id"] for token in answer["tokens"]], "the tokens are not those of the answer")
    expect(page.evaluate("document.querySelectorAll('#tokens .chips .special').length") == 2, "special tokens")


def follows_a_head(page: Playground) -> None:
    """By keyboard: the selects choose a layer and a head, and the tokens are shaded by its attention."""
    start(page)
    explain(page, "The file was not found.")
    answer = page.service.ask("/v1/explain", {"text": "The file was not found."})
    head = answer["attention"]["layers"][2]["heads"][1]
    for name, value in (("layer", "2"), ("head", "1")):
        page.evaluate(
            f"{{const list = document.querySelector('#attention .{name}'); list.focus(); list.value = '{value}'; "
            "list.dispatchEvent(new Event('change', {bubbles: true}))}"
        )
    sentence = page.evaluate("document.querySelector('#attention .shown').textContent")
    expect(f"Layer 2, head 1: {head['entropy']:.2f} of" in sentence, sentence)
    top = max(head["shares"], key=lambda pair: pair[1])[0]
    darkest = page.evaluate("Number(document.querySelector('#attention .token.w10').dataset.token)")
    expect(darkest == top, f"token {darkest} is the darkest, not {top}")
    page.evaluate(
        "document.querySelector(\"#attention .cell[data-layer='1'][data-head='3']\").dispatchEvent(new Event('click'))"
    )
    expect(page.evaluate("document.querySelector('#attention .layer').value") == "1", "a cell chooses its head")


def explains_a_match_from_another_page(page: Playground) -> None:
    """The address has the texts: as the page of knowledge bases links here."""
    start(page, {"text": QUERY, "documents": DOCUMENTS})
    page.wait_for("document.getElementById('result').dataset.shown !== undefined", 60)
    expect(headings(page)[0] == "Why document A is above document B", f"the parts are {headings(page)}")
    answer = page.service.ask("/v1/explain", {"text": QUERY, "documents": DOCUMENTS, "vectors": False})
    words = answer["match"]["documents"][0]["document"]["words"]
    best = max(words, key=lambda unit: unit["effect"])
    shown = page.evaluate("document.querySelector('#match-0 .effects tbody tr').cells[0].textContent")
    expect(shown == best["text"].rstrip(), f"{shown} carries most, not {best['text']}")


def explains_a_reranker(page: Playground) -> None:
    start(page)
    page.evaluate("{const list = document.getElementById('model'); list.value = 'judge'}")
    page.fill("#text", QUERY)
    page.fill("#document-a", "")
    page.fill("#document-b", "")
    page.click("explain")
    expect("reads a query and a document" in page.text("problem"), "a reranker alone is not refused")
    explain(page, QUERY, DOCUMENTS[:1])
    expect("The reranker’s score is" in page.text("match-0"), "no score")


def runs_no_text(page: Playground) -> None:
    start(page)
    explain(page, "<img src=x onerror='window.ran = 1'> <script>window.ran = 1</script>", ["<b>bold</b> & more"])
    expect(not page.evaluate("window.ran === 1"), "a text was run")
    expect(page.evaluate("document.querySelectorAll('#result img, #result script, #result b').length") == 0, "markup")


def shows_two_thousand_tokens_at_once(page: Playground) -> None:
    """First paint under a second after the data."""
    start(page)
    text = " ".join(f"word {number % 97}" for number in range(700))
    explain(page, text, seconds=120)
    count = page.evaluate("document.querySelectorAll('#attention .token').length")
    expect(count > 2000, f"only {count} tokens")
    milliseconds = int(page.evaluate("document.getElementById('result').dataset.shown"))
    painted = page.evaluate(
        "new Promise(done => {const start = performance.now(); "
        "requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)))})"
    )
    expect(milliseconds + painted < 1000, f"drawn in {milliseconds} ms, painted {painted:.0f} ms later")
    chosen = page.evaluate(
        "{const start = performance.now(); const list = document.querySelector('#attention .layer'); list.value = '1'; "
        "list.dispatchEvent(new Event('change')); document.body.getBoundingClientRect(); performance.now() - start}"
    )
    expect(chosen < 500, f"a layer takes {chosen:.0f} ms")
    print(f"        {count} tokens: drawn in {milliseconds} ms, painted {painted:.0f} later, a layer in {chosen:.0f}")


def cancels(page: Playground) -> None:
    start(page)
    page.fill("#text", " ".join(f"word {number}" for number in range(500)))
    page.click("explain")
    page.click("cancel")
    page.wait_for("document.getElementById('summary').textContent === 'Cancelled.'")


def names_everything_and_goes_in_order(page: Playground) -> None:
    """The tree of a screen reader has names, and Tab goes through the page in its order."""
    start(page)
    explain(page, QUERY, DOCUMENTS)
    nodes = page.browser.call("Accessibility.getFullAXTree")["nodes"]
    wanted = {"button", "textbox", "combobox", "link", "image", "heading", "table", "list", "region"}
    seen = set()
    for node in nodes:
        role = node.get("role", {}).get("value")
        role = "region" if role == "Section" else role
        if node.get("ignored") or role not in wanted:
            continue
        seen.add(role)
        if role not in ("table", "list"):
            expect(node.get("name", {}).get("value"), f"a {role} has no name")
    expect(wanted <= seen, f"there is no {wanted - seen}")
    page.evaluate("document.activeElement.blur(); window.getSelection().collapse(document.body, 0)")
    order = []
    for _ in range(120):
        page.browser.press("Tab", TAB)
        order.append(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        if order[-1] <= 5 or order[-1] in order[:-1]:
            break
    # The result has had the focus, so that the way begins there and comes round.
    path = [place for place in order if place > 5][:-1]
    first = path.index(min(path))
    expect(
        len(path) > 20 and path[first:] + path[:first] == sorted(path),
        f"the order of focus is not that of the page: {path}",
    )
    page.evaluate("document.querySelector('#merges summary').focus()")
    was_open = page.evaluate("document.querySelector('#merges details').open")
    page.browser.press("Enter", ENTER)
    expect(page.evaluate("document.querySelector('#merges details').open") != was_open, "Enter opens no piece")


EXPLAINING = [
    explains_a_text,
    follows_a_head,
    explains_a_match_from_another_page,
    explains_a_reranker,
    runs_no_text,
    shows_two_thousand_tokens_at_once,
    cancels,
    names_everything_and_goes_in_order,
]


def explanation_looks(folder: Path) -> Callable[[Playground], None]:
    """Pictures of every part, at each width, light and dark. Nothing is wider than the page."""

    def explains_at_each_width(page: Playground) -> None:
        try:
            for name, text, documents in (("text", MIXED, []), ("match", QUERY, DOCUMENTS)):
                page.browser.look(width=1280)
                start(page)
                explain(page, text, documents)
                for width in WIDTHS:
                    for dark in (False, True):
                        page.browser.look(width=width, dark=dark)
                        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
                        page.browser.screenshot(folder / f"explain-{name}-{width}-{'dark' if dark else 'light'}.png")
                        expect(page.evaluate(NOT_WIDER), f"the page is wider than {width} pixels")
        finally:
            page.browser.look(width=1280)

    return explains_at_each_width


def written_page_looks(binary: Path, folder: Path) -> Callable[[Playground], None]:
    """The page that the command writes, opened as a file."""

    def a_written_page_stands_alone(page: Playground) -> None:
        path = folder / "explanation.html"
        arguments = [str(binary), "explain", "--query", QUERY, "--html", str(path)]
        for document in DOCUMENTS:
            arguments += ["--document", document]
        done = subprocess.run(arguments, cwd=REPOSITORY, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PageError(done.stderr)
        try:
            for width in WIDTHS:
                for dark in (False, True):
                    page.browser.look(width=width, dark=dark)
                    page.browser.open(path.as_uri())
                    page.browser.screenshot(folder / f"written-{width}-{'dark' if dark else 'light'}.png")
                    expect(page.evaluate(NOT_WIDER), f"the written page is wider than {width} pixels")
            expect(
                not page.evaluate("document.querySelector('#attention .choosers').hidden"), "its script does not run"
            )
        finally:
            page.browser.look(width=1280)

    return a_written_page_stands_alone
