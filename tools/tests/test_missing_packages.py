"""A script without its packages says which it needs, and shows no traceback."""

import subprocess
import sys
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parent.parent


class MissingPackages(unittest.TestCase):
    def test_a_sentence_names_package_and_list(self) -> None:
        for script, sentence in [
            ("make_golden.py", "this script needs the package '"),
            ("trace/trace_llama.py", "this script needs the package 'llama_cpp': pip install -r tools/requirements-ll"),
        ]:
            with self.subTest(script):
                # -S: no packages are found, whatever is installed.
                run = subprocess.run(
                    [sys.executable, "-S", TOOLS / script, "--help"], capture_output=True, text=True, check=False
                )
                self.assertEqual(run.returncode, 1)
                self.assertTrue(run.stderr.startswith(sentence), run.stderr)
                self.assertIn("pip install -r tools/requirements", run.stderr)
                self.assertEqual(run.stderr.count("\n"), 1)

    def test_other_errors_keep_their_traceback(self) -> None:
        run = subprocess.run(
            [sys.executable, "-c", "import missing_packages; raise ValueError('x')"],
            cwd=TOOLS, capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.assertIn("Traceback", run.stderr)


if __name__ == "__main__":
    unittest.main()
