"""The sections of the report: each runs its engines and prints its table."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reference.gguf_model import GGUFModel, read_model

from . import accuracy, report, reranking, start_up, tokenization
from .commands import LlamaBench, LlamaServerEngine, Touchstone, output_of
from .measure import measure
from .set_up import AVX2_BUILD, llama_programs
from .work import LONG_TEXT, LONGEST_TEXT_TOKENS, WORKS, Engine, Work, attempt
from .workers import Worker

VOCABULARY = Path(__file__).resolve().parents[2] / "testdata" / "qwen2-vocab.gguf"
ACTIVATIONS = ("i8", "i16", "f32")
PYTHON_ENGINES = (
    ("openvino", "int4"),
    ("openvino", "int8"),
    ("openvino", "float32"),
    ("pytorch", "float32"),
    ("pytorch", "bfloat16"),
    ("pytorch", "bfloat16-compiled"),
)


@dataclass(frozen=True)
class Setting:
    """What every section needs."""

    path: Path
    model: GGUFModel
    touchstone: Path
    llama: Path
    peers: Path
    threads: int
    rounds: int
    words: list[str]
    #: None: one with random weights is made in `models`.
    reranker: Path | None
    models: Path

    def wanted(self, name: str) -> bool:
        return not self.words or any(word.lower() in name.lower() for word in self.words)


def run_sections(arguments: argparse.Namespace) -> None:
    path = arguments.model or random_model(arguments.touchstone, arguments.peers / "models")
    setting = Setting(
        path=path,
        model=read_model(path),
        touchstone=arguments.touchstone,
        llama=arguments.llama or llama_programs(arguments.peers),
        peers=arguments.peers,
        threads=arguments.threads,
        rounds=arguments.rounds,
        words=arguments.engines,
        reranker=arguments.reranker,
        models=arguments.peers / "models",
    )
    print(f"{report.machine()}; `{path.name}`, {setting.threads} threads, {setting.rounds} rounds\n", flush=True)
    for section in arguments.sections:
        print(SECTIONS[section](setting), end="\n\n", flush=True)


def random_model(touchstone: Path, folder: Path, shape: str = "0.6b", *, is_reranker: bool = False) -> Path:
    """A file of the published shape with random weights; made once."""
    path = folder / f"{shape}-{'reranker-' if is_reranker else ''}q4_k_m.gguf"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [touchstone, "make-model", "--shape", shape, "--type", "Q4_K_M", "--vocabulary", VOCABULARY, path]
        output_of([*command, "--reranker"] if is_reranker else command)
    return path


def all_engines(setting: Setting) -> list[Engine]:
    engines: list[Engine] = [
        Touchstone(setting.touchstone, setting.path, setting.threads, precision) for precision in ACTIVATIONS
    ]
    size = setting.model.vocabulary_size
    engines += [
        LlamaBench(setting.llama / "llama-bench", setting.path, setting.threads),
        LlamaServerEngine(setting.llama / "llama-server", setting.path, setting.threads, size),
    ]
    engines += [Worker(engine, variant, setting.path, setting.threads) for engine, variant in PYTHON_ENGINES]
    return [engine for engine in engines if setting.wanted(engine.name)]


def speed_section(setting: Setting) -> str:
    engines = all_engines(setting)
    try:
        results = measure(engines, WORKS, setting.rounds)
    finally:
        for engine in engines:
            engine.close()
    return report.speed_table(results, [engine.name for engine in engines], WORKS, baseline="llama.cpp")


def bench_table(setting: Setting, engines: list[Engine], works: Sequence[Work], uncounted: int = 1) -> str:
    """Benchmarks of commands, in turns."""
    wanted = [engine for engine in engines if setting.wanted(engine.name)]
    results = measure(wanted, works, setting.rounds, uncounted)
    return report.speed_table(results, [engine.name for engine in wanted], works, baseline="llama.cpp")


def benches(setting: Setting, path: Path) -> list[Engine]:
    """Touchstone in every precision, and llama-bench."""
    engines: list[Engine] = [
        Touchstone(setting.touchstone, path, setting.threads, precision) for precision in ACTIVATIONS
    ]
    return [*engines, LlamaBench(setting.llama / "llama-bench", path, setting.threads)]


def four_billion_section(setting: Setting) -> str:
    """One text of 512 tokens, random weights of the 4B shape."""
    path = random_model(setting.touchstone, setting.models, "4b")
    return f"`{path.name}`\n\n" + bench_table(setting, benches(setting, path), WORKS[:1])


def long_section(setting: Setting) -> str:
    """A long text, every run of it counted; and the time and the memory of the longest."""
    speeds = bench_table(setting, benches(setting, setting.path), [LONG_TEXT], uncounted=0)
    longest = {
        precision: attempt(
            f"Touchstone {precision}, memory",
            lambda precision=precision: Touchstone(
                setting.touchstone, setting.path, setting.threads, precision
            ).one_text(LONGEST_TEXT_TOKENS),
        )
        for precision in ACTIVATIONS[:1]
    }
    return f"{speeds}\n\n{report.long_text_table(longest, LONGEST_TEXT_TOKENS)}"


def avx2_section(setting: Setting) -> str:
    """Both restricted to AVX2, whatever the processor has."""
    program = llama_programs(setting.peers, AVX2_BUILD) / "llama-bench"
    engines: list[Engine] = [
        Touchstone(setting.touchstone, setting.path, setting.threads, precision, cpu="avx2")
        for precision in ACTIVATIONS
    ]
    engines.append(LlamaBench(program, setting.path, setting.threads, "llama.cpp (llama-bench, AVX2 build)"))
    return bench_table(setting, engines, (WORKS[0], WORKS[2]))


def accuracy_section(setting: Setting) -> str:
    path, threads = setting.path, setting.threads
    engines = {
        f"Touchstone {precision}": accuracy.touchstone_embed(setting.touchstone, path, precision, threads)
        for precision in ACTIVATIONS
    }
    server = setting.llama / "llama-server"
    engines["llama.cpp"] = accuracy.llama_embed(server, path, setting.model, threads)
    wanted = {name: embed for name, embed in engines.items() if setting.wanted(name)}
    return report.accuracy_table(accuracy.accuracy(setting.model, wanted))


def start_up_section(setting: Setting) -> str:
    commands = {
        f"touchstone embed --activations {precision}": start_up.touchstone_command(
            setting.touchstone, setting.path, setting.threads, precision
        )
        for precision in ACTIVATIONS
    }
    program = setting.llama / "llama-embedding"
    commands["llama-embedding -c 512"] = start_up.llama_command(program, setting.path, setting.threads)
    found = {
        name: attempt(name, lambda command=command: start_up.start_up(command, setting.rounds))
        for name, command in commands.items()
    }
    return report.start_up_table(found)


def tokenizer_section(setting: Setting) -> str:
    lines, rounds = tokenization.mixed_lines(), setting.rounds

    def touchstone() -> float:
        return tokenization.touchstone_speed(setting.touchstone, setting.path, lines, rounds)

    def tokenizers() -> float:
        return tokenization.speed(tokenization.tokenizers_run(setting.model), lines, rounds)

    def tiktoken() -> float:
        return tokenization.speed(tokenization.tiktoken_run(setting.model), lines, rounds)

    runs = {"Touchstone": touchstone, "tokenizers": tokenizers, "tiktoken": tiktoken}
    return report.tokenizer_table({name: attempt(name, run) for name, run in runs.items()})


def rerank_section(setting: Setting) -> str:
    path = setting.reranker or random_model(setting.touchstone, setting.models, is_reranker=True)
    program, threads = setting.touchstone, setting.threads
    rerankers = [
        *(reranking.TouchstoneReranker(program, path, threads, precision) for precision in ACTIVATIONS),
        reranking.LlamaReranker(setting.llama / "llama-server", path, threads),
    ]
    rerankers = [engine for engine in rerankers if setting.wanted(engine.name)]
    whole = reranking.WholePrompts(program, path, threads, ACTIVATIONS[0])
    engines = [*rerankers, *([whole] if setting.wanted(whole.name) else [])]
    works = reranking.works()
    documents = works[0].documents
    try:
        results = measure(engines, works, setting.rounds)
        expected = reranking.reference_logits(read_model(path), documents)
        found = reranking.accuracy(expected, documents, {engine.name: engine.logits for engine in rerankers})
    finally:
        for engine in engines:
            engine.close()
    names = [engine.name for engine in engines]
    speed = report.rerank_table(results, names, works, baseline=reranking.LlamaReranker.name)
    return f"`{path.name}`\n\n{speed}\n\n{report.rerank_accuracy_table(found)}"


SECTIONS: dict[str, Callable[[Setting], str]] = {
    "speed": speed_section,
    "accuracy": accuracy_section,
    "start-up": start_up_section,
    "tokenizers": tokenizer_section,
    "rerank": rerank_section,
    "4b": four_billion_section,
    "long": long_section,
    "avx2": avx2_section,
}
