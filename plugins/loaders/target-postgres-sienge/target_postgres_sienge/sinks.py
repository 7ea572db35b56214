"""Where a stream's rows go: a table, and the batch that is on its way to it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
import sqlalchemy
from psycopg.rows import namedtuple_row
from psycopg.sql import Literal
from singer_sdk.exceptions import InvalidRecord
from target_postgres.connector import PostgresConnector
from target_postgres.sinks import PostgresSink
from typing_extensions import override

from target_postgres_sienge.refusals import TableError, refusal
from target_postgres_sienge.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = 86_400_000
"""A day as versions count: in milliseconds."""

READS = 100
"""Reads of a stream that begin while another goes on, at most: each counts on by one from a version
that is ahead of the clock."""


def last_sound(version: int) -> int:
    """Give the last version that no wrong clock gave, while the rows of ``version`` are loaded.

    What is at most a day ahead of the clock, or ``READS`` ahead of this version, may be of a read
    that goes on.
    """
    return max(version + READS, round(time.time() * 1000) + DAY)


class Loader(Protocol):
    """What a sink tells of a refusal: the target."""

    def refuse_rows(self, name: str, error: TableError) -> None:
        """Take no more of the stream whose rows go under a name, and tell why."""


class Connector(PostgresConnector):
    """Leaves the types of existing columns to ``tables``."""

    @override
    def _adapt_column_type(self, *_: object, **__: object) -> None:
        """Do nothing."""


class Sink(PostgresSink):
    """Takes rows as the original does, into a table that was made to fit."""

    connector_class = Connector

    reread: str | None = None
    """Why the table's rows must all be read again."""

    def __init__(self, target: Loader, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Take the SDK's arguments."""
        super().__init__(target, *args, **kwargs)
        self._refuse = target.refuse_rows

    @property
    def table(self) -> str:
        """The table's quoted name."""
        return ".".join(map(self.quote, filter(None, (self.schema_name, self.table_name))))

    @property
    def user(self) -> str:
        """The quoted name of the user as whom the loader writes."""
        return self.quote(self.connector._engine.url.username or "current_user")

    def quote(self, name: str) -> str:
        """Quote a name, if it must be, for a statement without parameters."""
        quoted: str = self.connector._engine.dialect.identifier_preparer.quote(name)
        return quoted.replace("%%", "%")

    @contextmanager
    def _telling(self, what: str) -> Iterator[None]:
        """Tell the user what PostgreSQL refuses, in a sentence that begins with ``what``.

        Raises:
            TableError: It refused.
            click.ClickException: It could not be used at all.
        """
        try:
            yield
        except (psycopg.Error, sqlalchemy.exc.SQLAlchemyError) as error:
            raise refusal(getattr(error, "orig", error), what, self) from None

    @contextmanager
    def _transaction(self, what: str) -> Iterator[psycopg.Cursor[Any]]:
        with (
            self._telling(what),
            self.connector._connect() as connection,
            connection.begin(),
        ):
            yield connection.connection.cursor(row_factory=namedtuple_row)

    @override
    def setup(self) -> None:
        with self._transaction(f"A tabela {self.table} não pôde ser preparada") as cursor:
            table = Table(cursor, self.table, self.quote)
            table.lock()
            if table.exists():
                self.append_only = not self.key_properties
            else:
                super().setup()
            self.reread = table.migrate(self._columns, self.key_properties)
        for sentence in table.warnings:
            self.logger.warning("%s", sentence)

    @property
    def _columns(self) -> dict[str, str]:
        """The table's columns and their types."""
        dialect = self.connector._engine.dialect
        return {
            name: self.connector.to_sql_type(kind).compile(dialect=dialect)
            for name, kind in self.schema["properties"].items()
        }

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        """Write a batch; where PostgreSQL refuses it, the stream is refused."""
        try:
            self._write(context)
        except TableError as error:
            self._refuse(self.stream_name, error)

    def _write(self, context: dict[str, Any]) -> None:
        with self._telling(self._refused_rows):
            super().process_batch(context)

    @property
    def _refused_rows(self) -> str:
        return f"A tabela {self.table} não aceitou linhas do recurso {self.stream_name}"

    @override
    def _validate_and_parse(self, record: dict[str, Any]) -> dict[str, Any]:
        """Do as the original, but keep the record's values out of the log.

        Raises:
            TableError: It has no key, or is not as the schema says.
        """
        self._check_key(record)
        try:
            if self._validator:
                self._validator.validate(record)
        except InvalidRecord:
            raise TableError(
                f"Um registro do recurso {self.stream_name} não é como o seu esquema diz"
                " (validate_records)."
            ) from None
        self._parse_timestamps_in_record(
            record=record, schema=self.schema, treatment=self.datetime_error_treatment
        )
        return record

    def _check_key(self, record: dict[str, Any]) -> None:
        if absent := [name for name in self.key_properties if record.get(name) is None]:
            raise TableError(
                f"Um registro do recurso {self.stream_name} veio sem {', '.join(absent)}, que é da"
                " sua chave."
            )

    def is_empty(self) -> bool:
        """Ask PostgreSQL whether the table has no row at all.

        Raises:
            TableError: It refused.
        """
        with self._transaction(f"A tabela {self.table} não pôde ser lida") as cursor:
            return not cursor.execute(f"select from {self.table} limit 1").rowcount

    @override
    def activate_version(self, new_version: int) -> None:
        """Mark the rows of other versions, also those that a wrong clock put into the future."""
        what = f"As linhas da tabela {self.table} que já não existem não puderam ser marcadas"
        if self.config["activate_version"] and self.include_sdc_metadata_properties:
            with self._transaction(what) as cursor:
                cursor.execute(
                    f"update {self.table} set {self.version_column_name} = null"  # noqa: S608
                    f" where {self.version_column_name} > {last_sound(new_version)}"
                )
        with self._telling(what):
            super().activate_version(new_version)

    def delete(self, where: dict[str, str], version: int) -> None:
        """Mark the rows that have certain values, but those of a version and sound later ones.

        With ``hard_delete`` they go.

        Raises:
            TableError: PostgreSQL refused.
        """
        if not (self.config["activate_version"] and self.include_sdc_metadata_properties):
            return
        deleted, version_of = self.soft_delete_column_name, self.version_column_name
        with self._transaction(f"Linhas da tabela {self.table} não puderam ser marcadas") as cursor:
            these = " and ".join(
                f"{self.quote(name)} = {Literal(value).as_string(cursor)}"
                for name, value in where.items()
            )
            sound = f"{version_of} between {version} and {last_sound(version)}"
            older = f"where {these} and ({sound}) is not true"
            mark = f"set {deleted} = now() at time zone 'UTC' {older} and {deleted} is null"
            cursor.execute(
                f"delete from {self.table} {older}"  # noqa: S608
                if self.config["hard_delete"]
                else f"update {self.table} {mark}"
            )
