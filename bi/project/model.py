"""The semantic model: tables, relations, measures, periods and roles, in TMDL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bi.project import source
from bi.project.source import ACCESS
from bi.project.tmdl import block, quoted, tag

if TYPE_CHECKING:
    from bi.project.source import Column, Measure, Relation, Table

FORMATS = {
    "reais": '"R$ "#,##0.00',
    "numero": "#,##0.0",
    "inteiro": "#,##0",
    "percentual": "0.0%",
    "data": "dd/MM/yyyy",
}
"""Format strings of Power BI, which the culture of the model turns into 1.234,56."""

TYPES = {
    "text": ("string", ""),
    "boolean": ("boolean", ""),
    "date": ("dateTime", "dd/MM/yyyy"),
    "timestamp without time zone": ("dateTime", "dd/MM/yyyy HH:mm"),
    "timestamp with time zone": ("dateTime", "dd/MM/yyyy HH:mm"),
    "timestamp": ("dateTime", "dd/MM/yyyy HH:mm"),
    "integer": ("int64", "0"),
    "bigint": ("int64", "0"),
    "smallint": ("int64", "0"),
    "numeric": ("decimal", "#,##0.00"),
    "double precision": ("double", "#,##0.00"),
}
"""Types of PostgreSQL in Power BI; decimal has four places and adds up to the cent."""

FINE = ("percentual", "fracao", "quantidade", "preco", "area")
"""Words in the names of numbers that may need more than four places."""

PARAMETERS = {"Servidor": "127.0.0.1:5432", "Banco": "sienge", "Esquema": "marts"}
"""What whoever opens the project may be asked; `make powerbi` and the panel fill them in."""

MEASURES, PERIODS = "Medidas", "Tempo"


def written(tables: list[Table], relations: list[Relation]) -> dict[str, str]:
    """Give the files of the semantic model's definition, by path."""
    files = {f"tables/{table.name}.tmdl": _table(table, relations) for table in tables}
    files[f"tables/{MEASURES}.tmdl"] = _measures(source.measures())
    files[f"tables/{PERIODS}.tmdl"] = _periods(source.read("modelo.yml")["periodos"])
    files["relationships.tmdl"] = "\n\n".join(map(_relation, relations)) + "\n"
    files["expressions.tmdl"] = (
        "\n\n".join(_parameter(*given) for given in PARAMETERS.items()) + "\n"
    )
    roles = _roles(tables)
    for name, text in roles.items():
        files[f"roles/{name}.tmdl"] = text
    files["database.tmdl"] = "database\n\tcompatibilityLevel: 1600\n"
    files["model.tmdl"] = _model(
        [*(table.name for table in tables), MEASURES, PERIODS], list(roles)
    )
    return files


def _model(tables: list[str], roles: list[str]) -> str:
    head = block(
        "model Model",
        properties={
            "culture": "pt-BR",
            "defaultPowerBIDataSourceVersion": "powerBI_V3",
            "discourageImplicitMeasures": True,
            "sourceQueryCulture": "pt-BR",
        },
        children=[
            "dataAccessOptions\n\tlegacyRedirects\n\treturnErrorValuesAsNull",
            "annotation __PBI_TimeIntelligenceEnabled = 0",  # no hidden calendar for each date
        ],
    )
    refs = [f"ref table {quoted(name)}" for name in tables]
    return "\n".join([head, "", *refs, "", *(f"ref role {quoted(name)}" for name in roles), ""])


def _parameter(name: str, value: str) -> str:
    return block(
        f'expression {name} = "{value}" meta '
        '[IsParameterQuery=true, Type="Text", IsParameterQueryRequired=true]',
        properties={"lineageTag": tag("expression", name)},
        children=["annotation PBI_ResultType = Text"],
    )


def _table(table: Table, relations: list[Relation]) -> str:
    keys = {relation.column for relation in relations if relation.table == table.name}
    keys |= {relation.key for relation in relations if relation.dimension == table.name}
    order = source.read("modelo.yml")["ordem"].get(table.name, {})
    calendar = table.name == "dim_data"
    columns = [_column(table, column, keys, order.get(column.name, "")) for column in table.columns]
    return (
        block(
            f"table {table.name}",
            description=table.description,
            properties={
                "lineageTag": tag(table.name),
                "dataCategory": "Time" if calendar else "",
                "isHidden": table.name == ACCESS,
            },
            children=[*columns, _partition(table), "annotation PBI_ResultType = Table"],
        )
        + "\n"
    )


def _column(table: Table, column: Column, keys: set[str], order: str) -> str:
    kind, shown = TYPES[column.type]
    if kind == "decimal" and any(word in column.name for word in FINE):
        kind = "double"
    folder = {"decimal": "Valores", "double": "Valores", "dateTime": "Datas"}.get(kind, "")
    if column.name.startswith(("codigo_", "numero_")):
        folder = "Códigos"
    calendar = table.name == "dim_data"
    return block(
        f"column {column.name}",
        value=column.dax,
        description=column.description,
        properties={
            "dataType": kind,
            "isKey": calendar and column.name == "data",
            "isHidden": column.name in keys and not calendar,
            "formatString": shown,
            "displayFolder": "" if calendar else folder,
            "lineageTag": tag(table.name, column.name),
            "summarizeBy": "none",
            "sourceColumn": "" if column.dax else column.name,
            "sortByColumn": order,
        },
        children=["annotation SummarizationSetBy = User"],
    )


def _partition(table: Table) -> str:
    """Give how the rows are read; the list of columns lets the database gain others."""
    names = ", ".join(f'"{column.name}"' for column in table.columns if not column.dax)
    schema = "Esquema" if table.schema == "marts" else f'"{table.schema}"'
    rows = f'Fonte{{[Schema = {schema}, Item = "{table.name}"]}}[Data]'
    if table.name == ACCESS:
        empty = "email = text, codigo_empresa = Int64.Type, codigo_empreendimento = Int64.Type"
        rows = f"try {rows} otherwise #table(type table [{empty}], {{}})"
    query = (
        "let\n"
        "\tFonte = PostgreSQL.Database(Servidor, Banco, [CreateNavigationProperties = false]),\n"
        f"\tLinhas = {rows},\n"
        f"\tColunas = Table.SelectColumns(Linhas, {{{names}}})\n"
        "in\n\tColunas"
    )
    return block(f"partition {table.name} = m", properties={"mode": "import", "source": query})


def _relation(relation: Relation) -> str:
    name = tag("relation", relation.table, relation.column, relation.dimension)
    return block(
        f"relationship {name}",
        properties={
            "isActive": "" if relation.active else "false",
            "fromColumn": f"{relation.table}.{relation.column}",
            "toColumn": f"{relation.dimension}.{relation.key}",
        },
    )


def _measures(measures: list[Measure]) -> str:
    rows = block(
        f"partition {MEASURES} = m",
        properties={
            "mode": "import",
            "source": "let\n\tFonte = #table(type table [Medida = text], {})\nin\n\tFonte",
        },
    )
    column = block(
        "column Medida",
        properties={
            "dataType": "string",
            "isHidden": True,
            "lineageTag": tag(MEASURES, "Medida"),
            "summarizeBy": "none",
            "sourceColumn": "Medida",
        },
    )
    return (
        block(
            f"table {MEASURES}",
            description="As medidas, por assunto.",
            properties={"lineageTag": tag(MEASURES)},
            children=[*map(_measure, measures), column, rows],
        )
        + "\n"
    )


def _measure(measure: Measure) -> str:
    return block(
        f"measure {quoted(measure.name)}",
        value=measure.dax,
        description=measure.description,
        properties={
            "formatString": FORMATS[measure.format],
            "displayFolder": measure.folder,
            "lineageTag": tag(MEASURES, measure.name),
        },
    )


def _periods(periods: list[dict[str, Any]]) -> str:
    items = [
        block(
            f"calculationItem {quoted(period['nome'])}",
            value=period["dax"],
            properties={"formatStringDefinition": f'"{FORMATS[period["formato"]]}"'}
            if "formato" in period
            else {},
        ).replace("formatStringDefinition:", "formatStringDefinition =")
        for period in periods
    ]
    group = block("calculationGroup", properties={"precedence": "1"}, children=items)
    names = block(
        "column Período",
        description="O que calcular sobre o período escolhido",
        properties={
            "dataType": "string",
            "lineageTag": tag(PERIODS, "Período"),
            "summarizeBy": "none",
            "sourceColumn": "Name",
            "sortByColumn": "Ordem",
        },
    )
    places = block(
        "column Ordem",
        properties={
            "dataType": "int64",
            "isHidden": True,
            "lineageTag": tag(PERIODS, "Ordem"),
            "summarizeBy": "none",
            "sourceColumn": "Ordinal",
        },
    )
    return (
        block(
            f"table {PERIODS}",
            description="Qualquer medida no ano, em 12 meses, no ano anterior: arraste Período.",
            properties={"lineageTag": tag(PERIODS)},
            children=[group, names, places],
        )
        + "\n"
    )


def _roles(tables: list[Table]) -> dict[str, str]:
    """Give the roles: whoever is in one sees the rows that acessos_powerbi gives, and no others.

    Each table is filtered by its own column, so that nothing depends on the relations.
    """
    own = "[email] = USERPRINCIPALNAME()"
    return {
        f"Por {word}": block(
            f"role 'Por {word}'",
            description=f"Só vê o que acessos_powerbi dá à pessoa, por {word}.",
            properties={"modelPermission": "read"},
            children=[
                f"tablePermission {table.name} = {allowed}"
                for table in tables
                if (allowed := own if table.name == ACCESS else _allowed(table, column))
            ],
        )
        + "\n"
        for word, column in {
            "empresa": "codigo_empresa",
            "empreendimento": "codigo_empreendimento",
        }.items()
    }


def _allowed(table: Table, column: str) -> str:
    """Give the rows of a table that a role shows; some are of no development in particular."""
    who = f"{ACCESS}[email] = USERPRINCIPALNAME() && NOT ISBLANK({ACCESS}[{column}])"
    given = f'SELECTCOLUMNS(FILTER({ACCESS}, {who}), "codigo", {ACCESS}[{column}])'
    if table.has(column):
        return f"[{column}] IN {given}"
    if table.name == "dim_unidade":
        key = "codigo_empreendimento"
        found = f"dim_empreendimento[codigo_empresa], dim_empreendimento[{key}], [{key}]"
        return f"LOOKUPVALUE({found}) IN {given}"
    whole = table.has("codigo_empresa") and not table.name.startswith("dim_")
    return "FALSE()" if whole or table.name == "conferencia" else ""
