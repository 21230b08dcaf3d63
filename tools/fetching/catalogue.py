"""The official GGUF files of Qwen3-Embedding, by the names that the command takes."""

import re
from dataclasses import dataclass

#: Block formats published for each size (model pages of the Qwen organisation on huggingface.co). Sizes and
#: hashes are not written here: the server states them for each file.
PUBLISHED = {
    "0.6B": ("Q8_0", "f16"),
    "4B": ("Q4_K_M", "Q5_0", "Q5_K_M", "Q6_K", "Q8_0", "f16"),
    "8B": ("Q4_K_M", "Q5_0", "Q5_K_M", "Q6_K", "Q8_0", "f16"),
}
OTHER_FILE = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)/(?P<name>[\w.-]+\.gguf)")


@dataclass(frozen=True)
class RemoteFile:
    """A file of a repository on the hub."""

    repository: str
    name: str

    def url(self, endpoint: str) -> str:
        return f"{endpoint.rstrip('/')}/{self.repository}/resolve/main/{self.name}"


def official(size: str, kind: str) -> RemoteFile:
    return RemoteFile(f"Qwen/Qwen3-Embedding-{size}-GGUF", f"Qwen3-Embedding-{size}-{kind}.gguf")


def official_files() -> dict[str, RemoteFile]:
    return {f"{size}-{kind}": official(size, kind) for size, kinds in PUBLISHED.items() for kind in kinds}


def find(name: str) -> RemoteFile | None:
    """An official file by its short name in any case, or any `OWNER/REPOSITORY/FILE.gguf`."""
    for known, file in official_files().items():
        if known.lower() == name.lower():
            return file
    match = OTHER_FILE.fullmatch(name)
    return RemoteFile(match["repository"], match["name"]) if match else None
