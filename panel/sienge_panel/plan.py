"""When the data are read, as people say it: at some times, or every so often; on which days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sienge_panel.problem import ProblemError
from sienge_panel.quota import SAO_PAULO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOUR, MIDNIGHT = 60, 24 * 60
TIME = re.compile(r"([01]\d|2[0-3]):(00|30)")
ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)
NAMES = ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")
DAYS = {
    ALL_DAYS: "todos os dias",
    (0, 1, 2, 3, 4): "em dias úteis",
    (0, 1, 2, 3, 4, 5): "de segunda a sábado",
    (5, 6): "aos sábados e domingos",
}


@dataclass(frozen=True)
class Plan:
    """Times of the day, in minutes from midnight, on days of the week, of which Monday is 0."""

    minutes: tuple[int, ...]
    days: tuple[int, ...]
    every: int | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Plan:
        """Take what the page sends or the panel keeps.

        Raises:
            ProblemError: There is nothing to do, or a time is none.
        """
        days = tuple(sorted({*given.get("days", ALL_DAYS)}))
        if every := given.get("every"):
            first, last = given.get("first", 0), given.get("last", 23)
            if first > last:
                raise ProblemError("Escolha uma última hora que não venha antes da primeira.")
            return cls(tuple(range(first * 60, last * 60 + 1, every)), days, every)
        times = given.get("times") or []
        if wrong := [time for time in times if not TIME.fullmatch(time)]:
            raise ProblemError(
                f"Horário {wrong[0]}: escolha uma hora cheia ou meia hora, como 07:00 ou 12:30."
            )
        if not times:
            raise ProblemError("Escolha pelo menos um horário.")
        return cls(tuple(sorted({int(t[:2]) * 60 + int(t[3:]) for t in times})), days)

    @property
    def as_dict(self) -> dict[str, Any]:
        """Give it as the page sends it."""
        if self.every:
            hours = {"first": self.minutes[0] // 60, "last": self.minutes[-1] // 60}
            return {"every": self.every, **hours, "days": [*self.days]}
        return {"times": [*map(_clock, self.minutes)], "days": [*self.days]}

    @property
    def words(self) -> str:
        """Say it."""
        days = DAYS.get(self.days) or _listed([NAMES[day] for day in self.days])
        if self.every:
            often = said(self.every)
            first, last = self.minutes[0] // 60, self.minutes[-1] // 60
            whole = first == 0 and self.minutes[-1] + self.every >= MIDNIGHT
            return f"{often}, {'o dia todo' if whole else f'das {first} às {last}'}, {days}"
        return f"{days}, às {_listed([*map(_clock, self.minutes)])}"

    @property
    def cron(self) -> str:
        """Give it in cron's form, one for each minute of the hour that occurs."""
        days = "*" if self.days == ALL_DAYS else ",".join(str((day + 1) % 7) for day in self.days)
        by_minute = {
            minute: [m // 60 for m in self.minutes if m % 60 == minute]
            for minute in sorted({m % 60 for m in self.minutes})
        }
        return "; ".join(f"{m} {','.join(map(str, h))} * * {days}" for m, h in by_minute.items())

    def came(self, after: datetime, now: datetime) -> bool:
        """Whether a planned moment came after one, and is not still to come."""
        return next(self.moments(after), now + timedelta(1)) <= now

    def moments(self, after: datetime) -> Iterator[datetime]:
        """Give the planned moments after one, for eight days."""
        midnight = after.astimezone(SAO_PAULO).replace(hour=0, minute=0, second=0, microsecond=0)
        for day in (midnight + timedelta(n) for n in range(9)):
            if day.weekday() in self.days:
                for minute in self.minutes:
                    moment = day.replace(hour=minute // 60, minute=minute % 60)
                    if moment > after:
                        yield moment


def said(every: int) -> str:
    """Say how often something is done, by the minutes between."""
    if every < HOUR:
        return f"a cada {every} minutos"
    return "a cada hora" if every == HOUR else f"a cada {every // HOUR} horas"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _listed(words: list[str]) -> str:
    return " e ".join(filter(None, (", ".join(words[:-1]), words[-1])))
