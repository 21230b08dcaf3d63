"""Builds llama.cpp from its source package on PyPI, and installs the Python engines in a virtual environment."""

import subprocess
import tarfile
import venv
from collections.abc import Sequence
from pathlib import Path

#: Carries llama.cpp's sources in `vendor/llama.cpp`.
LLAMA_PACKAGE = "llama-cpp-python"
LLAMA_VERSION = "0.3.36"
AVX2_BUILD = "build-avx2"
LLAMA_TARGETS = ("llama-bench", "llama-embedding", "llama-server", "llama-quantize", "llama-tokenize")
#: For a processor with AVX2 and no AVX-512, whatever this one has: only the benchmark.
AVX2_OPTIONS = (
    "-DGGML_NATIVE=OFF", "-DGGML_AVX=ON", "-DGGML_AVX2=ON", "-DGGML_FMA=ON", "-DGGML_F16C=ON", "-DGGML_BMI2=ON",
)  # fmt: skip
REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"


def set_up(folder: Path) -> None:
    """Makes `folder`/venv and llama.cpp's programs; what is there already is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
    command(python, "-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS)
    if not all((llama_programs(folder) / name).exists() for name in LLAMA_TARGETS):
        fetch_llama(folder)
        build_llama(folder, "build", ("-DGGML_NATIVE=ON",), LLAMA_TARGETS)
    if not (llama_programs(folder, AVX2_BUILD) / "llama-bench").exists():
        build_llama(folder, AVX2_BUILD, AVX2_OPTIONS, ("llama-bench",))
    print(f"ready; run: {python} {Path(__file__).parent} run --peers {folder}")


def llama_programs(folder: Path, build: str = "build") -> Path:
    return llama_sources(folder) / build / "bin"


def llama_sources(folder: Path) -> Path:
    return folder / f"{LLAMA_PACKAGE.replace('-', '_')}-{LLAMA_VERSION}" / "vendor" / "llama.cpp"


def fetch_llama(folder: Path) -> None:
    """Downloads the sources, unless they are there."""
    if not llama_sources(folder).exists():
        package = f"{LLAMA_PACKAGE}=={LLAMA_VERSION}"
        command(
            folder / "venv" / "bin" / "python", "-m", "pip", "download", "--no-deps", "--no-binary", LLAMA_PACKAGE,
            "--dest", folder, package,
        )  # fmt: skip
        (archive,) = folder.glob(f"llama_cpp_python-{LLAMA_VERSION}.tar.gz")
        with tarfile.open(archive) as content:
            content.extractall(folder, filter="data")


def build_llama(folder: Path, name: str, options: Sequence[str], targets: Sequence[str]) -> None:
    """Builds into the folder `name` of the sources, one job at low priority: many minutes, and nobody is disturbed."""
    sources = llama_sources(folder)
    build = sources / name
    # The requirements install it: not every machine has one.
    cmake = folder / "venv" / "bin" / "cmake"
    command(cmake, "-S", sources, "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DLLAMA_CURL=OFF", *options)
    command("nice", "-n", "19", cmake, "--build", build, "--parallel", "1", "--target", *targets)


def command(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True)
