"""The page as its tests handle it: texts, buttons, results, and the answers that the service gives to the same."""

import json
import math
from typing import Any

from page_testing.devtools import Browser, PageError
from page_testing.service import Service

TAB, ENTER, ESCAPE, ARROW_RIGHT = 9, 13, 27, 39

EXAMPLES = 4


def expect(condition: object, sentence: str) -> None:
    if not condition:
        raise PageError(sentence)


class Playground:
    def __init__(self, browser: Browser, service: Service) -> None:
        self.browser = browser
        self.service = service
        self.evaluate = browser.evaluate
        self.wait_for = browser.wait_for

    def start(self, texts: list[str] | None = None, query: str = "", fragment: str = "") -> None:
        """Opens the page with these documents, as it would remember them, or at first sight. Waits for its results."""
        state = "null"
        if texts is not None:
            state = json.dumps({"texts": [{"text": text, "role": "document"} for text in texts], "query": query})
        remember = f"localStorage.setItem('touchstone.texts', {json.dumps(state)})"
        self.browser.open(self.service.page + "/" + fragment, first=remember)
        if sum(len(text) for text in texts or ["example"]) <= 4000:
            self.settle()

    def settle(self) -> None:
        """Waits until a pass has ended and everything is drawn."""
        self.wait_for("!document.getElementById('result').hidden && document.getElementById('cancel').hidden")
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def embed(self) -> None:
        """Presses the button, and waits for its answer."""
        self.click("embed")
        self.wait_for("document.getElementById('cancel').hidden", 60)
        self.settle()

    def click(self, identifier: str) -> None:
        self.evaluate(f"document.getElementById({json.dumps(identifier)}).click()")

    def text(self, identifier: str) -> str:
        return self.evaluate(f"document.getElementById({json.dumps(identifier)}).textContent")

    def is_hidden(self, identifier: str) -> bool:
        """Whether nothing of the element is drawn."""
        return self.evaluate(f"document.getElementById({json.dumps(identifier)}).getClientRects().length === 0")

    def fill(self, selector: str, text: str, index: int = 0) -> None:
        """Writes into a field, as typing would."""
        self.evaluate(
            f"{{const field = document.querySelectorAll({json.dumps(selector)})[{index}]; "
            f"field.value = {json.dumps(text)}; field.dispatchEvent(new Event('input', {{bubbles: true}}))}}"
        )

    def slide(self, dimensions: int) -> None:
        self.fill("#dimensions", str(dimensions))
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def texts(self) -> list[dict[str, str]]:
        return self.evaluate(
            "[...document.querySelectorAll('#texts li')].map(item => ({role: item.querySelector('select').value, "
            "text: item.querySelector('textarea').value}))"
        )

    def matrix(self) -> list[list[str]]:
        return self.evaluate(
            "[...document.querySelectorAll('#matrix tbody tr')]"
            ".map(row => [...row.cells].slice(1).map(cell => cell.firstChild.data))"
        )

    def ranking(self, identifier: str = "ranking") -> list[tuple[int, str]]:
        """The numbers of the texts in their order, with their figures."""
        rows = self.evaluate(
            f"[...document.querySelectorAll('#{identifier} li')]"
            ".map(row => [+row.dataset.number, row.querySelector('.figure').textContent])"
        )
        return [(number, figure) for number, figure in rows]

    def instruction(self) -> str:
        return self.evaluate("document.getElementById('instruction').value")

    def vector(self, text: str, *, role: str = "document") -> list[float]:
        body: dict[str, Any] = {"input": text}
        if role == "query":
            body["instruct"] = self.instruction()
        return self.service.ask("/v1/embeddings", body)["data"][0]["embedding"]

    def vectors(self) -> list[list[float]]:
        """The vectors of the texts in the page, asked for one by one."""
        return [self.vector(entry["text"], role=entry["role"]) for entry in self.texts()]

    def requests(self, path: str) -> int:
        """How often the browser asked for a path."""
        return sum(url.endswith(path) for url in self.browser.requested)

    def hold_requests(self, path: str) -> None:
        """From now on requests to a path wait until `release`, or until they are cancelled."""
        self.evaluate(
            f"""{{
              const real = window.fetch;
              window.release = () => {{ window.fetch = real; window.held.forEach(go => go()); }};
              window.held = [];
              window.fetch = async (path, options) => {{
                if (path === {json.dumps(path)}) {{
                  await new Promise((go, stop) => {{
                    window.held.push(go);
                    options.signal?.addEventListener('abort', () => stop(new DOMException('', 'AbortError')));
                  }});
                }}
                return real(path, options);
              }};
            }}"""
        )


def unit(vector: list[float], dimensions: int) -> list[float]:
    short = vector[:dimensions]
    length = math.sqrt(sum(value * value for value in short))
    return [value / length for value in short]


def cosine(left: list[float], right: list[float], dimensions: int = 10**6) -> float:
    return sum(a * b for a, b in zip(unit(left, dimensions), unit(right, dimensions), strict=True))


def cosines(rows: list[list[float]], dimensions: int = 10**6) -> list[list[float]]:
    return [[cosine(left, right, dimensions) for right in rows] for left in rows]


def expect_close(found: list[list[str]], expected: list[list[float]], what: str) -> None:
    """Equal but for the third place, which may be rounded the other way."""
    expect(len(found) == len(expected), f"{what}: {len(found)} rows, not {len(expected)}")
    pairs = [pair for rows in zip(found, expected, strict=True) for pair in zip(*rows, strict=True)]
    expect(all(abs(float(left) - right) < 0.001 for left, right in pairs), f"{what}: {found}")
