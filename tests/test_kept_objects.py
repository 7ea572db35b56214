"""What people build on the models is still there after the models are built again."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import psycopg
import pytest

from testing.pipeline import ROOT, Line, running_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.truth import Row

COMPANIES = """
create schema sienge;
create table sienge.companies (id bigint, name text, trade_name text, cnpj text);
insert into sienge.companies values (1, 'Uma Ltda', 'Uma', '1'), (2, 'Outra Ltda', null, '2');
"""

OURS = """
create role leitor;
create schema empresa;
create view empresa.da_staging as select codigo_empresa, razao_social from staging.empresas;
create view empresa.da_view as select razao_social from empresa.da_staging where codigo_empresa > 0;
create view empresa.do_mart as select codigo_empresa, nome_empresa from marts.dim_empresa;
create view empresa.de_tudo with (security_invoker = true) as
select * from empresa.do_mart inner join empresa.da_view on nome_empresa <> razao_social;
create materialized view empresa.resumo as
select nome_empresa, count(*) as empresas from empresa.do_mart group by nome_empresa;
create unique index resumo_nome on empresa.resumo (nome_empresa);
create index empresa_nome on marts.dim_empresa (nome_empresa);
create view empresa.dos_cnpj as select cnpj from marts.dim_empresa;
create view empresa.dos_tipos as select nome from marts.tipos_baixa;
comment on view empresa.do_mart is 'Nossa';
grant select on marts.dim_empresa, staging.empresas, empresa.do_mart, empresa.resumo to leitor;
grant select (nome_empresa) on empresa.de_tudo to leitor;
"""

FOUND = """
select
    pg_class.oid::regclass::text as name,
    relkind::text as kind,
    pg_get_viewdef(pg_class.oid) as body,
    reloptions::text as options,
    obj_description(pg_class.oid, 'pg_class') as told,
    (select string_agg(pg_get_indexdef(indexrelid), ';' order by indexrelid::regclass::text)
     from pg_index where indrelid = pg_class.oid) as indexes,
    (select string_agg(p::text, ';' order by p::text) from aclexplode(relacl) as p) as rights,
    (select string_agg(attname || attacl::text, ';' order by attname)
     from pg_attribute where attrelid = pg_class.oid and attacl is not null) as column_rights
from pg_class
where relnamespace = 'empresa'::regnamespace and relkind in ('v', 'm')
or pg_class.oid in ('marts.dim_empresa'::regclass, 'staging.empresas'::regclass)
order by 1
"""

FOLDERS = {"dim_empresa": "marts/dimensoes", "empresas": "staging/cadastros"}
CONTRACT = "marts/dimensoes/_dimensoes.yml"
CNPJ = "  - name: cnpj\n    description: CNPJ, só dígitos\n    data_type: text\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with running_line(tmp_path_factory.mktemp("banco")) as found:
        (found.project / "transform").unlink()
        shutil.copytree(ROOT / "transform", found.project / "transform")
        execute(found, COMPANIES)
        build(found)
        execute(found, OURS)
        yield found


@pytest.fixture
def line(built: Line) -> Iterator[Line]:
    yield built
    for path in (*(f"{folder}/{model}.sql" for model, folder in FOLDERS.items()), CONTRACT):
        shutil.copy(ROOT / "transform/models" / path, built.project / "transform/models" / path)
    build(built)


def execute(line: Line, sql: str) -> None:
    with psycopg.connect(line.database) as connection:
        connection.execute(sql)


def build(line: Line, *more: str) -> str:
    chosen = ("empresas", "dim_empresa", "objetos_refeitos", "tipos_baixa")
    options = ("--no-write-json", "--indirect-selection=cautious")
    return line.dbt("build", *more, *options, "--select", *chosen)


def change(line: Line, model: str, old: str, new: str) -> None:
    edit(line, f"{FOLDERS[model]}/{model}.sql", old, new)


def edit(line: Line, path: str, old: str, new: str) -> None:
    file = line.project / "transform" / "models" / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def found(line: Line) -> dict[str, Row]:
    return {row["name"]: row for row in line.query(FOUND)}


def test_the_same_models_built_again_leave_all_as_it_was(line: Line) -> None:
    number = "select 'marts.dim_empresa'::regclass::oid"
    before, known = found(line), line.query(number)
    execute(line, "insert into sienge.companies values (3, 'Terceira Ltda', 'Terceira', '3')")
    build(line)
    assert found(line) == before
    assert len(before) == 9
    build(line, "--full-refresh")
    assert found(line) == before
    assert line.query(number) == known
    assert {"nome_empresa": "Terceira"} in line.query("select nome_empresa from empresa.do_mart")
    assert line.query("select * from marts.objetos_guardados") == []


def test_a_column_more_leaves_all_as_it_was(line: Line) -> None:
    before = found(line)
    change(line, "dim_empresa", "    cnpj\n", "    cnpj,\n    true as nova\n")
    following = "- name: dim_empreendimento\n"
    more = "  - {name: nova, description: Nova, data_type: boolean}\n"
    edit(line, CONTRACT, following, more + following)
    change(line, "empresas", "    codigo_empresa", "    codigo_novo id bigint\n    codigo_empresa")
    build(line)
    after = found(line)
    body = after["staging.empresas"].pop("body")
    assert body != before["staging.empresas"].pop("body")
    assert after == before
    assert line.query("select nova from marts.dim_empresa where codigo_empresa = 1") == [
        {"nova": True}
    ]
    assert line.query("select min(codigo_novo) as least from staging.empresas") == [{"least": 1}]
    assert line.query("select * from marts.objetos_guardados") == []


def test_a_column_less_or_of_another_type_undoes_only_what_needs_it(line: Line) -> None:
    before = found(line)
    change(line, "dim_empresa", ",\n    cnpj\n", "\n")
    change(
        line, "dim_empresa", "    codigo_empresa,", "    codigo_empresa::numeric as codigo_empresa,"
    )
    edit(line, CONTRACT, CNPJ, "")
    edit(line, CONTRACT, "da empresa\n    data_type: bigint", "da empresa\n    data_type: numeric")
    said = build(line)
    after = found(line)
    assert before.keys() - after.keys() == {"empresa.dos_cnpj"}
    before.pop("empresa.dos_cnpj")
    assert after == before
    assert {"nome_empresa": "Uma"} in line.query("select nome_empresa from empresa.resumo")
    (kept,) = line.query(
        "select objeto, comando, motivo from marts.objetos_guardados where comando like 'create%'"
    )
    assert kept["objeto"] == "empresa.dos_cnpj"
    assert "cnpj" in kept["comando"]
    assert "cnpj" in kept["motivo"]
    assert "empresa.dos_cnpj não pôde ser refeita" in said
    assert "WARN" in said
    execute(line, "delete from marts.objetos_guardados")
    assert "não pôde ser refeita" not in build(line)
    assert found(line) == before


def test_a_model_that_breaks_its_contract_leaves_the_table_as_it_was(line: Line) -> None:
    rows = "select * from marts.dim_empresa order by codigo_empresa"
    before, known = found(line), line.query(rows)
    change(line, "dim_empresa", "    codigo_empresa,", "    codigo_empresa::text,")
    with pytest.raises(AssertionError, match="contract"):
        build(line)
    assert (found(line), line.query(rows)) == (before, known)
