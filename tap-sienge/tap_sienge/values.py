"""One value of a record, in any notation that Sienge uses, as what its schema promises."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

Record = dict[str, Any]
Convert = Callable[[Any], Any]

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
"""Sienge's clock: date-times land in this zone, without offset."""


def today() -> date:
    """Give the day in São Paulo, where Sienge's days begin and end."""
    return datetime.now(SAO_PAULO).date()


BIGINT = 2**63

EXACT = 2**53
"""From here on not every whole number is a float; from a hundredth of it on, not every cent."""

EMPTY = (None, "")
"""How Sienge writes that there is no value."""

DEEPEST = 100
"""Levels of nesting that every target and database takes."""


def clean(text: str) -> str | None:
    """Strip blanks; empty text is no value."""
    return text.strip() or None


def shallow(value: Any, levels: int = DEEPEST) -> Any:  # noqa: ANN401
    """Keep a value of unknown shape as it is, but as text what targets round or refuse.

    That is a number beyond 64 bits, and what is nested too deeply (its JSON text).
    """
    if type(value) is int and not -BIGINT <= value < BIGINT:
        return str(value)
    if not isinstance(value, (dict, list)):
        return value
    if not levels:  # in a thread, which may go as deep as the one that read it
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(json.dumps, value, ensure_ascii=False).result()
    if isinstance(value, dict):
        return {name: shallow(item, levels - 1) for name, item in value.items()}
    return [shallow(item, levels - 1) for item in value]


def string(value: Any) -> str | None:  # noqa: ANN401
    """Text, without surrounding blanks; a number becomes its digits."""
    if type(value) is str:
        return value.strip() or None
    if type(value) is float and value.is_integer():
        value = int(value)  # a code written as 7.0 is that of 7
    if type(value) in {int, float}:
        return str(value)
    raise ValueError(value)


UNCERTAIN = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+")
"""A whole number that may be a thousand times another: ``1.000``."""


def integer(value: Any) -> int | None:  # noqa: ANN401
    """Whole number, also from padded digits (``"0012"``) or a float without fraction."""
    if type(value) is not int:
        if type(value) is str:
            text = clean(value)
            if text is None:
                return None
            if UNCERTAIN.fullmatch(text):
                raise ValueError(value)
            value = int(text) if re.fullmatch(r"[+-]?\d+", text) else number(text)
        if type(value) is float and value.is_integer() and abs(value) < EXACT:
            value = int(value)
    if type(value) is int and -BIGINT <= value < BIGINT:
        return value
    raise ValueError(value)


def number(value: Any) -> float | None:  # noqa: ANN401
    """Number, also from text in Brazilian (``1.234,56``) or plain (``1234.56``) notation."""
    if type(value) is int:
        return value
    if type(value) is float and abs(value) < EXACT / 100:
        return value
    if type(value) is str:
        text = clean(value)
        if text is None:
            return None
        if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+|[+-]?\d+,\d+", text):
            text = text.replace(".", "").replace(",", ".")
        if re.fullmatch(r"[+-]?\d+", text):
            return int(text)
        if re.fullmatch(r"[+-]?(\d+\.\d*|\.\d+|\d+(\.\d+)?[eE][+-]?\d+)", text):
            found = float(text)
            if abs(found) < EXACT / 100:
                return found
    raise ValueError(value)


TAXPAYER = re.compile(
    r"\d{3}\.\d{3}\.\d{3}-\d\d|[\dA-Z]{2}\.[\dA-Z]{3}\.[\dA-Z]{3}/[\dA-Z]{4}-\d\d"
)


def taxpayer(value: Any) -> str | None:  # noqa: ANN401
    """CPF or CNPJ without punctuation, which the API gives or not; other text stays as it is."""
    text = string(value)
    return re.sub(r"[./-]", "", text) if text and TAXPAYER.fullmatch(text) else text


BOOLEANS = {"true": True, "s": True, "sim": True, "1": True,
            "false": False, "n": False, "não": False, "nao": False, "0": False}  # fmt: skip


def boolean(value: Any) -> bool | None:  # noqa: ANN401
    """Truth, also from ``"S"``/``"N"`` and the like."""
    if type(value) is bool:
        return value
    if type(value) in {str, int}:
        text = clean(str(value))
        return None if text is None else BOOLEANS[text.lower()]
    raise ValueError(value)


ZONED_DAY = re.compile(r"(\d{4}-\d\d-\d\d) ?[+-]\d\d(:\d\d)?", re.ASCII)
"""A day with the zone in which it was written; Python would read the zone as a time."""

MOMENT = re.compile(r"(\d{4}-\d\d-\d\d|\d{8})([T ].+)?", re.ASCII)
"""A day, and perhaps a time; Python would take any character between them, as in an epoch."""


def moment(text: str) -> datetime | None:
    """Read a date or a moment in any of the API's notations, with its zone if it gives one."""
    try:
        if text[4:5] == text[7:8] == "-" and text[10:11] in {"", "T", " "}:
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    text = text.strip()
    if not text:
        return None
    text = re.sub(r"^(\d{2})/(\d{2})/(\d{4})", r"\3-\2-\1", text)
    text = re.sub(r"(\.\d{1,6})\d*", lambda fraction: fraction[1].ljust(7, "0"), text)
    text = re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text.replace("Z", "+00:00"))
    if day_alone := ZONED_DAY.fullmatch(text):
        text = day_alone[1]
    if not MOMENT.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text.replace(" ", "T", 1))


@lru_cache(maxsize=16384)
def day(value: str) -> str | None:
    """Give ``yyyy-MM-dd`` for a date in any of the API's notations."""
    found = moment(value)
    if found and found.tzinfo and found.time() != found.min.time():
        found = found.astimezone(SAO_PAULO)  # midnight of any zone stands for the day as written
    return found.date().isoformat() if found else None


@lru_cache(maxsize=16384)
def date_time(value: str) -> str | None:
    """Give ``yyyy-MM-ddTHH:mm:ss`` in São Paulo's local time."""
    found = moment(value)
    if found and found.tzinfo:
        found = found.astimezone(SAO_PAULO).replace(tzinfo=None)
    return found.isoformat() if found else None


MOST = 200
"""Different sentences that are counted apart."""


class WarningCounter(Counter[str]):
    """What did not fit the schema in this run: sentence → number of times."""

    def __init__(self) -> None:
        """Start with nothing to tell."""
        super().__init__()
        self._lock = threading.Lock()

    def count(self, sentence: str) -> None:
        """Count something once more; called by any thread."""
        with self._lock:
            known = sentence[:300] if len(self) < MOST or sentence in self else "outros avisos"
            self[known] += 1

    def unknown(self, path: str) -> None:
        """Count a field that the schema does not know."""
        self.count(f"campo não documentado: {path or '(sem nome)'}")

    def misfit(self, path: str, expected: str) -> None:
        """Count a value that is not of its field's type and cannot be made so."""
        self.count(f"valor que não é {expected}: {path}")


SCALARS: dict[str, tuple[Convert, str]] = {
    "string": (string, "texto"),
    "integer": (integer, "número inteiro"),
    "number": (number, "número"),
    "boolean": (boolean, "sim ou não"),
    "date": (day, "data"),
    "date-time": (date_time, "data e hora"),
}
MISFIT = (ValueError, KeyError, TypeError, AttributeError, OverflowError)


def whole(value: Any) -> int | None:  # noqa: ANN401
    """Read a number that counts something, also from text (FACTS); None if it is none."""
    try:
        number = integer(value)
    except MISFIT:
        return None
    return number if number is not None and number >= 0 else None
