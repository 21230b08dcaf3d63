"""The forms of inputs, outputs and options, as users of sentence-transformers know them."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from conftest import DEMO, RERANKER, TESTDATA, TEXTS

import touchstone_embeddings
from touchstone_embeddings import (
    EmbeddingModel,
    InputTooLongError,
    InvalidInputError,
    ModelFileError,
    OptionError,
    RerankModel,
    WrongModelError,
    quantize_embeddings,
)


def test_takes_strings_lists_tuples_arrays_and_generators(model: EmbeddingModel) -> None:
    expected = model.encode(TEXTS)
    assert expected.shape == (len(TEXTS), model.get_embedding_dimension())
    assert np.allclose(np.linalg.norm(expected, axis=1), 1, atol=1e-6)
    for inputs in [tuple(TEXTS), (text for text in TEXTS), np.array(TEXTS, dtype=object), dict.fromkeys(TEXTS)]:
        assert np.array_equal(model.encode(inputs), expected)
    one = model.encode(TEXTS[0])
    assert one.shape == (model.get_embedding_dimension(),) and np.array_equal(one, expected[0])
    assert model.encode([]).shape == (0, model.get_embedding_dimension())
    assert np.array_equal(np.concatenate(list(model.encode_iter(iter(TEXTS), batch_size=3))), expected)


def test_many_texts_are_the_same_alone_and_together(model: EmbeddingModel) -> None:
    texts = [f"text {i} " + "word " * (i % 40) for i in range(5000)]
    vectors = model.encode(texts, show_progress_bar=False)
    for i in [0, 17, 4095, 4096, 4999]:
        assert np.array_equal(model.encode(texts[i]), vectors[i])


def test_writes_into_the_callers_array(model: EmbeddingModel) -> None:
    out = np.zeros((len(TEXTS), 256), np.float32)
    result = model.encode(TEXTS, out=out)
    assert result is out and np.array_equal(out, model.encode(TEXTS))
    for wrong in [
        np.zeros((1, 256), np.float32),
        np.zeros((len(TEXTS), 256)),
        np.zeros((len(TEXTS), 512), np.float32)[:, ::2],
    ]:
        with pytest.raises(OptionError, match="out is"):
            model.encode(TEXTS, out=wrong)
    out.flags.writeable = False
    with pytest.raises(OptionError, match="cannot be written"):
        model.encode(TEXTS, out=out)


def test_quantizes_as_sentence_transformers_does(model: EmbeddingModel) -> None:
    vectors = model.encode(TEXTS)
    bits = model.encode(TEXTS, precision="ubinary")
    assert bits.dtype == np.uint8 and bits.shape == (len(TEXTS), 32)
    assert np.array_equal(np.unpackbits(bits, axis=1), vectors > 0)
    signed = model.encode(TEXTS, precision="binary")
    assert signed.dtype == np.int8 and np.array_equal(signed.astype(int) + 128, bits)

    # From the definition: 255 steps between the least and the greatest value of each component.
    low, high = vectors.min(axis=0), vectors.max(axis=0)
    unsigned = model.encode(TEXTS, precision="uint8")
    for text in range(len(TEXTS)):
        for i in range(0, 256, 17):
            step = (high[i] - low[i]) / np.float32(255)
            assert unsigned[text, i] == min(255, int(np.floor((vectors[text, i] - low[i]) / step)))
    assert np.array_equal(model.encode(TEXTS, precision="int8").astype(int) + 128, unsigned)
    ranges = np.stack([np.full(256, -1, np.float32), np.full(256, 1, np.float32)])
    assert np.array_equal(
        model.encode(TEXTS[0], precision="int8", ranges=ranges), quantize_embeddings(vectors[:1], "int8", ranges)[0]
    )
    with pytest.raises(OptionError, match="one vector has none"):
        model.encode("one", precision="int8")


def test_dimensions_of_the_model_and_of_the_call() -> None:
    with EmbeddingModel(DEMO, truncate_dim=64) as model:
        assert model.get_embedding_dimension() == model.get_sentence_embedding_dimension() == 64
        assert model.encode("a").shape == (64,)
        assert model.encode("a", truncate_dim=10).shape == (10,)
        assert np.isclose(np.linalg.norm(model.encode("a", truncate_dim=10)), 1, atol=1e-6)
        model.truncate_dim = 12
        assert model.encode("a").shape == (12,)


def test_similarities(model: EmbeddingModel) -> None:
    a, b = model.encode(TEXTS[:3]), model.encode(TEXTS[3:7])
    assert model.similarity_fn_name == "cosine"
    assert np.allclose(model.similarity(a, b), a @ b.T, atol=1e-6)
    assert model.similarity(a[0], b).shape == (1, 4)
    assert np.allclose(model.similarity_pairwise(a, b[:3]), (a * b[:3]).sum(axis=1), atol=1e-6)
    for name, function in {
        "dot": lambda x, y: x @ y,
        "euclidean": lambda x, y: -np.sqrt(((x - y) ** 2).sum()),
        "manhattan": lambda x, y: -np.abs(x - y).sum(),
    }.items():
        with EmbeddingModel(DEMO, similarity_fn_name=name) as other:
            assert np.allclose(other.similarity(a, b), [[function(x, y) for y in b] for x in a], atol=1e-5)
            assert np.allclose(
                other.similarity_pairwise(a, b[:3]), [function(x, y) for x, y in zip(a, b, strict=False)], atol=1e-5
            )
    with pytest.raises(OptionError, match="as many vectors"):
        model.similarity_pairwise(a, b)


def test_prompts_by_name() -> None:
    prompts = {"question": "Q: ", "document": "D: "}
    with EmbeddingModel(DEMO, prompts=prompts, default_prompt_name="question") as model:
        plain = model.encode(["Q: x", "D: x", "x"], prompt="")
        assert np.array_equal(model.encode("x"), plain[0])
        assert np.array_equal(model.encode_document("x"), plain[1])
        assert np.array_equal(model.encode_query("x"), plain[2])  # no prompt "query", and no fallback to the default
        with pytest.raises(OptionError, match="prompt_name is 'none'"):
            model.encode("x", prompt_name="none")
    with pytest.raises(OptionError, match="leave out prompt"):
        EmbeddingModel(DEMO).encode("x", prompt="a", instruct="b")
    with pytest.raises(OptionError, match="default_prompt_name is 'z'"):
        EmbeddingModel(DEMO, default_prompt_name="z")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"precision": "int4"}, "precision is 'int4'"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"device": "cuda"}, "device is 'cuda'"),
        ({"output_value": None}, "output_value is None"),
        ({"truncate_dim": 257}, "truncate_dim is 257"),
        ({"truncate_dim": 0}, "truncate_dim is 0"),
        ({"truncate_dim": 1.5}, "truncate_dim is 1.5"),
    ],
)
def test_refuses_options_that_are_none(model: EmbeddingModel, options: dict, sentence: str) -> None:
    with pytest.raises(OptionError, match=sentence):
        model.encode("a", **options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"activations": "f16"}, "activations is 'f16'"),
        ({"pooling": "max"}, "pooling is 'max'"),
        ({"pooling": "none"}, "token_embeddings"),
        ({"truncate": True}, "truncate is True"),
        ({"threads": 0}, "threads is 0"),
        ({"threads": 5000}, "threads is 5000"),
        ({"max_seq_length": 0}, "max_seq_length is 0"),
        ({"similarity_fn_name": "max"}, "similarity_fn_name is 'max'"),
    ],
)
def test_refuses_models_with_options_that_are_none(options: dict, sentence: str) -> None:
    with pytest.raises(OptionError, match=sentence):
        EmbeddingModel(DEMO, **options)


def test_names_the_text_at_fault(model: EmbeddingModel) -> None:
    for bad, sentence in [
        (3, "input 2 is of type int"),
        (None, "of type NoneType"),
        ("\ud800", "half of a surrogate pair"),
    ]:
        with pytest.raises(InvalidInputError, match=sentence) as caught:
            model.encode(["a", "b", bad])
        assert caught.value.index == 2
    with EmbeddingModel(DEMO, max_seq_length=4) as short, pytest.raises(InputTooLongError) as caught:
        short.encode(["a"] * 300 + ["one two three four five"], show_progress_bar=True)
    assert caught.value.index == 300 and "input 300 has" in str(caught.value)
    assert "one two" not in str(caught.value)
    with pytest.raises(InvalidInputError, match="token id 99999999 is outside"):
        model.encode_ids([[1], [99999999]])
    with pytest.raises(InvalidInputError, match="no list of token ids"):
        model.encode_ids([["a"]])


def test_files_that_are_none(tmp_path) -> None:
    with pytest.raises(ModelFileError, match="no-such-file"):
        EmbeddingModel("no-such-file.gguf")
    with pytest.raises(OSError, match="GGUF"):
        EmbeddingModel(__file__)
    with pytest.raises(ModelFileError, match="NUL"):
        EmbeddingModel("a\0b")
    with pytest.raises(WrongModelError, match="open it as RerankModel"):
        EmbeddingModel(RERANKER)
    with pytest.raises(WrongModelError, match="open it as EmbeddingModel"):
        RerankModel(DEMO)


def test_warnings_of_the_file_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.WARNING, "touchstone_embeddings"),
        EmbeddingModel(TESTDATA / "models/no-add-eos.gguf") as model,
    ):
        assert any("add_eos_token" in warning for warning in model.warnings)
    assert "add_eos_token" in caplog.text


def test_progress_is_shown_and_changes_nothing(model: EmbeddingModel, capsys: pytest.CaptureFixture) -> None:
    texts = [f"text {i}" for i in range(700)]
    shown = model.encode(texts, show_progress_bar=True)
    assert "700" in capsys.readouterr().err
    assert np.array_equal(shown, model.encode(texts))
    assert capsys.readouterr().err == ""


def test_every_public_name_is_there() -> None:
    for name in touchstone_embeddings.__all__:
        assert getattr(touchstone_embeddings, name) is not None
    assert set(touchstone_embeddings.__all__) <= set(dir(touchstone_embeddings))
    assert touchstone_embeddings.library_version() == touchstone_embeddings.__version__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = touchstone_embeddings.nothing


def test_tensors_need_torch(model: EmbeddingModel) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    tensor = model.encode(TEXTS, convert_to_tensor=True)
    assert isinstance(tensor, torch.Tensor) and np.array_equal(tensor.numpy(), model.encode(TEXTS))
    assert all(isinstance(row, torch.Tensor) for row in model.encode(TEXTS, convert_to_numpy=False))


def test_says_that_torch_is_missing(model: EmbeddingModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(ImportError, match="pip install torch"):
        model.encode("a", convert_to_tensor=True)
