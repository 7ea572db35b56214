"""When what a table is made of was last read from Sienge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sienge_mcp.database import value

if TYPE_CHECKING:
    from collections.abc import Collection

    from sienge_mcp.catalog import Table
    from sienge_mcp.database import Connection

COVERAGE = """
select
    modelo, min(ultima_leitura_completa),
    string_agg(distinct tabela || ': ' || situacao, '; ') filter (where situacao <> 'Completa')
from marts.cobertura
where (modelo = any(%s) or tabela = any(%s)) and situacao <> 'Dispensada'
group by modelo
"""


def freshness(
    connection: Connection, known: dict[str, Table], names: Collection[str]
) -> dict[str, dict[str, Any]]:
    """Tell it by name of the table, with what did not arrive whole."""
    if "marts.cobertura" not in known:
        return {}
    tables = [known[name] for name in names if name in known]
    sources = {table.source: table.name for table in tables if table.source}
    models = [table.name for table in tables if table.schema == "marts"]
    found = {
        model: {"lida_em": value(read), "ressalvas": doubts}
        for model, read, doubts in connection.execute(COVERAGE, [models, []])
    }
    if sources:
        by_table = COVERAGE.replace("    modelo, min", "    tabela, min").replace(
            "group by modelo", "group by tabela"
        )
        for table, read, doubts in connection.execute(by_table, [[], list(sources)]):
            found[sources[table]] = {"lida_em": value(read), "ressalvas": doubts}
    return found
