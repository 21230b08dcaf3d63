"""One file: resume, retry, verify, and only then give it its name."""

import hashlib
import http.client
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from .catalogue import RemoteFile
from .errors import FetchError, RangeError, SpaceError, TemporaryError, VerificationError
from .hub import Announcement, Hub, shown

CHUNK_BYTES = 1 << 20
#: Attempts in a row that bring no byte before giving up.
ATTEMPTS = 5
CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
MAGIC = b"GGUF"

Progress = Callable[[int, int | None], None]


def fetch(hub: Hub, file: RemoteFile, directory: Path, progress: Progress, *, patience: float = 1.0) -> Path:
    """Fetches into `directory`, continuing where an earlier run stopped, and returns the path.

    The bytes go to `NAME.part` (with the start of the hash in its name, so that two versions never mix) and get
    their name when size and hash are those announced. `patience` scales the pauses between attempts.
    """
    announced = hub.announcement(file.url(hub.endpoint))
    target = directory / file.name
    if target.exists():
        verify(target, announced)
        return target
    directory.mkdir(parents=True, exist_ok=True)
    version = f".{announced.sha256[:12]}" if announced.sha256 else ""
    part = directory / f"{file.name}{version}.part"
    check_space(part, announced)
    transfer_all(hub, file.url(hub.endpoint), part, announced, progress, patience=patience)
    try:
        verify(part, announced)
    except VerificationError:
        part.unlink()
        raise
    os.replace(part, target)
    return target


def transfer_all(
    hub: Hub, url: str, part: Path, announced: Announcement, progress: Progress, *, patience: float
) -> None:
    """Asks again from where the last answer broke off, until nothing is missing."""
    failures = 0
    while True:
        before = size_of(part)
        try:
            if transfer(hub, url, part, announced, progress):
                return
            reason = "the connection ended early"
        except RangeError as error:
            part.unlink()
            reason = str(error)
        except (TemporaryError, OSError, http.client.HTTPException) as error:
            reason = str(error) or type(error).__name__
        failures = 0 if size_of(part) > before else failures + 1
        if failures == ATTEMPTS:
            raise FetchError(f"gave up after {ATTEMPTS} attempts: {reason}; run the command again to continue")
        time.sleep(patience * 2**failures)


def transfer(hub: Hub, url: str, part: Path, announced: Announcement, progress: Progress) -> bool:
    """One request, appended to the part file. Returns whether the file is complete."""
    have = size_of(part)
    if announced.size is not None and have == announced.size:
        return True
    if announced.size is not None and have > announced.size:
        part.unlink()
        have = 0
    with hub.content(url, have) as response:
        total = announced.size
        if response.status == 206:
            total = checked_range(response, have, total)
        else:
            have = 0
            total = total if total is not None else response.length
        chunk = response.read(CHUNK_BYTES)
        if have == 0 and chunk and not chunk.startswith(MAGIC):
            raise FetchError(f"{shown(url)} answered something that is not a GGUF file")
        with part.open("ab" if have else "wb") as output:
            while chunk:
                output.write(chunk)
                have += len(chunk)
                progress(have, total)
                chunk = response.read(CHUNK_BYTES)
    return total is None or have == total


def checked_range(response: http.client.HTTPResponse, have: int, total: int | None) -> int | None:
    """The total that a partial answer states; an error where it is not the range that was asked for."""
    match = CONTENT_RANGE.fullmatch(response.headers.get("Content-Range") or "")
    if match is None or int(match[1]) != have:
        raise FetchError("the server answered another range than the one asked for")
    stated = None if match[2] == "*" else int(match[2])
    if total is not None and stated is not None and stated != total:
        raise FetchError(f"the server announced {total:,} bytes, but its answer is of {stated:,}")
    return stated if total is None else total


def verify(path: Path, announced: Announcement) -> None:
    """Compares size and hash with what the server announced."""
    size = size_of(path)
    if announced.size is not None and size != announced.size:
        raise VerificationError(f"'{path}' has {size:,} bytes, but the server announced {announced.size:,}")
    if announced.sha256 is None:
        return
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != announced.sha256:
        raise VerificationError(f"'{path}' has SHA-256 {found}, but the server announced {announced.sha256}")


def check_space(part: Path, announced: Announcement) -> None:
    if announced.size is None:
        return
    needed = announced.size - size_of(part)
    free = shutil.disk_usage(part.parent).free
    if needed > free:
        raise SpaceError(f"'{part.parent}' has {free:,} bytes free, but {needed:,} are needed")


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
