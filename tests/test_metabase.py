"""The script for Metabase, against an imitation of the few parts of its API that it uses."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from scripts.metabase import QUESTIONS
from testing.pipeline import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
PASSWORDS = {"METABASE_PASSWORD": "a do metabase", "LEITURA_PASSWORD": "a de leitura"}


class Imitation(ThreadingHTTPServer):
    """Remembers what it is told; its tables are read the second time that one asks."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.databases: list[Json] = []
        self.collections: list[Json] = []
        self.cards: list[Json] = []
        self.keys: dict[int, Json] = {}
        self.looks = 0
        self.columns: dict[tuple[str, str], int] = {}
        for path in (ROOT / "bi/powerbi/Sienge.SemanticModel/definition/tables").glob("*.tmdl"):
            for column in re.findall(r"sourceColumn: (\w+)", path.read_text("utf-8")):
                self.columns[path.stem, column] = len(self.columns) + 1

    def answer(self, method: str, path: str, body: Json) -> Any:  # noqa: ANN401
        if (method, path) == ("POST", "/api/session"):
            return {"id": "sessão"} if body["password"] == "a do metabase" else None
        stored = {"/api/database": self.databases, "/api/collection": self.collections}
        stored["/api/card"] = self.cards
        if method == "POST" and path in stored:
            stored[path].append(body | {"id": len(stored[path]) + 1})
            return stored[path][-1]
        if path == "/api/database":
            return {"data": self.databases}
        if path == "/api/collection":
            return self.collections
        if path == "/api/collection/1/items":
            return {"data": [{"name": card["name"]} for card in self.cards]}
        if method == "PUT":
            self.keys[int(path.rsplit("/", 1)[1])] = body
            return body
        if path == "/api/database/1/metadata":
            return {"tables": self.tables()}
        return {"status": "ok"}

    def tables(self) -> list[Json]:
        self.looks += 1
        names = sorted({table for table, _ in self.columns}) if self.looks > 1 else []
        return [
            {
                "name": name,
                "schema": "marts",
                "fields": [
                    {"name": column, "id": number}
                    for (table, column), number in self.columns.items()
                    if table == name
                ],
            }
            for name in names
        ]


class Answer(BaseHTTPRequestHandler):
    """One request, answered by what the server remembers."""

    server: Imitation

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        login = self.path == "/api/session"
        known = login or self.headers.get("X-Metabase-Session") == "sessão"
        told = known and self.server.answer(self.command, self.path, json.loads(body or "{}"))
        content = json.dumps(told).encode()
        self.send_response(200 if known and told is not None else 401)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_PUT = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def metabase() -> Iterator[Imitation]:
    with Imitation() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def run(server: Imitation, **env: str) -> subprocess.CompletedProcess[str]:
    url = f"http://127.0.0.1:{server.server_port}/"
    return subprocess.run(
        [sys.executable, "scripts/metabase.py", url, "eu@empresa.com.br", "banco:5432", "sienge"],
        cwd=ROOT,
        env=os.environ | PASSWORDS | env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_metabase_gets_the_database_its_keys_and_ten_questions_once(metabase: Imitation) -> None:
    for _ in range(2):
        done = run(metabase)
        assert done.returncode == 0, done.stderr
    assert "10 perguntas" in done.stdout
    (database,) = metabase.databases
    assert database["details"]["host"] == "banco"
    assert database["details"]["password"] == PASSWORDS["LEITURA_PASSWORD"]
    columns = metabase.columns
    key = metabase.keys[columns["fato_vendas", "codigo_cliente"]]
    assert key["fk_target_field_id"] == columns["dim_cliente", "codigo_cliente"]
    assert len(metabase.keys) > 60
    assert len(metabase.cards) == len(QUESTIONS) == 10
    for card in metabase.cards:
        assert card["name"].endswith("?")
        assert "marts." in card["dataset_query"]["native"]["query"]
        assert card["collection_id"] == 1


def test_a_wrong_password_is_said_in_one_sentence(metabase: Imitation) -> None:
    done = run(metabase, METABASE_PASSWORD="errada")
    assert done.returncode == 1
    assert done.stderr == (
        "O Metabase recusou POST /api/session (401): confira o e-mail e a senha.\n"
    )
