"""What SQL may be run, by a parser; the rights of the role are what protects the data.

The database refuses writes and personal columns by itself. What is refused here is what a reader
could still do: wait, change settings, or look at the catalogs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sienge_mcp.settings import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlglot import exp

SCHEMAS = ("", "marts", "staging")
LONGEST = 20_000
HARMLESS = {"random", "gen_random_uuid", "clock_timestamp", "timeofday"}
"""Volatile functions that do nothing but answer."""


def checked(sql: str, volatile: Collection[str] = ()) -> tuple[str, set[str]]:
    """Give one query without what follows it, and the tables that it names.

    Raises:
        RefusedError: It is something else than one query of the models.
    """
    import logging

    from sqlglot import (
        TokenType,
        exp,
        tokenize,
    )  # costs much to import, and not every call needs it
    from sqlglot.errors import SqlglotError

    if len(sql) > LONGEST:
        raise RefusedError(f"A consulta passa de {LONGEST} caracteres: divida-a.")
    if "\0" in sql or re.search(r"\bU&", sql, re.IGNORECASE):
        raise RefusedError("A consulta tem caracteres nulos ou escritos por código (U&).")
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        tokens = tokenize(sql, read="postgres")
        while tokens and tokens[-1].token_type is TokenType.SEMICOLON:
            sql = sql[: tokens.pop().start]
        if any(token.token_type is TokenType.SEMICOLON for token in tokens):
            raise RefusedError("Mande uma consulta por vez, sem ; no meio.")
        tree = parsed(sql)
    except (SqlglotError, RecursionError) as error:
        said = str(error).split("\n", 1)[0]
        raise RefusedError(f"A consulta não pôde ser entendida: {said}") from None
    if not isinstance(tree, exp.Query) or tree.find(
        exp.DML, exp.DDL, exp.Into, exp.Lock, exp.Command
    ):
        raise RefusedError("Só consultas (select) são respondidas: nada pode ser alterado.")
    for token in tokens:
        name = token.text.lower()
        if token.token_type in {TokenType.STRING, TokenType.NATIONAL_STRING}:
            continue
        if name.startswith(("pg_", "lo_")) or (name in volatile and name not in HARMLESS):
            raise RefusedError(
                f"{token.text} não pode ser usado: só tabelas de marts e staging e funções que "
                "apenas calculam."
            )
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    tables = set()
    for table in tree.find_all(exp.Table):
        if table.catalog or table.db not in SCHEMAS:
            raise RefusedError(f"{table.sql()} não pode ser lida: só os esquemas marts e staging.")
        if table.name and (table.db or table.name not in own):
            tables.add(f"{table.db}.{table.name}" if table.db else table.name)
    return sql, tables


def parsed(sql: str) -> exp.Expression:
    """Parse one statement.

    Raises:
        RefusedError: There is none, or there are more.
    """
    from sqlglot import parse

    found = [tree for tree in parse(sql, read="postgres") if tree is not None]
    if len(found) != 1:
        raise RefusedError("Mande uma consulta, e só uma por vez.")
    tree: Any = found[0]
    return tree  # type: ignore[no-any-return]


def without(sql: str, hidden: Collection[str]) -> tuple[str, list[str]]:
    """Leave columns out of a query, with what is made of them; give the names of those left out.

    A column that only sorts or groups is left out there too.
    """
    from sqlglot import exp

    tree = parsed(sql)
    names, dropped = set(hidden), []
    changed = True

    def uses(part: exp.Expression) -> bool:
        return any(column.name in names for column in part.find_all(exp.Column))

    while changed:
        changed = False
        for select in list(tree.find_all(exp.Select)):
            for item in list(select.expressions):
                if uses(item):
                    names.add(item.alias_or_name)
                    dropped.append(item.alias_or_name)
                    item.pop()
                    changed = True
    if not dropped:
        return sql, []
    for part in list(tree.find_all(exp.Group, exp.Order)):
        for item in list(part.expressions):
            if uses(item):
                item.pop()
        if not part.expressions:
            part.pop()
    return tree.sql(dialect="postgres", pretty=True), list(dict.fromkeys(dropped))
