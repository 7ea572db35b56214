"""When the data are read: as planned in the panel, unless the environment says otherwise.

Everything is read at the times of SYNC_CRON or of the plan, and what changed, in rounds between,
at those of SYNC_ROUNDS_CRON or of the rounds' plan. The scheduler asks every five minutes
(`exec --na-hora`), so that a change counts at once and nothing has to be reloaded; by its asking
the panel knows that there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from cronsim import CronSim, CronSimError

from sienge_panel import last
from sienge_panel.plan import ALL_DAYS, Plan
from sienge_panel.quota import SAO_PAULO
from sienge_panel.runner import ROUND, WHOLE

if TYPE_CHECKING:
    from sienge_panel.settings import Settings
    from sienge_panel.vault import Vault

DEFAULT = Plan.of({"times": ["02:00"]})
PLAN, ROUNDS, HOUR, SEEN = "horario", "rodadas", "hora", "agendador"
SILENCE = timedelta(hours=2)
"""How long after its last question the scheduler is taken for gone."""

LATE, ROUND_LATE = timedelta(hours=1), timedelta(minutes=10)
"""How long after its moment a whole reading, and a round, may still begin, as when the one before
lasted; after a missed round the next one brings the same."""

Origin = Literal["environment", "panel", "default"]


@dataclass(frozen=True)
class Part:
    """When one of both is begun; never, where there is neither a plan nor cron's form."""

    cron: str
    origin: Origin
    plan: Plan | None
    """None where the environment says it, or nothing does."""

    def following(self, now: datetime, seen: datetime | None) -> datetime | None:
        """Give when it is begun next; None if nothing will begin it."""
        if self.plan:
            asked = seen is not None and now - seen <= SILENCE
            return next(self.plan.moments(now), None) if asked else None
        try:
            return next(CronSim(self.cron, now)) if self.cron else None
        except (CronSimError, StopIteration):
            return None


@dataclass(frozen=True)
class Schedule:
    """What counts now."""

    whole: Part
    rounds: Part
    seen: datetime | None

    @classmethod
    def read(cls, settings: Settings, vault: Vault) -> Schedule:
        """Take it from the environment, else from what was chosen.

        SYNC_CRON is a schedule of the server's own, in which the panel's rounds have no place.
        """
        found = vault.kept(SEEN)
        seen = datetime.fromisoformat(found) if found else None
        cron, rounds_cron = (
            settings.env.get(name, "") for name in ("SYNC_CRON", "SYNC_ROUNDS_CRON")
        )
        whole = Part(cron, "environment", None) if cron else _chosen(vault.kept(PLAN), DEFAULT)
        if cron or rounds_cron:
            return cls(whole, Part(rounds_cron, "environment", None), seen)
        return cls(whole, _chosen(vault.kept(ROUNDS), None), seen)

    @property
    def hour(self) -> int | None:
        """The only hour of every day, where it is that simple."""
        plan = self.whole.plan
        simple = plan and plan.days == ALL_DAYS and len(plan.minutes) == 1
        return plan.minutes[0] // 60 if plan and simple and plan.minutes[0] % 60 == 0 else None

    @property
    def following(self) -> datetime | None:
        """When the next reading of everything starts; None if nothing will start it."""
        return self.whole.following(datetime.now(SAO_PAULO), self.seen)

    @property
    def next_round(self) -> datetime | None:
        """When the next round starts; None if nothing will start it."""
        return self.rounds.following(datetime.now(SAO_PAULO), self.seen)

    @property
    def more_today(self) -> bool:
        """Whether everything is still to be read today."""
        now = datetime.now(SAO_PAULO)
        following = self.whole.following(now, now)
        return following is not None and following.date() == now.date()

    def status(self) -> dict[str, Any]:
        """Give it for the page."""
        following = self.following
        return {
            **_as_dict(self.whole),
            "hour": self.hour,
            "active": following is not None,
            "next": following,
            "rounds": {**_as_dict(self.rounds), "next": self.next_round},
        }


def _chosen(kept: Any, default: Plan | None) -> Part:  # noqa: ANN401, as the vault gives it
    plan = Plan.of(kept) if kept else default
    return Part(plan.cron if plan else "", "panel" if kept else "default", plan)


def _as_dict(part: Part) -> dict[str, Any]:
    plan = part.plan
    words, given = (plan.words, plan.as_dict) if plan else ("", None)
    return {"from": part.origin, "cron": part.cron, "words": words, "plan": given}


def due(settings: Settings, vault: Vault) -> str:
    """Answer the scheduler which planned moment has come since it last asked.

    The trigger of a reading of everything, which also brings what a round would, or that of a
    round, or nothing.
    """
    now = datetime.now(SAO_PAULO)
    schedule = Schedule.read(settings, vault)
    vault.keep(SEEN, now.isoformat())
    whole, rounds = schedule.whole.plan, schedule.rounds.plan
    if whole is None:
        return WHOLE
    asked = schedule.seen
    if asked is None or asked > now:  # by a clock that was wrong
        asked = now.replace(minute=0, second=0, microsecond=0) - timedelta(microseconds=1)
    if whole.came(max(asked, now - LATE), now):
        return WHOLE
    return ROUND if rounds and rounds.came(max(asked, now - ROUND_LATE), now) else ""


def failure(settings: Settings, latest: datetime | None) -> str:
    """Give why the scheduler could not begin, unless a run, which tells its own end, came after."""
    noted = last.read(settings.last)
    try:
        began = datetime.fromisoformat(noted["inicio"])
    except (KeyError, ValueError):
        return ""
    return "" if latest and latest >= began else noted.get("falha", "")
