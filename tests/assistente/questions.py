"""The sixty questions: the SQL answers, the search finds the tables, and the benchmark counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import psycopg
import pytest
from sienge_mcp.database import value
from sienge_mcp.settings import Settings
from sienge_mcp.tools import Tools

from assistente.perguntas.__main__ import plain, questions
from testing.pipeline import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from testing.pipeline import Line


@pytest.fixture(scope="module")
def tools(database: str, tmp_path_factory: pytest.TempPathFactory) -> Tools:
    return Tools(Settings(database, log=tmp_path_factory.mktemp("registro") / "chamadas.jsonl"))


def test_every_question_is_answered_as_by_another_way(line: Line, tools: Tools) -> None:
    found = questions()
    assert len({each["pergunta"] for each in found}) == 60
    wrong = {}
    with psycopg.connect(line.database) as connection:
        connection.execute("set timezone = 'America/Sao_Paulo'")
        for each in found:
            told = plain(tools.query(each["sql"])["linhas"])
            rows = connection.execute(each["confere"].encode()).fetchall()
            other = plain([[value(cell) for cell in row] for row in rows])
            if told != other or told in ([], ["[None]"]):
                wrong[each["pergunta"]] = (told[:3], other[:3])
    assert wrong == {}


def test_the_search_finds_the_tables_within_the_first_five(tools: Tools) -> None:
    missed = {}
    for each in questions():
        first = [table["tabela"] for table in tools.tables(each["pergunta"], 5)["tabelas"]]
        if missing := {*each["tabelas"]} - {*first}:
            missed[each["pergunta"]] = (missing, first)
    assert missed == {}


class Model(BaseHTTPRequestHandler):
    """Answers as a model does that knows the SQL of every second question."""

    sql: ClassVar = {each["pergunta"]: each["sql"] for each in questions()[::2]}

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        question = asked["messages"][1]["content"]
        message: dict[str, Any] = {"role": "assistant", "content": "Não sei."}
        if question in self.sql and asked["messages"][-1]["role"] == "user":
            arguments = json.dumps({"sql": self.sql[question]})
            call = {"id": "1", "function": {"name": "consultar", "arguments": arguments}}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        body = json.dumps({"choices": [{"message": message}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_the_benchmark_counts_what_a_model_answers(database: str, tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    done = subprocess.run(
        [sys.executable, "-m", "assistente.perguntas"],
        cwd=ROOT,
        env=os.environ
        | {
            "MODELO_URL": f"http://127.0.0.1:{server.server_port}/v1",
            "MODELO": "teste",
            "ASSISTENTE_DATABASE": database,
            "ASSISTENTE_REGISTRO": str(tmp_path / "chamadas.jsonl"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    server.shutdown()
    assert done.returncode == 0, done.stderr
    assert "30 de 60 certas." in done.stdout
