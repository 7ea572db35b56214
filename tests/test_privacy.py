"""Masks in PostgreSQL: what a change of the setting does to what landed before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.line import Line, running_line

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


def in_clear(line: Line, table: str) -> int:
    (found,) = line.query(f"select count(*) from sienge.{table} t where t::text like '%@example%'")
    return int(found["count"])


def test_a_change_of_the_setting_needs_a_full_refresh_of_an_empty_schema(line: Line) -> None:
    line.run(**SELECT)
    joined = len(line.query(JOINED))
    assert joined > 5
    line.run(**SELECT, **MASK)
    assert in_clear(line, "customers") > 30  # unchanged, so not read again
    line.run("--full-refresh", **SELECT, **MASK)
    assert in_clear(line, "customers") == in_clear(line, "bulk_sales") == 0
    assert len(line.query(JOINED)) == joined
    assert in_clear(line, "sales_contracts_guarantors") > 0  # under keys that are no more
    with psycopg.connect(line.database) as connection:
        connection.execute("drop schema sienge cascade")
    line.run("--full-refresh", **SELECT, **MASK)
    assert in_clear(line, "customers") == in_clear(line, "sales_contracts_guarantors") == 0
    assert len(line.landed("sales_contracts_guarantors")) > 5
