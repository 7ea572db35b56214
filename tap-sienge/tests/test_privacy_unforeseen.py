"""Personal data in fields and values that no schema foresees."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from tap_sienge.row_schema import EXTRA

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Row = dict[str, Any]

MASK = {"personal_data": "mask", "personal_data_key": "a chave deste teste"}
DROP = MASK | {"personal_data": "drop"}
TOLD = ("Zé da Silva", "Nair", "Souza", "11987654321", "12345678909", "example.org", "99999-1234")
DIRT = {
    "apelido": '"Zé da Silva"',
    "parente": '{"nome": ["Tia Nair"], "cpf": 12345678909, "vivo": true}',
    "cpf": '["123.456.789-09"]',
    "birthDate": '"nasceu com Nair em 31/02/1990"',
    "spouse": '{"name": "Maria Souza", "birthDate": "?Souza", "fone": "11987654321"}',
    "phones": '[{"number": {"de": "Nair"}, "type": ["Nair"]}]',
    "activityDescription": '"CPF 123.456.789-09, ana@example.org ou (48) 99999-1234 do cliente"',
}


@pytest.mark.parametrize("settings", [MASK, DROP], ids=["mask", "drop"])
def test_what_does_not_fit_tells_nothing(
    start_simulator: Callable[..., Simulator], run_tap: Tap, settings: Row
) -> None:
    sienge = start_simulator("--rows", "customers=3")
    items = [DIRT, '["Nair", 12345678909]', '"Zé da Silva"']
    sienge.admin(
        "/faults", {"path": "/v1/customers", "kind": "replace", "items": items, "count": 9}
    )
    run = run_tap(sienge.config | settings, streams=["customers"])
    row = run.rows["customers"][0]
    assert not [text for text in TOLD if text in run.said + run.stderr]
    assert len(run.rows["rejected_rows"]) == 2
    assert row[EXTRA].keys() == {"apelido", "parente", "cpf", "birthDate"}
    assert row[EXTRA]["parente"]["vivo"] is True
    assert (row["cpf"], row["birth_date"]) == (None, None)
    assert row["spouse"].keys() >= {"fone"}
    found = re.fullmatch(r"CPF (\S+), (\S+) ou (\S+) do cliente", row["activity_description"])
    assert found
    if settings is DROP:
        assert found.groups() == ("…", "…", "…")
        assert row["spouse"] == {"fone": None}
    else:
        assert row["spouse"]["birthDate"][:2] == "19"
        masks = {found[1], row[EXTRA]["parente"]["cpf"]}
        assert len(masks) == 1  # the same CPF


def test_kept_data_is_as_it_came(start_simulator: Callable[..., Simulator], run_tap: Tap) -> None:
    sienge = start_simulator("--rows", "customers=3")
    fault = {"path": "/v1/customers", "kind": "replace", "items": [DIRT], "count": 9}
    sienge.admin("/faults", fault)
    row = run_tap(sienge.config, streams=["customers"]).rows["customers"][0]
    assert row[EXTRA]["apelido"] == "Zé da Silva"
    assert row[EXTRA]["cpf"] == ["123.456.789-09"]
    assert row["activity_description"] == json.loads(DIRT["activityDescription"])
