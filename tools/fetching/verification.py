"""Whether a fetched file gives the answers that were published of its model: `touchstone verify` says so."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
#: The command's status where the answers are others.
ANSWERS_DIFFER = 1


def find_command() -> str | None:
    """The command that was built in this repository, else the installed one."""
    built = REPOSITORY / ".build" / "release" / "touchstone"
    return str(built) if os.access(built, os.X_OK) else shutil.which("touchstone")


def verify(path: Path, command: str | None) -> bool:
    """Prints what the command says of a file. False where its answers are not the published ones."""
    if command is None:
        print(
            "not verified: the command touchstone is not built (make); later: touchstone verify FILE", file=sys.stderr
        )
        return True
    sys.stdout.flush()
    return subprocess.run([command, "verify", path], check=False).returncode != ANSWERS_DIFFER
