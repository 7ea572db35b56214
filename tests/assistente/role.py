"""What the role of assistants can read: nothing that is personal, and nothing else than models."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from tap_sienge.row_schema import load_schema

from tests.assistente.conftest import SEED
from tests.controller import stage
from transform.generate import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.pipeline import Line

COLUMNS = """
select format('%I.%I', nspname, relname) as relation, attname as name
from pg_class
inner join pg_namespace on pg_namespace.oid = relnamespace
inner join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
where nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
and has_schema_privilege('assistente', nspname, 'usage')
and has_column_privilege('assistente', pg_class.oid, attnum, 'select')
"""
WORKS = re.compile(r"(unidades|empreendimentos?)\.(bairro|logradouro|endereco\w*)$")
"""Where works and units are: streets and quarters have the names of people."""

COMMON = re.compile(r"\d{1,6}|\d{4}-\d\d-\d\d|.{1,5}")
"""What tells nobody by itself, and is elsewhere by chance: house numbers, days, short codes."""


SHARED = re.compile(
    r"birthPlace|nationality|profession|civilStatus|matrimonial|sex|issuing|neighborhood|streetName|"
    r"tradeName|fantasyName|note$|observation",
    re.IGNORECASE,
)
"""Fields with what the simulator puts elsewhere too: cities, streets of works, brands, remarks."""


def personal(path: str, field: dict[str, Any], value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Give the personal values in a true record and their fields, by the marks of its schema."""
    if value is None:
        return
    inner = field.get("items", field).get("properties")
    if inner and isinstance(value, (dict, list)):
        for element in value if isinstance(value, list) else [value]:
            for name, each in inner.items():
                if isinstance(element, dict):
                    inside = element.get(each.get("x-nested", name))
                    yield from personal(f"{path}.{name}", each, inside)
    elif "x-personal" in field and isinstance(value, str) and not SHARED.search(path):
        yield value.strip(), path


def secrets(line: Line) -> dict[str, str]:
    """Give the personal values of what was landed, and a field that each is in."""
    found: dict[str, str] = {}
    for stream in stage.tables(SEED):
        schema = load_schema(stream)["properties"]
        for record in line.simulator.truth(stream):
            for name, field in schema.items():
                for value, path in personal(f"{stream}.{name}", field, record.get(name)):
                    if not COMMON.fullmatch(value):
                        found[value] = path
                    if len(digits := re.sub(r"\D", "", value)) in {11, 14}:
                        found[digits] = path
    return found


def parts(text: str) -> Iterator[str]:
    """Give a text and every two to six words of it."""
    yield text
    words = re.findall(r"[^\s,;()]+", text)
    for size in range(2, 7):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])


@pytest.fixture(scope="module")
def readable(line: Line) -> dict[str, list[str]]:
    found = defaultdict(list)
    for row in line.query(COLUMNS):
        found[row["relation"]].append(row["name"])
    return dict(found)


def test_no_readable_column_holds_a_personal_value(
    line: Line, database: str, readable: dict[str, list[str]]
) -> None:
    """A person's name is one also in a longer text; what companies are called is none."""
    values = secrets(line)
    assert len(values) > 1000
    leaked = defaultdict(set)
    with psycopg.connect(database) as connection:
        for relation, columns in readable.items():
            told = ", ".join(f'"{name}"::text' for name in columns)
            rows = connection.execute(f"select {told} from {relation}".encode()).fetchall()
            for name, texts in zip(columns, zip(*rows, strict=True), strict=bool(rows)):
                for part in {part for text in {*texts} - {None} for part in parts(text)}:
                    if part in values and not WORKS.search(f"{relation}.{name}"):
                        leaked[f"{relation}.{name}"].add(f"{part} ({values[part]})")
    assert {name: sorted(found)[:3] for name, found in leaked.items()} == {}


def test_marked_columns_are_not_readable_whatever_they_are_called(
    readable: dict[str, list[str]],
) -> None:
    marked = (FOLDER / "cadastros" / "_cadastros.yml").read_text("utf-8")
    assert marked.count("pessoal: true") > 50
    assert {"nome_cliente", "cpf", "email", "extra"}.isdisjoint(readable["staging.clientes"])
    assert "codigo_cliente" in readable["staging.clientes"]
    assert {"nome_cliente", "cpf_cnpj", "telefone"}.isdisjoint(readable["marts.dim_cliente"])
    assert len(readable) > 100
    assert {relation.split(".")[0] for relation in readable} == {"marts", "staging"}


def test_the_setting_allows_a_column_more(
    line: Line, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(column: str) -> bool:
        with psycopg.connect(database) as connection:
            try:
                found = connection.execute(f"select {column} limit 1".encode()).fetchall()
            except psycopg.errors.InsufficientPrivilege:
                return True
        return not found

    name, other = "nome_credor from marts.dim_credor", "nome_cliente from marts.dim_cliente"
    assert refused(name)
    monkeypatch.setenv("SIENGE_ASSISTENTE_PERMITE", "dim_credor.nome_credor, dim_credor.nome")
    stage.build(line, "dim_credor", "dim_cliente")
    assert (refused(name), refused(other)) == (False, True)
    monkeypatch.delenv("SIENGE_ASSISTENTE_PERMITE")
    stage.build(line, "dim_credor")
    assert refused(name)


@pytest.mark.parametrize(
    "sql",
    [
        "create table marts.nova (a int)",
        "create temporary table nova (a int)",
        "delete from marts.fato_vendas",
        "select * from sienge.customers",
        "select * from meltano.state",
        "select pg_read_file('/etc/passwd')",
        "select lo_import('/etc/passwd')",
        "copy marts.dim_empresa to program 'id'",
        "copy (select 1) to '/tmp/x'",
        "set role sienge",
        "set session authorization sienge",
        "select row_to_json(c) from marts.dim_cliente as c",
        "select c from marts.dim_cliente as c",
        "select * from marts.dim_cliente",
        "select cpf_cnpj::int from marts.dim_cliente",
        "select 1 from marts.dim_cliente where nome_cliente like 'A%'",
        "select codigo_cliente from marts.dim_cliente order by email",
        "select count(distinct cpf) from staging.clientes",
        "select * from marts.objetos_guardados",
        "select table_to_xml('sienge.customers', true, true, '')",
        "select query_to_xml('select cpf from sienge.customers', true, true, '')",
        "select marts.substitui('marts.dim_data', 'create table marts.x ()')",
        "do $$ begin execute 'drop table marts.dim_empresa'; end $$",
    ],
)  # fmt: skip
def test_the_database_itself_refuses(database: str, sql: str) -> None:
    """Even without a server in front, and in a transaction that was made to write."""
    with psycopg.connect(database, autocommit=True) as connection:
        for write in (False, True):
            if write:
                connection.execute("set default_transaction_read_only = off")
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(sql.encode())
            assert refused.value.sqlstate in {"42501", "25006"}, refused.value


def test_statistics_tell_no_personal_value(line: Line, database: str) -> None:
    with psycopg.connect(line.database) as connection:
        connection.execute("analyze marts.dim_cliente")
    asked = "select attname from pg_stats where tablename = 'dim_cliente'"
    with psycopg.connect(database) as connection:
        found = {row[0] for row in connection.execute(asked)}
    assert "codigo_cliente" in found
    assert {"nome_cliente", "cpf_cnpj", "email"}.isdisjoint(found)
