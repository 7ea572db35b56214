"""The periods that bulk answers are asked for."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, LAST = date(2020, 1, 1), date(2025, 12, 31)
"""From when to when records are due."""


def months() -> Iterator[tuple[str, str]]:
    """Give the first and last day of each month."""
    for year in range(FIRST.year, LAST.year + 1):
        for month in range(1, 13):
            last = calendar.monthrange(year, month)[1]
            yield date(year, month, 1).isoformat(), date(year, month, last).isoformat()
