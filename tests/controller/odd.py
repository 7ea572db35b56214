"""Values that no company should have and some have: nulls, far days, zeros, unknown codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD = {
    "text": ["'Código novo'", "'0'"],
    "date": ["date '0001-01-01'", "date '9999-12-31'"],
    "timestamp without time zone": ["timestamp '0001-01-01'", "timestamp '9999-12-31'"],
    "bigint": ["0", "-1", "999999999999"],
    "numeric": ["0", "-1", "999999999999.99"],
    "double precision": ["0", "-1", "999999999999.99"],
    "boolean": ["true", "false"],
    "jsonb": ["'[]'::jsonb", "'{}'::jsonb", "'[null]'::jsonb", "'\"texto\"'::jsonb"],
}
"""By type of the column, what stands in some of its rows."""

COLUMNS = """
    select table_name, column_name, data_type
    from information_schema.columns as columns
    where table_schema = 'sienge' and table_name not in ('sync_log', 'rejected_rows')
    and column_name !~ '^_sdc|^_key$|^_extra$' and not exists (
        select 1 from pg_index cross join lateral unnest(indkey) as place
        where indisprimary and indrelid = ('sienge.' || table_name)::regclass
        and place = ordinal_position
    )
"""


def cells(column: str, kind: str, often: float) -> Iterator[str]:
    """Give the SQL that makes some cells of a column odd and some empty."""
    odd = ODD.get(kind, [])
    yield f'"{column}" = case when random() < {often} then null'
    for value in odd:
        yield f"when random() < {often / 2} then {value}"
    yield f'else "{column}" end'


def spoil(database: str, seed: float, often: float = 0.1) -> None:
    """Make cells of every table odd, at random, but for keys."""
    with psycopg.connect(database) as connection:
        connection.execute("select setseed(%s)", [seed])
        tables: dict[str, list[str]] = {}
        for table, column, kind in connection.execute(COLUMNS + " order by 1, 2").fetchall():
            tables.setdefault(table, []).append(" ".join(cells(column, kind, often)))
        for table, columns in tables.items():
            connection.execute(f"update sienge.{table} set {', '.join(columns)}".encode())
