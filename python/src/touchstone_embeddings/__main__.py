"""`python -m touchstone_embeddings …`, and the scripts `touchstone`, the command, and `touchstone-bulk`."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def command_path() -> str:
    """The command of the wheel, or the one that `TOUCHSTONE_COMMAND` names."""
    named = os.environ.get("TOUCHSTONE_COMMAND")
    path = Path(named) if named else Path(__file__).parent / "_native" / "touchstone"
    if not path.exists():
        raise FileNotFoundError(
            f"{path} is missing: this build of touchstone-embeddings has no command; name one in TOUCHSTONE_COMMAND"
        )
    return str(path)


def main() -> None:
    try:
        path = command_path()
    except FileNotFoundError as error:
        sys.exit(f"touchstone: {error}")
    os.execv(path, ["touchstone", *sys.argv[1:]])


def bulk() -> None:
    """`touchstone-bulk`, which needs a package that the others do without."""
    try:
        from .bulk import main
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "pyarrow":
            raise
        sys.exit('touchstone-bulk: needs the package pyarrow: pip install "touchstone-embeddings[bulk]"')
    main()


if __name__ == "__main__":
    main()
