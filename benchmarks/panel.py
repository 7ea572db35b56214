"""How long the panel takes to answer what is in the tables: ``python -m benchmarks.panel``.

Every table of the tap is there, one of them with a million rows, and 30 days of its log; prints the
median and the slowest of some answers to each request, and what each takes of a processor, which
does not depend on what else the machine does: all in milliseconds.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter, sleep

import psutil
import psycopg
import requests
from cryptography.fernet import Fernet
from sienge_panel.catalog import DOCUMENTED

from demo.postgres import Postgres, free_port
from tests.panel import COMMAND, PASSWORD, Browser

ROWS, DAYS, TIMES = 1_000_000, 30, 10

TYPES = {"inteiro": "bigint", "número": "numeric", "sim/não": "boolean", "data": "date"}
TYPES |= {"texto": "text", "data e hora": "timestamp", "jsonb": "jsonb"}

OWN = "_extra jsonb, _sdc_extracted_at timestamp, _sdc_deleted_at timestamp, "
OWN += "_sdc_inserted_at timestamp"

BIG = "customers"

LOG = """
create table sienge.sync_log (run_id text, stream text, started_at timestamp, finished_at timestamp,
    status text, extent text, rows bigint, rejected bigint, requests bigint, warnings jsonb,
    error text)
"""

REQUESTS = (
    f"tables/{BIG}/about",
    f"tables/{BIG}/rows",
    f"tables/{BIG}/rows?sort=id&down=true",
    f"tables/{BIG}/rows?column=id&op=from&value=500000",
    f"tables/{BIG}/rows?sort=created_at",
    f"tables/{BIG}/rows?column=client_type&op=contains&value=9",
    f"tables/{BIG}/history",
    f"tables/{BIG}/changes",
    "tables",
    "tables/rows",
    "personal",
    "indicators",
    "status",
    "credentials/permissions",
    "runs",
    "runs/days",
    "trust",
    "hooks",
    "assistant",
    "schedule",
)


def fill(database: str) -> None:
    """Make the tables."""
    with psycopg.connect(database) as connection:
        connection.execute("create schema sienge")
        connection.execute(LOG)
        for table, told in DOCUMENTED.items():
            columns = [f'"{name}" {TYPES[kind]}' for name, (kind, _) in told["columns"].items()]
            connection.execute(
                f"create table sienge.{table} ({', '.join(columns)}, {OWN})".encode()
            )
        connection.execute(f"alter table sienge.{BIG} add primary key (id)".encode())
        connection.execute(
            f"""insert into sienge.{BIG} (id, name, person_type, created_at, client_type, phones,
                _sdc_inserted_at) select n, md5(n::text), 'F', current_date - n % 4000,
                'tipo ' || n % 50, '[{{"number": "1"}}]', localtimestamp
            from generate_series(1, {ROWS}) n""".encode()
        )
        connection.execute(
            "insert into sienge.sync_log select 'r' || d, stream, at, at + interval '3 s', 'ok',"
            " 'full', 100, 0, 5, '[]', null from unnest(%s::text[]) stream,"
            " generate_series(0, %s) d, lateral (select now() at time zone 'America/Sao_Paulo'"
            " - interval '1 hour' - d * interval '1 day') as log (at)",
            [list(DOCUMENTED), DAYS],
        )
        connection.execute("analyze")


def spent(panel: psutil.Process, postmaster: psutil.Process) -> float:
    """Give the milliseconds of a processor that panel and database have taken."""
    own, others = panel.cpu_times(), postmaster.cpu_times()
    return 1000 * (own.user + own.system + others.children_user + others.children_system)


def measure(browser: Browser, panel: int, database: str) -> None:
    """Ask for everything some times."""
    with psycopg.connect(database) as connection:
        backend = psutil.Process(connection.info.backend_pid)
        postmaster = backend.parent() or backend
    for request in REQUESTS:
        before, taken = spent(psutil.Process(panel), postmaster), []
        for _ in range(TIMES):
            begun = perf_counter()
            answer = browser.get(f"{browser.url}/api/{request}", timeout=60)
            taken.append((perf_counter() - begun) * 1000)
            assert answer.ok, answer.text
        each = (spent(psutil.Process(panel), postmaster) - before) / TIMES
        print(
            f"{request:60}{sorted(taken)[TIMES // 2]:8.0f}{max(taken):8.0f}{each:8.0f}", flush=True
        )

    process = psutil.Process(panel)
    before, begun, size = process.memory_info().rss, perf_counter(), 0
    with browser.get(
        f"{browser.url}/api/tables/{BIG}/data.csv", stream=True, timeout=600
    ) as answer:
        for piece in answer.iter_content(1 << 20):
            size += len(piece)
    grown = (process.memory_info().rss - before) >> 20
    print(f"CSV: {size >> 20} MB em {perf_counter() - begun:.0f} s, {grown} MB a mais de memória")


def main() -> None:
    """Make the tables, start a panel and measure."""
    with tempfile.TemporaryDirectory() as folder:
        server = Postgres(Path(folder), durable=False)
        server.start()
        fill(server.url)
        port = str(free_port())
        env = {"PANEL_PASSWORD": PASSWORD, "TARGET_POSTGRES_SQLALCHEMY_URL": server.url}
        env |= {"PANEL_KEY": Fernet.generate_key().decode(), "PANEL_PORT": port}
        process = subprocess.Popen(
            [*COMMAND, "serve"], cwd=folder, env={**os.environ, **env}, stderr=subprocess.DEVNULL
        )
        try:
            browser = Browser(f"http://127.0.0.1:{port}")
            for _ in range(300):
                try:
                    browser.post("/api/login", {"password": PASSWORD})
                except requests.ConnectionError:  # noqa: PERF203
                    sleep(0.2)
                else:
                    break
            measure(browser, process.pid, server.url)
        finally:
            process.terminate()
            process.wait()
            server.remove()


if __name__ == "__main__":
    main()
