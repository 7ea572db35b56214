"""Masks in PostgreSQL: what a change of the setting does to what landed before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from testing.pipeline import Line, running_line

if TYPE_CHECKING:
    from collections.abc import Iterator

MASK: dict[str, Any] = {
    "TAP_SIENGE_PERSONAL_DATA": "mask",
    "TAP_SIENGE_PERSONAL_DATA_KEY": "uma chave que é só deste teste",
}
SELECT: dict[str, Any] = {
    "TAP_SIENGE__SELECT": '["customers.*", "bulk_sales.*", "sales_contracts_guarantors.*"]',
    "TAP_SIENGE_BULK_REQUESTS_PER_MINUTE": "100000",
}

JOINED = """
select distinct c.cpf from sienge.bulk_sales s, jsonb_array_elements(s.customers) b
join sienge.customers c on c.cpf = b ->> 'cpf'
"""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    few = ("--rows", "customers=60", "--rows", "sales_contracts=30")
    with running_line(tmp_path_factory.mktemp("banco"), *few) as found:
        yield found


TABLES = ("customers", "bulk_sales", "sales_contracts_guarantors")


def in_clear(line: Line, *, alive: bool = True) -> dict[str, int]:
    """Count the rows of each table in which a mail address can be read."""
    found = {}
    for table in TABLES:
        query = f"select count(*) from sienge.{table} t where t::text like '%@example%'"
        query += " and _sdc_deleted_at is null" * alive
        found[table] = line.query(query)[0]["count"]
    return found


def test_a_change_of_the_setting_reads_everything_again(line: Line) -> None:
    nothing = dict.fromkeys(TABLES, 0)
    line.run(**SELECT)
    assert min(in_clear(line).values()) > 5
    joined = len(line.query(JOINED))
    assert joined > 5
    line.run(**SELECT, **MASK)
    assert in_clear(line) == nothing
    assert len(line.query(JOINED)) == joined
    assert in_clear(line, alive=False)["sales_contracts_guarantors"] > 0  # under keys that were
    with psycopg.connect(line.database) as connection:
        connection.execute("drop schema sienge cascade")
    line.run(**SELECT, **MASK | {"TAP_SIENGE_PERSONAL_DATA": "drop"})
    assert in_clear(line, alive=False) == nothing
    assert all(len(line.landed(table)) > 5 for table in TABLES)
