"""When the data are read: an hour of the day in São Paulo, unless SYNC_CRON says otherwise.

The scheduler asks every hour (`exec --na-hora`), so that a change counts at once and nothing has
to be reloaded; by its asking the panel knows that there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cronsim import CronSim, CronSimError

from sienge_panel import last
from sienge_panel.quota import SAO_PAULO

if TYPE_CHECKING:
    from sienge_panel.settings import Settings
    from sienge_panel.vault import Vault

DEFAULT = 2
HOUR, SEEN = "hora", "agendador"
SILENCE = timedelta(hours=2)
"""How long after its last question the scheduler is taken for gone."""


@dataclass(frozen=True)
class Schedule:
    """What counts now."""

    cron: str
    origin: str
    hour: int | None
    """None where SYNC_CRON says more than an hour."""
    seen: datetime | None

    @classmethod
    def read(cls, settings: Settings, vault: Vault) -> Schedule:
        """Take it from the environment, else from what was chosen."""
        found = vault.kept(SEEN)
        seen = datetime.fromisoformat(found) if found else None
        if cron := settings.env.get("SYNC_CRON"):
            return cls(cron, "environment", None, seen)
        chosen = vault.kept(HOUR)
        hour = DEFAULT if chosen is None else chosen
        return cls(f"0 {hour} * * *", "default" if chosen is None else "panel", hour, seen)

    @property
    def following(self) -> datetime | None:
        """When the next run starts; None if nothing will start it."""
        now = datetime.now(SAO_PAULO)
        if self.origin != "environment" and (self.seen is None or now - self.seen > SILENCE):
            return None
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
            "hour": self.hour,
            "active": following is not None,
            "next": following,
        }


def due(settings: Settings, vault: Vault) -> bool:
    """Answer the scheduler whether this is the hour."""
    now = datetime.now(SAO_PAULO)
    vault.keep(SEEN, now.isoformat())
    return Schedule.read(settings, vault).hour in {None, now.hour}


def failure(settings: Settings, latest: datetime | None) -> str:
    """Give why the scheduler could not begin, unless a run, which tells its own end, came after."""
    noted = last.read(settings.last)
    try:
        began = datetime.fromisoformat(noted["inicio"])
    except (KeyError, ValueError):
        return ""
    return "" if latest and latest >= began else noted.get("falha", "")
