#!/usr/bin/env python3
"""Run a model in sentence-transformers and transformers, right and wrong, and have `touchstone check` judge it.

    python tools/check_sentence_transformers.py [--model MODEL.gguf]

The GGUF file becomes a folder as the hub has them (weights in float32, tokenizer.json, modules); the probing set goes
through `SentenceTransformer.encode`, or through transformers in padded batches, as users do it. Prints the verdicts of
docs/reports/check-engines.md. Needs tools/requirements-sentence-transformers.txt and a built command.
"""

import missing_packages  # noqa: F401

# isort: split
import argparse
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Normalize, Pooling, Transformer
from tokenizers.processors import TemplateProcessing
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerFast

from confusion import REPOSITORY
from make_golden import model_path
from mistakes.checker import Checker
from reference import hugging_face
from reference.gguf_model import GGUFModel, read_model
from reference.tokenizer import ReferenceTokenizer

END = "<|endoftext|>"
Encode = Callable[[list[str]], np.ndarray]


def write_folder(model: GGUFModel, folder: Path, *, appends_end: bool = True) -> str:
    """The model as transformers loads it."""
    hugging_face.build(model).save_pretrained(folder)
    tokenizer = ReferenceTokenizer(model.metadata).tokenizer
    end = model.metadata["tokenizer.ggml.tokens"].index(END)
    if appends_end:
        tokenizer.post_processor = TemplateProcessing(single=f"$A {END}", special_tokens=[(END, end)])
    limit = model.of("context_length")
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=END, eos_token="<|im_end|>", model_max_length=limit, padding_side="left"
    ).save_pretrained(folder)
    return str(folder)


def sentence_transformer(
    folder: str, pooling: str = "lasttoken", *, normalizes: bool = True, dtype: torch.dtype = torch.float32
) -> SentenceTransformer:
    transformer = Transformer(folder, model_kwargs={"dtype": dtype})
    modules = [transformer, Pooling(transformer.get_embedding_dimension(), pooling)]
    return SentenceTransformer(modules=[*modules, *([Normalize()] if normalizes else [])], device="cpu")


def encoding(model: SentenceTransformer) -> Encode:
    return lambda texts: model.encode(texts, batch_size=8).astype("float32")


def last_position(folder: str, side: str) -> Encode:
    """The state at −1 of padded batches, as code for models that pad on the left does."""
    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side=side)
    network = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()

    @torch.inference_mode()
    def encode(texts: list[str]) -> np.ndarray:
        vectors = []
        # Long texts in batches of their own, as collators that sort by length make them.
        for group in ([text for text in texts if len(text) < 1000], [text for text in texts if len(text) >= 1000]):
            batch = tokenizer(group, padding=True, return_tensors="pt")
            states = network(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
            vectors += zip(group, torch.nn.functional.normalize(states[:, -1], dim=-1).numpy(), strict=True)
        by_text = dict(vectors)
        return np.stack([by_text[text] for text in texts])

    return encode


def settings(model: GGUFModel, folder: Path) -> Iterator[tuple[str, Encode]]:
    right, endless = write_folder(model, folder / "right"), write_folder(model, folder / "endless", appends_end=False)
    yield "sentence-transformers, float32", encoding(sentence_transformer(right))
    yield "sentence-transformers, bfloat16", encoding(sentence_transformer(right, dtype=torch.bfloat16))
    yield "transformers, padded on the left, state −1", last_position(right, "left")
    yield "transformers, padded on the right, state −1", last_position(right, "right")
    yield "Pooling('mean')", encoding(sentence_transformer(right, "mean"))
    yield "no Normalize()", encoding(sentence_transformer(right, normalizes=False))
    yield "a tokenizer.json without the end of text", encoding(sentence_transformer(endless))
    short = sentence_transformer(right)
    short.max_seq_length = 512
    yield "max_seq_length = 512", encoding(short)
    mean = encoding(sentence_transformer(right, "mean", dtype=torch.bfloat16))
    yield "texts stripped, Pooling('mean'), bfloat16", lambda texts: mean([text.strip() for text in texts])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=model_path("demo"), help="default: %(default)s")
    parser.add_argument("--command", type=Path, default=REPOSITORY / ".build" / "release" / "touchstone")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        probes = Checker(arguments.command).probes(arguments.model)
        texts = [probe["text"] for probe in probes if "text" in probe and "dimensions" not in probe]
        for title, encode in settings(read_model(arguments.model), folder):
            np.save(folder / "vectors.npy", encode(texts))
            command = [arguments.command, "check", "--vectors", folder / "vectors.npy", "--model", arguments.model]
            verdict = subprocess.run(command, capture_output=True, text=True, check=False)
            print(f"## {title} (exit status {verdict.returncode})\n{verdict.stdout}{verdict.stderr}", flush=True)


if __name__ == "__main__":
    main()
