"""Texts that nobody has sent before: a cache of texts or of prefixes does not help."""

import random
from dataclasses import dataclass

from load_testing.client import Client
from load_testing.servers import Server

WORDS = ["file", "disk", "printer", "password", "query", "vector", "server", "memory", "light", "water", "stone"]


def make_text(words: int, generator: random.Random) -> str:
    """A text of so many words."""
    return " ".join(generator.choice(WORDS) for _ in range(words))


@dataclass(frozen=True)
class Load:
    """What a cell of the table sends."""

    name: str
    """`query`, `document`, or `mixed`: nine queries to a document."""
    query_words: int
    document_words: int

    def text(self, generator: random.Random) -> str:
        """The next text."""
        is_query = self.name == "query" or (self.name == "mixed" and generator.random() < 0.9)
        return make_text(self.query_words if is_query else self.document_words, generator)


async def words_per_token(server: Server, timeout: float) -> float:
    """How many words make a token with the server's model."""
    client = Client(server, timeout)
    count = await client.embed(make_text(200, random.Random(0)))
    client.close()
    return 200 / count
