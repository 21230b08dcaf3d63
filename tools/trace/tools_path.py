"""Makes the packages of `tools/` importable from the scripts in this folder."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))
