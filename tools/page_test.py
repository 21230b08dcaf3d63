#!/usr/bin/env python3
"""Tests the page at `/` in headless Chromium, against the built command and the demonstration model.

Needs Chromium and nothing else. Ends with status 1 where anything is wrong.
"""

import argparse
import math
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from page_testing.devtools import Browser, PageError
from page_testing.service import REPOSITORY, Service

TAB, ENTER = 9, 13
MATRIX = (
    "[...document.querySelectorAll('#matrix tbody tr')]"
    ".map(row => [...row.cells].slice(1).map(cell => cell.firstChild.data))"
)


def expect(condition: object, sentence: str) -> None:
    if not condition:
        raise PageError(sentence)


def embed(page: Browser) -> None:
    """Presses the button, and waits for its answer."""
    page.evaluate("document.getElementById('summary').textContent = ''")
    page.evaluate("document.getElementById('embed').click()")
    page.wait_for("document.getElementById('summary').textContent !== ''")


def inputs(page: Browser) -> list[dict[str, str]]:
    return page.evaluate(
        "[...document.querySelectorAll('#texts li')].map(item => ({role: item.querySelector('select').value, "
        "text: item.querySelector('textarea').value}))"
    )


def vectors(page: Browser, service: Service) -> list[list[float]]:
    """The vectors of the texts in the page, asked for one by one."""
    instruction = page.evaluate("document.getElementById('instruction').value")
    result = []
    for entry in inputs(page):
        body: dict[str, Any] = {"input": entry["text"]}
        if entry["role"] == "query":
            body["instruct"] = instruction
        result.append(service.ask("/v1/embeddings", body)["data"][0]["embedding"])
    return result


def dot(left: list[float], right: list[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


def cosines(rows: list[list[float]], dimensions: int) -> list[list[str]]:
    """What the matrix should say: cosines of the first components, to three places."""
    short = [row[:dimensions] for row in rows]
    unit = [[value / math.sqrt(dot(row, row)) for value in row] for row in short]
    return [[f"{dot(left, right):.3f}" for right in unit] for left in unit]


def close(found: list[list[str]], expected: list[list[str]]) -> bool:
    """Equal but for the last place, which may be rounded the other way."""
    pairs = [pair for rows in zip(found, expected, strict=True) for pair in zip(*rows, strict=True)]
    return all(abs(float(left) - float(right)) < 0.0015 for left, right in pairs)


def test_status(page: Browser, service: Service) -> None:
    page.wait_for("document.getElementById('state-text').textContent === 'ready'")
    status = service.ask("/status")
    expect(page.evaluate("document.getElementById('kernels').textContent").startswith(status["kernels"]), "kernels")
    expect("demo" in page.evaluate("document.getElementById('models').textContent"), "the model is not named")


def test_similarity(page: Browser, service: Service) -> None:
    embed(page)
    rows = vectors(page, service)
    expect(len(rows) == 4, "four texts to begin with")
    expect(close(page.evaluate(MATRIX), cosines(rows, len(rows[0]))), f"the matrix is {page.evaluate(MATRIX)}")
    for dimensions in [32, 100]:
        page.evaluate(
            f"{{const slider = document.getElementById('dimensions'); slider.value = {dimensions}; "
            "slider.dispatchEvent(new Event('input', {bubbles: true}))}"
        )
        expect(close(page.evaluate(MATRIX), cosines(rows, dimensions)), f"the matrix of {dimensions} dimensions")
    nearest = page.evaluate("document.querySelector('#matrix tbody tr').querySelector('.nearest').cellIndex")
    best = max(range(1, 4), key=lambda index: float(cosines(rows, 100)[0][index]))
    expect(nearest == best + 1, "the nearest document of the query")


def test_tokens(page: Browser, service: Service) -> None:
    instruction = page.evaluate("document.getElementById('instruction').value")
    texts = [
        f"Instruct: {instruction}\nQuery:{entry['text']}" if entry["role"] == "query" else entry["text"]
        for entry in inputs(page)
    ]
    expected = [[token["id"] for token in tokens] for tokens in service.ask("/tokenize", {"inputs": texts})]
    found = page.evaluate(
        "[...document.querySelectorAll('.chips')]"
        ".map(list => [...list.querySelectorAll('.id')].map(id => +id.textContent))"
    )
    expect(found == expected, f"token ids {found}, not {expected}")


def test_own_text(page: Browser, service: Service) -> None:
    """Texts that would be HTML, or are empty, or of other scripts, added with the keyboard."""
    page.evaluate("document.getElementById('add').focus()")
    page.press("Enter", ENTER)
    expect(page.evaluate("document.activeElement.tagName") == "TEXTAREA", "a new text has no focus")
    page.call("Input.insertText", text="<img src=x onerror=alert(1)> 密码错误 é 👩‍👩‍👧\nsecond line")
    page.press("Enter", ENTER, control=True)
    page.wait_for("document.querySelectorAll('#matrix tbody tr').length === 5")
    expect(close(page.evaluate(MATRIX), cosines(vectors(page, service), 100)), "the matrix of five texts")
    expect(page.evaluate("document.querySelectorAll('main img').length") == 0, "a text became HTML")
    page.evaluate("document.querySelectorAll('#texts .remove')[4].click()")
    expect(page.evaluate("document.activeElement.getAttribute('aria-label')") == "Text 4", "focus after removing")


def test_errors(page: Browser, _: Service) -> None:
    page.evaluate("{const field = document.querySelector('#texts textarea'); field.value = 'word '.repeat(60000)}")
    page.evaluate("document.getElementById('embed').click()")
    page.wait_for("!document.getElementById('problem').hidden")
    sentence = page.evaluate("document.getElementById('problem').textContent")
    expect("tokens" in sentence and sentence.endswith("."), f"no sentence: {sentence}")
    page.evaluate("document.querySelector('#texts textarea').value = 'How do I delete a file?'")
    # The browser notes the refused request as a problem, which it is not.
    page.problems = [problem for problem in page.problems if "400" not in problem and "413" not in problem]
    embed(page)
    expect(page.evaluate("document.getElementById('problem').hidden"), "the sentence stays")


def test_accessibility(page: Browser, _: Service) -> None:
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    wanted = {"button", "textbox", "combobox", "slider", "spinbutton", "link", "table", "rowheader", "columnheader"}
    seen = set()
    for node in nodes:
        role = node.get("role", {}).get("value")
        if node.get("ignored") or role not in wanted | {"image", "region"}:
            continue
        seen.add(role)
        expect(node.get("name", {}).get("value"), f"a {role} has no name")
    expect(wanted <= seen, f"there is no {wanted - seen}")
    page.evaluate("document.activeElement.blur(); window.getSelection().collapse(document.body, 0)")
    order = []
    for _ in range(60):
        page.press("Tab", TAB)
        order.append(
            page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
            if page.evaluate("document.activeElement !== document.body")
            else -1
        )
        if order[-1] == -1 or order[-1] in order[:-1]:
            break
    path = [place for place in order if place >= 0]
    expect(len(path) > 15 and path[:-1] == sorted(path[:-1]), f"the order of focus is not that of the page: {path}")


def test_looks(page: Browser, folder: Path) -> None:
    for name, width, dark in [("light", 1280, False), ("dark", 1280, True), ("narrow", 390, False)]:
        page.look(width=width, dark=dark)
        page.wait_for(f"innerWidth === {width}")
        expect(
            page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            f"{name}: wider than the window",
        )
        page.screenshot(folder / f"page-{name}.png")
    page.look(width=1280)


def test_key(page: Browser, service: Service) -> None:
    page.wait_for("!document.getElementById('key-card').hidden")
    page.call("Input.insertText", text="wrong")
    page.press("Enter", ENTER)
    page.wait_for("document.getElementById('problem').textContent.includes('key')")
    page.evaluate("{const field = document.getElementById('key'); field.value = ''; field.focus()}")
    page.call("Input.insertText", text=service.key)
    page.press("Enter", ENTER)
    page.wait_for("document.getElementById('state-text').textContent === 'ready'")
    embed(page)
    expect(close(page.evaluate(MATRIX), cosines(vectors(page, service), 10**6)), "the matrix behind a key")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=Path, default=REPOSITORY / ".build/release/touchstone")
    parser.add_argument("--chromium", default="chromium", help="the browser's program")
    parser.add_argument("--screenshots", type=Path, help="where pictures of the page are kept")
    options = parser.parse_args()
    folder = options.screenshots or Path(tempfile.mkdtemp(prefix="touchstone-page-"))
    folder.mkdir(parents=True, exist_ok=True)
    failures = 0

    def check(name: str, page: Browser, body: Callable[[], None]) -> None:
        nonlocal failures
        try:
            body()
            expect(not page.problems, f"the browser complains: {page.problems}")
            print(f"ok      {name}")
        except (PageError, OSError) as error:
            failures += 1
            page.problems.clear()
            print(f"FAILED  {name}: {error}")

    with Service(options.binary) as service, Browser(options.chromium) as page:
        page.look(width=1280)
        page.open(service.url + "/")
        for test in [test_status, test_similarity, test_tokens, test_own_text, test_errors, test_accessibility]:
            check(test.__name__, page, lambda test=test: test(page, service))
        check("test_looks", page, lambda: test_looks(page, folder))
        foreign = [url for url in page.requested if not url.startswith((service.url, "about:", "data:"))]
        check("nothing is fetched from elsewhere", page, lambda: expect(not foreign, f"fetched {foreign}"))
    with Service(options.binary, key="a-key-for-the-page") as service, Browser(options.chromium) as page:
        page.open(service.url + "/")
        page.wait_for("!document.getElementById('key-card').hidden")
        test_key(page, service)
        page.problems = [problem for problem in page.problems if "401" not in problem]
        check("test_key", page, lambda: None)
    print(f"{failures} failed; pictures are in {folder}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
