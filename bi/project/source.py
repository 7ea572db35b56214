"""What the project for Power BI is made of: what dbt knows, and the files of `bi/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from transform.manifest import relations as tested

BI = Path(__file__).resolve().parent.parent
ACCESS = "acessos_powerbi"
"""Who sees what; the seed may be missing, and then nobody with a role sees anything."""

OWNERS = {
    "codigo_empresa": ("Empresa", "dim_empresa"),
    "codigo_empreendimento": ("Empreendimento", "dim_empreendimento"),
}
"""Whose a row is, and the dimension that says more."""


@dataclass(frozen=True)
class Column:
    """A column as PostgreSQL has it; ``dax`` makes one that only Power BI has."""

    name: str
    description: str
    type: str
    dax: str = ""


@dataclass(frozen=True)
class Table:
    """A table as PostgreSQL has it."""

    name: str
    schema: str
    description: str
    columns: tuple[Column, ...]

    def has(self, column: str) -> bool:
        """Tell whether it has a column."""
        return any(column == known.name for known in self.columns)


@dataclass(frozen=True)
class Relation:
    """A column that leads to one row of a dimension; only the active one filters by itself."""

    table: str
    column: str
    dimension: str
    key: str
    active: bool = True


@dataclass(frozen=True)
class Measure:
    """A number, in DAX and in SQL, and what it is compared with."""

    name: str
    folder: str
    description: str
    format: str
    dax: str
    sql: str
    indicator: str = ""
    question: str = ""
    check: str = ""


def read(name: str) -> Any:  # noqa: ANN401 - as YAML has it
    """Give the content of a file of `bi/`."""
    return yaml.safe_load((BI / name).read_text(encoding="utf-8"))


def measures() -> list[Measure]:
    """Give the measures of `medidas.yml`, in its order."""
    return [
        Measure(
            given["nome"],
            group["pasta"],
            given["descricao"],
            given["formato"],
            given["dax"],
            given["sql"],
            given.get("indicador", ""),
            given.get("consulta", ""),
            given.get("confere", ""),
        )
        for group in read("medidas.yml")
        for given in group["medidas"]
    ]


def tables(manifest: dict[str, Any]) -> list[Table]:
    """Give the tables of the model, by name, from a manifest of dbt."""
    own = read("modelo.yml")
    found = [
        _table(node, own)
        for node in manifest["nodes"].values()
        if node["resource_type"] in {"model", "seed"}
        and (node["schema"] == "marts" or node["name"] in own["staging"])
        and node["name"] not in own["fora"]
    ]
    return sorted(map(_with_owners, found), key=lambda table: table.name)


def _table(node: dict[str, Any], own: dict[str, Any]) -> Table:
    kept = own["staging"].get(node["name"])
    seed = own["sementes"].get(node["name"])
    types = node["config"].get("column_types") or {}
    columns = [
        Column(
            name,
            told["description"],
            kept[name] if kept else told["data_type"] or seed or types[name],
        )
        for name, told in node["columns"].items()
        if not kept or name in kept
    ]
    return Table(node["name"], node["schema"], node["description"], tuple(columns))


def _with_owners(table: Table) -> Table:
    """Give a table the company and the development that it only knows by another column.

    So that one filter of each reaches every table.
    """
    known = table.has("codigo_empresa") or table.name == "dim_unidade"
    if table.has("codigo_contrato_venda") and not table.has("codigo_empreendimento"):
        key = f"fato_vendas[codigo_contrato_venda], {table.name}[codigo_contrato_venda]"
        found = {name: f"LOOKUPVALUE(fato_vendas[{name}], {key})" for name in OWNERS}
    elif known or not table.has("codigo_empreendimento"):
        return table
    else:
        found = {"codigo_empresa": "RELATED(dim_empreendimento[codigo_empresa])"}
    more = (Column(name, OWNERS[name][0], "bigint", dax) for name, dax in found.items())
    return Table(table.name, table.schema, table.description, (*table.columns, *more))


def relations(manifest: dict[str, Any], known: list[Table]) -> list[Relation]:
    """Give the relations: those dbt tests, those of the dates, and of what only Power BI has.

    Between dimensions, and between facts, they are inactive: each fact reaches every dimension by
    itself.
    """
    own, names = read("modelo.yml"), {table.name for table in known}
    found = set(tested(manifest)) | {tuple(relation) for relation in own["relacoes"]}
    found |= {
        (table, column, "dim_data", "data")
        for table, dates in own["datas"].items()
        for column in dates
    }
    found |= {
        (table.name, column.name, OWNERS[column.name][1], column.name)
        for table in known
        for column in table.columns
        if column.dax
    }
    main = {(table, dates[0]) for table, dates in own["datas"].items()}
    return [
        Relation(
            table,
            column,
            dimension,
            key,
            active=(dimension != "dim_data" or (table, column) in main)
            and not table.startswith("dim_")
            and not dimension.startswith("fato_"),
        )
        for table, column, dimension, key in sorted(found)
        if {table, dimension} <= names
    ]
