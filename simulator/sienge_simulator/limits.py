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


PATIENCE = 5
"""BULK requests refused one after the other, within ten minutes, from which on it gets long."""

FORGOTTEN = 600.0
"""Seconds without a refusal after which those before do not count."""

LONG, LONGEST = 8_000, 9 * 3600
"""Seconds that each further refusal adds to the wait, and the most it gets to."""


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
        self.refusals, self.refused, self.until = 0, 0.0, 0.0

    def _new_day(self) -> None:
        if self.day != (today := self.clock.today()):
            self.day, self.used = today, {False: 0, True: 0}

    def take(self, bulk: bool) -> None:
        """Count a request, or raise `RefusedError`."""
        self._new_day()
        now, recent = self.clock.now(), self.recent[bulk]
        if bulk and now < self.until:
            raise RefusedError(self._patience(now))
        while recent and recent[0] <= now - WINDOW:
            recent.popleft()
        if len(recent) >= self.per_minute[bulk]:
            oldest = recent[0] if recent else now
            wait = max(1, math.ceil(oldest + WINDOW - now))
            raise RefusedError(max(wait, self._patience(now)) if bulk else wait)
        blocks = bulk or self.plan == "free"
        if blocks and self.used[bulk] >= PLANS[self.plan][bulk]:
            raise RefusedError(None)
        recent.append(now)
        if bulk:
            self.refusals = 0
        self.used[bulk] += 1

    def _patience(self, now: float) -> int:
        """Seconds to wait after a BULK request too many: hours after others, more at each try."""
        if now >= max(self.until, self.refused + FORGOTTEN):
            self.refusals = 0
        self.refusals, self.refused = self.refusals + 1, now
        wait = min(LONG * max(self.refusals - PATIENCE, 0), LONGEST)
        self.until = now + wait
        return wait

    def headers(self) -> dict[str, str]:
        """What BULK answers tell of the day's quota, whoever used it."""
        limit = PLANS[self.plan][True]
        left = max(limit - self.used[True], 0)
        return {"x-ratelimit-limit-day": str(limit), "x-ratelimit-remaining-day": str(left)}

    def use(self, rest: int, bulk: int) -> dict[str, Any]:
        """Count requests of others, which no minute's limit holds back."""
        self._new_day()
        self.used[False] += rest
        self.used[True] += bulk
        return self.usage()

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
