"""Asks PostgreSQL, as a role that may only read, within limits."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Literal

from sienge_mcp.settings import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sienge_mcp.settings import Settings

Connection = psycopg.Connection[tuple[Any, ...]]

VOLATILE = """
select distinct proname::text from pg_catalog.pg_proc
where provolatile = 'v' or pronamespace <> 'pg_catalog'::regnamespace
"""
CANCELLED, DENIED = "57014", "42501"


@dataclass
class Found:
    """The rows that a query gave, as JSON can hold them."""

    columns: list[tuple[str, str]]
    """Their names and types."""
    rows: list[list[Any]]
    cut: str | None
    """Why there are no more rows, if there would be."""


@contextmanager
def connected(settings: Settings) -> Iterator[Connection]:
    """Open a transaction that cannot write; what it set is gone with its connection.

    Raises:
        RefusedError: The database cannot be reached.
    """
    try:
        password = conninfo_to_dict(settings.database).get("password", settings.password)
        connection = psycopg.connect(
            settings.database, password=password, connect_timeout=10, application_name="sienge-mcp"
        )
    except psycopg.Error:
        raise RefusedError(
            "O banco não respondeu ou recusou a entrada: confira ASSISTENTE_DATABASE e se o "
            "PostgreSQL está no ar."
        ) from None
    with connection:
        connection.read_only = True
        connection.execute(
            SQL("set local statement_timeout = {}").format(Literal(int(settings.seconds * 1000)))
        )
        connection.execute("set local search_path = marts, staging")
        connection.execute("set local timezone = 'America/Sao_Paulo'")
        try:
            yield connection
        except psycopg.Error as error:
            raise RefusedError(explained(error)) from None
        finally:
            connection.rollback()


def explained(error: psycopg.Error) -> str:
    """Say in Portuguese why the database refused, and what to do."""
    if error.sqlstate == DENIED:
        return (
            f"O papel do assistente não pode ler isso ({error.diag.message_primary}). Dados "
            "pessoais ficam de fora: peça só as colunas que colunas_da_tabela mostra, sem *."
        )
    if error.sqlstate == CANCELLED:
        return "A consulta demorou demais: restrinja o período ou agrupe."
    hint = f" {error.diag.message_hint}" if error.diag.message_hint else ""
    said = error.diag.message_primary or str(error)
    return f"O PostgreSQL recusou a consulta: {said}.{hint}"


def volatile(connection: Connection) -> frozenset[str]:
    """Give the names of functions that do more than calculate."""
    return frozenset(row[0] for row in connection.execute(VOLATILE))


def ask(
    connection: Connection,
    settings: Settings,
    sql: str,
    parameters: Sequence[Any] = (),
    limit: int | None = None,
) -> Found:
    """Run a query unless it would cost too much, and give its first rows.

    The query stands in parentheses, in one statement of the extended protocol: whatever it is, it
    can be no second statement, and no other than one that reads. ``parameters`` are for ``%s``.

    Raises:
        RefusedError: It would cost too much.
    """
    most = max(1, min(limit or settings.rows, settings.rows))
    if not parameters:
        sql = sql.replace("%", "%%")
    whole: Any = f"select * from (\n{sql}\n) as resposta limit {most + 1}"  # noqa: S608
    explained = connection.cursor().stream(f"explain (format json) {whole}", parameters)
    (plan,) = [row[0] for row in explained]
    cost = (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]["Total Cost"]
    if cost > settings.cost:
        raise RefusedError(
            f"A consulta custaria demais ({cost:.0f}, e o limite é {settings.cost:.0f}): junte as "
            "tabelas pelas chaves, restrinja o período ou pergunte a um resumo de marts."
        )
    cursor = connection.cursor()
    rows: list[list[Any]] = []
    size, cut = 0, None
    for row in cursor.stream(whole, parameters):
        plain = [value(each) for each in row]
        size += len(json.dumps(plain, ensure_ascii=False).encode())
        if len(rows) == most:
            cut = f"Há mais linhas que as {most} pedidas."
        elif size > settings.bytes:
            cut = f"As linhas passam de {settings.bytes} bytes."
        if cut:
            break
        rows.append(plain)
    if not rows and not cut:  # a stream without rows has not told its columns
        cursor.execute(whole, parameters)
    columns = cursor.description or []
    return Found([(each.name, each.type_display) for each in columns], rows, cut)


def value(found: Any) -> Any:  # noqa: ANN401
    """Give a value as JSON can hold it."""
    if isinstance(found, Decimal):
        if not found.is_finite():
            return str(found)
        return int(found) if found == found.to_integral_value() else float(found)
    if isinstance(found, (date, datetime, time)):
        return found.isoformat()
    if isinstance(found, timedelta):
        return str(found)
    if found is None or isinstance(found, (bool, int, str, list, dict)):
        return found
    if isinstance(found, float):
        return found if abs(found) != float("inf") and found == found else str(found)
    return str(found)


def unit(name: str, type_: str) -> str | None:
    """Give the unit of a column by what the models call it."""
    type_ = type_.split("(")[0]
    if type_ not in {"numeric", "bigint", "integer", "double precision"}:
        return None
    if re.search(r"percentual|participacao|^taxa_|aliquota", name):
        return "%"
    if re.search(r"(^|_)dias(_|$)|^idade_dias", name):
        return "dias"
    if re.search(r"^(codigo|numero|ordem|ano|mes|item)(_|$)", name):
        return None
    amounts = (
        r"^(valor|saldo|preco|custo|receita|multa|juros|correcao|desconto|entradas|saidas|movimento|"
        r"recebid|pago|vencido|a_vencer|gasto|orcado|lucro|debitos|creditos|diferenca|vgv)(_|$|[a-z])"
    )
    if re.search(amounts, name) and type_ in {"numeric", "double precision"}:
        return "R$"
    return None
