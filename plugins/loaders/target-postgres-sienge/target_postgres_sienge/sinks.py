"""Where a stream's rows go: a table, and the batch that is on its way to it."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click
import msgspec
import psycopg
import sqlalchemy
from psycopg.rows import namedtuple_row
from target_postgres.connector import PostgresConnector
from target_postgres.sinks import PostgresSink
from typing_extensions import override

from target_postgres_sienge.tables import Table, TableError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

INSERTED = "_sdc_inserted_at"
"""Column with the moment, in UTC, at which a row first came; NULL where that was before it."""


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

    @property
    def table(self) -> str:
        """The table's quoted name."""
        return ".".join(map(self.quote, filter(None, (self.schema_name, self.table_name))))

    def quote(self, name: str) -> str:
        """Quote a name, if it must be."""
        quoted: str = self.connector._engine.dialect.identifier_preparer.quote(name)
        return quoted

    @override
    def setup(self) -> None:
        dialect = self.connector._engine.dialect
        columns = {
            name: self.connector.to_sql_type(kind).compile(dialect=dialect)
            for name, kind in self.schema["properties"].items()
        }
        try:
            with self.connector._connect() as connection, connection.begin():
                cursor = connection.connection.cursor(row_factory=namedtuple_row)
                table = Table(cursor, self.table, self.quote)
                self.reread = table.migrate(columns, self.key_properties)
                if table.exists:
                    self.append_only = not self.key_properties
                else:
                    super().setup()
            for sentence in table.warnings:
                self.logger.warning("%s", sentence)
        except (psycopg.Error, sqlalchemy.exc.DBAPIError) as error:
            refusal = getattr(error, "orig", error)
            if not isinstance(refusal, psycopg.errors.InsufficientPrivilege):
                raise
            user = self.quote(self.connector._engine.url.username or "current_user")
            schema = self.quote(self.schema_name or "public")
            raise TableError(
                f"O usuário {user} não pode criar ou usar as tabelas do schema {schema}"
                f" ({refusal.diag.message_primary}): como administrador do banco, rode"
                f" `create schema if not exists {schema}; grant all on schema {schema} to {user};"
                f" grant all on all tables in schema {schema} to {user}` e sincronize de novo"
            ) from None

    @property
    def is_empty(self) -> bool:
        """Whether the table has no row at all."""
        with self.connector._connect() as connection:
            statement = f"select from {self.table} limit 1"
            return connection.exec_driver_sql(statement).first() is None

    @override
    def activate_version(self, new_version: int) -> None:
        """Mark the rows of other versions, also those that a wrong clock put into the future."""
        if self.config["activate_version"] and self.include_sdc_metadata_properties:
            last = max(new_version, round(time.time() * 1000))
            with self.connector._connect() as connection, connection.begin():
                connection.exec_driver_sql(
                    f"update {self.table} set {self.version_column_name} = null"  # noqa: S608
                    f" where {self.version_column_name} > {last}"
                )
        super().activate_version(new_version)

    def delete(self, where: dict[str, str], version: int) -> None:
        """Mark the rows that have certain values, but those of a version and later ones.

        With ``hard_delete`` they go.
        """
        if not (self.config["activate_version"] and self.include_sdc_metadata_properties):
            return
        deleted, version_of = self.soft_delete_column_name, self.version_column_name
        these = " and ".join(f"{self.quote(name)} = %s" for name in where)
        older = f"where {these} and ({version_of} < %s or {version_of} is null)"
        mark = f"set {deleted} = now() at time zone 'UTC' {older} and {deleted} is null"
        statement = (
            f"delete from {self.table} {older}"  # noqa: S608
            if self.config["hard_delete"]
            else f"update {self.table} {mark}"
        )
        with self.connector._connect() as connection, connection.begin():
            connection.connection.cursor().execute(statement, [*where.values(), version])


class JSONSink(Sink):
    """Keeps the last record of each key, as JSON, until the batch is written."""

    @override
    def setup(self) -> None:
        super().setup()
        if not self.include_sdc_metadata_properties:
            return
        with self.connector._connect() as connection, connection.begin():
            exists = self.connector.column_exists(
                full_table_name=self.full_table_name, column_name=INSERTED, connection=connection
            )
            if not exists:
                connection.exec_driver_sql(
                    f"alter table {self.table} add column if not exists {INSERTED} timestamp,"
                    f" alter column {INSERTED} set default (clock_timestamp() at time zone 'UTC')"
                )

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
            raise click.ClickException(self._without_key(record, error)) from None
        rows[key] = b"%b\t%b\t%b\t%f\n" % (
            record.replace(b"\\", rb"\\"),
            message.get("time_extracted", r"\N").encode(),
            str(message.get("version", r"\N")).encode(),
            time.time(),
        )
        self.tally_record_read()
        self.record_counter_metric.increment()

    def _without_key(self, record: bytes, error: Exception) -> str:
        found = msgspec.json.decode(record)
        absent = [name for name in self.key_properties if found.get(name) is None]
        what = (
            f"sem {', '.join(absent)}, que é" if absent else f"com outra coisa ({error}) no que é"
        )
        return f"Um registro do recurso {self.stream_name} veio {what} da sua chave."

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        if "records" in context:  # from a file: BATCH messages
            super().process_batch(context)
            return
        with self.connector._connect() as connection, connection.begin():
            cursor = connection.connection.cursor()
            try:
                cursor.execute(
                    "create temp table batch (record json, extracted_at timestamp, version bigint,"
                    " received_at float) on commit drop"
                )
                with cursor.copy("copy batch from stdin") as copy:
                    copy.write(b"".join(context["rows"].values()))
                cursor.execute(self.merge_partial if "partial" in context else self.merge)
            except psycopg.Error as error:
                reason = error.diag.message_primary
                raise click.ClickException(
                    f"O PostgreSQL recusou linhas para a tabela {self.table}: {reason}."
                ) from None

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
