#!/usr/bin/env python3
"""Tests the pages at `/`, `/knowledge` and `/explain` in headless Chromium.

Runs the built command with the demonstration model and a small reranker. Needs Chromium and nothing else. Ends with
status 1 where anything is wrong. With `--assets FOLDER...` the pages come from these folders and not from the command:
a change of a page is tested without a build.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from page_testing.devtools import Browser, PageError
from page_testing.explaining import EXPLAINING, explanation_looks, written_page_looks
from page_testing.knowledge import KNOWLEDGE, LATER, asks_for_a_key_for_the_knowledge
from page_testing.knowledge import looks as knowledge_looks
from page_testing.looks import LOOKS, looks
from page_testing.playground import Playground, expect
from page_testing.results import RESULTS
from page_testing.service import REPOSITORY, Service
from page_testing.trouble import TROUBLE, asks_for_a_key_beside_its_field
from page_testing.writing import WRITING

Check = Callable[[Playground], None]


def run(check: Check, page: Playground, filter_: str) -> bool:
    """Whether a check failed."""
    name = check.__name__
    if filter_ not in name:
        return False
    try:
        check(page)
        expect(not page.browser.problems, f"the browser complains: {page.browser.problems}")
    except (PageError, OSError) as error:
        page.browser.problems.clear()
        page.browser.look(width=1280)
        print(f"FAILED  {name}: {error}", flush=True)
        return True
    print(f"ok      {name}", flush=True)
    return False


def fetches_nothing_from_elsewhere(page: Playground) -> None:
    foreign = [
        url for url in page.browser.requested if not url.startswith((page.service.page, "about:", "data:", "file:"))
    ]
    expect(not foreign, f"fetched {foreign}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=Path, default=REPOSITORY / ".build/release/touchstone")
    parser.add_argument("--assets", type=Path, nargs="+", help="the pages' files, in the place of those in the binary")
    parser.add_argument("--chromium", default="chromium", help="the browser's program")
    parser.add_argument("--screenshots", type=Path, help="where pictures of the page are kept")
    parser.add_argument("--filter", default="", help="only checks with this in their name")
    options = parser.parse_args()
    folder = options.screenshots or Path(tempfile.mkdtemp(prefix="touchstone-page-"))
    folder.mkdir(parents=True, exist_ok=True)
    failures = 0
    with Service(options.binary, assets=options.assets) as service, Browser(options.chromium) as browser:
        page = Playground(browser, service)
        browser.look(width=1280)
        explaining = [*EXPLAINING, explanation_looks(folder), written_page_looks(options.binary, folder)]
        for check in [*RESULTS, *WRITING, *TROUBLE, *LOOKS, looks(folder), *explaining, fetches_nothing_from_elsewhere]:
            failures += run(check, page, options.filter)
    with (
        tempfile.TemporaryDirectory() as base,
        Service(options.binary, "--knowledge", f"papers={base}/base", assets=options.assets) as service,
        Browser(options.chromium) as browser,
    ):
        page = Playground(browser, service)
        browser.look(width=1280)
        for check in [*KNOWLEDGE, knowledge_looks(folder), *LATER, fetches_nothing_from_elsewhere]:
            failures += run(check, page, options.filter)
    with (
        tempfile.TemporaryDirectory() as base,
        Service(
            options.binary, "--knowledge", f"papers={base}/base", key="a-key-for-the-page", assets=options.assets
        ) as service,
        Browser(options.chromium) as browser,
    ):
        for check in [asks_for_a_key_beside_its_field, asks_for_a_key_for_the_knowledge]:
            failures += run(check, Playground(browser, service), options.filter)
    print(f"{failures} failed; pictures are in {folder}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
