#!/usr/bin/env python3
"""Makes the golden files of the tokenizer in testdata/tokenizer/ with the Python package `tokenizers`.

texts.jsonl    {"text", "ids"} and, for texts that NFC leaves alone, "offsets" in scalars;
               "added" says which added tokens are recognised: all (when absent), userDefined, none.
random.jsonl   [text, hash]: seeded mixtures of scripts, marks, white space, code and added tokens, and of
               parts of the sentences.
scalars.txt    one line for a block of scalars: first, end, and for each context one hash over the block.

The hash is the low half of 64-bit FNV-1a over ids as four bytes, least significant first; in scalars.txt
0xFFFFFFFF ends each text. The vocabulary is testdata/qwen2-vocab.gguf with the added tokens of Qwen3 from 151,643 on.

Usage: make_tokenizer_golden.py        (in the root of the repository; takes some minutes)
Needs: pip install tokenizers gguf     (0.23.3 and 0.19.0 made the committed files)
"""

import missing_packages  # noqa: F401

# isort: split
import json
import random
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gguf import GGUFReader
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
FIRST_ADDED = 151_643
CONTROL = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|object_ref_start|>",
    "<|object_ref_end|>",
    "<|box_start|>",
    "<|box_end|>",
    "<|quad_start|>",
    "<|quad_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
]
USER_DEFINED = [
    "<tool_call>",
    "</tool_call>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|fim_pad|>",
    "<|repo_name|>",
    "<|file_sep|>",
    "<tool_response>",
    "</tool_response>",
    "<think>",
    "</think>",
]
FOLDER = Path("testdata/tokenizer")

# The scalar under test is {}.
CONTEXTS = [
    "{}",
    "a{}b",
    " {}",
    "{}{}",
    "1{}",
    "{}\n",
    "'{}",
    "'{}e",
    "'l{}",
    "e{}",
    "{}\u0301",
    " {}a",
    "\u05b4{}\u0323",
    "\u1100{}\u11a8",
    "!{} ",
    "  {}",
]


def read_vocabulary() -> tuple[list[str], list[tuple[str, ...]]]:
    fields = GGUFReader("testdata/qwen2-vocab.gguf").fields
    tokens = fields["tokenizer.ggml.tokens"].contents()[:FIRST_ADDED]
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
    return tokens, merges


def make_tokenizer(tokens: list[str], merges: list[tuple[str, ...]], added: bool) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE({token: id for id, token in enumerate(tokens)}, merges))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), behavior="isolated", invert=False),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    if added:
        tokenizer.add_tokens(
            [AddedToken(text, special=True, normalized=False) for text in CONTROL]
            + [AddedToken(text, special=False, normalized=False) for text in USER_DEFINED]
        )
        assert tokenizer.token_to_id("<|im_end|>") == 151_645
        assert tokenizer.token_to_id("</think>") == 151_668
    return tokenizer


def fnv(ids_of_texts: Iterable[list[int]], terminated: bool) -> str:
    hash = 0xCBF29CE484222325
    for ids in ids_of_texts:
        data = b"".join(id.to_bytes(4, "little") for id in ids) + (b"\xff" * 4 if terminated else b"")
        for byte in data:
            hash = ((hash ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{hash & 0xFFFFFFFF:08x}"


def sentences() -> Iterator[str]:
    """The lines of sentences.txt, in which backslash escapes are those of JSON."""
    for line in (FOLDER / "sentences.txt").read_text(encoding="utf-8").splitlines():
        yield json.loads('"' + line.replace('"', '\\"') + '"')


def spliced_texts(count: int) -> Iterator[str]:
    """Parts of several sentences, cut anywhere between two scalars."""
    source = random.Random(20240608)
    lines = list(sentences())
    for _ in range(count):
        text = ""
        for _ in range(source.randint(1, 4)):
            line = source.choice(lines)
            start = source.randrange(len(line))
            text += line[start : start + source.randint(1, 20)]
        yield text


def special_texts() -> Iterator[str]:
    yield from [
        "",
        "!",
        "!#012",
        "<|im_end|>",
        "<|endoftext|>",
        "<|endoftext|><|endoftext|>",
        "a<|im_end|>b",
        "a <|im_end|> b",
        "<think>\n\n</think>\n\n",
        "<think",
        "<think>>",
        "<<think>>",
        "<|im_start|>system\nYou.<|im_end|>\n",
        '<tool_call>{"name": 1}</tool_call>',
        "<|im_<|im_end|>",
        "e<|im_end|>\u0301x",
        "  <think>  x",
        "x  </think>",
        "'<think>s",
        "\u1100<think>\u1161",
        "<|fim_prefix|>\r\n<|fim_suffix|>",
        "<THINK>",
        "<|im_end|",
        "<|\u0065\u0301|>",
        "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:What is it?",
    ]


SCRIPT_POOLS = [
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "0123456789",
    " ",
    " \t\n\r\u000b\u000c\u0085\u00a0\u2003\u2028\u3000",
    ".,;:!?'\"()[]{}<>/\\|@#$%^&*-_=+`~",
    "'sStTdDmM\u017f",
    "\r\n",
    "áéíóúàèìòùäëïöüñçßøåæœ",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяёєіїґ",
    "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώ",
    "אבגדהוזחטיכלמנסעפצקרשת\u05b0\u05b4\u05b7\u05bc\u05c1",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإ\u064b\u064e\u064f\u0650\u0651\u0652\u0653\u0654",
    "कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह\u093c\u093e\u093f\u094d\u0902१२३",
    "কখগঘচছজঝটঠডঢণতথদধনপফবভমযর\u09bc\u09be\u09c7\u09cd",
    "கஙசஞடணதநபமயரலவ\u0bbe\u0bbf\u0bc6\u0bc7\u0bcd",
    "กขคงจฉชซญดตถทนบปผพภมยรลวสห\u0e34\u0e38\u0e48\u0e49",
    "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生",
    "あいうえおかきくけこさしすせそがぎぐげご\u3099\u309aアイウエオカキクケコ",
    "가각간갇갈감갑값갓강개객",
    "".join(map(chr, [*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A7, 0x11C3)])),
    "".join(map(chr, [*range(0x300, 0x370), 0x1DC0, 0x20D0])),
    "\u0041\u0061\u0065\u006f\u0075\u00e2\u00f4\u01a0\u1ea0\u0301\u0302\u0323\u031b\u0309\u0303",
    "👍👩👨👧🏽🏿\u200d\ufe0f🏳🌈🇩🇪🇯1\u20e3🚀☺",
    "\u0000\u0001\u0007\u001b\u007f\u200b\u200e\u202e\u2060\ufeff\ufffd\uffff",
    "٠١٢٣٤٥٦٧٨٩०१२३２３Ⅳ½①𝟙",
    "\u212b\u2126\uf900\ufa0e\ufb1d\ufb2c\u0958\u0344\u0374\u1fef\u2000\u2329\U0001d15e\U0002f800",
    "𐌲𐌿𝒜𝓫𠀋𪚥𐐷ᏏᐅⴰᎠ",
]
WORDS = [
    "the",
    " of",
    "It's",
    "don't",
    "we'll",
    "they'VE",
    "I'M",
    "function",
    "return",
    "==",
    "    ",
    "\n\n",
    "\r\n\r\n",
    "http://",
    "--",
    "...",
    " \n",
    "\t\t",
    "привет",
    " мир",
    "你好",
    "世界",
    "안녕",
    "مرحبا",
    "नमस्ते",
    "สวัสดี",
    "1234",
    "3.14",
    "<|im_end|>",
    "<think>",
    "</think>",
    "<|endoftext|",
    "<|fim_pad|>",
]


def random_texts(count: int) -> Iterator[str]:
    source = random.Random(20240607)
    for _ in range(count):
        pools = source.sample(SCRIPT_POOLS, source.randint(1, 4))
        text = ""
        for _ in range(source.randint(1, 14)):
            kind = source.random()
            if kind < 0.2:
                text += source.choice(WORDS)
            elif kind < 0.23:
                ranges = [(0x20, 0x3000), (0xA000, 0xD7FF), (0xF900, 0x1FFFF)]
                text += chr(source.choice([source.randrange(first, end) for first, end in ranges]))
            else:
                pool = source.choice(pools)
                text += "".join(source.choice(pool) for _ in range(source.randint(1, 6)))
        yield text


def scalar_blocks() -> Iterator[tuple[int, int]]:
    """256 scalars a block where scripts are, 4096 in the wide empty planes."""
    first = 0
    while first < 0x110000:
        size = 256 if first < 0x32000 or 0xE0000 <= first < 0xE1000 else 4096
        if not 0xD800 <= first < 0xE000:
            yield first, first + size
        first += size


def write_lines(name: str, lines: Iterable[str]) -> None:
    (FOLDER / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def golden_line(tokenizer: Tokenizer, text: str, **more: Any) -> str:
    encoding = tokenizer.encode(text)
    line = {"text": text, "ids": encoding.ids, **more}
    if unicodedata.normalize("NFC", text) == text:
        line["offsets"] = [position for offsets in encoding.offsets for position in offsets]
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    tokens, merges = read_vocabulary()
    tokenizer = make_tokenizer(tokens, merges, added=True)
    lines = [golden_line(tokenizer, text) for text in [*special_texts(), *sentences()]]
    tokenizer.encode_special_tokens = True
    lines += [golden_line(tokenizer, text, added="userDefined") for text in special_texts()]
    tokenizer.encode_special_tokens = False
    plain = make_tokenizer(tokens, merges, added=False)
    lines += [golden_line(plain, text, added="none") for text in special_texts()]
    write_lines("texts.jsonl", lines)

    write_lines(
        "random.jsonl",
        (
            json.dumps(
                [text, fnv([tokenizer.encode(text).ids], terminated=False)], ensure_ascii=False, separators=(",", ":")
            )
            for text in [*random_texts(3000), *spliced_texts(1500)]
        ),
    )

    scalars = []
    for first, end in scalar_blocks():
        hashes = []
        for context in CONTEXTS:
            texts = [context.replace("{}", chr(scalar)) for scalar in range(first, end)]
            hashes.append(fnv((encoding.ids for encoding in tokenizer.encode_batch_fast(texts)), terminated=True))
        scalars.append(f"{first:x} {end:x} " + " ".join(hashes))
    write_lines("scalars.txt", scalars)


if __name__ == "__main__":
    main()
