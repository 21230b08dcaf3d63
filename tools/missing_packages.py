"""Imported first by scripts that need packages: where one is missing, a sentence says which, and where it is listed."""

import sys
from types import TracebackType

#: Packages that are not in requirements.txt.
ELSEWHERE = {
    "sentence_transformers": "requirements-sentence-transformers.txt",
    "llama_cpp": "requirements-llama.txt",
    "langchain_text_splitters": None,
}


def sentence(package: str) -> str:
    listed = ELSEWHERE.get(package, "requirements.txt")
    install = f"-r tools/{listed}" if listed else package.replace("_", "-")
    return f"this script needs the package '{package}': pip install {install}, in a virtual environment"


def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, ModuleNotFoundError) and error.name:
        print(sentence(error.name.partition(".")[0]), file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


sys.excepthook = report
