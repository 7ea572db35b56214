"""The project for Power BI, checked without Power BI and without a database."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from sienge_panel.powerbi import archive

from bi.project import report, source
from testing.pipeline import ROOT
from tests.powerbi import vendor

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = ROOT / "bi" / "powerbi"
MODEL = PROJECT / "Sienge.SemanticModel" / "definition"
PAGES = PROJECT / "Sienge.Report" / "definition" / "pages"


def names() -> dict[str, set[str]]:
    """Give the columns and measures of each table of the model."""
    found = {}
    for path in (MODEL / "tables").glob("*.tmdl"):
        text = path.read_text("utf-8")
        told = re.findall(r"^\t(?:column|measure) ('[^']+'|\w+)", text, re.MULTILINE)
        found[path.stem] = {name.strip("'") for name in told}
    return found


def fields(told: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any part of a file
    """Give every field that a part of a report names."""
    if isinstance(told, dict):
        for kind in ("Column", "Measure"):
            if kind in told:
                yield told[kind]["Expression"]["SourceRef"]["Entity"], told[kind]["Property"]
        told = list(told.values())
    if isinstance(told, list):
        for part in told:
            yield from fields(part)


def visuals() -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in PAGES.rglob("visual.json")]


def test_no_two_records_of_one_name_are_added_up() -> None:
    """What is grouped by a name alone adds up those who share it; levels stand below each other."""
    told = names()
    grouped = [{*fields(visual)} for visual in visuals()]
    for each in grouped:
        for table, column in each:
            if "nome_unico" in told[table]:
                assert column == "nome_unico" or not column.startswith("nome_") or "nivel" in column
            if (table, column) == ("dim_unidade", "nome_unidade"):
                assert ("dim_empreendimento", "nome_unico") in each
    assert {table for each in grouped for table, column in each if column == "nome_unico"} == {
        table for table, columns in told.items() if "nome_unico" in columns
    }


def test_the_schemas_accept_every_file() -> None:
    assert list(vendor.refused(PROJECT)) == []


def test_the_modelling_server_loads_the_model() -> None:
    program = vendor.server()
    if isinstance(program, str):
        pytest.skip(program)
    server = vendor.Server(program)
    try:
        loaded = server.do(
            "connection_operations", operation="ConnectFolder", folderPath=str(MODEL)
        )
        roles = server.do("security_role_operations", operation="List")
        groups = server.do("calculation_group_operations", operation="ListGroups")
    finally:
        server.stop()
    assert loaded["tablesLoaded"] == len(names())
    assert loaded["measuresLoaded"] == len(source.measures())
    assert loaded["relationshipsLoaded"] == len(relations())
    assert len(roles) == 2
    assert len(groups) == 1


def test_whatever_dax_names_exists() -> None:
    known = names()
    everything = set().union(*known.values())
    told = [measure.dax for measure in source.measures()]
    told += [path.read_text("utf-8") for path in (MODEL / "roles").iterdir()]
    told.append((MODEL / "tables" / "Tempo.tmdl").read_text("utf-8"))
    for text in told:
        code = re.sub(r'"[^"\n]*"', '""', text)
        for table, name in re.findall(r"(\w+)\[([^\]]+)\]", code):
            assert name in known[table], text
        for name in re.findall(r"(?<![\w'\]])\[([^\]]+)\]", code):
            assert name in everything, text


def test_every_field_of_every_page_exists() -> None:
    known = names()
    shown = [
        field
        for path in PAGES.rglob("*.json")
        for field in fields(json.loads(path.read_text("utf-8")))
    ]
    assert len(shown) > 300
    assert [field for field in shown if field[1] not in known.get(field[0], ())] == []


def test_every_page_has_the_slicers_and_says_what_it_shows() -> None:
    pages = json.loads((PAGES / "pages.json").read_text("utf-8"))["pageOrder"]
    assert pages == [page["nome"] for page in source.read("paginas.yml")]
    assert len([page for page in source.read("paginas.yml") if "detalhe" not in page]) == 10
    groups = Counter(
        visual["visual"]["syncGroup"]["groupName"]
        for visual in visuals()
        if "syncGroup" in visual["visual"]
    )
    assert groups == dict.fromkeys(report.SLICERS, len(pages))
    for visual in visuals():
        told = visual["visual"]["visualContainerObjects"]["general"][0]["properties"]["altText"]
        assert len(told["expr"]["Literal"]["Value"]) > 20
    assert len({visual["name"] for visual in visuals()}) == len(visuals())


def test_nothing_lies_over_anything_else() -> None:
    for page in source.read("paginas.yml"):
        places = [
            json.loads(path.read_text("utf-8"))["position"]
            for path in (PAGES / page["nome"]).rglob("visual.json")
        ]
        for at, one in enumerate(places):
            assert one["x"] + one["width"] <= report.WIDTH
            assert one["y"] + one["height"] <= report.HEIGHT
            for other in places[at + 1 :]:
                assert (
                    one["x"] + one["width"] <= other["x"]
                    or other["x"] + other["width"] <= one["x"]
                    or one["y"] + one["height"] <= other["y"]
                    or other["y"] + other["height"] <= one["y"]
                ), page["nome"]


def relations() -> list[tuple[str, str, bool]]:
    text = (MODEL / "relationships.tmdl").read_text("utf-8")
    return [
        (found[2], found[3], not found[1])
        for found in re.finditer(
            r"relationship \S+\n(\tisActive: false\n)?\tfromColumn: (\w+)\.\S+\s+toColumn: (\w+)\.",
            text,
        )
    ]


def test_a_filter_reaches_each_table_by_one_way_only() -> None:
    """Power BI refuses a model where an active relation gives a second way."""
    leads: dict[str, list[str]] = {}
    for table, dimension, active in relations():
        if active:
            leads.setdefault(table, []).append(dimension)
    assert leads["custo_obra"].count("dim_empresa") == 1  # by the company of the development

    def reached(table: str) -> Iterator[str]:
        for dimension in leads.get(table, []):
            yield dimension
            yield from reached(dimension)

    for table in leads:
        ways = Counter(reached(table))
        assert {dimension for dimension, number in ways.items() if number > 1} == set(), table


@pytest.mark.parametrize("word", ["empresa", "empreendimento"])
def test_a_role_hides_what_is_not_the_person_s(word: str) -> None:
    role = (MODEL / "roles" / f"Por {word}.tmdl").read_text("utf-8")
    filters = dict(re.findall(r"tablePermission (\w+) = (.+)", role))
    keys = {"codigo_empresa", "codigo_empreendimento"}
    owned = {table for table, columns in names().items() if columns & keys}
    # The names of companies and cost centers tell nobody a number.
    assert owned - filters.keys() <= {"dim_empresa", "dim_centro_custo"}
    for table, rows in filters.items():
        by_column = f"[codigo_{word}]" in rows and "NOT ISBLANK(" in rows
        assert by_column or rows == "FALSE()" or table == source.ACCESS, table


def test_the_guide_counts_what_there_is() -> None:
    guide = (ROOT / "docs" / "powerbi.md").read_text("utf-8")
    assert f"{len(source.measures())} medidas" in guide
    seeds = ROOT / "transform" / "seeds" / "indicadores_definicoes.csv"
    assert f"{len(seeds.read_text('utf-8').splitlines()) - 1} números" in guide
    for page in source.read("paginas.yml"):
        assert f"imagens/powerbi/{page['nome']}.svg" in guide


def test_no_secret_and_no_machine_is_in_the_project() -> None:
    for path in PROJECT.rglob("*"):
        if path.is_file():
            text = path.read_text("utf-8")
            assert not re.search(r"(?i)password|senha|/root|/home|C:\\\\", text), path


def test_the_archive_knows_the_server_and_nothing_else() -> None:
    given = archive(PROJECT, 'servidor "novo":5433', "banco_da_empresa")
    assert given == archive(PROJECT, 'servidor "novo":5433', "banco_da_empresa")
    with ZipFile(io.BytesIO(given)) as file:
        inside = {
            name.removeprefix("Sienge/"): file.read(name).decode() for name in file.namelist()
        }
    changed = "Sienge.SemanticModel/definition/expressions.tmdl"
    assert 'expression Servidor = "servidor ""novo"":5433" meta' in inside[changed]
    assert 'expression Banco = "banco_da_empresa" meta' in inside[changed]
    written = {
        str(path.relative_to(PROJECT)): path.read_text("utf-8")
        for path in PROJECT.rglob("*")
        if path.is_file()
    }
    assert {name for name in written if written[name] != inside[name]} == {changed}
    assert written.keys() == inside.keys()
