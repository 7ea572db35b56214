"""Conditions on rows, and on the elements of a list in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .rows import Record

Test = Callable[[Any], bool]


class Filter:
    """A condition on a field; `low` and `high` bound it where it is a range of days.

    `wanted` are the texts that pass, where it lists them; `indexed` asks to find them by an index.
    Of the list of objects `part`, the answer shows those which have passed `kept`: themselves, or
    those at their places in the list `field`, where that is another one.
    """

    indexed = False
    part: str = ""
    kept: Test

    def __init__(
        self,
        field: str,
        test: Test,
        low: str | None = None,
        high: str | None = None,
        wanted: set[str] | None = None,
    ) -> None:
        self.field, self.test, self.low, self.high = field, test, low, high
        self.wanted = wanted or set()

    @classmethod
    def since(cls, field: str, first: str) -> Filter:
        """The field's day is this one or later."""
        return cls(field, lambda day: day is not None and day >= first, low=first)

    @classmethod
    def until(cls, field: str, last: str) -> Filter:
        """The field's day is this one or earlier."""
        return cls(field, lambda day: day is not None and day <= last, high=last)


def kept_parts(
    record: Record, parts: list[Filter], value: Callable[[str], list[Record]]
) -> Record | None:
    """The record with only the elements asked for; None where nothing is left.

    `value` gives the list that a filter tests in the place of the one it leaves out of.
    """
    for part in {one.part for one in parts}:
        tests = [one for one in parts if one.part == part]
        tested = [record[part] if one.field == part else value(one.field) for one in tests]
        record[part] = [
            element
            for place, element in enumerate(record[part])
            if all(one.kept(others[place]) for one, others in zip(tests, tested, strict=True))
        ]
        if not record[part]:
            return None
    return record
