"""Checks of trouble and of waiting: errors, cuts, older results, progress, cancelling, a service that is away, keys."""

from page_testing.playground import ENTER, ESCAPE, Playground, cosines, expect, expect_close

LONG = "word " * 9000
# Each digit is a token: too long as well, and short enough to share its request with other texts.
DENSE = "7" * 9001


def forget_refusals(page: Playground, *statuses: str) -> None:
    """The browser notes refused requests as problems of the page, which they are not."""
    page.browser.problems = [
        problem for problem in page.browser.problems if not any(status in problem for status in statuses)
    ]


def names_the_text_of_an_error_by_its_number(page: Playground) -> None:
    for texts, which in [(["a", "b", "c", LONG], 4), ([f"text {number}" for number in range(19)] + [DENSE, "z"], 20)]:
        page.start(texts)
        page.click("embed")
        page.wait_for("!document.getElementById('problem').hidden")
        sentence = page.text("problem")
        expect(sentence.startswith(f"Text {which} has 9002 tokens"), f"says {sentence}")
        expect("Cut what is too long" in sentence and sentence.endswith("."), f"no remedy in: {sentence}")
        marked = page.evaluate(
            "[...document.querySelectorAll('#texts textarea')].flatMap((field, index) => "
            "field.matches('[aria-invalid=true]') ? [[index + 1, "
            "document.getElementById(field.getAttribute('aria-describedby')).textContent]] : [])"
        )
        expect(marked == [[which, sentence]], f"marked {marked}")
        forget_refusals(page, "400")
        page.fill("#texts textarea", "short", which - 1)
        page.embed()
        expect(page.is_hidden("problem"), "the sentence stays")
        expect(page.evaluate("document.querySelectorAll('[aria-invalid=true]').length") == 0, "the mark stays")


def names_the_document_of_a_reranking_error(page: Playground) -> None:
    page.start(["a", "b", LONG], "a query")
    page.wait_for("!document.getElementById('rerank-panel').hidden")
    page.click("rerank")
    page.wait_for("!document.getElementById('rerank-problem').hidden")
    sentence = page.text("rerank-problem")
    expect(sentence.startswith("Text 3 has "), f"says {sentence}")
    marked = page.evaluate("document.querySelectorAll('#texts textarea')[2].matches('[aria-invalid=true]')")
    expect(marked, "its box is not marked")
    forget_refusals(page, "400")
    page.click("cut")
    page.click("rerank")
    page.wait_for("document.querySelectorAll('#reranked li').length === 3")
    cut = page.evaluate("document.querySelector('#reranked [data-number=\"3\"] .mark').textContent")
    expect(cut == "Cut to fit.", f"a document that was cut says {cut}")


def cuts_what_is_too_long_and_says_so(page: Playground) -> None:
    page.start(["short", LONG])
    page.click("cut")
    page.embed()
    expect(page.is_hidden("problem"), f"refused: {page.text('problem')}")
    marks = page.evaluate(
        "[...document.querySelectorAll('#texts .mark')].map(mark => mark.hidden ? '' : mark.textContent)"
    )
    expect(marks == ["", "Cut: the vector is of 8,192 of the 9,002 tokens."], f"marks {marks}")
    answer = page.service.ask("/v1/embeddings", {"input": ["short", LONG], "truncate": True})
    expect_close(page.matrix(), cosines([entry["embedding"] for entry in answer["data"]]), "the matrix of a cut text")


def dims_results_of_older_texts(page: Playground) -> None:
    page.start()
    visible = "[...document.querySelectorAll('[data-outdated]')].map(item => item.getClientRects().length > 0)"
    opacity = "+getComputedStyle(document.querySelector('#result section')).opacity"
    expect(page.evaluate(visible) == [False, False] and page.evaluate(opacity) == 1, "outdated at once")
    page.fill("#texts textarea", "Another text.", 1)
    expect(page.evaluate(visible) == [True, True], "no sentence beside older results")
    expect(page.evaluate(opacity) < 0.7, "older results are not dimmed")
    page.fill("#texts textarea", "To remove a file, use rm.", 1)
    expect(page.evaluate(visible) == [False, False], "the same texts again, and still dimmed")
    page.click("add")
    expect(page.evaluate(visible) == [True, True], "another box is no change")
    page.embed()
    expect(page.evaluate(visible) == [False, False] and page.evaluate(opacity) == 1, "new results are dimmed")


def shows_progress_and_can_be_cancelled(page: Playground) -> None:
    page.start([f"text number {number}" for number in range(40)])
    before = page.requests("/v1/embeddings")
    page.embed()
    expect(page.requests("/v1/embeddings") - before >= 3, "forty texts go in one request")
    figures = page.text("ranking-hint") + page.text("map-caption")
    for stop in ["click", "Escape"]:
        page.fill("#texts textarea", f"changed before {stop}", 0)
        page.hold_requests("/tokenize")
        page.evaluate("document.getElementById('embed').focus()")
        page.browser.press("Enter", ENTER)
        page.wait_for("window.held.length === 1")
        expect(not page.is_hidden("progress") and page.is_hidden("embed"), "no sign of work")
        expect(page.text("summary").startswith("0 of 40 texts"), f"says {page.text('summary')}")
        expect(page.evaluate("document.activeElement.id") == "cancel", "the focus is lost")
        page.evaluate("{const [go] = window.held.splice(0, 1); go()}")
        page.wait_for("window.held.length === 1")
        expect(page.evaluate("document.getElementById('progress').value") == 16, "the progress does not move")
        if stop == "click":
            page.click("cancel")
        else:
            page.browser.press("Escape", ESCAPE)
        page.wait_for("document.getElementById('cancel').hidden")
        page.evaluate("window.release()")
        expect(page.text("summary") == "Cancelled after 16 of 40 texts.", f"says {page.text('summary')}")
        expect(page.evaluate("document.activeElement.id") == "embed", "the focus does not come back")
        expect(page.text("ranking-hint") + page.text("map-caption") == figures, "a cancelled pass changed the results")
    page.embed()
    expect(page.text("summary").startswith("40 texts, "), f"says {page.text('summary')}")


def asks_for_a_text_where_there_is_none(page: Playground) -> None:
    page.start(["one"])
    page.evaluate("document.querySelector('#texts .remove').click()")
    page.click("embed")
    expect(page.text("problem") == "There is no text to embed. Add one.", f"says {page.text('problem')}")


def marks_figures_of_a_service_that_is_away(page: Playground) -> None:
    page.start()
    page.wait_for("document.getElementById('waiting').textContent === '0'")
    page.evaluate("window.realFetch = window.fetch; window.fetch = async () => { throw new TypeError('away') }")
    page.wait_for("document.getElementById('state-text').textContent === 'not reachable'")
    expect("last answer" in page.text("figures-of") and not page.is_hidden("figures-of"), "older figures look new")
    expect(page.evaluate("+getComputedStyle(document.getElementById('tiles')).opacity") < 0.7, "they are not dimmed")
    page.click("embed")
    page.wait_for("!document.getElementById('problem').hidden")
    expect("cannot be reached" in page.text("problem"), f"says {page.text('problem')}")
    page.evaluate("window.fetch = window.realFetch")
    page.wait_for("document.getElementById('state-text').textContent === 'ready'")
    expect(page.is_hidden("figures-of"), "the sentence stays")


def asks_for_a_key_beside_its_field(page: Playground) -> None:
    """Needs a service with a key."""
    page.browser.open(page.service.page + "/")
    page.wait_for("!document.getElementById('key-card').hidden")
    expect(page.evaluate("document.activeElement.id") == "key", "the field has no focus")
    page.browser.type_text("wrong")
    page.browser.press("Enter", ENTER)
    page.wait_for("!document.getElementById('key-problem').hidden")
    sentence = page.text("key-problem")
    expect("key" in sentence and "Bearer" not in sentence, f"says {sentence}")
    places = page.evaluate(
        "['key', 'key-problem'].map(id => document.getElementById(id).getBoundingClientRect())"
        ".map(box => [box.top, box.bottom])"
    )
    expect(0 <= places[1][0] - places[0][1] < 40, f"the sentence is not beside the field: {places}")
    page.browser.type_text(page.service.key or "")
    page.browser.press("Enter", ENTER)
    page.wait_for("document.getElementById('state-text').textContent === 'ready'")
    page.settle()
    expect_close(page.matrix(), cosines(page.vectors()), "the matrix behind a key")
    forget_refusals(page, "401")


TROUBLE = [
    names_the_text_of_an_error_by_its_number,
    names_the_document_of_a_reranking_error,
    cuts_what_is_too_long_and_says_so,
    dims_results_of_older_texts,
    shows_progress_and_can_be_cancelled,
    asks_for_a_text_where_there_is_none,
    marks_figures_of_a_service_that_is_away,
]
