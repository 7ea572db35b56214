"""Where a stream's rows go: a table, and the batch that is on its way to it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click
import msgspec
import psycopg
import sqlalchemy
from psycopg.rows import namedtuple_row
from psycopg.sql import Literal
from target_postgres.connector import PostgresConnector
from target_postgres.sinks import PostgresSink
from typing_extensions import override

from target_postgres_sienge.refusals import TableError, refusal
from target_postgres_sienge.tables import INSERTED, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from target_postgres_sienge import TargetPostgresSienge

DAY = 86_400_000
"""A day as versions count: in milliseconds."""


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

    def __init__(self, target: TargetPostgresSienge, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
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
        except (psycopg.Error, sqlalchemy.exc.DBAPIError) as error:
            cause = getattr(error, "orig", error)
            if not isinstance(cause, psycopg.Error):
                raise
            raise refusal(cause, what, self) from None

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

    def without_key(self, record: dict[str, Any], error: Exception) -> click.ClickException:
        """Give the error that names the key's fields that a record lacks."""
        absent = [name for name in self.key_properties if record.get(name) is None]
        what = (
            f"sem {', '.join(absent)}, que é" if absent else f"com outra coisa ({error}) no que é"
        )
        return click.ClickException(
            f"Um registro do recurso {self.stream_name} veio {what} da sua chave."
        )

    @property
    def is_empty(self) -> bool:
        """Whether the table has no row at all."""
        with self._transaction(f"A tabela {self.table} não pôde ser lida") as cursor:
            return not cursor.execute(f"select from {self.table} limit 1").rowcount

    @override
    def activate_version(self, new_version: int) -> None:
        """Mark the rows of other versions, also those that a wrong clock put into the future.

        What is at most a day ahead may be of a read that goes on.
        """
        what = f"As linhas da tabela {self.table} que já não existem não puderam ser marcadas"
        if self.config["activate_version"] and self.include_sdc_metadata_properties:
            last = max(new_version, round(time.time() * 1000)) + DAY
            with self._transaction(what) as cursor:
                cursor.execute(
                    f"update {self.table} set {self.version_column_name} = null"  # noqa: S608
                    f" where {self.version_column_name} > {last}"
                )
        with self._telling(what):
            super().activate_version(new_version)

    def delete(self, where: dict[str, str], version: int) -> None:
        """Mark the rows that have certain values, but those of a version and later ones.

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
            older = f"where {these} and ({version_of} < {version} or {version_of} is null)"
            mark = f"set {deleted} = now() at time zone 'UTC' {older} and {deleted} is null"
            cursor.execute(
                f"delete from {self.table} {older}"  # noqa: S608
                if self.config["hard_delete"]
                else f"update {self.table} {mark}"
            )


class JSONSink(Sink):
    """Keeps the last record of each key, as JSON, until the batch is written."""

    @property
    @override
    def _columns(self) -> dict[str, str]:
        own = {INSERTED: "timestamp"} if self.include_sdc_metadata_properties else {}
        return super()._columns | own

    @cached_property
    def key(self) -> Callable[[bytes], Hashable]:
        """Gives the key of a record's JSON.

        The function raises ``msgspec.ValidationError`` if the record has none.
        """
        names = {f"key{number}": name for number, name in enumerate(self.key_properties)}
        fields = [(name, str | int | float | bool) for name in names]
        kind = msgspec.defstruct("Key", fields, rename=names, frozen=True)
        return msgspec.json.Decoder(kind).decode

    def keep(self, message: dict[str, Any]) -> None:
        """Add a record to the batch.

        Raises:
            click.ClickException: It has no key.
        """
        rows: dict[Hashable, bytes] = self._get_context({}).setdefault("rows", {})
        record = bytes(message["record"])
        if message.get("partial"):
            self._get_context({})["partial"] = True
        try:
            key = len(rows) if self.append_only else self.key(record)
        except msgspec.ValidationError as error:
            raise self.without_key(msgspec.json.decode(record), error) from None
        rows[key] = b"%b\t%b\t%b\t%f\n" % (
            record.replace(b"\\", rb"\\"),
            message.get("time_extracted", r"\N").encode(),
            str(message.get("version", r"\N")).encode(),
            time.time(),
        )
        self.tally_record_read()
        self.record_counter_metric.increment()

    @override
    def _write(self, context: dict[str, Any]) -> None:
        if "records" in context:  # from a file: BATCH messages
            super()._write(context)
            return
        with self._transaction(self._refused_rows) as cursor:
            cursor.execute(
                "create temp table batch (record json, extracted_at timestamp, version bigint,"
                " received_at float) on commit drop"
            )
            with cursor.copy("copy batch from stdin") as copy:
                copy.write(b"".join(context["rows"].values()))
            cursor.execute(self.merge_partial if "partial" in context else self.merge)

    @cached_property
    def merge(self) -> str:
        """The statement that brings a batch's records to the table."""
        return self._merge(
            f"json_populate_record(null::{self.table}, batch.record) as record",
        )

    @cached_property
    def merge_partial(self) -> str:
        """The same, of records without some columns, which stay as the table has them.

        Not the mark of a deletion: a record that came is there.
        """
        same = " and ".join(f"kept.{name} = came.{name}" for name in self._keys)
        return self._merge(
            f"json_populate_record(null::{self.table}, batch.record) as came"
            f" left join {self.table} as kept on {same},"
            f" json_populate_record(kept, batch.record) as record",
            marked="came",
        )

    @property
    def _keys(self) -> list[str]:
        return [self.quote(name) for name in self.key_properties]

    def _merge(self, records: str, marked: str = "record") -> str:
        values = {
            name: f"{row}.{self.quote(name)}"
            for name in self.schema["properties"]
            for row in [marked if name == self.soft_delete_column_name else "record"]
        }
        if self.include_sdc_metadata_properties:
            values |= {
                "_sdc_extracted_at": "batch.extracted_at",
                "_sdc_received_at": "to_timestamp(batch.received_at) at time zone 'UTC'",
                "_sdc_batched_at": "clock_timestamp() at time zone 'UTC'",
                "_sdc_sequence": "round(batch.received_at * 1000)",
                "_sdc_table_version": "batch.version",
                "_sdc_sync_started_at": str(self.sync_started_at),
            }
        columns = ", ".join(map(self.quote, values))
        statement = (
            f"insert into {self.table} ({columns}) select {', '.join(values.values())}"  # noqa: S608
            f" from batch, {records}"
        )
        if self.append_only:
            return statement
        changes = ", ".join(f"{self.quote(name)} = excluded.{self.quote(name)}" for name in values)
        keys = ", ".join(self._keys)
        return f"{statement} on conflict ({keys}) do update set {changes}"
