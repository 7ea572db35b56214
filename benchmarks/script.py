"""What a careful person writes by hand: requests one by one, then one COPY.

python -m benchmarks.script paged|bulk URL DATABASE
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
import requests
from psycopg.types.json import Jsonb, set_json_dumps
from sienge_simulator.testing import USER

from benchmarks.api import COLUMNS, KEY, PATH
from benchmarks.windows import months

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = 20
Row = dict[str, Any]


def answer(session: requests.Session, url: str, **params: str | int) -> Any:  # noqa: ANN401
    """Ask, and wait when refused."""
    while True:
        got = session.get(url, params=params, timeout=300)
        if got.ok:
            return msgspec.json.decode(got.content)
        time.sleep(int(got.headers["Retry-After"]))


def paged(session: requests.Session, url: str) -> Iterator[list[Row]]:
    """Give the pages of the customers."""
    offset, count = 0, 1
    while offset < count:
        page = answer(session, f"{url}/v1/customers", limit=PAGE, offset=offset)
        count = page["resultSetMetadata"]["count"]
        offset += PAGE
        yield page["results"]


def bulk(session: requests.Session, url: str) -> Iterator[list[Row]]:
    """Give the receivables of each month."""
    for first, last in months():
        yield answer(session, url + PATH, startDate=first, endDate=last)["data"]


def main(kind: str, url: str, database: str) -> None:
    """Load everything in one transaction."""
    set_json_dumps(msgspec.json.encode)
    columns = COLUMNS if kind == "bulk" else {"id": "bigint", "name": "text", "addresses": "jsonb"}
    keys = KEY if kind == "bulk" else ("id",)
    nested = {name for name, kind in columns.items() if kind == "jsonb"}
    names = ", ".join(f'"{name}"' for name in columns)
    types = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    key = ", ".join(f'"{name}"' for name in keys)
    read = {"paged": paged, "bulk": bulk}[kind]
    with requests.Session() as session, psycopg.connect(database) as connection:
        session.auth = USER
        connection.execute("create schema script")
        connection.execute(f"create table script.{kind} ({types}, primary key ({key}))")
        with connection.cursor().copy(f"copy script.{kind} ({names}) from stdin") as copy:
            for rows in read(session, url):
                for row in rows:
                    copy.write_row(
                        [
                            Jsonb(row[name]) if name in nested and row.get(name) else row.get(name)
                            for name in columns
                        ]
                    )


if __name__ == "__main__":
    main(*sys.argv[1:])
