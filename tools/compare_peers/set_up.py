"""Builds llama.cpp from its source package on PyPI, and installs the Python engines in a virtual environment."""

import subprocess
import tarfile
import venv
from pathlib import Path

#: Carries llama.cpp's sources in `vendor/llama.cpp`.
LLAMA_PACKAGE = "llama-cpp-python"
LLAMA_VERSION = "0.3.36"
LLAMA_TARGETS = ("llama-bench", "llama-embedding", "llama-server", "llama-quantize", "llama-tokenize")
REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"


def set_up(folder: Path) -> None:
    """Makes `folder`/venv and llama.cpp's programs; what is there already is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
    command(python, "-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS)
    if not all((llama_programs(folder) / name).exists() for name in LLAMA_TARGETS):
        build_llama(folder)
    print(f"ready; run: {python} {Path(__file__).parent} run --peers {folder}")


def llama_programs(folder: Path) -> Path:
    return llama_sources(folder) / "build" / "bin"


def llama_sources(folder: Path) -> Path:
    return folder / f"{LLAMA_PACKAGE.replace('-', '_')}-{LLAMA_VERSION}" / "vendor" / "llama.cpp"


def build_llama(folder: Path) -> None:
    """Downloads and builds for this machine's CPU; several minutes."""
    sources = llama_sources(folder)
    if not sources.exists():
        package = f"{LLAMA_PACKAGE}=={LLAMA_VERSION}"
        command(
            folder / "venv" / "bin" / "python", "-m", "pip", "download", "--no-deps", "--no-binary", LLAMA_PACKAGE,
            "--dest", folder, package,
        )  # fmt: skip
        (archive,) = folder.glob(f"llama_cpp_python-{LLAMA_VERSION}.tar.gz")
        with tarfile.open(archive) as content:
            content.extractall(folder, filter="data")
    build = sources / "build"
    command("cmake", "-S", sources, "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DGGML_NATIVE=ON", "-DLLAMA_CURL=OFF")
    command("cmake", "--build", build, "--parallel", "--target", *LLAMA_TARGETS)


def command(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True)
