"""From the canonical record to the answer: documented formats, links and the quirks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from .mix import MASK, masked, salt
from .rows import Record

if TYPE_CHECKING:
    from .spec import Field, Link, ResourceSpec

Step = Callable[[Record, int], None]
"""Changes an answer in place; the number is the row's own random bits."""

FORMATS = {"space": (" ", ""), "millis": (" ", ".000"), "zone": ("T", ".000-03:00")}
"""What stands between the day and the time of a moment, and what after."""

OLD = "2023"
"""Dates before this year may come in other spellings."""


class Wire:
    """Turns canonical records of one resource into what the API answers."""

    def __init__(self, spec: ResourceSpec, base_url: str, *, quirks: bool, dirty: bool) -> None:
        self.base_url, self.quirks = base_url, quirks
        fields = spec.fields + spec.detail
        self.steps: list[Step] = list(self._quirks(spec, fields)) if quirks else []
        self.steps += self._level(fields, spec.links)
        self.dirty = spec.dirty if dirty else {}

    def answer(self, record: Record, index: int, bits: int, owners: Record) -> Record:
        """The record as answered; changes and returns the one given.

        `owners` are the keys of its owners, which its links may name.
        """
        for step in self.steps:
            step(record, bits)
        if owners:
            for link in record.get("links", ()):
                link["href"] = link["href"].format(**owners)
        if self.dirty and index % self.dirty["one_in"] == 7:
            record |= self.dirty.get("extra", {}) | self.dirty.get("replace", {})
        return record

    def _level(self, fields: list[Field], links: list[Link]) -> Iterable[Step]:
        """Steps for one level of nesting which hold with or without quirks."""
        for field in fields:
            if field.format == "number":
                yield _number(field.name)
            elif field.format == "masked":
                yield _sometimes(field.name, 1, lambda text, _bits: masked(text))
            elif field.format:
                yield _formatted(field.name, *FORMATS[field.format])
            inner = list(self._level(field.fields, field.links))
            if inner:
                yield _inside(field.name, inner)
        if links:
            yield self._linked(links)

    def _linked(self, links: list[Link]) -> Step:
        def step(record: Record, _bits: int) -> None:
            found = []
            for link in links:
                value = record.get(link.field)
                if link.only is True or (link.only and self.quirks):
                    record.pop(link.field, None)
                if value is None:
                    continue
                text = str(value)
                if link.pad and self.quirks:
                    text = text.strip().ljust(link.pad)
                found.append(
                    {"rel": link.rel, "href": self.base_url + link.href.replace("{}", text)}
                )
            record["links"] = found

        return step

    @staticmethod
    def _quirks(spec: ResourceSpec, fields: list[Field]) -> Iterable[Step]:
        types = {f.name: f.type for f in fields}
        listed = spec.quirks.get
        for name in listed("blanks", []):
            yield _sometimes(name, 12, _blank)
        for name in listed("masked", []):
            yield _sometimes(name, 3, lambda text, _bits: masked(text))
        for name in listed("padded", []):
            yield _sometimes(name, 2, lambda text, _bits: text.ljust(4))
        for name in listed("text_numbers", []):
            yield _sometimes(
                name,
                20,
                lambda number, _bits: (
                    f"{number:.2f}" if round(number, 2) == number else str(number)
                ),
            )
        for name in listed("text_ids", []):
            yield _sometimes(name, 1, lambda number, _bits: str(number))
        for name in listed("dates", []):
            yield _sometimes(name, 3, _old_moment if types[name] == "date-time" else _old_date)
        if names := listed("renamed", {}):
            yield lambda record, _bits: _rename(record, names)
        texts = [f.name for f in fields if f.type in ("string", "date") and not f.hidden]

        def empty(record: Record, bits: int) -> None:
            if bits & 3 == 0:
                for name in texts:
                    if name in record and record[name] is None:
                        record[name] = ""

        yield empty


def _rename(record: Record, names: dict[str, str]) -> None:
    for name, value in [*record.items()]:
        del record[name]
        record[names.get(name, name)] = value


def _sometimes(name: str, one_in: int, change: Callable[[Any, int], Any]) -> Step:
    """Change a field which is not null, in about one of so many rows."""
    own = salt(name)

    def step(record: Record, bits: int) -> None:
        chance = ((bits ^ own) * 0x9FB21C651E98DF25 & MASK) >> 30
        if chance % one_in == 0 and record.get(name) is not None:
            record[name] = change(record[name], chance // one_in)

    return step


def _blank(text: str, bits: int) -> str:
    return text + ("  ", "\t", " ", "\t\t")[bits % 4]


def _old_date(text: str, bits: int) -> str:
    if text >= OLD:
        return text
    day = f"{text[8:]}/{text[5:7]}/{text[:4]}"
    return (f"{text}T00:00:00", f"{text}T00:00:00-03:00", day)[bits % 3]


def _old_moment(text: str, bits: int) -> str:
    if text >= OLD:
        return text
    utc = (datetime.fromisoformat(text) + timedelta(hours=3)).isoformat()
    return (text + ".000", f"{text}-03:00", f"{utc}Z")[bits % 3]


def _formatted(name: str, middle: str, end: str) -> Step:
    """The documented spelling of a moment, unless a quirk already respelt the value."""

    def step(record: Record, _bits: int) -> None:
        text = record.get(name)
        if text and len(text) == 19:
            record[name] = f"{text[:10]}{middle}{text[11:]}{end}"

    return step


def _number(name: str) -> Step:
    """A text as a number where it is one."""

    def step(record: Record, _bits: int) -> None:
        with suppress(TypeError, ValueError):
            number = float(record[name])
            record[name] = int(number) if number.is_integer() else number

    return step


def _inside(name: str, steps: list[Step]) -> Step:
    def step(record: Record, bits: int) -> None:
        value = record.get(name)
        for item in value if isinstance(value, list) else [value] if value else []:
            for inner in steps:
                inner(item, bits)

    return step
