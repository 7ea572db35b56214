"""A mock made from the vendor's documents alone, with data that nobody has seen.

It knows no filter, no relation and no unusual shape that the simulator imitates; ids are random,
any field may be null, missing or new. What every stream must do: read all of it and lose nothing.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest
from tap_sienge.streams import STREAMS

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENTED = json.loads(Path(__file__).with_name("documented.json").read_text("utf-8"))
"""What each documented path answers, written by `scripts/documents.py`."""
SIZES = (0, 2, 3, 6)
WRAPPERS = ("results", "*results", "data", "costCenters", "accountancyCompanyAccountBalance")

Record = dict[str, Any]


def value(kind: Any, rng: random.Random, serial: Iterator[int]) -> Any:  # noqa: ANN401
    """Invent a value of a documented type."""
    if isinstance(kind, dict):
        found = {name: value(inner, rng, serial) for name, inner in kind.items()}
        return {name: v for name, v in found.items() if rng.random() > 0.02}
    if isinstance(kind, list):
        return [value(kind[0], rng, serial) for _ in range(rng.choice((0, 1, 3)))]
    word, _, choices = kind.partition(" enum")
    if rng.random() < 0.04:
        return None
    if choices:
        picked = rng.choice(choices.strip("[]").split(","))
        return int(picked) if word == "integer" else picked
    if word == "integer":
        return next(serial)
    if word == "number":
        return round(rng.uniform(-1e6, 1e6), 2)
    if word == "boolean":
        return rng.random() < 0.5
    if word == "date-time":
        return f"20{rng.randrange(10, 30)}-0{rng.randrange(1, 10)}-11T10:20:30.000-03:00"
    if word == "date":
        return f"20{rng.randrange(10, 30)}-0{rng.randrange(1, 10)}-1{rng.randrange(10)}"
    return rng.choice(("", " ", "ação", "O'Neill; \\ \"", "x" * 300, "linha\nnova\t")) + str(
        next(serial)
    )


class Mock(BaseHTTPRequestHandler):
    """Answers every documented path; the same question always gets the same answer."""

    protocol_version = "HTTP/1.1"
    operations: ClassVar[list[tuple[re.Pattern[str], str]]] = []
    served: ClassVar[dict[str, dict[str, list[Record]]]] = {}
    seed: ClassVar[int] = 0
    lock = threading.Lock()

    def do_GET(self) -> None:
        """Answer."""
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query))
        path = url.path.partition("/public/api")[2]
        found = next((op for pattern, op in self.operations if pattern.fullmatch(path)), None)
        body = {"message": "not found"} if found is None else self.answer(found, path, query)
        data = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def answer(self, documented: str, path: str, query: dict[str, str]) -> Any:  # noqa: ANN401
        """Give the answer in its documented shape."""
        limit, offset = int(query.pop("limit", 100)), int(query.pop("offset", 0))
        keys = {
            k: v for k, v in query.items() if k.lower().endswith(("id", "number", "cpf", "cnpj"))
        }
        question = path + repr(sorted(keys.items()))
        rng = random.Random(f"{self.seed}{question}")
        serial = iter(range(rng.randrange(10**6), 10**9))
        response = DOCUMENTED[documented]
        wrapper = next((name for name in WRAPPERS if name in response), None)
        kind = response[wrapper] if wrapper else response
        many = isinstance(kind, list)
        kind = kind[0] if many else kind
        size = rng.choice(SIZES) if many or wrapper else 1
        if documented == "/v1/companies":
            size = 3
        records = [value(kind, rng, serial) for _ in range(size)]
        if records and rng.random() < 0.2:
            records[0]["campoNovo"] = {"a": [1, None]}
        with self.lock:
            self.served.setdefault(documented, {})[question] = records
        if not many and not wrapper:
            return records[0]
        if "resultSetMetadata" in response or "*resultSetMetadata" in response:
            page = records[offset : offset + limit]
            metadata = {"count": len(records), "limit": limit, "offset": offset}
            return {"resultSetMetadata": metadata, "results": page}
        return {wrapper: records} if wrapper else records

    def log_message(self, *_: Any) -> None:  # noqa: ANN401
        """Say nothing."""


@pytest.fixture(scope="module", params=[1, 2])
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401
    """Read everything of a mock; give the run's rows by stream, its log and what was served."""
    Mock.operations = [
        (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path)
        for path in sorted(DOCUMENTED, key=lambda path: path.count("{"))
    ]
    Mock.served, Mock.seed = {}, request.param
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mock)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    folder = tmp_path_factory.mktemp("mock")
    config = {
        "subdomain": "a",
        "username": "a",
        "password": "a",
        "start_date": "2026-06-01",
        "api_url": f"http://127.0.0.1:{server.server_port}/a/public/api",
        **dict.fromkeys(("requests_per_minute", "bulk_requests_per_minute"), 1_000_000),
        "parameter_ids": "1,2",
    }
    tap = [sys.executable, "-m", "tap_sienge"]
    catalog = json.loads(
        subprocess.run([*tap, "--discover"], capture_output=True, check=True).stdout
    )
    for stream in catalog["streams"]:
        for metadata in stream["metadata"]:
            metadata["metadata"]["selected"] = True
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "catalog.json").write_text(json.dumps(catalog))
    options = ["--config", str(folder / "config.json"), "--catalog", str(folder / "catalog.json")]
    done = subprocess.run([*tap, *options], capture_output=True, text=True, check=False)
    server.shutdown()
    rows: dict[str, list[Record]] = defaultdict(list)
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message["type"] == "RECORD":
            rows[message["stream"]].append(message["record"])
    assert done.returncode == 0, done.stderr[-3000:]
    return rows, {entry["stream"]: entry for entry in rows["sync_log"]}, Mock.served


def test_nothing_is_lost(read: Any) -> None:  # noqa: ANN401
    rows, log, served = read
    assert len(log) == len(STREAMS)
    total = 0
    for stream in STREAMS:
        name = stream.name
        assert log[name]["status"] in {"ok", "incomplete", "skipped"}, log[name]
        questions = served.get(stream.path, {})
        expected = sum(len(records_of(stream, records)) for records in questions.values())
        keys = {tuple(row[key] for key in stream.primary_keys) for row in rows[name]}
        assert None not in {part for key in keys for part in key}, name
        assert len(keys) >= expected, (name, expected, log[name])
        total += expected
    assert total > 500


def records_of(stream: Any, records: list[Record]) -> list[Record]:  # noqa: ANN401
    """Give the rows that records must become."""
    if not stream.nested:
        return records
    name = stream.nested.rsplit(".", 1)[-1]
    lists = [(record.get("billsReceivable") or record).get(name) for record in records]
    return [row for found in lists for row in found or [{}]]
