"""The package on hosts of other processors: its manifest on Arm, and the sentences that refuse a host."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def manifest(architecture: str) -> dict[str, dict]:
    """The targets by name, as SwiftPM reads them on such a host."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "Package.swift", folder)
        result = subprocess.run(
            ["swift", "package", "--package-path", folder, "dump-package"],
            env=os.environ | {"TOUCHSTONE_ARCHITECTURE": architecture},
            capture_output=True,
            text=True,
            check=True,
        )
    return {target["name"]: target for target in json.loads(result.stdout)["targets"]}


def clang_flags(target: dict) -> list[str]:
    flags = [setting["kind"].get("unsafeFlags", {}).get("_0", []) for setting in target["settings"]]
    return [flag for part in flags for flag in part if not flag.startswith(("-O", "-Xcc"))]


@unittest.skipUnless(shutil.which("swift"), "there is no swift")
class ManifestTests(unittest.TestCase):
    def instruction_sets(self, architecture: str) -> dict[str, list[str]]:
        targets = manifest(architecture)
        chosen = [name["byName"][0] for name in targets["KernelSelection"]["dependencies"]]
        sets = {name: clang_flags(targets[name]) for name in chosen if name not in ("Kernels", "CInstructions")}
        self.assertEqual(
            {name for name in targets if name.startswith("Kernels")} - {"Kernels", "KernelsTests"}, set(sets)
        )
        return sets

    def test_an_arm_host_builds_the_kernels_for_arm(self) -> None:
        self.assertEqual(
            self.instruction_sets("arm64"),
            {
                "KernelsI8MM": ["-march=armv8.2-a+dotprod+i8mm"],
                "KernelsDotProd": ["-march=armv8.2-a+dotprod"],
            },
        )

    def test_an_x86_host_builds_its_own(self) -> None:
        self.assertEqual(
            set(self.instruction_sets("x86_64")), {"KernelsAMX", "KernelsAVX512", "KernelsAVXVNNI", "KernelsAVX2"}
        )

    def test_another_host_has_the_portable_kernels_only(self) -> None:
        self.assertEqual(self.instruction_sets("riscv64"), {})


@unittest.skipUnless(shutil.which("clang"), "there is no clang")
class RefusalTests(unittest.TestCase):
    def errors(self, target: str) -> str:
        include = ROOT / "Sources/CInstructions/include"
        result = subprocess.run(
            ["clang", f"--target={target}", "-fsyntax-only", "-I", str(include), "-x", "c", "-"],
            input='#include "CInstructions.h"\n',
            capture_output=True,
            text=True,
            check=False,
        )
        return result.stderr

    def test_a_big_endian_processor_is_refused(self) -> None:
        self.assertIn("this processor is big-endian", self.errors("aarch64_be-none-elf"))

    def test_a_processor_of_32_bits_is_refused(self) -> None:
        self.assertIn("this processor has no 64-bit addresses", self.errors("armv7-none-eabi"))


if __name__ == "__main__":
    unittest.main()
