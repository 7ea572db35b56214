"""Both loaders for tests, ours and the one that it extends, over one database."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from psycopg.rows import dict_row

from demo.postgres import Postgres
from testing.pipeline import ROOT
from testing.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from testing.truth import Row

PYTHON = ROOT / ".meltano" / "loaders" / "target-postgres" / "venv" / "bin" / "python"
ORIGINAL = "target_postgres.target:TargetPostgres.cli"
OURS = "target_postgres_sienge:TargetPostgresSienge.cli"
SCHEMA = {ORIGINAL: "theirs", OURS: "ours"}

EXTRACTED = "2026-11-25T02:00:00.123456+00:00"
TYPES: dict[str, Any] = {
    "id": {"type": ["integer"]},
    "order": {"type": ["string", "null"]},
    "text": {"type": ["string", "null"]},
    "count": {"type": ["integer", "null"]},
    "amount": {"type": ["number", "null"]},
    "active": {"type": ["boolean", "null"]},
    "day": {"type": ["string", "null"], "format": "date"},
    "moment": {"type": ["string", "null"], "format": "date-time"},
    "hour": {"type": ["string", "null"], "format": "time"},
    "address": {"type": ["object", "null"]},
    "items": {"type": ["array", "null"], "items": {"type": ["object", "null"]}},
    "phones": {"type": ["array", "null"]},
    "names": {"type": ["array", "null"], "items": {"type": "string"}},
    "numbers": {"type": ["array", "null"], "items": {"type": "integer"}},
}


def schema(stream: str, properties: Row = TYPES, keys: tuple[str, ...] = ("id",)) -> Row:
    return {
        "type": "SCHEMA",
        "stream": stream,
        "schema": {"type": "object", "properties": properties},
        "key_properties": keys,
    }


def record(stream: str, version: int | None = None, /, **values: Any) -> Row:  # noqa: ANN401
    message = {"type": "RECORD", "stream": stream, "record": values, "time_extracted": EXTRACTED}
    return message | ({"version": version} if version else {})


def version(stream: str, number: int) -> Row:
    return {"type": "ACTIVATE_VERSION", "stream": stream, "version": number}


def state(**value: Any) -> Row:  # noqa: ANN401
    return {"type": "STATE", "value": value}


class Said(NamedTuple):
    """How a loader ended and what it said."""

    code: int
    states: list[str]
    errors: str


class Landed(NamedTuple):
    """What a loader made of messages, run after run."""

    codes: list[int]
    states: list[str]
    columns: dict[str, list[Row]]
    rows: dict[str, list[Row]]


class Loaders:
    """Both loaders, each with a schema of its own."""

    def __init__(self, server: Postgres, programs: Warm, folder: Path) -> None:
        self.server, self.programs, self.folder = server, programs, folder

    def call(
        self,
        program: str,
        messages: list[Row] | str,
        env: Mapping[str, str] | None = None,
        **settings: Any,  # noqa: ANN401
    ) -> Said:
        url = self.server.url.replace("postgresql://", "postgresql+psycopg://")
        config: Row = {
            "sqlalchemy_url": url,
            "default_target_schema": SCHEMA[program],
            "use_copy": True,
            "validate_records": False,
            "add_record_metadata": True,
            "batch_size_rows": 3,
        }
        files = [self.folder / name for name in ("config", "messages", "states", "errors")]
        files[0].write_text(json.dumps(config | settings))
        lines = messages if isinstance(messages, str) else "\n".join(map(json.dumps, messages))
        files[1].write_text(lines)
        with files[1].open() as given, files[2].open("w") as states, files[3].open("w") as errors:
            streams = [file.fileno() for file in (given, states, errors)]
            arguments = ["--config", str(files[0])]
            code = self.programs.start(program, arguments, streams, env=env).wait(60)
        return Said(code, files[2].read_text().splitlines(), files[3].read_text())

    def land(self, program: str, runs: Sequence[list[Row] | str], **settings: Any) -> Landed:  # noqa: ANN401
        states: list[str] = []
        schema = SCHEMA[program]
        with psycopg.connect(self.server.url, autocommit=True, row_factory=dict_row) as database:
            database.execute(f"drop schema if exists {schema} cascade")
            codes = []
            for messages in runs:
                said = self.call(program, messages, **settings)
                codes.append(said.code)
                states += said.states
            columns: dict[str, list[Row]] = {}
            for found in database.execute(
                "select table_name, column_name, data_type, is_nullable"
                " from information_schema.columns"
                " where table_schema = %s and column_name <> '_sdc_inserted_at'"
                " order by table_name, ordinal_position",
                [schema],
            ):
                columns.setdefault(found.pop("table_name"), []).append(found)
            rows = {
                table: sorted(
                    map(plain, database.execute(f'select * from {schema}."{table}"')), key=str
                )
                for table in columns
            }
        return Landed(codes, states, columns, rows)


@contextmanager
def running_loaders(folder: Path) -> Iterator[Loaders]:
    """Give the loaders and a database in whose time zone it is not what it is in UTC."""
    modules = [program.split(":")[0] for program in SCHEMA]
    modules += ["psycopg", "sqlalchemy.dialects.postgresql.psycopg"]
    server = Postgres(folder, durable=False)
    try:
        with (
            server,
            psycopg.connect(server.url, autocommit=True) as database,
            Warm(PYTHON, *modules) as programs,
        ):
            database.execute("alter database sienge set timezone = 'America/Sao_Paulo'")
            yield Loaders(server, programs, folder)
    finally:
        server.remove()


def plain(row: Row) -> Row:
    """Leave out when a row was loaded, which differs from run to run."""
    loaded = {
        f"_sdc_{what}"
        for what in (
            "received_at", "batched_at", "sequence", "sync_started_at", "deleted_at", "inserted_at"
        )
    }  # fmt: skip
    deleted = row.get("_sdc_deleted_at") is not None
    return {name: value for name, value in row.items() if name not in loaded} | {"deleted": deleted}
