"""The tables that the role may read, as the database describes them, and a search over them."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sienge_mcp.database import unit

if TYPE_CHECKING:
    from collections.abc import Collection

    from sienge_mcp.database import Connection

RELATIONS = """
select
    nspname, relname, coalesce(obj_description(pg_class.oid, 'pg_class'), ''), reltuples::bigint,
    array_agg(array[
        attname::text,
        format_type(atttypid, null),
        coalesce(col_description(pg_class.oid, attnum), ''),
        has_column_privilege(pg_class.oid, attnum, 'select')::text
    ] order by attnum)
from pg_catalog.pg_class
inner join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
inner join pg_catalog.pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
where nspname in ('marts', 'staging') and relkind in ('r', 'v', 'm')
and has_any_column_privilege(pg_class.oid, 'select')
group by pg_class.oid, nspname, relname
order by 1, 2
"""
SMALL_WORDS = frozenset(
    [
        "a",
        "o",
        "as",
        "os",
        "e",
        "de",
        "da",
        "do",
        "das",
        "dos",
        "em",
        "na",
        "no",
        "nas",
        "nos",
        "por",
        "para",
        "com",
        "que",
        "qual",
        "quais",
        "quanto",
        "quanta",
        "quantos",
        "quantas",
        "um",
        "uma",
        "ao",
        "aos",
        "foi",
        "foram",
        "esta",
        "estao",
        "ja",
        "ainda",
        "cada",
        "temos",
        "tem",
        "ate",
        "mais",
        "menos",
        "entre",
        "como",
        "nossa",
        "nosso",
        "hoje",
        "me",
        "sao",
        "ha",
        "se",
        "ultimo",
        "ultimos",
        "ultima",
        "ultimas",
        "mes",
        "meses",
    ]
)

ENDINGS = re.compile(r"([aei]mos|[ai]d[ao]s?|oes|aos?|ais|al|eis|el|res|r|s|[aeo]s?)$")


@dataclass
class Table:
    """A table or view, and the columns of it that may be read."""

    schema: str
    name: str
    description: str
    rows: int
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Types and descriptions by name."""
    hidden: list[str] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """The name with the schema."""
        return f"{self.schema}.{self.name}"

    @property
    def source(self) -> str | None:
        """The landed table that a view of staging is of."""
        found = re.search(r"sienge\.(\w+)", self.description)
        return found[1] if self.schema == "staging" and found else None

    def told(self) -> list[dict[str, Any]]:
        """Describe the columns."""
        return [
            {"nome": name, "tipo": type_, "descricao": told, "unidade": unit(name, type_)}
            for name, (type_, told) in self.columns.items()
        ]


@cache
def ready() -> dict[str, dict[str, Any]]:
    """Give the ready queries: question, SQL and the tables they read, by name."""
    text = files("sienge_mcp").joinpath("consultas.json").read_text("utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


def document(name: str) -> str:
    """Give a page that comes with the package."""
    return (files("sienge_mcp") / "paginas" / name).read_text("utf-8")


def read(connection: Connection) -> dict[str, Table]:
    """Read the catalog, by full name."""
    found = {}
    for schema, name, description, rows, columns in connection.execute(RELATIONS):
        table = Table(schema, name, description, max(rows, 0))
        for column, type_, told, readable in columns:
            if readable == "true":
                table.columns[column] = (type_, told)
            else:
                table.hidden.append(column)
        found[table.full_name] = table
    return found


def hidden(tables: dict[str, Table], names: Collection[str]) -> set[str]:
    """Give the columns that cannot be read of tables, but for those that another of them has."""
    named = [tables[name] for name in names if name in tables]
    visible = {column for table in named for column in table.columns}
    return {column for table in named for column in table.hidden} - visible


def words(text: str) -> list[str]:
    """Give the words of a text that tell something, without accents and endings."""
    letters = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return [
        ENDINGS.sub("", word)[:7]
        for word in re.findall("[a-z0-9]+", letters)
        if word not in SMALL_WORDS and not word.isdigit()
    ]


class Search:
    """Finds tables by what they are called, described as, and asked for."""

    def __init__(
        self, tables: dict[str, Table], indicators: Collection[tuple[str, str, str, str]]
    ) -> None:
        """Count the words; ``indicators`` are name, title, model and definition."""
        self.tables = tables
        self.counts: dict[str, Counter[str]] = {}
        self.subjects = {
            name: {*words(table.name.replace("_", " "))} - {*words("dim fato")}
            for name, table in tables.items()
        }
        for table in tables.values():
            count: Counter[str] = Counter()
            for word in words(table.name.replace("_", " ")):
                count[word] += 4
            for word in words(table.description):
                count[word] += 2
            for column, (_, told) in table.columns.items():
                for word in {*words(column.replace("_", " ")), *words(told)}:
                    count[word] += 1
            self.counts[table.full_name] = count
        for query in ready().values():
            for name in query["tabelas"]:
                if name in self.counts and not name.startswith("marts.dim_"):
                    self.counts[name].update(dict.fromkeys(words(query["pergunta"]), 3))
        for code, title, model, definition in indicators:
            for name in (f"marts.{model}", "marts.indicadores"):
                if name in self.counts:
                    told = f"{code.replace('_', ' ')} {title} {definition}"
                    self.counts[name].update(dict.fromkeys(words(told), 2))
        seen = Counter(word for count in self.counts.values() for word in count)
        self.rare = {word: math.log(1 + len(self.counts) / times) for word, times in seen.items()}

    def tables_for(self, text: str, most: int) -> list[Table]:
        """Give the tables that fit a text best, those of marts before those of staging."""
        asked = set(words(text))
        scores = {
            name: sum(
                self.rare.get(word, 0) * count[word] / (count[word] + 2)
                for word in asked
                if word in count
            )
            * (2 if name.startswith("marts.") else 1)
            * (2.5 if self.subjects[name] <= asked else 1)
            for name, count in self.counts.items()
        }
        best = sorted(scores, key=lambda name: (-scores[name], name))
        return [self.tables[name] for name in best[:most] if scores[name] > 0]
