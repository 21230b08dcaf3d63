#!/usr/bin/env python3
"""Set Open WebUI up against the service, upload documents, search them, and see who embedded.

    python -m venv .venv-webui && .venv-webui/bin/pip install open-webui
    python3 tools/open_webui.py --open-webui .venv-webui/bin/open-webui

Starts `touchstone serve` and Open WebUI on this machine, with the settings of docs/how-to/open-webui.md and of
deploy/compose.yaml, and works through Open WebUI's HTTP interface as its page does. Prints each step with what was
seen. Exit status 1 where a search does not find the right document, or where the service did not embed. Only the
standard library is needed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KEY = "a-key-of-this-test"
DOCUMENTS = {
    "printer.txt": "The printer is out of paper.\n\nLoad paper into the tray and print the document again.\n",
    "password.txt": "The password is too short.\n\nEnter a new password with more characters to log in.\n",
    "disk.txt": "The disk is full: no space left on the device.\n\nDelete files to free space on the disk.\n",
}
QUESTIONS = {
    "The tray of the printer is empty.": "printer.txt",
    "I cannot log in with my new password.": "password.txt",
    "There is no space left for my files.": "disk.txt",
}
START_SECONDS = 600


RERANKING = {
    "ENABLE_RAG_HYBRID_SEARCH": "true",
    "RAG_RERANKING_ENGINE": "external",
    "RAG_RERANKING_MODEL": "reranker",
    "RAG_EXTERNAL_RERANKER_API_KEY": KEY,
}


def settings(service: str, folder: Path, *, reranks: bool) -> dict[str, str]:
    """The environment of Open WebUI: as in deploy/compose.yaml, then what a run without a network needs."""
    reranking = RERANKING | {"RAG_EXTERNAL_RERANKER_URL": f"{service}/v1/rerank"} if reranks else {}
    return reranking | {
        "RAG_EMBEDDING_ENGINE": "openai",
        "RAG_OPENAI_API_BASE_URL": f"{service}/v1",
        "RAG_OPENAI_API_KEY": KEY,
        "RAG_EMBEDDING_MODEL": "demo",
        "RAG_EMBEDDING_BATCH_SIZE": "32",
        "RAG_EMBEDDING_PREFIX_FIELD_NAME": "prompt_name",
        "RAG_EMBEDDING_QUERY_PREFIX": "query",
        "RAG_EMBEDDING_CONTENT_PREFIX": "document",
        "OFFLINE_MODE": "true",
        "ENABLE_OLLAMA_API": "false",
        "ENABLE_OPENAI_API": "false",
        "ENABLE_VERSION_UPDATE_CHECK": "false",
        "ANONYMIZED_TELEMETRY": "false",
        "DATA_DIR": str(folder / "data"),
        "WEBUI_SECRET_KEY": "secret",
    }


def ask(url: str, body: Any = None, *, token: str | None = None, content_type: str = "application/json") -> Any:
    """The JSON that a route answers; `body` is sent with POST."""
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data)
    if data is not None:
        request.add_header("Content-Type", content_type)
    if token is not None:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{url}: {error.code} {error.read()[:500]!r}") from None


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Waits until a URL answers, for a bounded time."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"ended with {process.returncode}; its log ends\n{log.read_text()[-3000:]}")
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except (OSError, urllib.error.URLError):
            time.sleep(0.5)
    raise SystemExit(f"{url} did not answer in {START_SECONDS} seconds; the log ends\n{log.read_text()[-3000:]}")


def upload(web: str, token: str, name: str, text: str) -> str:
    """Uploads a document and waits until it has been taken apart; returns its id."""
    boundary = uuid.uuid4().hex
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: text/plain\r\n\r\n{text}\r\n--{boundary}--\r\n"
    ).encode()
    file = ask(f"{web}/api/v1/files/", body, token=token, content_type=f"multipart/form-data; boundary={boundary}")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        status = ask(f"{web}/api/v1/files/{file['id']}/process/status", token=token)["status"]
        if status == "completed":
            return file["id"]
        if status == "failed":
            raise SystemExit(f"{name} could not be processed")
        time.sleep(0.2)
    raise SystemExit(f"{name} was not processed within a minute")


def embedding_requests(log: Path, route: str = "/v1/embeddings") -> list[dict[str, Any]]:
    """The service's log lines of a route."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("route") == route]


def search(web: str, token: str, collection: str) -> int:
    """Asks the questions; returns how many got a wrong document first."""
    wrong = 0
    for question, expected in QUESTIONS.items():
        found = ask(
            f"{web}/api/v1/retrieval/query/collection",
            {"collection_names": [collection], "query": question, "k": 3},
            token=token,
        )
        names = [entry["name"] for entry in found["metadatas"][0]]
        distances = " ".join(f"{distance:.3f}" for distance in found["distances"][0])
        wrong += names[0] != expected
        print(f"  {question!r}: {', '.join(names)} ({distances})")
    return wrong


def steps(web: str, log: Path, *, reranks: bool) -> int:
    """What a person does at the page; returns how many things were wrong."""
    print(f"Open WebUI {ask(f'{web}/api/version')['version']}")
    account = {"name": "Admin", "email": "admin@example.org", "password": "A-password-1"}
    token = ask(f"{web}/api/v1/auths/signup", account)["token"]
    print("The first account is the administrator's.")
    setting = ask(f"{web}/api/v1/retrieval/embedding", token=token)
    print(f"Embeddings: {setting['RAG_EMBEDDING_ENGINE']} {setting['RAG_EMBEDDING_MODEL']}")
    knowledge = ask(f"{web}/api/v1/knowledge/create", {"name": "Help", "description": "Messages"}, token=token)["id"]
    for name, text in DOCUMENTS.items():
        file = upload(web, token, name, text)
        ask(f"{web}/api/v1/knowledge/{knowledge}/file/add", {"file_id": file}, token=token)
    documents = embedding_requests(log)
    print(f"{len(DOCUMENTS)} documents uploaded: the service answered {len(documents)} requests for embeddings.")
    wrong = search(web, token, knowledge)
    queries = embedding_requests(log)[len(documents) :]
    print(f"{len(QUESTIONS)} searches: {len(queries)} requests for embeddings. The service's log of the last:")
    print(f"  {json.dumps(queries[-1]) if queries else 'nothing'}")
    reranked = embedding_requests(log, "/v1/rerank")
    if reranks:
        print(f"{len(reranked)} requests for ranks, status {sorted({line['status'] for line in reranked})}")
        wrong += not reranked or any(line["status"] != 200 for line in reranked)
    refused = [line for line in embedding_requests(log) if line["status"] != 200 or "ignored_parameters" in line]
    return wrong + (not documents) + (not queries) + len(refused)


def main() -> None:
    """Starts both, goes through the steps, ends both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touchstone", default=str(ROOT / ".build/release/touchstone"))
    parser.add_argument("--open-webui", required=True, help="the command of the Python package open-webui")
    parser.add_argument("--model", default=str(ROOT / "testdata/demo/demo-q4_k_m.gguf"))
    parser.add_argument("--reranker", help="a reranker's GGUF file, to be served too and to rank what is found")
    parser.add_argument("--port", type=int, default=18200, help="the first of two free ports")
    arguments = parser.parse_args()
    service, web = (f"http://127.0.0.1:{arguments.port + offset}" for offset in range(2))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        logs = [folder / "touchstone.log", folder / "open-webui.log"]
        serve = [arguments.touchstone, "serve", "--model", f"demo={arguments.model}", "--port", str(arguments.port)]
        open_webui = [arguments.open_webui, "serve", "--host", "127.0.0.1", "--port", str(arguments.port + 1)]
        if arguments.reranker:
            serve += ["--model", f"reranker={arguments.reranker}"]
        commands = [[*serve, "--log-format", "json"], open_webui]
        environments = [{"TOUCHSTONE_API_KEY": KEY}, settings(service, folder, reranks=arguments.reranker is not None)]
        processes = []
        try:
            for command, log, environment, url in zip(
                commands, logs, environments, [f"{service}/ready", f"{web}/health"], strict=True
            ):
                with log.open("wb") as output:
                    process = subprocess.Popen(
                        command, env=os.environ | environment, cwd=folder, stdout=output, stderr=subprocess.STDOUT
                    )
                processes.append(process)
                wait_for(url, process, log)
            wrong = steps(web, logs[0], reranks=arguments.reranker is not None)
        except BaseException:
            print(logs[-1].read_text()[-3000:] if logs[-1].exists() else "", file=sys.stderr)
            raise
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
