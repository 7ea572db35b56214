"""Slower and slower guesses of a password, counted for each address apart."""

from __future__ import annotations

import time
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

FREE, LONGEST = 5, 300
"""Wrong guesses that cost no wait, and the seconds that one waits at most after more of them."""

FORGOTTEN = 3600
"""Seconds after which the wrong guesses of an address are forgotten."""

MOST = 10_000
"""Addresses that are remembered; the oldest are forgotten first."""


class SlowedError(Exception):
    """Too many wrong guesses; ``seconds`` to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = int(seconds) + 1


class Throttle:
    """The wrong guesses of each address and when the last was, the oldest first."""

    def __init__(self) -> None:
        """Know of none."""
        self._wrong: dict[str, tuple[int, float]] = {}
        self._lock = Lock()

    def begin(self, address: str) -> None:
        """Count a guess as wrong until it is known to be right, so that many at once cost as much.

        Raises:
            SlowedError: It comes too early.
        """
        place, now = _place(address), time.monotonic()
        with self._lock:
            wrong, last = self._wrong.get(place, (0, now))
            if now - last > FORGOTTEN:
                wrong = 0
            pause = min(2.0 ** (wrong - FREE), LONGEST) if wrong >= FREE else 0
            if (left := last + pause - now) > 0:
                raise SlowedError(left)
            self._wrong.pop(place, None)
            self._wrong[place] = (wrong + 1, now)
            if len(self._wrong) > MOST:
                del self._wrong[next(iter(self._wrong))]

    def right(self, address: str) -> None:
        """Forget the wrong guesses of an address."""
        with self._lock:
            self._wrong.pop(_place(address), None)


class Rate:
    """Some at once, and then so many a second, of each address apart."""

    def __init__(self, burst: float, per_second: float) -> None:
        """Know of none."""
        self._burst, self._per_second = burst, per_second
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def take(self, address: str = "") -> None:
        """Count one.

        Raises:
            SlowedError: It is one too many.
        """
        place, now = _place(address), time.monotonic()
        with self._lock:
            left, last = self._left.pop(place, (self._burst, now))
            left = min(left + (now - last) * self._per_second, self._burst)
            self._left[place] = (left - (left >= 1), now)
            if len(self._left) > MOST:
                del self._left[next(iter(self._left))]
        if left < 1:
            raise SlowedError((1 - left) / self._per_second)


def _place(address: str) -> str:
    """Give what counts as one address: of IPv6, the network that everybody gets whole."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)
