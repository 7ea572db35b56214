"""The per-minute limits and the daily quotas of the plans."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .clock import Clock

PLANS: dict[str, tuple[int, int]] = {
    "free": (100, 10),
    "start": (1_000, 20),
    "special": (2_500, 50),
    "essencial": (5_000, 100),
    "enterprise": (10_000, 200),
    "business": (30_000, 600),
    "ultimate": (75_000, 28_800),
    "infinity": (200_000, 30_000),
}
"""Requests per day by plan: REST, BULK."""

WINDOW = 60.0
"""Seconds of the sliding window of the per-minute limits."""


class RefusedError(Exception):
    """A request over a limit; `retry_after` in seconds, None where only the next day helps."""

    def __init__(self, retry_after: int | None) -> None:
        super().__init__("limit")
        self.retry_after = retry_after


class Limits:
    """Counts the requests of the one subdomain. A refused request counts in neither."""

    def __init__(self, clock: Clock, plan: str, rest_per_minute: int, bulk_per_minute: int) -> None:
        self.clock, self.plan = clock, plan
        self.per_minute = {False: rest_per_minute, True: bulk_per_minute}
        self.recent: dict[bool, deque[float]] = {False: deque(), True: deque()}
        self.day = clock.today()
        self.used = {False: 0, True: 0}

    def _new_day(self) -> None:
        if self.day != (today := self.clock.today()):
            self.day, self.used = today, {False: 0, True: 0}

    def take(self, bulk: bool) -> None:
        """Count a request, or raise `RefusedError`."""
        self._new_day()
        now, recent = self.clock.now(), self.recent[bulk]
        while recent and recent[0] <= now - WINDOW:
            recent.popleft()
        if len(recent) >= self.per_minute[bulk]:
            oldest = recent[0] if recent else now
            raise RefusedError(max(1, math.ceil(oldest + WINDOW - now)))
        blocks = bulk or self.plan == "free"
        if blocks and self.used[bulk] >= PLANS[self.plan][bulk]:
            raise RefusedError(None)
        recent.append(now)
        self.used[bulk] += 1

    def usage(self) -> dict[str, Any]:
        """Today's requests against the plan."""
        self._new_day()
        rest, bulk = PLANS[self.plan]
        return {
            "day": self.day,
            "plan": self.plan,
            "rest": self.used[False],
            "bulk": self.used[True],
            "rest_quota": rest,
            "bulk_quota": bulk,
            "rest_overage": max(0, self.used[False] - rest),
        }
