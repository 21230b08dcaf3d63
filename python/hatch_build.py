"""Puts the native parts into the wheel, and the Swift sources into the source distribution.

A wheel takes the library and the command from the folder that TOUCHSTONE_NATIVE names; `make wheel` fills it.
Without it, the library is built here with Swift, from the repository or from the sources of the source
distribution. Such a wheel has no command, and its tag is that of this machine's system.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIBRARY = "libtouchstone.so.1"
# What the library is built from: the engine's targets and their manifest.
SOURCES = [
    "Package.swift",
    "Sources",
    "Tests",
    "tools/build_library.sh",
    "tools/static_link.sh",
    "tools/glibc_2_34.c",
    "tools/version.sh",
    "LICENSE",
]


class NativeBuildHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict) -> None:
        if version == "editable":
            return
        if self.target_name == "sdist":
            root = Path(self.root).parent
            for source in SOURCES:
                build_data["force_include"][str(root / source)] = f"swift/{source}"
            return
        prepared = os.environ.get("TOUCHSTONE_NATIVE")
        folder = Path(prepared) if prepared else self._build()
        names = [LIBRARY] + (["touchstone"] if (folder / "touchstone").exists() else [])
        for name in names:
            build_data["force_include"][str(folder / name)] = f"touchstone_embeddings/_native/{name}"
        build_data["pure_python"] = False
        system = "manylinux_2_34_x86_64" if prepared else sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{system}"

    def _build(self) -> Path:
        unpacked = Path(self.root) / "swift"
        root = unpacked if unpacked.exists() else Path(self.root).parent
        if shutil.which(os.environ.get("SWIFT", "swift")) is None:
            raise RuntimeError(
                "building touchstone-embeddings needs Swift 6.2 or later (https://swift.org/install); "
                "there is a wheel for x86-64 Linux that needs none"
            )
        out = Path(tempfile.mkdtemp(prefix="touchstone-library-"))
        subprocess.run([str(root / "tools/build_library.sh"), str(out)], check=True)
        return out / "lib"
