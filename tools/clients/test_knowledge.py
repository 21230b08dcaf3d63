"""Knowledge bases of the service through the openai package and the MCP package, as people use them."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client
from openai import OpenAI

from clients.service import COMMAND, DEMO, ROOT, running_service

DOCUMENTS = sorted((ROOT / "testdata/knowledge/documents").iterdir())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("knowledge")


@pytest.fixture(scope="module")
def knowledge(folder: Path) -> Iterator[str]:
    """Where a service with a base of the repository's documents listens."""
    with running_service("--knowledge", f"papers={folder}/papers") as address:
        client = OpenAI(base_url=f"{address}/v1", api_key="unused", max_retries=0)
        batch = client.vector_stores.file_batches.upload_and_poll("papers", files=list(DOCUMENTS))
        assert batch.status == "completed"
        assert batch.file_counts.completed == len(DOCUMENTS)
        yield address


@pytest.fixture
def client(knowledge: str) -> OpenAI:
    return OpenAI(base_url=f"{knowledge}/v1", api_key="unused", max_retries=0)


@pytest.mark.parametrize(
    ("query", "name"), [("保修期", "保修.zh.md"), ("返品", "返品.ja.md"), ("Garantie", "garantie.de.md")]
)
def test_search(client: OpenAI, query: str, name: str) -> None:
    page = client.vector_stores.search("papers", query=query, max_num_results=3, ranking_options={"ranker": "none"})
    assert page.data[0].filename == name
    assert query in page.data[0].content[0].text
    assert all(0 <= hit.score <= 1 for hit in page.data)


def test_filters(client: OpenAI) -> None:
    hits = client.vector_stores.search(
        "papers",
        query="returns",
        max_num_results=50,
        filters={
            "type": "or",
            "filters": [
                {"type": "eq", "key": "language", "value": "ja"},
                {"type": "in", "key": "filename", "value": ["garantie.de.md"]},
            ],
        },
    ).data
    assert {hit.filename for hit in hits} == {"返品.ja.md", "観光.ja.docx", "garantie.de.md"}


def test_stores_and_files(client: OpenAI) -> None:
    store = client.vector_stores.create(name="a store", metadata={"team": "one"})
    assert (store.name, store.metadata) == ("a store", {"team": "one"})
    file = client.vector_stores.files.upload_and_poll(
        vector_store_id=store.id, file=("ink.md", io.BytesIO(b"# Ink\n\nInk is blue."))
    )
    assert file.status == "completed"
    bad = client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=("a.xyz", io.BytesIO(b"?")))
    assert bad.status == "failed"
    assert bad.last_error
    assert bad.last_error.code == "unsupported_file"
    client.vector_stores.files.update(file.id, vector_store_id=store.id, attributes={"color": "blue", "year": 2026})
    hits = client.vector_stores.search(store.id, query="ink", filters={"type": "gte", "key": "year", "value": 2026})
    assert [hit.attributes for hit in hits.data] == [{"color": "blue", "year": 2026}]
    assert client.vector_stores.files.content(file.id, vector_store_id=store.id).data[0].text == "Ink is blue."
    counts = client.vector_stores.retrieve(store.id).file_counts
    assert (counts.completed, counts.failed, counts.total) == (1, 1, 2)
    assert {item.id for item in client.vector_stores.files.list(store.id, limit=1)} == {file.id, bad.id}
    assert client.files.content(file.id).read() == b"# Ink\n\nInk is blue."
    assert client.vector_stores.update(store.id, name="renamed").name == "renamed"
    assert {item.id for item in client.vector_stores.list(limit=1)} == {"vs_papers", store.id}
    assert client.vector_stores.files.delete(file.id, vector_store_id=store.id).deleted
    assert client.files.delete(file.id).deleted
    assert client.vector_stores.delete(store.id).deleted
    with pytest.raises(openai.NotFoundError, match="there is no knowledge base"):
        client.vector_stores.retrieve(store.id)


def test_errors(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="max_num_results"):
        client.vector_stores.search("papers", query="a", max_num_results=51)
    with pytest.raises(openai.ConflictError, match="operator"):
        client.vector_stores.delete("vs_papers")
    with pytest.raises(openai.NotFoundError, match="there is no file"):
        client.files.retrieve("file-none")


async def use(target: object, mode: str) -> str:
    """Calls each tool; gives the protocol's revision."""
    async with Client(target, mode=mode) as agent:  # type: ignore[arg-type]
        assert [tool.name for tool in (await agent.list_tools()).tools] == ["query", "get", "status"]
        found = await agent.call_tool("query", {"query": "Garantie", "top": 3, "rerank": False})
        assert not found.is_error
        assert "garantie.de.md" in found.content[0].text
        read = await agent.call_tool("get", {"document": "garantie.de.md"})
        assert "zwei Jahre" in read.content[0].text
        status = await agent.call_tool("status", {})
        assert f"{len(DOCUMENTS)} documents" in status.content[0].text
        wrong = await agent.call_tool("query", {"query": "a", "top": 51})
        assert wrong.is_error
        assert "1 to 50" in wrong.content[0].text
        return agent.protocol_version


@pytest.mark.parametrize(("mode", "revision"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
def test_mcp_over_http(knowledge: str, mode: str, revision: str) -> None:
    assert asyncio.run(use(f"{knowledge}/mcp", mode)) == revision


@pytest.mark.parametrize(("mode", "revision"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
def test_mcp_over_a_pipe(knowledge: str, folder: Path, mode: str, revision: str) -> None:
    arguments = ["kb", "mcp", f"{folder}/papers", "--model", str(DEMO)]
    server = stdio_client(StdioServerParameters(command=str(COMMAND), args=arguments))
    assert asyncio.run(use(server, mode)) == revision
