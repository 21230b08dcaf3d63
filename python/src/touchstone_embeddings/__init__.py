"""Qwen3-Embedding and Qwen3-Reranker from GGUF files, on CPUs: the same bits on every processor.

    from touchstone_embeddings import EmbeddingModel

    model = EmbeddingModel("Qwen3-Embedding-0.6B-Q8_0.gguf")
    documents = model.encode_document(["To remove a file, use rm.", "The printer is out of paper."])
    query = model.encode_query("how do I delete a file")
    print(model.similarity(query, documents))

Names and defaults are those of sentence-transformers. Nothing is imported before it is used: vectors need numpy,
and each adapter needs the library that it is for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# By module: what is imported when it is first asked for.
_PUBLIC = {
    "_embedding": ["EmbeddingModel", "Token"],
    "_model": ["Chunk"],
    "_rerank": ["RerankModel"],
    "_quantization": ["quantize_embeddings"],
    "_errors": [
        "TouchstoneError",
        "ModelFileError",
        "WrongModelError",
        "InputError",
        "InputTooLongError",
        "InvalidInputError",
        "OptionError",
        "ClosedError",
        "CancelledError",
        "NotFiniteError",
        "EnvironmentMismatchError",
    ],
    "_library": ["library_version"],
}
_MODULES = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = ["__version__", *sorted(_MODULES)]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module 'touchstone_embeddings' has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{module}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


if TYPE_CHECKING:
    from ._embedding import EmbeddingModel as EmbeddingModel
    from ._embedding import Token as Token
    from ._errors import CancelledError as CancelledError
    from ._errors import ClosedError as ClosedError
    from ._errors import EnvironmentMismatchError as EnvironmentMismatchError
    from ._errors import InputError as InputError
    from ._errors import InputTooLongError as InputTooLongError
    from ._errors import InvalidInputError as InvalidInputError
    from ._errors import ModelFileError as ModelFileError
    from ._errors import NotFiniteError as NotFiniteError
    from ._errors import OptionError as OptionError
    from ._errors import TouchstoneError as TouchstoneError
    from ._errors import WrongModelError as WrongModelError
    from ._library import library_version as library_version
    from ._model import Chunk as Chunk
    from ._quantization import quantize_embeddings as quantize_embeddings
    from ._rerank import RerankModel as RerankModel
