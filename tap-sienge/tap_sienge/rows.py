"""What a record of the API becomes: a row with a key, or one set aside; none is lost."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timezone
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk.helpers.types import Context  # noqa: TC002
from singer_sdk.singerlib.messages import RecordMessage
from typing_extensions import override

from tap_sienge.keys import KEY, ContentKeys, DistinctKeys, digest
from tap_sienge.privacy import Privacy
from tap_sienge.questions import SiengeQuestions
from tap_sienge.values import EXTRA, Record, Table

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from singer_sdk import Tap

    from tap_sienge.run import Run

LONGEST_KEY = 200
"""Characters of a text in a key: PostgreSQL's index takes 2,704 bytes for all columns of a key."""


@cache
def load_schema(name: str) -> Record:
    """Read the schema file of a stream."""
    path = files("tap_sienge") / "schemas" / f"{name}.json"
    schema: Record = json.loads(path.read_text(encoding="utf-8"))
    return schema


class SiengeRows(SiengeQuestions):
    """Rows, keys and messages of a stream."""

    primary_keys: Sequence[str] = ("id",)
    content_key: ClassVar[Sequence[str] | None] = None
    """Columns that make the key of rows to which the API gives no id; empty: all of them."""

    TYPE_CONFORMANCE_LEVEL = SiengeQuestions.TYPE_CONFORMANCE_LEVEL.NONE

    def __init_subclass__(cls) -> None:
        """Give streams whose rows have no id the calculated key."""
        if cls.content_key is not None:
            cls.primary_keys = (KEY,)

    def __init__(self, tap: Tap, run: Run) -> None:
        """Compile the stream's schema file."""
        self.table = Table(load_schema(self.name), calculated_key=self.content_key is not None)
        self.privacy = Privacy(run.config)
        self.hide = self.privacy.rows(
            self.table.described, keys=self.content_key or self.primary_keys
        )
        super().__init__(tap, run, self.table.schema)
        self._content_keys = ContentKeys()
        self._keyless = 0
        self._chosen = DistinctKeys()
        """Keys that came with one of the choices where these are not demanded."""
        self._beside: dict[tuple[Any, ...], Record] = {}
        self._again: Counter[tuple[Any, ...]] = Counter()

    @override
    def post_process(self, row: Record, context: Context | None = None) -> Record | None:
        known = self.table.convert(row, dict(context or {}))
        converted = self.hide(known)
        if self.content_key is not None:
            columns = self.content_key or [c for c in converted if c not in {KEY, EXTRA, "links"}]
            content = [converted[column] for column in columns]
            converted[KEY] = self._content_keys.key(content).hex()
        key = tuple(converted[name] for name in self.primary_keys)
        if None in key or self._too_long(key):
            converted = dict(converted)  # what is calculated is nothing to ask the API for
            key = self._complete(converted)
        if self.undivided and not self.choices.keys() & (context or {}) and key in self._chosen:
            self.progress.seen.add(key)
            return None
        if (first := self._beside.setdefault(key, converted)) is not converted:
            self._repeated(key, converted, first)
            return None
        self.progress.seen.add(key)
        for follower in self.followers:
            follower.offer(self, known)  # the API is asked for what is hidden from others
        return converted

    def _came(self, record: Any, context: Record) -> bool:  # noqa: ANN401
        """Whether a record's key was seen before in this context; reports nothing."""
        key = self._key(record, context)
        return key is not None and key in self.progress.seen

    def _key(self, record: Any, context: Record | None = None) -> tuple[Any, ...] | None:  # noqa: ANN401
        """Give the key of a record; None if it is no object. Reports nothing."""
        if not isinstance(record, dict):
            return None
        row = self.hide(self._unreported.convert(record, context or {}))
        return tuple(row[name] for name in self.primary_keys)

    @cached_property
    def _unreported(self) -> Table:
        return Table(load_schema(self.name))

    def _forget_beside(self, *, but_last: bool) -> None:
        """Forget which rows stand side by side; the last one stays beside the next page's."""
        kept = dict([self._beside.popitem()]) if but_last and self._beside else {}
        self._beside = kept
        self._again = Counter({key: self._again[key] for key in kept})

    def _too_long(self, key: tuple[Any, ...]) -> bool:
        return self._key_has_text and any(
            type(part) is str and len(part) > LONGEST_KEY for part in key
        )

    @cached_property
    def _key_has_text(self) -> bool:
        return any(self.table.kinds.get(name) == "string" for name in self.primary_keys)

    def _complete(self, converted: Record) -> tuple[Any, ...]:
        """Calculate what is missing in a row's key, or too long for it, so that it is not lost."""
        missing = [name for name in self.primary_keys if converted[name] is None]
        if missing:
            stand_in = self._content_keys.stand_in(converted)
            for name in missing:
                converted[name] = stand_in[self.table.kinds[name]]
            self._keyless += 1
            names = " e ".join(missing)
            self.table.report.count(f"registro sem {names}, gravado com chave calculada")
        for name in self.primary_keys:
            if self._too_long((converted[name],)):
                whole = {name: self.privacy.unknown(converted[name])}
                converted[EXTRA] = (converted[EXTRA] or {}) | whole
                converted[name] = f"codigo-longo-{digest(converted[name]).hex()}"
                self.table.report.count(f"código longo demais, gravado resumido: {name}")
        return tuple(converted[name] for name in self.primary_keys)

    def _repeated(self, key: tuple[Any, ...], row: Record, first: Record) -> None:
        """Land one of equal rows, and the first of those that only share their key."""
        self._again[key] += 1
        seen = (*key, self._again[key])
        if any(first[name] != row[name] for name in first):
            reason = "a mesma chave veio antes, na mesma página, com outro conteúdo"
            self._set_aside(seen, row, reason)
        elif seen not in self.progress.seen:
            self.progress.seen.add(seen)
            self.table.report.count("registro repetido na mesma página, gravado uma vez")

    def _set_aside(self, seen: tuple[Any, ...], record: Any, reason: str) -> None:  # noqa: ANN401
        """Reject what cannot land, which the API's ``count`` counts too.

        The only way to ``rejected_rows``. A page that is read once more rejects nothing anew.
        """
        if seen not in self.progress.seen:
            self.progress.seen.add(seen)
            self.entry.rejected += 1
            self.run.rejects.add(self.name, record, reason)

    @override
    def _generate_record_messages(self, record: Record) -> Generator[RecordMessage, None, None]:
        """As the SDK does it, but for selection, which our flat schemas need only for columns."""
        for column in self._deselected:
            record.pop(column, None)
        for stream_map in self.stream_maps:
            if (mapped := stream_map.transform(record)) is not None:
                yield RecordMessage(
                    stream=stream_map.stream_alias,
                    record=mapped,
                    version=self._stream_version,
                    time_extracted=datetime.now(timezone.utc),
                )

    @cached_property
    def _deselected(self) -> list[str]:
        columns = self.table.schema["properties"]
        return [column for column in columns if not self.mask["properties", column]]

    @override
    def _increment_stream_state(
        self, latest_record: Record, *, context: Context | None = None
    ) -> None:
        """Leave the bookmark alone: it is the day of the last complete read, not a record's."""
