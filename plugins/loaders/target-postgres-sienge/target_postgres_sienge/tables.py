"""Makes an existing table what its stream needs today: its columns, their types and its key.

Rows stay, and so do users' own columns and indexes, and views. Where PostgreSQL refuses, nothing
has changed, and one sentence tells what to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

from target_postgres_sienge.conversion import TEXTS, converted
from target_postgres_sienge.refusals import TableError, is_general
from target_postgres_sienge.views import View, views_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

INSERTED = "_sdc_inserted_at"
"""Column with the moment, in UTC, at which a row first came; NULL where that was before it."""

KINDS = {
    "v": ("uma visão", "view"),
    "m": ("uma visão materializada", "materialized view"),
    "f": ("uma tabela externa", "foreign table"),
    "i": ("um índice", "index"),
    "I": ("um índice", "index"),
    "S": ("uma sequência", "sequence"),
    "c": ("um tipo", "type"),
}
"""What else may have a table's name."""

COLUMNS = """
select wanted.name, wanted.type::regtype::text as type, format_type(atttypid, null) as found,
    attnum as number
from unnest(%s::text[], %s::text[]) with ordinality as wanted(name, type, place)
left join pg_attribute on attrelid = %s::regclass and attname = wanted.name and not attisdropped
where atttypid is distinct from wanted.type::regtype
order by place
"""
"""The columns that are missing or of another type."""

KEY = """
select oid, quote_ident(conname) as name, array(
  select attname::text from pg_attribute where attrelid = conrelid and attnum = any(conkey)
) as columns
from pg_constraint where conrelid = %s::regclass and contype = 'p'
"""

FIXED = """
select attname, attidentity = 'a' as is_identity from pg_attribute
where attrelid = %s::regclass and attname = any(%s::text[])
  and (attgenerated <> '' or attidentity = 'a')
"""
"""The columns whose values PostgreSQL alone gives."""

REFERRING = """
select conrelid::regclass::text as name, quote_ident(conname) as key from pg_constraint
where confrelid = %s::regclass and contype = 'f' and confdeltype in ('c', 'n', 'd')
"""
"""The tables that lose rows or values when rows are deleted."""

UNIQUE = """
select quote_ident(relname) as name, indimmediate from pg_index join pg_class on oid = indexrelid
where indrelid = %s::regclass and indisunique and indisvalid and indpred is null
  and indexprs is null and %s::text[] = array(
    select attname::text from pg_attribute where attrelid = indrelid
      and attnum = any((indkey::int2[])[0:indnkeyatts - 1]) order by 1
  )
"""
"""What makes columns unique, if only in the end of a transaction."""


class Differing(NamedTuple):
    """A column that is missing, or of another type than it should be: a row of ``COLUMNS``."""

    name: str
    type: str
    found: str | None
    number: int | None


@dataclass
class Table:
    """A table, by its quoted name, within a transaction."""

    cursor: psycopg.Cursor[Any]
    name: str
    quote: Callable[[str], str]
    warnings: list[str] = field(default_factory=list)

    def lock(self) -> None:
        """Keep other loaders from making or changing tables until the transaction ends."""
        self._all("select pg_advisory_xact_lock(hashtext('target-postgres-sienge'))")

    def exists(self) -> bool:
        """Ask whether there is such a table.

        Raises:
            TableError: Its name is something else's.
        """
        kind = self._all("select relkind from pg_class where oid = to_regclass(%s)", self.name)
        if kind and (found := KINDS.get(kind[0].relkind)):
            raise TableError(
                f"O nome {self.name} é de {found[0]}, e o recurso precisa dele para a sua tabela:"
                f" rode `alter {found[1]} {self.name} rename to outro_nome` no banco e sincronize"
                " de novo"
            )
        return bool(kind)

    def migrate(self, columns: Mapping[str, str], keys: Sequence[str]) -> str | None:
        """Give the table the columns and the key; tell why to read all again, if so.

        Raises:
            TableError: PostgreSQL cannot.
        """
        empty = not self._all(f"select from {self.name} limit 1")
        differing: list[Differing] = self._all(
            COLUMNS, list(columns), list(columns.values()), self.name
        )
        self._check_fixed(columns)
        missing = [column for column in differing if column.found is None]
        for column in missing:
            self._alter(f"add column {self.quote(column.name)} {column.type}", column.name)
            if column.name == INSERTED:  # after it was added: rows that are there came before
                now = "clock_timestamp() at time zone 'UTC'"
                self._alter(f"alter column {INSERTED} set default ({now})", INSERTED)
        others = [column for column in differing if column.found and self._fits(column)]
        key = next(iter(self._all(KEY, self.name)), None)
        unique = self._is_unique(sorted(keys))
        is_own = key is not None and not {*key.columns} <= {*columns}  # with a user's own column
        another = key is not None and {*key.columns} != {*keys} and not (unique and is_own)
        about = [column.name for column in others] or keys
        views = views_of(
            self.cursor,
            self.name,
            [column.number or 0 for column in others],
            key.oid if key and another else None,
        )
        for view in reversed(views):
            then = f", sincronize e crie {view.name} de novo"
            self._run(f"drop {view.kind} {view.name}", *about, then=then)
        for column in others:
            change = f"alter column {self.quote(column.name)} type {column.type}"
            self._alter(f"{change} using {self._converted(column)}", column.name)
        if key and another:
            self._alter(f"drop constraint {key.name}", *key.columns)
            for name in {*key.columns} - {*keys}:
                self._alter(f"alter column {self.quote(name)} drop not null", name)
        reread = self._add_key(sorted(keys)) if keys and not unique else None
        for view in views:
            self._restore(view, about)
        new = [column.name for column in missing if not column.name.startswith("_sdc_")]
        lacked = f"faltava na tabela a coluna {', '.join(new)}" if new and not empty else None
        return " e ".join(filter(None, (lacked, reread))) or None

    def _converted(self, column: Differing) -> str:
        return converted(self.quote(column.name), column.found or "", column.type)

    def _fits(self, column: Differing) -> bool:
        """Whether a column can take its new type; a text that cannot stays, and takes any value.

        Raises:
            TableError: It cannot, and what is to come does not fit the old type.
        """
        try:
            with self.cursor.connection.transaction():
                self._all(f"select count({self._converted(column)}) from {self.name}")  # noqa: S608
        except psycopg.DataError:  # whose message shows a value
            name, other = self.quote(column.name), self.quote(f"{column.name}_antiga")
            sentence = (
                f"A coluna {name} de {self.name} tem valores que não cabem no tipo {column.type},"
                f" que passa a ser o seu: rode `alter table {self.name} rename column {name} to"
                f" {other}` no banco e sincronize de novo"
            )
            if column.found not in TEXTS:
                raise TableError(sentence) from None
            self.warnings.append(sentence)
            return False
        except psycopg.ProgrammingError:  # there is no way from the one type to the other
            pass
        return True

    def _check_fixed(self, columns: Mapping[str, str]) -> None:
        for name, is_identity in self._all(FIXED, self.name, list(columns)):
            column, other = self.quote(name), self.quote(f"{name}_antiga")
            change = f"rename column {column} to {other}"
            if is_identity:
                change = f"alter column {column} set generated by default"
            raise TableError(
                f"A coluna {column} de {self.name} é gerada pelo banco e não aceita o que vem do"
                f" Sienge: rode `alter table {self.name} {change}` no banco e sincronize de novo"
            )

    def _is_unique(self, keys: Sequence[str]) -> bool:
        """Ask whether no two rows have the same values in all of these columns.

        Raises:
            TableError: Only at the end of a transaction, which ``on conflict`` does not take.
        """
        found = self._all(UNIQUE, self.name, keys)
        for name in [index.name for index in found if not index.indimmediate]:
            raise TableError(
                f"A chave {', '.join(keys)} de {self.name} é adiável (deferrable), e assim a tabela"
                f" não aceita linhas: rode `alter table {self.name} drop constraint {name}` no"
                " banco e sincronize de novo"
            )
        return bool(found)

    def _add_key(self, keys: Sequence[str]) -> str | None:
        """Let the key tell rows apart; tell why to read all again, if so.

        Of rows that are one by the key the newest stays. Rows without a value in it, from before it
        was the key, stay until what is read anew replaces them: next to a unique constraint, which
        lets them be.
        """
        names = ", ".join(map(self.quote, keys))
        known = {
            found.attname
            for found in self._all(
                "select attname from pg_attribute where attrelid = %s::regclass", self.name
            )
        }
        newest = [
            order
            for column, order in {
                "_sdc_deleted_at": "(_sdc_deleted_at is null) desc",
                "_sdc_sequence": "_sdc_sequence desc nulls last",
                "ctid": "ctid desc",
            }.items()
            if column in known
        ]
        twice = self._run(
            f"delete from {self.name} where (tableoid, ctid) in (select tableoid, ctid from ("  # noqa: S608
            "select tableoid, ctid, row_number() over"
            f" (partition by {names} order by {', '.join(newest)}) as place from {self.name}"
            f" where num_nulls({names}) = 0) as rows where place > 1)",
            *keys,
        )
        referring = self._all(REFERRING, self.name) if twice else []
        if referring:
            raise TableError(
                f"A chave da tabela {self.name} passa a ser {names}, e {twice} linha(s) repetida(s)"
                f" por ela sairiam também de {referring[0].name}: rode `alter table"
                f" {referring[0].name} drop constraint {referring[0].key}` no banco e sincronize de"
                " novo"
            )
        old = self._all(f"select from {self.name} where num_nulls({names}) > 0 limit 1")
        self._alter(f"add {'unique' if old else 'primary key'} ({names})", *keys)
        if twice:
            return f"a chave da tabela mudou, e {twice} linha(s) repetida(s) por ela saíram"
        return "a chave da tabela mudou" if old else None

    def _restore(self, view: View, columns: Sequence[str]) -> None:
        try:
            view.restore(self.cursor)
        except psycopg.Error as error:
            raise TableError(
                f"A mudança da coluna {', '.join(columns)} de {self.name} não cabe na visão"
                f" {view.name} ({error.diag.message_primary}): rode `drop {view.kind} {view.name}`"
                " no banco, sincronize e crie-a de novo"
            ) from None

    def _all(self, query: str, *values: object) -> list[Any]:
        return self.cursor.execute(query, values or None).fetchall()

    def _alter(self, change: str, *columns: str) -> None:
        self._run(f"alter table {self.name} {change}", *columns)

    def _run(self, statement: str, *columns: str, then: str = " e sincronize de novo") -> int:
        """Run a statement; give how many rows it met.

        Raises:
            TableError: PostgreSQL refused; tells the columns that it is about.
        """
        names = ", ".join(columns)
        try:
            return self.cursor.execute(statement).rowcount
        except psycopg.Error as error:
            if is_general(error):
                raise
            is_right = isinstance(error, psycopg.errors.InsufficientPrivilege)
            remedy = "como administrador do banco, rode" if is_right else "desfaça o que impede"
            raise TableError(
                f"A tabela {self.name}, coluna {names}, não pôde ser mudada"
                f" ({error.diag.message_primary}): {remedy} `{statement}`{then}"
            ) from None
