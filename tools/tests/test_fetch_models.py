"""Fetching against a server on the loopback. Run: python -m unittest discover -s tools/tests -t tools"""

import random
import tempfile
import unittest
from pathlib import Path

from fetching.catalogue import RemoteFile, find, official_files
from fetching.download import fetch
from fetching.errors import AccessError, FetchError, VerificationError
from fetching.hub import Hub
from fetching.verification import verify

from .hub_stand_in import Behaviour, hub_stand_in

CONTENT = b"GGUF" + random.Random(1).randbytes(3_000_000)
FILE = RemoteFile("owner/repository", "model.gguf")


class FetchTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def fetch(self, behaviour: Behaviour, token: str | None = None) -> bytes:
        with hub_stand_in(behaviour) as address:
            return fetch(Hub(address, token), FILE, self.folder, lambda *_: None, patience=0.001).read_bytes()

    def leftovers(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def test_whole_file(self) -> None:
        self.assertEqual(self.fetch(Behaviour(CONTENT)), CONTENT)
        self.assertEqual(self.leftovers(), ["model.gguf"])

    def test_no_announcement(self) -> None:
        self.assertEqual(self.fetch(Behaviour(CONTENT, announces=False)), CONTENT)

    def test_broken_connection_continues_where_it_stopped(self) -> None:
        behaviour = Behaviour(CONTENT, breaks_after=1_000_000, breaks_left=2)
        self.assertEqual(self.fetch(behaviour), CONTENT)
        ranges = [headers.get("Range") for method, _, headers in behaviour.requests if method == "GET"]
        self.assertEqual(ranges, [None, "bytes=1000000-", "bytes=2000000-"])

    def test_second_run_continues(self) -> None:
        def interrupt(have: int, total: int | None) -> None:
            raise KeyboardInterrupt

        behaviour = Behaviour(CONTENT)
        with hub_stand_in(behaviour) as address:
            with self.assertRaises(KeyboardInterrupt):
                fetch(Hub(address), FILE, self.folder, interrupt)
            (part,) = self.folder.iterdir()
            have = part.stat().st_size
            path = fetch(Hub(address), FILE, self.folder, lambda *_: None)
        self.assertEqual(path.read_bytes(), CONTENT)
        self.assertEqual(behaviour.requests[-1][2]["Range"], f"bytes={have}-")

    def test_gives_up_when_no_byte_comes(self) -> None:
        behaviour = Behaviour(CONTENT, breaks_after=0, breaks_left=99)
        with self.assertRaisesRegex(FetchError, "gave up after 5 attempts: the connection ended early"):
            self.fetch(behaviour)
        self.assertEqual([method for method, _, _ in behaviour.requests].count("GET"), 5)

    def test_part_of_a_longer_file_starts_again(self) -> None:
        (self.folder / "model.gguf.part").write_bytes(CONTENT + b"more")
        self.assertEqual(self.fetch(Behaviour(CONTENT, announces=False)), CONTENT)

    def test_server_without_ranges_starts_again(self) -> None:
        behaviour = Behaviour(CONTENT, serves_ranges=False, breaks_after=1_000_000, breaks_left=1)
        self.assertEqual(self.fetch(behaviour), CONTENT)

    def test_wrong_hash_leaves_nothing(self) -> None:
        with self.assertRaisesRegex(VerificationError, "SHA-256"):
            self.fetch(Behaviour(CONTENT, corrupts=True))
        self.assertEqual(self.leftovers(), [])

    def test_complete_file_is_not_fetched_again(self) -> None:
        (self.folder / "model.gguf").write_bytes(CONTENT)
        behaviour = Behaviour(CONTENT)
        self.assertEqual(self.fetch(behaviour), CONTENT)
        self.assertEqual([method for method, _, _ in behaviour.requests], ["HEAD"])

    def test_existing_file_of_another_size(self) -> None:
        (self.folder / "model.gguf").write_bytes(CONTENT[:-1])
        with self.assertRaisesRegex(VerificationError, "3,000,003 bytes, but the server announced 3,000,004"):
            self.fetch(Behaviour(CONTENT))
        self.assertEqual(self.leftovers(), ["model.gguf"])

    def test_web_page(self) -> None:
        with self.assertRaisesRegex(FetchError, "web page"):
            self.fetch(Behaviour(b"<html>", announces=False, content_type="text/html; charset=utf-8"))

    def test_not_a_gguf_file(self) -> None:
        with self.assertRaisesRegex(FetchError, "not a GGUF file"):
            self.fetch(Behaviour(b"version https://git-lfs", announces=False))
        self.assertEqual(self.leftovers(), [])

    def test_refused_and_missing(self) -> None:
        for status, words in ((401, "HF_TOKEN"), (403, "HF_TOKEN"), (404, "does not exist")):
            with self.assertRaisesRegex(AccessError, words):
                self.fetch(Behaviour(CONTENT, status=status))

    def test_token_stays_with_the_hub(self) -> None:
        storage = Behaviour(CONTENT)
        with hub_stand_in(storage) as address:
            hub = Behaviour(CONTENT, storage=address)
            self.assertEqual(self.fetch(hub, token="secret"), CONTENT)
        self.assertTrue(all(headers.get("Authorization") == "Bearer secret" for _, _, headers in hub.requests))
        self.assertTrue(storage.requests)
        self.assertTrue(all("Authorization" not in headers for _, _, headers in storage.requests))

    def test_nobody_listens(self) -> None:
        with hub_stand_in(Behaviour(CONTENT)) as address:
            pass
        with self.assertRaisesRegex(FetchError, "cannot reach"):
            fetch(Hub(address), FILE, self.folder, lambda *_: None, patience=0.001)


class VerificationTests(unittest.TestCase):
    def verify(self, status: int) -> tuple[bool, str]:
        """With a command in the place of touchstone that notes what it is asked and ends with a status."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            command = folder / "touchstone"
            command.write_text(f'#!/bin/sh\necho "$@" > {folder}/asked\nexit {status}\n')
            command.chmod(0o755)
            return verify(Path("model.gguf"), str(command)), (folder / "asked").read_text()

    def test_only_other_answers_are_a_failure(self) -> None:
        for status, expected in ((0, True), (1, False), (2, True), (3, True)):
            self.assertEqual(self.verify(status), (expected, "verify model.gguf\n"))

    def test_without_the_command_nothing_is_verified(self) -> None:
        self.assertTrue(verify(Path("model.gguf"), None))


class CatalogueTests(unittest.TestCase):
    def test_names(self) -> None:
        self.assertEqual(find("0.6b-q8_0"), official_files()["0.6B-Q8_0"])
        self.assertEqual(find("owner/repository/model.gguf"), FILE)
        for name in ("", "5B-Q8_0", "../model.gguf", "owner/repository/../../model.gguf", "a/b/c/model.gguf"):
            self.assertIsNone(find(name), name)


if __name__ == "__main__":
    unittest.main()
