"""Markdown, a row at a time, so that an interrupted run has its rows."""


class Table:
    """A Markdown table with columns of fixed width: the first on the left, the others on the right."""

    def __init__(self, *columns: str) -> None:
        self.widths = [max(len(column), 7) for column in columns]
        self.widths[0] = max(self.widths[0], 16)
        print()
        self.row(*columns)
        print(
            "|" + "|".join("-" * (width + 1) + (":" if index else "-") for index, width in enumerate(self.widths)) + "|"
        )

    def row(self, *cells: object) -> None:
        """Prints a row; numbers with a decimal fraction get one digit below 100."""
        first, *others = (self._text(cell) for cell in cells)
        padded = [first.ljust(self.widths[0])]
        padded += [text.rjust(width) for text, width in zip(others, self.widths[1:], strict=True)]
        print("| " + " | ".join(padded) + " |", flush=True)

    @staticmethod
    def _text(cell: object) -> str:
        if isinstance(cell, float):
            return f"{cell:,.1f}" if abs(cell) < 100 else f"{cell:,.0f}"
        return str(cell)
