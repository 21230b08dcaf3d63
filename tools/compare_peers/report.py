"""The Markdown of PERFORMANCE.md."""

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from .measure import Results
from .reranking import RerankWork
from .start_up import StartUp
from .work import LongText, Runs, Work

INSTRUCTION_SETS = ("avx2", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8")
NOT_MEASURED = "not measured"


def machine() -> str:
    """One line: CPU, cores, the instruction sets that matter, how busy the machine was."""
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    fields = dict(line.split("\t: ", 1) for line in text.splitlines() if "\t: " in line)
    flags = set(next((value for key, value in fields.items() if key.strip() == "flags"), "").split())
    known = [name for name in INSTRUCTION_SETS if name in flags]
    name = next((value for key, value in fields.items() if key.strip() == "model name"), platform.machine())
    load = os.getloadavg()[0]
    return f"{name}, {os.cpu_count()} cores, {' '.join(known)}; {date.today()}; load before the run {load:.1f}"


def speed_table(results: Results, engines: Sequence[str], works: Sequence[Work], baseline: str) -> str:
    """Tokens/s (best, median) and the ratio of best runs to llama.cpp's better program."""
    rows = [["engine", *(column for work in works for column in (f"{work.name}, tok/s best (median)", "ratio"))]]
    for engine in engines:
        cells = [engine]
        for work in works:
            fastest = fastest_run(results, [name for name in engines if name.startswith(baseline)], work)
            cells += speed_cells(results[engine, work.name], work, fastest)
        rows.append(cells)
    return table(rows)


def speed_cells(runs: Runs, work: Work, baseline_seconds: float | None) -> list[str]:
    if runs.best is None or runs.median is None:
        return [NOT_MEASURED, "—"]
    speed = f"{work.token_count / runs.best:,.0f} ({work.token_count / runs.median:,.0f})"
    if work.token_count < 64:
        speed += f", {runs.best * 1000:.1f} ms"
    return [speed, f"{baseline_seconds / runs.best:.2f}" if baseline_seconds else "—"]


def fastest_run(results: Results, engines: Sequence[str], work: Work) -> float | None:
    return min((best for name in engines if (best := results[name, work.name].best) is not None), default=None)


def accuracy_table(found: dict[str, dict[str, float] | str]) -> str:
    rows = [["engine", "1 − cosine against float32, median", "largest"]]
    for name, value in found.items():
        measured = isinstance(value, dict)
        rows.append([name, *(f"{value[key]:.1e}" if measured else NOT_MEASURED for key in ("median", "largest"))])
    return table(rows)


def rerank_table(results: Results, engines: Sequence[str], works: Sequence[RerankWork], baseline: str) -> str:
    """Seconds a query (best, median) and the ratio of best runs to llama.cpp."""
    rows = [["engine", *(column for work in works for column in (f"{work.name}, s best (median)", "ratio"))]]
    for engine in engines:
        cells = [engine]
        for work in works:
            runs, fastest = results[engine, work.name], results[baseline, work.name].best
            if runs.best is None or runs.median is None:
                cells += [NOT_MEASURED, "—"]
            else:
                cells.append(f"{runs.best:.2f} ({runs.median:.2f})")
                cells.append(f"{fastest / runs.best:.2f}" if fastest else "—")
        rows.append(cells)
    return table(rows)


def rerank_accuracy_table(found: dict[str, dict[str, float] | str]) -> str:
    rows = [["engine", "largest difference of logits from float32", "of scores"]]
    for name, value in found.items():
        measured = isinstance(value, dict)
        rows.append([name, *(f"{value[key]:.1e}" if measured else NOT_MEASURED for key in ("logit", "score"))])
    return table(rows)


def start_up_table(found: dict[str, StartUp | str]) -> str:
    rows = [["command", "start to vector, s", "peak memory, MB"]]
    for name, value in found.items():
        measured = isinstance(value, StartUp)
        cells = [f"{value.seconds:.2f}", f"{value.megabytes:,.0f}"] if measured else [NOT_MEASURED, "—"]
        rows.append([name, *cells])
    return table(rows)


def long_text_table(found: dict[str, LongText | str], tokens: int) -> str:
    rows = [[f"activations, {tokens:,} tokens", "tok/s, one run", "own memory, MB (without pages of files)"]]
    for name, value in found.items():
        if isinstance(value, LongText):
            rows.append([name, f"{tokens / value.seconds:,.0f}", f"{value.own_megabytes:,.0f}"])
        else:
            rows.append([name, NOT_MEASURED, NOT_MEASURED])
    return table(rows)


def tokenizer_table(found: dict[str, float | str]) -> str:
    rows = [["tokenizer", "MB/s, one thread"]]
    rows += [[name, f"{value:.1f}" if isinstance(value, float) else NOT_MEASURED] for name, value in found.items()]
    return table(rows)


def table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *body))
