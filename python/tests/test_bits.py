"""The vectors, counts and errors of the package are those of the command, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import DEMO, TESTDATA, TEXTS, Command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from touchstone_embeddings import EmbeddingModel, InputTooLongError


def same_bits(ours: np.ndarray, theirs: np.ndarray) -> bool:
    return ours.dtype == np.float32 and ours.shape == theirs.shape and ours.tobytes() == theirs.tobytes()


@pytest.mark.parametrize("activations", ["i16", "i8", "f32"])
@pytest.mark.parametrize("dimensions", [None, 1, 100])
def test_documents_in_every_precision_and_dimension(command: Command, activations: str, dimensions: int | None) -> None:
    arguments = ["--activations", activations] + (["--dimensions", str(dimensions)] if dimensions else [])
    with EmbeddingModel(DEMO, activations=activations, truncate_dim=dimensions) as model:
        assert same_bits(model.encode(TEXTS), command.embed(TEXTS, *arguments))
    with EmbeddingModel(DEMO, activations=activations) as model:
        assert same_bits(model.encode(TEXTS, truncate_dim=dimensions), command.embed(TEXTS, *arguments))


def test_queries_and_instructions(model: EmbeddingModel, command: Command) -> None:
    task = "Given a bug report, find the function at fault"
    assert same_bits(model.encode_query(TEXTS), command.embed(TEXTS, "--query"))
    assert same_bits(model.encode(TEXTS, prompt_name="query"), command.embed(TEXTS, "--query"))
    assert same_bits(model.encode(TEXTS, instruct=task), command.embed(TEXTS, "--instruct", task))
    assert same_bits(model.encode(TEXTS, prompt=f"Instruct: {task}\nQuery:"), command.embed(TEXTS, "--instruct", task))
    assert same_bits(model.encode_document(TEXTS), command.embed(TEXTS))
    assert same_bits(model.encode(TEXTS, prompt="passage: "), command.embed(["passage: " + text for text in TEXTS]))


@pytest.mark.parametrize("pooling", ["last", "mean", "cls"])
def test_poolings_with_and_without_normalization(command: Command, pooling: str) -> None:
    with EmbeddingModel(DEMO, pooling=pooling) as model:
        assert same_bits(model.encode(TEXTS), command.embed(TEXTS, "--pooling", pooling))
        assert same_bits(
            model.encode(TEXTS, normalize_embeddings=False),
            command.embed(TEXTS, "--pooling", pooling, "--normalize", "none"),
        )


@pytest.mark.parametrize("name", ["q8_0", "iq4_xs", "f16", "pooling-mean", "no-add-eos", "split-00001-of-00003"])
def test_other_files(command: Command, name: str) -> None:
    path = TESTDATA / f"models/{name}.gguf"
    with EmbeddingModel(path) as model:
        assert same_bits(model.encode(TEXTS), command.embed(TEXTS, model=path))


def test_token_embeddings(model: EmbeddingModel, command: Command) -> None:
    rows = model.encode(TEXTS, output_value="token_embeddings", truncate_dim=16)
    objects = command.objects(
        "embed", "--model", str(DEMO), "--pooling", "none", "--normalize", "none", "--dimensions", "16", "--input", "-",
        lines=TEXTS,
    )  # fmt: skip
    for ours, theirs in zip(rows, objects, strict=True):
        assert same_bits(ours, np.array(theirs["embeddings"], np.float32))


def test_cut_inputs(command: Command) -> None:
    for side in ["right", "left"]:
        with EmbeddingModel(DEMO, truncate=side, max_seq_length=5) as model:
            assert same_bits(model.encode(TEXTS), command.embed(TEXTS, "--truncate", side, "--max-tokens", "5"))


def test_tokens_counts_and_fingerprints(model: EmbeddingModel, command: Command) -> None:
    theirs = command.objects("tokenize", "--model", str(DEMO), "--pieces", "--input", "-", lines=TEXTS)
    for text, line in zip(TEXTS, theirs, strict=True):
        assert model.tokenize(text) == line["ids"]
        assert [[token.begin, token.end] for token in model.tokens(text)] == line["offsets"]
        assert model.token_count(text) == len(line["ids"])
    assert model.tokenize(TEXTS) == [line["ids"] for line in theirs]
    for arguments, options in [
        ([], {}),
        (["--query"], {"prompt_name": "query"}),
        (["--instruct", "x"], {"instruct": "x"}),
        (["--dimensions", "7", "--normalize", "none"], {"truncate_dim": 7, "normalize_embeddings": False}),
    ]:
        line = command.objects("embed", "--model", str(DEMO), "--fingerprint", *arguments, "a")[0]
        assert model.fingerprint(**options) == line["fingerprint"]
        counted = {name: value for name, value in options.items() if name in ("prompt_name", "instruct")}
        assert model.token_count("a", **counted) == line["tokens"]


def test_ids_have_the_vectors_of_their_texts(model: EmbeddingModel) -> None:
    texts = [text for text in TEXTS if text]
    ids = model.tokenize(texts)
    assert same_bits(model.encode_ids(ids), model.encode(texts))
    assert same_bits(model.encode_ids([one[:-1] for one in ids]), model.encode(texts))
    assert [model.decode(one, skip_special_tokens=True) for one in model.tokenize(["Hello", "déjà"])] == [
        "Hello",
        "déjà",
    ]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    texts=st.lists(TEXT, min_size=1, max_size=6),
    task=st.none() | TEXT,
    dimensions=st.none() | st.integers(1, 256),
    normalize=st.booleans(),
    side=st.sampled_from(["right", "left"]),
    limit=st.none() | st.integers(1, 40),
)
def test_any_texts_and_options(
    command: Command,
    texts: list[str],
    task: str | None,
    dimensions: int | None,
    normalize: bool,
    side: str,
    limit: int | None,
) -> None:
    arguments = ["--truncate", side, "--normalize", "l2" if normalize else "none"]
    arguments += ["--dimensions", str(dimensions)] if dimensions else []
    arguments += ["--max-tokens", str(limit)] if limit else []
    # An argument of a program can have no NUL, so the task goes with each text.
    lines: list[object] = [{"text": text} if task is None else {"text": text, "instruct": task} for text in texts]
    with EmbeddingModel(DEMO, truncate=side, max_seq_length=limit) as model:
        ours = model.encode(texts, instruct=task, truncate_dim=dimensions, normalize_embeddings=normalize)
        assert same_bits(ours, command.embed(lines, *arguments))
        assert same_bits(
            np.stack(
                [model.encode(t, instruct=task, truncate_dim=dimensions, normalize_embeddings=normalize) for t in texts]
            ),
            ours,
        )


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(TEXT, min_size=1, max_size=5), limit=st.integers(1, 20))
def test_what_does_not_fit_is_the_same_error(command: Command, texts: list[str], limit: int) -> None:
    result = command.run("embed", "--model", str(DEMO), "--max-tokens", str(limit), "--input", "-", lines=texts)
    with EmbeddingModel(DEMO, max_seq_length=limit) as model:
        if result.returncode == 0:
            assert len(model.encode(texts)) == len(texts)
            return
        with pytest.raises(InputTooLongError) as caught:
            model.encode(texts)
    sentence = result.stderr.decode()
    count = str(caught.value).split(" has ")[1].split(" ")[0]
    assert f"standard input:{caught.value.index + 1}: " in sentence
    assert f"the text has {count} tokens, and {limit} fit" in sentence
