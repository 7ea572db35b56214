"""The sink of records that stay the JSON that they came as."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from typing_extensions import override

from target_postgres_sienge.refusals import TableError
from target_postgres_sienge.sinks import Sink
from target_postgres_sienge.tables import INSERTED

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


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
            TableError: It has no key.
        """
        rows: dict[Hashable, bytes] = self._get_context({}).setdefault("rows", {})
        record = bytes(message["record"])
        if message.get("partial"):
            self._get_context({})["partial"] = True
        try:
            key = len(rows) if self.append_only else self.key(record)
        except msgspec.ValidationError as error:
            self._check_key(msgspec.json.decode(record))
            raise TableError(
                f"Um registro do recurso {self.stream_name} veio com outra coisa ({error}) no que é"
                " da sua chave."
            ) from None
        rows[key] = b"%b\t%b\t%b\t%f\n" % (
            record.replace(b"\\", rb"\\"),
            (message.get("time_extracted") or r"\N").encode(),
            str(r"\N" if (version := message.get("version")) is None else version).encode(),
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
            merge = self.merge_partial if "partial" in context else self.merge
            left_out = len(context["rows"]) - cursor.execute(merge).rowcount
            if left_out:
                raise TableError(
                    f"{self._refused_rows} (um gatilho ou uma regra descarta {left_out} dela(s)):"
                    f" rode `alter table {self.table} disable trigger user`, ou apague a regra, e"
                    " sincronize de novo"
                )

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
