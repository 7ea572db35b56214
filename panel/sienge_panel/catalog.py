"""A table as the tap describes it and the database has it, and what of it may be shown."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.sql import SQL, Composable, Identifier

from sienge_panel.choice import TABLES
from sienge_panel.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sienge_panel.settings import Settings
    from sienge_panel.vault import Vault

DOCUMENTED: dict[str, Any] = json.loads(Path(__file__).with_name("columns.json").read_text("utf-8"))
"""The columns of every table in the tap's own words; `make docs` writes the file."""

OWN = {
    "_key": ("texto", "Chave calculada do conteúdo"),
    "_sdc_extracted_at": ("data e hora", "Quando foi lida (UTC)"),
    "_sdc_inserted_at": ("data e hora", "Quando chegou ao banco pela primeira vez (UTC)"),
    "_sdc_deleted_at": ("data e hora", "Quando foi dada como excluída no Sienge"),
}
"""What tap and loader add, and no person wrote."""

TECHNICAL = ("batched_at", "received_at", "sequence", "sync_started_at", "table_version")
"""Of the loader, for itself: columns that begin with ``_sdc_``."""

PERSONAL = "dados_pessoais_visiveis"
"""The name of the choice of who owns the panel."""

COLUMNS = """
select attname as name, format_type(atttypid, null) as type, exists (
    select from pg_index
    join pg_class as index on index.oid = indexrelid
    join pg_am on pg_am.oid = index.relam
    where indrelid = attrelid and indkey[0] = attnum and indisvalid and indpred is null
        and amname = 'btree'
) as indexed
from pg_attribute
join pg_class on pg_class.oid = attrelid
where attrelid = to_regclass(%(table)s) and relkind in ('r', 'p') and attnum > 0
    and not attisdropped and not attname = any(%(technical)s) and position('%%' in attname) = 0
order by attnum
"""

HIDDEN = SQL("'•••'")

IN_TEXT = SQL(
    r"E'\\m\\d{3}\\.\\d{3}\\.\\d{3}-\\d\\d\\M|\\(\\d\\d\\) ?\\d{4,5}-\\d{4}\\M"
    r"|[\\w.+-]+@[\\w-]+(\\.[\\w-]+)+'"
)
"""What is personal in any text, as the tap has it too: CPF, phone and e-mail address."""

SUSPECT = SQL(r"E'[@(]|\\d-\\d'")
"""What all of them have, and most texts do not: quick to look for."""

TEXTS = {"text", "character varying", "character", "jsonb", "json"}


@dataclass(frozen=True)
class Column:
    """A column; ``type`` is PostgreSQL's, ``kind`` the tap's.

    ``open``: personal data may be seen.
    """

    name: str
    title: str
    kind: str
    type: str
    personal: bool
    indexed: bool
    open: bool

    @property
    def hidden(self) -> bool:
        """Whether nobody may see its values."""
        return self.personal and not self.open

    @property
    def cell(self) -> Composable:
        """What may be seen of it, as a text."""
        text = SQL("{}::text").format(Identifier(self.name))
        if self.hidden:
            return SQL("case when nullif({}, 'null') is not null then {} end").format(text, HIDDEN)
        if self.open or self.type not in TEXTS:
            return text
        return SQL(
            "case when {0} ~ {1} then regexp_replace({0}, {2}, {3}, 'g') else {0} end"
        ).format(text, SUSPECT, IN_TEXT, HIDDEN)


@dataclass(frozen=True)
class Relation:
    """A table of the tap."""

    place: Identifier
    columns: tuple[Column, ...]

    def column(self, name: str, purpose: str) -> Column:
        """Give a column by which to filter or sort.

        Raises:
            ProblemError: It is not there, or its values would tell themselves.
        """
        for column in self.columns:
            if column.name == name:
                if column.hidden:
                    raise ProblemError(
                        f"“{column.title}” é dado pessoal e está mascarada: não serve para "
                        f"{purpose}. Quem cuida do painel pode mostrá-la em Configurações."
                    )
                return column
        raise ProblemError(f"A tabela não tem a coluna {name[:60]}: recarregue a página.")

    @property
    def cells(self) -> list[Composable]:
        """What may be seen of each column, as texts."""
        return [column.cell for column in self.columns]


def shows_personal(vault: Vault) -> bool:
    """Whether who owns the panel lets personal data be seen in it."""
    return vault.kept(PERSONAL) is True


@contextmanager
def reading(settings: Settings, seconds: float) -> Iterator[psycopg.Connection[Any]]:
    """Connect to read only, and not for long.

    Raises:
        ProblemError: It took longer.
    """
    with psycopg.connect(settings.database, connect_timeout=10) as connection:
        connection.read_only = True
        connection.execute(
            "select set_config('statement_timeout', %s, true), "
            "set_config('max_parallel_workers_per_gather', '0', true)",
            [f"{seconds * 1000:.0f}"],
        )
        try:
            yield connection
        except psycopg.errors.QueryCanceled:
            raise ProblemError(
                "O banco levou tempo demais: tente de novo, com menos filtros, daqui a pouco."
            ) from None


def relation(
    connection: psycopg.Connection[Any], settings: Settings, name: str, *, shows: bool
) -> Relation:
    """Give a table of the tap.

    Raises:
        ProblemError: It is not in the database.
    """
    place = Identifier(settings.default_schema, name)
    values = {
        "table": place.as_string(connection),
        "technical": [f"_sdc_{name}" for name in TECHNICAL],
    }
    found = connection.execute(COLUMNS, values).fetchall()
    if not found or name not in TABLES:
        raise ProblemError("Esta tabela ainda não está no banco: ela vem com a sincronização.")
    return Relation(place, tuple(_column(name, *row, shows=shows) for row in found))


def _column(table: str, name: str, kind: str, indexed: bool, *, shows: bool) -> Column:
    """Describe a column; one that the tap does not know may hold anything."""
    described = DOCUMENTED[table]["columns"].get(name) or OWN.get(name)
    if name == "_extra":
        described = ("jsonb", "Campos não documentados")
    personal = name in DOCUMENTED[table]["personal"] or name not in {
        *DOCUMENTED[table]["columns"],
        *OWN,
    }
    usual = described or ("texto", f"{name}: coluna que não vem do Sienge")
    return Column(name, usual[1], usual[0], kind, personal, indexed, shows)
