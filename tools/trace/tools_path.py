"""Makes the packages of `tools/` importable from the scripts in this folder. To be imported first."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

import missing_packages  # noqa: F401
