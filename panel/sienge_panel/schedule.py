"""When the data are read: as planned in the panel, unless SYNC_CRON says otherwise.

The scheduler asks every half hour (`exec --na-hora`), so that a change counts at once and nothing
has to be reloaded; by its asking the panel knows that there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cronsim import CronSim, CronSimError

from sienge_panel import last
from sienge_panel.plan import ALL_DAYS, Plan
from sienge_panel.quota import SAO_PAULO

if TYPE_CHECKING:
    from sienge_panel.settings import Settings
    from sienge_panel.vault import Vault

DEFAULT = Plan.of({"times": ["02:00"]})
PLAN, HOUR, SEEN = "horario", "hora", "agendador"
SILENCE = timedelta(hours=2)
"""How long after its last question the scheduler is taken for gone."""

LATE = timedelta(hours=1)
"""How long after its moment a run may still begin, as when the one before lasted."""


@dataclass(frozen=True)
class Schedule:
    """What counts now."""

    cron: str
    origin: str
    plan: Plan | None
    """None where SYNC_CRON says it."""
    seen: datetime | None

    @classmethod
    def read(cls, settings: Settings, vault: Vault) -> Schedule:
        """Take it from the environment, else from what was chosen."""
        found = vault.kept(SEEN)
        seen = datetime.fromisoformat(found) if found else None
        if cron := settings.env.get("SYNC_CRON"):
            return cls(cron, "environment", None, seen)
        chosen = vault.kept(PLAN)
        plan = Plan.of(chosen) if chosen else DEFAULT
        return cls(plan.cron, "panel" if chosen else "default", plan, seen)

    @property
    def hour(self) -> int | None:
        """The only hour of every day, where it is that simple."""
        plan = self.plan
        simple = plan and plan.days == ALL_DAYS and len(plan.minutes) == 1
        return plan.minutes[0] // 60 if plan and simple and plan.minutes[0] % 60 == 0 else None

    @property
    def following(self) -> datetime | None:
        """When the next run starts; None if nothing will start it."""
        now = datetime.now(SAO_PAULO)
        if self.origin != "environment" and (self.seen is None or now - self.seen > SILENCE):
            return None
        if self.plan:
            return next(self.plan.moments(now), None)
        try:
            return next(CronSim(self.cron, now))
        except (CronSimError, StopIteration):
            return None

    def told(self) -> dict[str, Any]:
        """Give it for the page."""
        following = self.following
        return {
            "from": self.origin,
            "cron": self.cron,
            "words": self.plan.words if self.plan else "",
            "hour": self.hour,
            "plan": self.plan.told if self.plan else None,
            "active": following is not None,
            "next": following,
        }


def due(settings: Settings, vault: Vault) -> bool:
    """Answer the scheduler whether a planned moment has come since it last asked."""
    now = datetime.now(SAO_PAULO)
    schedule = Schedule.read(settings, vault)
    vault.keep(SEEN, now.isoformat())
    if schedule.plan is None:
        return True
    hour = now.replace(minute=0, second=0, microsecond=0)
    asked = schedule.seen or hour - timedelta(microseconds=1)
    return next(schedule.plan.moments(max(asked, now - LATE)), now + LATE) <= now


def failure(settings: Settings, latest: datetime | None) -> str:
    """Give why the scheduler could not begin, unless a run, which tells its own end, came after."""
    noted = last.read(settings.last)
    try:
        began = datetime.fromisoformat(noted["inicio"])
    except (KeyError, ValueError):
        return ""
    return "" if latest and latest >= began else noted.get("falha", "")
