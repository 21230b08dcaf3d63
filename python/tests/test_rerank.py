"""Rerankers, as users of CrossEncoder know them; scores are the command's."""

from __future__ import annotations

import asyncio
import pickle

import numpy as np
import pytest
from conftest import RERANKER, TEXTS, Command

from touchstone_embeddings import InputTooLongError, OptionError, RerankModel

QUERY = "how do I delete a file"


def theirs(command: Command, documents: list[str], *arguments: str) -> list[dict]:
    # The command's order is best first; its index is the document's.
    lines = command.objects(
        "rerank", "--model", str(RERANKER), "--query", QUERY, "--documents", "-", "--format", "jsonl", *arguments,
        lines=documents,
    )  # fmt: skip
    return sorted(lines, key=lambda line: line["index"])


def test_scores_are_the_commands(reranker: RerankModel, command: Command) -> None:
    for arguments, options in [([], {}), (["--instruct", "Find the opposite"], {"prompt": "Find the opposite"})]:
        expected = [line["score"] for line in theirs(command, TEXTS, *arguments)]
        assert reranker.predict([(QUERY, text) for text in TEXTS], **options).tolist() == expected


def test_ranks_best_first(reranker: RerankModel, command: Command) -> None:
    ranked = reranker.rank(QUERY, TEXTS, return_documents=True)
    scores = reranker.predict([[QUERY, text] for text in TEXTS])
    assert [entry["score"] for entry in ranked] == sorted(scores, reverse=True)
    assert all(
        entry["text"] == TEXTS[entry["corpus_id"]] and entry["score"] == scores[entry["corpus_id"]] for entry in ranked
    )
    assert reranker.rank(QUERY, TEXTS, top_k=2) == [
        {"corpus_id": entry["corpus_id"], "score": entry["score"]} for entry in ranked[:2]
    ]
    assert [entry["corpus_id"] for entry in reranker.rank(QUERY, ["same"] * 4)] == [0, 1, 2, 3]
    assert reranker.rank(QUERY, []) == []


def test_pairs_of_several_queries_and_one_pair(reranker: RerankModel) -> None:
    pairs = [("a", "x"), ("b", "x"), ("b", "y"), ("a", "x")]
    scores = reranker.predict(pairs)
    assert scores.shape == (4,) and scores[0] == scores[3]
    for pair, score in zip(pairs, scores, strict=True):
        assert reranker.predict(pair) == score
    logits = reranker.predict(pairs, activation_fn=lambda logits: logits)
    assert np.allclose(1 / (1 + np.exp(-logits)), scores, atol=1e-12)
    detail = reranker.scores("b", ["x", "y"])
    assert detail["score"].tolist() == scores[1:3].tolist() and (detail["tokens"] > 10).all()


def test_refuses_what_it_cannot_do(reranker: RerankModel) -> None:
    for options, sentence in [
        ({"apply_softmax": True}, "several labels"),
        ({"prompt_name": "x"}, "one prompt"),
        ({"device": "cuda"}, "device is 'cuda'"),
        ({"batch_size": -1}, "batch_size is -1"),
    ]:
        with pytest.raises(OptionError, match=sentence):
            reranker.predict([("a", "b")], **options)
    with pytest.raises(OptionError, match="input 1 is no pair"):
        reranker.predict([("a", "b"), ("a",)])
    with (
        RerankModel(RERANKER, max_seq_length=200) as short,
        pytest.raises(InputTooLongError, match="input 1 has") as caught,
    ):
        short.predict([("a", "b"), ("c", "long " * 200)])
    assert caught.value.index == 1
    with RerankModel(RERANKER, max_seq_length=200, truncate="right") as short:
        assert 0 <= short.predict([("c", "long " * 200)])[0] <= 1


def test_pickles_and_awaits(reranker: RerankModel) -> None:
    other = pickle.loads(pickle.dumps(reranker))
    assert other.rank(QUERY, TEXTS) == reranker.rank(QUERY, TEXTS) == asyncio.run(other.arank(QUERY, TEXTS))
    other.close()
