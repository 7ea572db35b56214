"""How grave a line of a run's log is."""

from __future__ import annotations

import re
from typing import Literal

Level = Literal["info", "warning", "error"]

ERROR = re.compile(
    r"\[(error|critical) |Traceback \(most recent call last\)|^\w*Error: | Error: "
    r"|\b(FAIL|ERROR)\b"
)
WARNING = re.compile(r"\[warning |\bWARN(ING)?\b")
"""Meltano's levels, and the words of Python and dbt, whose lines Meltano writes all as `info`."""


def level(line: str, end: str = "") -> Level:
    """Give it; ``end`` is the sentence with which the tap ended, which it may not log."""
    if ERROR.search(line) or (end and end in line):
        return "error"
    return "warning" if WARNING.search(line) else "info"
