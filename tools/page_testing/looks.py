"""Checks of looks: sizes, fingers, screen readers, the order of focus. Keeps pictures."""

from collections.abc import Callable
from pathlib import Path

from page_testing.playground import TAB, Playground, expect

WIDTHS = [390, 1280, 1920]
FIFTY = [
    f"{subject} {end}"
    for subject in ["The printer", "A file", "Мой принтер", "打印机", "הקובץ"]
    for end in [
        "is broken.",
        "needs paper.",
        "为什么坏了？",
        "נמחק אתמול.",
        "ist wieder da.",
        "was not found.",
        "cannot be reached from here, which is a longer sentence than the others.",
        "no longer answers.",
        "…",
        "a",
    ]
]
NOT_WIDER = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def names_everything_for_screen_readers(page: Playground) -> None:
    page.start()
    nodes = page.browser.call("Accessibility.getFullAXTree")["nodes"]
    wanted = {"button", "textbox", "searchbox", "combobox", "slider", "spinbutton", "link", "table", "rowheader"}
    wanted |= {"columnheader", "switch"}
    seen = set()
    for node in nodes:
        role = node.get("role", {}).get("value")
        if node.get("ignored") or role not in wanted | {"image", "region"}:
            continue
        seen.add(role)
        expect(node.get("name", {}).get("value"), f"a {role} has no name")
    expect(wanted <= seen, f"there is no {wanted - seen}")


def goes_through_the_page_in_order(page: Playground) -> None:
    page.start()
    page.evaluate("document.activeElement.blur(); window.getSelection().collapse(document.body, 0)")
    order = []
    for _ in range(90):
        page.browser.press("Tab", TAB)
        order.append(
            page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
            if page.evaluate("document.activeElement !== document.body")
            else -1
        )
        if order[-1] == -1 or order[-1] in order[:-1]:
            break
    path = [place for place in order if place >= 0]
    expect(len(path) > 25 and path[:-1] == sorted(path[:-1]), f"the order of focus is not that of the page: {path}")


def has_room_for_fingers(page: Playground) -> None:
    page.browser.look(width=390)
    page.start(["one", "two"], "one")
    page.click("open-many")
    page.evaluate("document.getElementById('routes-details').open = true")
    page.wait_for("document.querySelectorAll('.route').length > 0")
    low = page.evaluate(
        "[...document.querySelectorAll('button, select, input, summary, footer a, .switch')]"
        ".filter(item => item.type !== 'checkbox' && item.getClientRects().length > 0)"
        ".map(item => [item.id || item.className || item.textContent, item.getBoundingClientRect().height])"
        ".filter(([, height]) => height < 40)"
    )
    expect(not low, f"too low for a finger: {low}")
    page.browser.look(width=1280)


def looks(folder: Path) -> Callable[[Playground], None]:
    def fits_every_window(page: Playground) -> None:
        for name, texts in [("few", None), ("fifty", FIFTY)]:
            page.start(texts, "My printer is broken")
            for width in WIDTHS:
                for theme in ["light", "dark"]:
                    page.browser.look(width=width, dark=theme == "dark")
                    page.wait_for(f"innerWidth === {width}")
                    page.settle()
                    expect(page.evaluate(NOT_WIDER), f"{name}, {width}: wider than the window")
                    page.browser.screenshot(folder / f"page-{name}-{width}-{theme}.png")
                height = page.evaluate("document.documentElement.scrollHeight")
                expect(height < 5500, f"{name}, {width}: {height} pixels high")
                expect(
                    page.evaluate(
                        "{const box = document.getElementById('embed').getBoundingClientRect();"
                        "box.top >= 0 && box.bottom <= innerHeight}"
                    ),
                    f"{name}, {width}: the button is out of sight",
                )
        page.browser.look(width=1280)

    return fits_every_window


LOOKS = [names_everything_for_screen_readers, goes_through_the_page_in_order, has_room_for_fingers]
