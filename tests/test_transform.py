"""The dbt models on what lands: their totals against the simulator's truth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.line import ROOT, Line, running_line
from transform.generate import FOLDER, drawn

if TYPE_CHECKING:
    from collections.abc import Iterator

ALLOWED = ("companies", "sync_log")


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with running_line(tmp_path_factory.mktemp("banco")) as found:
        yield found


def test_the_staging_models_are_what_the_tap_s_schemas_say() -> None:
    found = {path for path in FOLDER.rglob("*") if path.is_file()}
    expected = drawn()
    assert found == expected.keys(), "rode make models"
    for path, text in expected.items():
        assert path.read_text("utf-8") == text, f"{path.relative_to(ROOT)}: rode make models"


def test_whoever_may_read_only_companies_gets_empty_models(line: Line) -> None:
    line.simulator.admin("/permissions", {"/v1/customers": 403})
    selected = [f"{stream}.*" for stream in (*ALLOWED, "customers")]
    line.run(TAP_SIENGE__SELECT=json.dumps(selected))
    line.simulator.admin("/permissions", {"/v1/customers": None})
    line.build()
    true = {row["id"]: row["name"] for row in line.simulator.truth("companies")}
    rows = line.query("select codigo_empresa, razao_social from staging.empresas")
    assert {row["codigo_empresa"]: row["razao_social"] for row in rows} == true
    for view in ("clientes", "clientes_telefones", "contratos_venda", "parcelas_receber"):
        assert line.query(f"select * from staging.{view}") == []
    (column,) = line.query(
        "select data_type, col_description('staging.contratos_venda'::regclass, ordinal_position) "
        "as told from information_schema.columns where table_schema = 'staging' and "
        "table_name = 'contratos_venda' and column_name = 'valor_contrato'"
    )
    assert column == {"data_type": "numeric", "told": "Valor do contrato"}
