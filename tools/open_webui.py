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
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
import zipfile
from html import escape
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

# With --loader: two pages a language, made by Chromium. What is asked is on the second.
PDF = {
    "library.en.pdf": ("The library opens at nine in the morning.", "A lost library card costs five pounds."),
    "bibliothek.de.pdf": ("Die Bibliothek öffnet um neun Uhr.", "Ein verlorener Leseausweis kostet fünf Euro."),
    "bibliotheque.fr.pdf": ("La bibliothèque ouvre à neuf heures.", "Une carte de lecteur perdue coûte cinq euros."),
    "图书馆.zh.pdf": ("图书馆早上九点开门。", "遗失借书证需要支付五元。"),
    "図書館.ja.pdf": ("図書館は午前九時に開きます。", "利用者カードを紛失した場合は五百円かかります。"),
}
DOCX = {
    "warranty.en.docx": "The warranty of the heater lasts two years from the day of purchase.",
    "garantie.de.docx": "Die Garantie des Heizgeräts gilt zwei Jahre ab dem Tag des Kaufs.",
    "garantie.fr.docx": "La garantie du radiateur est de deux ans à partir de la date d'achat.",
    "保修.zh.docx": "取暖器的保修期为两年，自购买之日起计算。",
    "保証.ja.docx": "ヒーターの保証期間は購入日から二年間です。",
}
LOADED_QUESTIONS = {
    "What does a lost library card cost?": ("library.en.pdf", 1),
    "Was kostet ein verlorener Leseausweis?": ("bibliothek.de.pdf", 1),
    "Combien coûte une carte de lecteur perdue ?": ("bibliotheque.fr.pdf", 1),
    "遗失借书证要支付多少？": ("图书馆.zh.pdf", 1),
    "利用者カードを紛失したらいくらかかりますか。": ("図書館.ja.pdf", 1),
    "How long does the warranty of the heater last?": ("warranty.en.docx", None),
    "Wie lange gilt die Garantie des Heizgeräts?": ("garantie.de.docx", None),
    "Combien de temps dure la garantie du radiateur ?": ("garantie.fr.docx", None),
    "取暖器的保修期多长？": ("保修.zh.docx", None),
    "ヒーターの保証期間はどのくらいですか。": ("保証.ja.docx", None),
}


RERANKING = {
    "ENABLE_RAG_HYBRID_SEARCH": "true",
    "RAG_RERANKING_ENGINE": "external",
    "RAG_RERANKING_MODEL": "reranker",
    "RAG_EXTERNAL_RERANKER_API_KEY": KEY,
}


def settings(service: str, folder: Path, *, reranks: bool, loads: bool) -> dict[str, str]:
    """The environment of Open WebUI: as in deploy/compose.yaml, then what a run without a network needs."""
    reranking = RERANKING | {"RAG_EXTERNAL_RERANKER_URL": f"{service}/v1/rerank"} if reranks else {}
    loading = {
        "CONTENT_EXTRACTION_ENGINE": "external",
        "EXTERNAL_DOCUMENT_LOADER_URL": service,
        "EXTERNAL_DOCUMENT_LOADER_API_KEY": KEY,
    }
    return (
        reranking
        | (loading if loads else {})
        | {
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
    )


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


def pdf(pages: tuple[str, ...], folder: Path, chromium: str) -> bytes:
    """A PDF file with a text on each page."""
    page = "".join(f'<p style="break-after: page">{escape(text)}</p>' for text in pages)
    source, target = folder / "page.html", folder / "page.pdf"
    source.write_text(f'<!doctype html><meta charset="utf-8"><style>p {{font: 14pt sans-serif}}</style>{page}')
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={target}"]
    subprocess.run([chromium, *options, source.as_uri()], check=True, capture_output=True, timeout=120)
    return target.read_bytes()


def docx(text: str) -> bytes:
    """A DOCX file of one paragraph."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        body = f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"
        archive.writestr("word/document.xml", f"<w:document><w:body>{body}</w:body></w:document>")
    return file.getvalue()


def upload(web: str, token: str, name: str, content: bytes, content_type: str = "text/plain") -> str:
    """Uploads a document and waits until it has been taken apart; returns its id."""
    boundary = uuid.uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: {content_type}\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
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


def load(web: str, token: str, log: Path, folder: Path, chromium: str) -> int:
    """Uploads PDF and DOCX files in five languages, which this service reads; returns how many things were wrong."""
    files = [(name, pdf(pages, folder, chromium), "application/pdf") for name, pages in PDF.items()]
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    files += [(name, docx(text), word) for name, text in DOCX.items()]
    knowledge = ask(f"{web}/api/v1/knowledge/create", {"name": "Files", "description": "Ten"}, token=token)["id"]
    before = len(embedding_requests(log, "/process"))
    for name, content, kind in files:
        file = upload(web, token, name, content, kind)
        ask(f"{web}/api/v1/knowledge/{knowledge}/file/add", {"file_id": file}, token=token)
    read = embedding_requests(log, "/process")[before:]
    statuses = sorted({line["status"] for line in read})
    print(f"{len(files)} PDF and DOCX files uploaded: the service read {len(read)}, status {statuses}.")
    wrong = (len(read) != len(files)) + (statuses != [200])
    for question, (expected, page) in LOADED_QUESTIONS.items():
        query = {"collection_names": [knowledge], "query": question, "k": 3}
        found = ask(f"{web}/api/v1/retrieval/query/collection", query, token=token)
        best = found["metadatas"][0][0]
        is_right = best["name"] == expected and best.get("page") == page
        wrong += not is_right
        place = "" if best.get("page") is None else f", page {best['page'] + 1}"
        print(f"  {question!r}: {best['name']}{place}{'' if is_right else ', and not ' + expected}")
    return wrong


def steps(web: str, log: Path, folder: Path, chromium: str, *, reranks: bool, loads: bool) -> int:
    """What a person does at the page; returns how many things were wrong."""
    print(f"Open WebUI {ask(f'{web}/api/version')['version']}")
    account = {"name": "Admin", "email": "admin@example.org", "password": "A-password-1"}
    token = ask(f"{web}/api/v1/auths/signup", account)["token"]
    print("The first account is the administrator's.")
    setting = ask(f"{web}/api/v1/retrieval/embedding", token=token)
    print(f"Embeddings: {setting['RAG_EMBEDDING_ENGINE']} {setting['RAG_EMBEDDING_MODEL']}")
    knowledge = ask(f"{web}/api/v1/knowledge/create", {"name": "Help", "description": "Messages"}, token=token)["id"]
    for name, text in DOCUMENTS.items():
        file = upload(web, token, name, text.encode())
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
    if loads:
        wrong += load(web, token, log, folder, chromium)
    refused = [line for line in embedding_requests(log) if line["status"] != 200 or "ignored_parameters" in line]
    return wrong + (not documents) + (not queries) + len(refused)


def main() -> None:
    """Starts both, goes through the steps, ends both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touchstone", default=str(ROOT / ".build/release/touchstone"))
    parser.add_argument("--open-webui", required=True, help="the command of the Python package open-webui")
    parser.add_argument("--model", default=str(ROOT / "testdata/demo/demo-q4_k_m.gguf"))
    parser.add_argument("--reranker", help="a reranker's GGUF file, to be served too and to rank what is found")
    parser.add_argument("--loader", action="store_true", help="have the service read PDF and DOCX files too")
    parser.add_argument("--chromium", default="chromium", help="makes the PDF files of --loader")
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
        if arguments.loader:
            serve += ["--knowledge", f"files={folder}/base"]
        commands = [[*serve, "--log-format", "json"], open_webui]
        reranks, loads = arguments.reranker is not None, arguments.loader
        environments = [{"TOUCHSTONE_API_KEY": KEY}, settings(service, folder, reranks=reranks, loads=loads)]
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
            wrong = steps(web, logs[0], folder, arguments.chromium, reranks=reranks, loads=loads)
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
