"""Checks of results: first sight, matrix, ranking, map, tokens, reranking."""

import itertools
import math

from page_testing.playground import (
    ARROW_RIGHT,
    ENTER,
    EXAMPLES,
    Playground,
    cosine,
    cosines,
    expect,
    expect_close,
)


def embeds_the_examples_once_by_itself(page: Playground) -> None:
    before = page.requests("/v1/embeddings")
    page.start()
    expect(len(page.matrix()) == EXAMPLES, "no matrix at first sight")
    # Two looks at the status later there is still only this pass: queries, documents, and the query of the ranking.
    page.evaluate("new Promise(done => setTimeout(done, 4500))")
    count = page.requests("/v1/embeddings") - before
    expect(count == 3, f"{count} requests for vectors")


def shows_the_service(page: Playground) -> None:
    page.start()
    page.wait_for("document.getElementById('state-text').textContent === 'ready'")
    status = page.service.ask("/status")
    expect(page.text("kernels").startswith(status["kernels"]), "kernels")
    expect("demo" in page.text("models"), "the model is not named")


def says_idle_and_the_speed_of_the_last_pass(page: Playground) -> None:
    page.start()
    page.wait_for("document.getElementById('rate').textContent === 'idle'")
    expect(page.text("last-pass").startswith("last pass: "), f"last pass: {page.text('last-pass')}")
    page.start(["word " * 4000])
    page.embed()
    page.wait_for("document.getElementById('rate').textContent === 'idle'")
    speed = page.text("last-pass").removeprefix("last pass: ").removesuffix(" tokens/s").replace(",", "")
    expect(speed.isdigit() and int(speed) > 0, f"the speed is {page.text('last-pass')}")


def fills_the_matrix_with_cosines(page: Playground) -> None:
    page.start()
    rows = page.vectors()
    expect_close(page.matrix(), cosines(rows), "the matrix")
    for dimensions in [32, 100]:
        page.slide(dimensions)
        expect_close(page.matrix(), cosines(rows, dimensions), f"the matrix of {dimensions} dimensions")
    nearest = page.evaluate("document.querySelector('#matrix tbody tr').querySelector('.nearest').cellIndex")
    best = max(range(1, EXAMPLES), key=lambda index: cosine(rows[0], rows[index], 100))
    expect(nearest == best + 1, "the nearest document of the query")


def ranks_documents_while_one_types_and_slides(page: Playground) -> None:
    documents = [
        "To remove a file, use rm.",
        "The printer is out of paper.",
        "密码错误，请重试。",
        "The file was not found.",
    ]
    page.start(documents, "How do I delete a file?")
    for query in ["How do I delete a file?", "paper for the printer"]:
        page.evaluate("document.getElementById('query').select(); document.getElementById('query').focus()")
        passes = page.requests("/tokenize")
        page.browser.type_text(query)
        vector = page.vector(query, role="query")
        rows = [page.vector(text) for text in documents]
        for dimensions in [256, 8]:
            page.slide(dimensions)
            expected = sorted(range(4), key=lambda index: -cosine(vector, rows[index], dimensions))
            wanted = [number + 1 for number in expected]
            page.wait_for(
                "JSON.stringify([...document.querySelectorAll('#ranking li')].map(row => +row.dataset.number))"
                f" === '{str(wanted).replace(' ', '')}'",
                5,
            )
            figures = [[figure] for _, figure in page.ranking()]
            expect_close(figures, [[cosine(vector, rows[index], dimensions)] for index in expected], "the ranking")
        expect(page.requests("/tokenize") == passes, "typing a query embeds the documents again")
    page.fill("#query", "")
    page.wait_for("document.getElementById('ranking').hidden")


def maps_texts_at_their_distances(page: Playground) -> None:
    # Three points are on one plane: the map has to keep each distance.
    page.start(["To remove a file, use rm.", "The printer is out of paper.", "Pour supprimer un fichier, utilisez rm."])
    centers = page.evaluate(
        "[...document.querySelectorAll('#map .point')].map(point => {const mark = point.children[1];"
        "return [+mark.getAttribute('cx'), +mark.getAttribute('cy')]})"
    )
    rows = page.vectors()
    pairs = [(0, 1), (0, 2), (1, 2)]
    drawn = [math.dist(centers[left], centers[right]) for left, right in pairs]
    true = [math.sqrt(2 - 2 * cosine(rows[left], rows[right])) for left, right in pairs]
    ratios = [a / b for a, b in zip(drawn, true, strict=True)]
    expect(max(ratios) / min(ratios) < 1.001, f"distances are not kept: {ratios}")
    labels = page.evaluate("[...document.querySelectorAll('#map .map-label')].map(label => label.textContent)")
    expect(any(label.startswith("The printer") for label in labels), f"labels {labels}")
    page.evaluate("document.querySelector('#map .point[tabindex=\"0\"]').focus()")
    seen = {page.text("map-reading")}
    for key in ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft"]:
        page.browser.press(key, ARROW_RIGHT)
        seen.add(page.text("map-reading"))
    expect(len(seen) == 3, f"the arrow keys read {seen}")


def draws_many_texts_compactly(page: Playground) -> None:
    texts = [f"{subject} {number}" for number in range(10) for subject in ["The printer is broken", "如何删除文件"]]
    page.start(texts, "The printer is broken 3")
    expect(page.is_hidden("matrix-scroll") and not page.is_hidden("heat"), "a matrix with figures above a dozen")
    order = page.evaluate(
        "import('/page/orders.js').then(({clustered}) => {"
        "const values = Array.from({length: 20}, (_, row) => Array.from({length: 20}, (_, column) =>"
        "row === column ? 1 : (row + column) % 2 === 0 ? 0.9 - 0.001 * Math.abs(row - column) : 0.1));"
        "return clustered(values)})"
    )
    expect(sorted(order) == list(range(20)), f"not an order: {order}")
    parities = [place % 2 for place in order]
    changes = sum(left != right for left, right in itertools.pairwise(parities))
    expect(changes == 1, f"alike texts are apart: {order}")
    page.evaluate("document.getElementById('heat').focus()")
    rows = [page.vector(text) for text in texts]
    page.fill("#order", "given")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.browser.press("ArrowRight", ARROW_RIGHT)
    figure = page.evaluate("document.querySelector('#matrix-reading strong').textContent")
    expect_close([[figure]], [[cosine(rows[0], rows[1])]], "the cell after an arrow key")
    title = page.evaluate("document.getElementById('heat').title")
    expect(texts[0] in title and texts[1] in title, f"the tooltip is {title}")
    page.fill("#order", "near")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.browser.press("Home", 36)
    reading = page.text("matrix-reading")
    expect("The printer is broken 3" in reading, f"the first in the order of nearness is {reading}")


def shows_each_token(page: Playground) -> None:
    page.start()
    texts = [
        f"Instruct: {page.instruction()}\nQuery:{entry['text']}" if entry["role"] == "query" else entry["text"]
        for entry in page.texts()
    ]
    expected = [[token["id"] for token in tokens] for tokens in page.service.ask("/tokenize", {"inputs": texts})]
    found = page.evaluate(
        "[...document.querySelectorAll('.chips')]"
        ".map(list => [...list.querySelectorAll('.id')].map(id => +id.textContent))"
    )
    expect(found == expected, f"token ids {found}, not {expected}")


def shows_a_letter_of_several_tokens_once_with_its_bytes(page: Playground) -> None:
    page.start(["שלום"])
    tokens = page.service.ask("/tokenize", {"inputs": ["שלום"]})[0]
    expect(len(tokens) > 5, "the demonstration model has a token for each of these letters; take others")
    letters = page.evaluate("[...document.querySelectorAll('.chips .piece')].map(piece => piece.textContent)")
    expect("".join(letters[:-1]) == "שלום", f"letters {letters}")
    first = page.evaluate("document.querySelector('.chips li .bytes').textContent")
    expect(first == "ש".encode().hex(" "), f"bytes {first}")
    shown = page.evaluate("[...document.querySelectorAll('.chips .id')].map(id => +id.textContent)")
    expect(shown == [token["id"] for token in tokens], f"ids {shown}")


def sets_texts_in_their_own_direction(page: Playground) -> None:
    page.start(["איך מוחקים קובץ?", "To remove a file, use rm."], "איך מוחקים קובץ?")
    page.wait_for("document.querySelectorAll('#ranking li').length === 2")
    for selector in ["#texts textarea", "#query", "#ranking .what", "#matrix th[scope=row] .what", ".inside h3 .what"]:
        directions = page.evaluate(
            f"[...document.querySelectorAll('{selector}')].map(item => [item.value ?? item.textContent,"
            "getComputedStyle(item).direction])"
        )
        for text, direction in directions:
            wanted = "rtl" if text.startswith("א") else "ltr"
            expect(direction == wanted, f"{selector}: {text} is set {direction}")
        expect(directions, f"there is no {selector}")


def reranks_where_a_reranker_is_served(page: Playground) -> None:
    documents = ["To remove a file, use rm.", "The printer is out of paper.", "The file was not found."]
    query = "How do I delete a file?"
    page.start(documents, query)
    page.wait_for("!document.getElementById('rerank-panel').hidden")
    page.evaluate("document.getElementById('rerank').focus()")
    page.browser.press("Enter", ENTER)
    page.wait_for("document.querySelectorAll('#reranked li').length === 3")
    body = {"query": query, "documents": documents, "instruction": page.instruction()}
    expected = [
        (result["index"] + 1, f"{100 * result['relevance_score']:.1f} %")
        for result in page.service.ask("/v1/rerank", body)["results"]
    ]
    expect(page.ranking("reranked") == expected, f"{page.ranking('reranked')}, not {expected}")
    expect(page.evaluate("document.getElementById('rerank-outdated').hidden"), "outdated at once")
    page.fill("#query", "paper")
    expect(not page.evaluate("document.getElementById('rerank-outdated').hidden"), "of another query, and not said")


RESULTS = [
    embeds_the_examples_once_by_itself,
    shows_the_service,
    says_idle_and_the_speed_of_the_last_pass,
    fills_the_matrix_with_cosines,
    ranks_documents_while_one_types_and_slides,
    maps_texts_at_their_distances,
    draws_many_texts_compactly,
    shows_each_token,
    shows_a_letter_of_several_tokens_once_with_its_bytes,
    sets_texts_in_their_own_direction,
    reranks_where_a_reranker_is_served,
]
