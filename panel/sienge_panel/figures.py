"""What the indicators come to: their queries with the filters that a person chose."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composed, Literal

from sienge_panel.catalog import reading
from sienge_panel.choice import title
from sienge_panel.download import BOM, DANGEROUS
from sienge_panel.indicators import CONDITIONS
from sienge_panel.problem import ProblemError
from sienge_panel.quota import SAO_PAULO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sienge_panel.indicators import Indicator, Part
    from sienge_panel.settings import Settings
    from sienge_panel.vault import Vault

PATIENCE = 10
"""Seconds that a query may take."""

FRESH = """
select min(ultima_leitura_completa) at time zone 'America/Sao_Paulo' as fresh,
    array_agg(distinct tabela) filter (where situacao <> 'Completa') as missing
from marts.cobertura where modelo = any(%(models)s) and situacao <> 'Dispensada'
"""

COMPANIES = """
select codigo_empresa as code, nome_unico as name from marts.dim_empresa order by name
"""

WORKS = """
select codigo_empreendimento as code, nome_unico as name, codigo_empresa as company
from marts.dim_empreendimento order by name
"""


@dataclass(frozen=True)
class Filters:
    """What a person chose; months by their first day."""

    company: int | None
    development: int | None
    since: date
    until: date

    @classmethod
    def of(cls, company: int | None, development: int | None, since: str, until: str) -> Filters:
        """Take them as asked for: months as 2026-01, by default the last twelve."""
        today = datetime.now(SAO_PAULO).date()
        last = date.fromisoformat(f"{until}-01") if until else today.replace(day=1)
        year, month = divmod(last.year * 12 + last.month - 12, 12)
        first = date.fromisoformat(f"{since}-01") if since else date(year, month + 1, 1)
        return cls(company, development, first, last)


def query(indicator: Indicator, filters: Filters) -> Composed:
    """Give the query with the filters that count for the indicator."""
    conditions = [
        CONDITIONS["company"] if filters.company is not None else "",
        CONDITIONS["development"] if filters.development is not None else "",
        indicator.period,
    ]
    kinds = ("company", "development", "period")
    wanted = [
        SQL(condition)
        for kind, condition in zip(kinds, conditions, strict=True)
        if condition and kind in indicator.by
    ]
    known = {name: Literal(value) for name, value in vars(filters).items()}
    parts = [SQL("\n    and {}").format(condition.format(**known)) for condition in wanted]
    return SQL(indicator.query.strip()).format(filters=SQL("").join(parts))


def shown(settings: Settings, indicator: Indicator, filters: Filters) -> dict[str, Any]:
    """Give the rows, the number above them, the query, and how fresh it all is.

    Raises:
        ProblemError: The models were not built.
    """
    with reading(settings, PATIENCE) as connection:
        asked = query(indicator, filters)
        try:
            with connection.cursor(row_factory=dict_row) as cursor:
                rows = cursor.execute(asked).fetchall()
                values = {"models": list(indicator.models)}
                fresh = cursor.execute(FRESH, values).fetchone() or {}
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
            raise ProblemError(
                "Os modelos deste indicador ainda não foram feitos: eles vêm depois da "
                "sincronização."
            ) from None
        return {
            "rows": [[_as_json(row[part.name]) for part in indicator.columns] for row in rows],
            "number": _number(indicator, rows),
            "query": asked.as_string(connection),
            "fresh": fresh.get("fresh"),
            "missing": [title(table) for table in fresh.get("missing") or []],
        }


def _number(indicator: Indicator, rows: Sequence[dict[str, Any]]) -> float | None:
    def total(names: tuple[str, ...]) -> Decimal:
        return Decimal(sum(row[name] or 0 for row in rows for name in names))

    of, over = total(indicator.number.of), total(indicator.number.over)
    if not indicator.number.over:
        return float(of)
    return float(100 * of / over) if over else None


def _as_json(value: object) -> str | float | None:
    if value is None:
        return None
    return float(value) if isinstance(value, (int, Decimal)) else str(value)


def file(columns: Sequence[Part], rows: Sequence[Sequence[str | float | None]]) -> str:
    """Give the rows as CSV for Excel as people here have it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([part.title for part in columns])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return BOM + text.getvalue()


def _cell(value: str | float | None) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".removesuffix(".00").replace(".", ",")
    text = value or ""
    return f"'{text}" if re.match(DANGEROUS, text) else text


def choices(vault: Vault) -> dict[str, list[dict[str, Any]]]:
    """Give the companies and developments; nothing if the models were never built."""
    found = vault.rows(
        "select to_regclass('marts.dim_empresa') as one, to_regclass('marts.dim_empreendimento')"
        " as other"
    )
    if not all(found[0].values()):
        return {"companies": [], "developments": []}
    return {"companies": vault.rows(COMPANIES), "developments": vault.rows(WORKS)}
