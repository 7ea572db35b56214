"""The ways to bring Sienge's data to PostgreSQL that are compared, each as its user runs it."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psycopg

from benchmarks.api import COLUMNS
from benchmarks.measure import Cost, measured
from benchmarks.report import BENCH
from benchmarks.windows import FIRST
from demo.__main__ import environment
from demo.postgres import Postgres
from testing.pipeline import ROOT, meltano_project
from testing.truth import column

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN = Path(sys.executable).parent
NAMES = {
    "ours": "meltano run tap-sienge target-postgres",
    "dlt": "dlt (rest_api, merge)",
    "script": "script: uma requisição por vez e um COPY",
}
TABLES = {
    "ours": {"paged": "sienge.customers", "bulk": "sienge.bulk_income"},
    "dlt": {"paged": "dlt.customers", "bulk": "dlt.income"},
    "script": {"paged": "script.paged", "bulk": "script.bulk"},
}
"""Where each puts its rows."""

SELECTED = {
    "paged": ["customers.*"],
    "bulk": [f"bulk_income.{column(name)}" for name in COLUMNS],
}


class Contenders:
    """A database of their own and what each keeps between its runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = Postgres(folder)
        self.project = folder / "projeto"
        self.project.mkdir()
        meltano_project(self.project)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the database, or give it an order."""
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def rows(self, who: str, kind: str) -> int:
        """Count what landed."""
        ((rows,),) = self.query(f"select count(*) from {TABLES[who][kind]}")
        return int(str(rows))

    def run(self, who: str, kind: str, url: str, **settings: str) -> Cost:
        """Load one table from an API."""
        if who == "ours":
            return self.sync(url, *SELECTED[kind], **settings)
        python, program, *more = {
            "dlt": (BENCH, "benchmarks.with_dlt", self.folder / "dlt"),
            "script": (sys.executable, "benchmarks.script"),
        }[who]
        return measured(
            [python, "-m", program, kind, url, self.server.url, *more],
            os.environ | {"RUNTIME__DLTHUB_TELEMETRY": "false"},
            ROOT,
        )

    def sync(self, url: str, *selected: str, **settings: str) -> Cost:
        """Run Meltano with what is selected, or with the usual selection."""
        if selected:
            select = json.dumps([*selected, "rejected_rows.*", "sync_log.*"])
            settings["TAP_SIENGE__SELECT"] = select
        return self.meltano(url, "run", "tap-sienge", "target-postgres", **settings)

    def discover(self, url: str, **settings: str) -> None:
        """Let Meltano ask the tap for its catalog, which it keeps as long as no setting changes."""
        self.meltano(url, "select", "tap-sienge", "--list", **settings)

    def meltano(self, url: str, *command: str, **settings: str) -> Cost:
        """Call Meltano."""
        env = environment(url, self.server.url) | {
            "TAP_SIENGE_QUOTA_DB": str(self.folder / "quota.db"),
            "TAP_SIENGE_START_DATE": FIRST.isoformat(),
            "TAP_SIENGE_BULK_MODE": "sync",
            "TAP_SIENGE_REQUESTS_PER_MINUTE": "100000",
            "TAP_SIENGE_BULK_REQUESTS_PER_MINUTE": "100000",
        }
        command = (str(BIN / "meltano"), "--environment=demo", *command)
        return measured(command, env | settings, self.project)


@contextmanager
def contenders() -> Iterator[Contenders]:
    """Start a database; leave nothing in the end."""
    with TemporaryDirectory() as folder:
        found = Contenders(Path(folder))
        try:
            with found.server:
                found.query("create schema meltano")
                yield found
        finally:
            found.server.remove()
