"""Dirty answers on their way into PostgreSQL: nothing stops the run, everything is there."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from testing.pipeline import Line, running_line

if TYPE_CHECKING:
    from collections.abc import Iterator

BIG = json.dumps("x" * 30_000_000)
DEEP = "[" * 100_000 + "]" * 100_000
LONG_KEY = "".join(chr(0x4E00 + number) for number in range(3000))
TEXT = "ã" * 5_000_000

ITEMS: list[str | dict[str, str | None]] = [
    {"id": "101", "name": '"Jo\\u0000\\ud800ão"', "a\x00": '"\x00"', "": "[]"},
    {"id": "102", "name": json.dumps(TEXT, ensure_ascii=False), "email": BIG},
    {"id": "103", "birthDate": '"0001-01-01"', "n": "1e400", "m": "NaN", "k": "9" * 5000},
    {"id": "104", "birthDate": '"31/02/2020"', "n": "1" + "0" * 30, "d": DEEP},
    {"id": "105", "birthDate": '"9999-12-31"', "name": "[1]", "phones": '"nenhum"'},
    {"id": "1" + "0" * 30, "name": '"sem chave"'},
    {"id": None, "name": '"sem chave"'},
    {"id": "105", "name": '"outra"'},
    "null",
    '"texto"',
]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("linha")
    with running_line(folder, "--rows", "customers=20", "--rows", "sales_contracts=4") as line:
        yield line


def test_all_dirt_lands_or_is_set_aside(line: Line) -> None:
    admin = line.simulator.admin
    admin("/faults", {"path": "/v1/customers", "kind": "replace", "items": ITEMS})
    latin: dict[str, str | None] = {"mainUnit": '"São João"', "originalAmount": "1e400"}
    huge: dict[str, str | None] = {"originalAmount": "1" + "0" * 30, "dueDate": '"0001-01-01"'}
    fault = {"path": "/bulk-data/v1/income", "kind": "replace", "encoding": "latin-1"}
    admin("/faults", fault | {"items": [latin, huge, "null"]})
    long: dict[str, str | None] = {"id": json.dumps(LONG_KEY)}
    admin("/faults", {"path": "/v1/hooks", "kind": "replace", "items": [long]})
    streams = ["customers", "bulk_income", "hooks", "rejected_rows", "sync_log"]
    selected = json.dumps([f"{name}.*" for name in streams])
    line.run(
        TAP_SIENGE__SELECT=selected,
        TAP_SIENGE_BULK_MODE="sync",
        TAP_SIENGE_START_DATE=f"{date.today().year - 1}-01-01",
    )
    assert admin("/faults") == [], "all of it was read"

    customers = {row["id"]: row for row in line.landed("customers")}
    assert len(customers) == 17
    first, text, *others = (customers[number] for number in range(101, 106))
    assert (first["name"], first["_extra"]) == ("João", {"a": "", "": []})
    assert (text["name"], len(text["email"])) == (TEXT, 30_000_000)
    assert [str(row["birth_date"]) for row in others] == ["0001-01-01", "None", "9999-12-31"]
    assert others[0]["_extra"] == {"n": "1e400", "m": "NaN", "k": "9" * 5000}
    assert others[1]["_extra"]["birthDate"] == "31/02/2020"
    assert others[1]["_extra"]["n"] == "1" + "0" * 30
    assert others[2]["_extra"] == {"name": [1], "phones": "nenhum"}
    keyless = [row for number, row in customers.items() if number < 0]
    assert [row["name"] for row in keyless] == ["sem chave"] * 2

    (byte,) = line.query("select * from sienge.bulk_income where main_unit = 'São João'")
    assert (byte["original_amount"], byte["_extra"]) == (None, {"originalAmount": "1e400"})
    (huge_row,) = line.query("select * from sienge.bulk_income where original_amount > 1e29")
    assert (huge_row["original_amount"], str(huge_row["due_date"])) == (10**30, "0001-01-01")
    (hook,) = line.query("select * from sienge.hooks where id like 'codigo-longo-%'")
    assert hook["_extra"] == {"id": LONG_KEY}

    rejected = line.query("select * from sienge.rejected_rows order by position")
    repeated = "a mesma chave veio antes, na mesma página, com outro conteúdo"
    foreign = "não é um registro deste recurso"
    customers_only = [row for row in rejected if row["stream"] == "customers"]
    assert [row["reason"] for row in customers_only] == [repeated, foreign, foreign]
    assert customers_only[0]["record"]["name"] == "outra"
    assert [row["record"] for row in customers_only[1:]] == [{"valor": None}, {"valor": "texto"}]
    (other,) = (row for row in rejected if row["stream"] == "bulk_income")
    assert (other["reason"], other["record"]) == (foreign, {"valor": None})
    log = {row["stream"]: row for row in line.query("select * from sienge.sync_log")}
    assert {name: (row["status"], row["rejected"]) for name, row in log.items()} == {
        "customers": ("incomplete", 3),
        "bulk_income": ("incomplete", 1),
        "hooks": ("ok", 0),
    }
    assert (
        "caractere que o banco de dados não aceita, retirado: name (2 vez(es))"
        in (log["customers"]["warnings"])
    )
