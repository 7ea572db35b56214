"""What the demonstration shows in the end: the run's log, true counts and a sample query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RUN = """
select stream, rows, requests, extract(epoch from finished_at - started_at)::float, status, error
from sienge.sync_log
where run_id = (select run_id from sienge.sync_log order by started_at desc limit 1)
order by stream
"""
PRESENT = "select count(*) from sienge.{} where _sdc_deleted_at is null"
SAMPLE = """\
select enterprise_name, count(*), sum(value)
from sienge.sales_contracts
where _sdc_deleted_at is null
group by 1 order by 3 desc limit 5"""


def report(url: str) -> str:
    """Tell what the last run read, what the database holds, and answer one question with it."""
    with psycopg.connect(url) as connection:
        run = connection.execute(RUN).fetchall()
        rows = [
            (
                stream,
                number(read),
                number(requests),
                number(seconds, 2),
                number(present(connection, stream)),
                "" if status == "ok" else f"{status}: {error}",
            )
            for stream, read, requests, seconds, status, error in run
        ]
        total = [
            "total",
            *(number(sum(line[column] for line in run)) for column in (1, 2)),
            number(sum(line[3] for line in run), 2),
            number(sum(present(connection, line[0]) for line in run)),
            "",
        ]
        sample = [
            (name, number(contracts), number(value, 2))
            for name, contracts, value in connection.execute(SAMPLE)
        ]
    titles = ("recurso", "linhas lidas", "requisições", "segundos", "linhas no banco", "")
    return "\n".join(
        [
            *table([titles, *rows, total]),
            "",
            "Contratos de venda por empreendimento:",
            "",
            *(f"    {line}" for line in SAMPLE.splitlines()),
            "",
            *table([("empreendimento", "contratos", "valor (R$)"), *sample]),
            "",
        ]
    )


def present(connection: psycopg.Connection, stream: str) -> int:
    """Count the rows of a stream's table that still exist at the source."""
    query = sql.SQL(PRESENT).format(sql.Identifier(stream))
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0


def number(value: float, decimals: int = 0) -> str:
    """Write a number as Brazilians do: 1.234,56."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def table(lines: Sequence[Sequence[str]]) -> Iterable[str]:
    """Align columns: the first to the left, the numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for first, *others in lines:
        cells = [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        yield "  ".join([first.ljust(widths[0]), *cells]).rstrip()
