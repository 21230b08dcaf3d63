"""The page with the tables: docs/mistakes/confusion.md."""

from collections.abc import Callable, Sequence

from .column import CLASSES, CORRECT, EVERY, Cell

#: Model, precision, mistake.
Key = tuple[str, str, str]
#: What a column is named by: a precision, or a model and a precision.
Column = str | tuple[str, str]

HEAD = """# Which mistake is named as which

Every mistake, made with transformers and tokenizers (`tools/mistakes`: hooks and replaced functions, no code of this
project), and the verdict of `touchstone check` on the vectors. Rows are mistakes, columns the model and the precision
of transformers' computation. ✓: exactly that mistake was named, with the confidence (the lowest of several). –: the
mistake changes no vector of that model. below rounding: the mistake changes them by less than the precision does, and
the verdict was that they agree. Bold: another verdict.

Written by `python3 tools/confusion.py --output docs/mistakes/confusion.md`.

"""

HALF = """## Half precision

Correct backends again, in float16 too. In some texts the residual stream of the model `large-residual` exceeds 65504,
the largest number of half precision, and transformers gives NaN there by itself.

"""


def page(cells: dict[Key, Cell]) -> str:
    return HEAD + tables(cells) + "\n"


def tables(cells: dict[Key, Cell]) -> str:
    half = half_precision(cells)
    main = table(
        "mistake",
        [name for name in EVERY if any(key[2] == name for key in cells)],
        list(dict.fromkeys(key[:2] for key in cells if key[:2] not in [known[:2] for known in extra(cells)])),
        lambda name, column: cells.get((*column, name)),
    )
    return "\n\n".join([summary(cells), classes(cells), main] + ([HALF + half] if half else []))


def extra(cells: dict[Key, Cell]) -> list[Key]:
    """The cells of the second table that the first has not."""
    own = {key[0] for key in cells if key[2] != CORRECT} or {key[0] for key in cells}
    return [key for key in cells if key[1] == "float16" or key[0] not in own]


def half_precision(cells: dict[Key, Cell]) -> str:
    if not extra(cells):
        return ""
    models = list(dict.fromkeys(key[0] for key in cells))
    return table("model", models, list(CLASSES), lambda model, precision: cells.get((model, precision, CORRECT)))


def table(
    title: str, rows: Sequence[str], columns: Sequence[Column], cell: Callable[[str, Column], Cell | None]
) -> str:
    names = [column if isinstance(column, str) else ", ".join(column) for column in columns]
    lines = [f"| {title} | " + " | ".join(names) + " |", "|---|" + "---|" * len(columns)]
    for row in rows:
        texts = [found.text if (found := cell(row, column)) else "" for column in columns]
        lines.append(f"| {row} | " + " | ".join(texts) + " |")
    return "\n".join(lines)


def summary(cells: dict[Key, Cell]) -> str:
    judged = [cell for cell in cells.values() if cell.text != "–"]
    return f"{sum(cell.is_right for cell in judged)} of {len(judged)} verdicts are right."


def classes(cells: dict[Key, Cell]) -> str:
    """Whether the class of rounding was named, beside the mistake."""
    judged = {key: cell for key, cell in cells.items() if cell.precision}
    exact = [key for key, cell in judged.items() if cell.precision == CLASSES[key[1]]]
    among = [
        key for key, cell in judged.items() if key not in exact and CLASSES[key[1]] in cell.precision.split(" or ")
    ]
    other = [f"{', '.join(key)} ({judged[key].precision})" for key in judged if key not in exact and key not in among]
    text = f"The class of rounding is named in {len(exact)} of {len(judged)}; {len(among)} more leave it between two"
    return text + (f"; another is named in {len(other)}: {'; '.join(other)}." if other else ", and none is wrong.")
