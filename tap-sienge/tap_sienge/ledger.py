"""Requests of a tenant in a file that all processes of the machine share.

A request is written down before it is sent, so that a kill at any instant forgets none. SQLite
gives the rest: one writer at a time, and commits that survive.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
import zlib
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tap_sienge.errors import QuotaSpent
from tap_sienge.values import today

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

WINDOW = 60.0
"""Seconds over which the vendor counts requests (FACTS: 200 REST, 20 BULK a minute)."""

PATIENCE = 60.0
"""Seconds to wait for other processes that use the file."""

LONGEST = 2 * 3600 + 2 * WINDOW
"""Seconds that no request counts longer, whatever the setting request_timeout."""

LONGEST_REFUSAL = 24 * 3600
"""Seconds that the API may ask to wait; nine hours were seen (FACTS)."""

TABLES = """
create table if not exists quota (
    tenant text, kind text, day text, requests integer not null, primary key (tenant, kind, day)
) without rowid;
create table if not exists request (
    id integer primary key, tenant text, kind text, free_at real not null
);
create index if not exists request_window on request (tenant, kind, free_at);
create table if not exists told (
    tenant text, kind text, day text, allowed integer, primary key (tenant, kind, day)
) without rowid;
create table if not exists pause (
    tenant text, kind text, until real not null, primary key (tenant, kind)
) without rowid;
"""

FREE = "delete from request where (tenant, kind) = (?, ?) and free_at <= ?"

STANDING = """
select
    (select requests from quota where (tenant, kind, day) = (?1, ?2, ?3)),
    (select allowed from told where (tenant, kind, day) = (?1, ?2, ?3)),
    coalesce((select until from pause where (tenant, kind) = (?1, ?2)), 0),
    coalesce((select max(id) from request) - (select min(id) from request) + 1, 0)
"""
"""Requests of the day, how many the API allows, until when it asks to wait, and how many there are
at most in the window: quicker than to count."""

RUNNING = "select count(*), min(free_at) from request where (tenant, kind) = (?, ?)"

COUNT = """
insert into quota values (?, ?, ?, 1)
on conflict (tenant, kind, day) do update set requests = requests + 1
"""

TOLD = """
insert into told values (?, ?, ?, ?) on conflict (tenant, kind, day)
do update set allowed = excluded.allowed
"""

PAUSE = """
insert into pause values (?, ?, ?) on conflict (tenant, kind) do update set until = excluded.until
"""

ANSWERED = "update request set free_at = ? where id = ?"

SET_BACK = "update request set free_at = ? where free_at > ?"


class Ledger:
    """What was asked of a tenant, today and within the last minute, by all processes."""

    def __init__(self, path: Path, tenant: str) -> None:
        """Open or create the file.

        Raises:
            OSError, sqlite3.Error: It cannot be written, or is none of ours.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self.tenant = tenant
        self._path = path
        self._answered: deque[tuple[float, int]] = deque()
        self._told: deque[tuple[str, str, str, int]] = deque()
        self._lock = threading.RLock()
        self._file = sqlite3.connect(
            path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        self._write_ahead()
        self._file.execute("pragma synchronous = full")
        self._file.executescript(TABLES)

    def _write_ahead(self) -> None:
        """Let processes read while one writes.

        SQLite itself does not wait here for others, so that of two that create the file at once
        one would fail.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._file.execute("pragma journal_mode = wal")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
            time.sleep(0.01)

    def used(self, api: str) -> int:
        """Count the requests of this day."""
        return self._standing(api)[0]

    def left(self, api: str, quota: int | None) -> int | None:
        """Count the requests that the day still has; None where neither plan nor API tell."""
        used, allowed = self._standing(api)
        limits = [limit for limit in (quota, allowed) if limit is not None]
        return max(min(limits) - used, 0) if limits else None

    def _standing(self, api: str) -> tuple[int, int | None]:
        with self._lock:
            whose = (self.tenant, api, today().isoformat())
            used, allowed, *_ = self._file.execute(STANDING, whose).fetchone()
        return used or 0, allowed

    def note_left(self, api: str, used: int, left: int) -> None:
        """Believe the API how many requests the day still had after the one numbered ``used``.

        They are less than the plan's where other programs of the company ask, too (FACTS). Written
        down with the next request, as what was answered is.
        """
        self._told.append((self.tenant, api, today().isoformat(), used + left))

    def pause(self, api: str, seconds: float) -> None:
        """Ask for nothing, in any process, until so many seconds have passed.

        Each request before that would make the API wait anew (FACTS).
        """
        with self._transaction():
            self._file.execute(PAUSE, (self.tenant, api, time.time() + seconds))

    def take(
        self, api: str, limit: int, quota: int | None, lifetime: float
    ) -> tuple[int, int, float]:
        """Write down a request that is about to be sent.

        It counts for ``lifetime`` seconds, which a process that dies before the answer cannot
        shorten.

        Returns:
            Its number and its place in the day, or zeros and how many seconds to wait at least if
            the window has no room.

        Raises:
            errors.QuotaSpent: The day's ``quota`` is spent, or the API asked to wait for long.
        """
        now = time.time()
        with self._transaction():
            whose = (self.tenant, api)
            self._file.execute(FREE, (*whose, now))
            found = self._file.execute(STANDING, (*whose, today().isoformat())).fetchone()
            used, allowed, until, running = found
            used = used or 0
            if now < until < now + LONGEST_REFUSAL:  # further away only if the clock was set back
                raise QuotaSpent(until - now)
            if any(most is not None and used >= most for most in (quota, allowed)):
                raise QuotaSpent
            if running >= limit:
                running, free_at = self._file.execute(RUNNING, whose).fetchone()
            if running >= limit:
                # A clock that was set back must not make requests of the past count for hours.
                self._file.execute(SET_BACK, (now + WINDOW, now + LONGEST))
                return 0, 0, min(free_at - now, WINDOW)
            self._file.execute(COUNT, (*whose, today().isoformat()))
            taken = self._file.execute(
                "insert into request (tenant, kind, free_at) values (?, ?, ?)",
                (*whose, now + lifetime),
            )
            return taken.lastrowid or 0, used + 1, 0.0

    def answered(self, number: int, window: float) -> None:
        """Let a request count for ``window`` seconds more, now that its answer came.

        It is written down with the next request, as one that waits for the disk keeps all others
        waiting; until then, or until ``settle``, the request counts longer.
        """
        self._answered.append((time.time() + window, number))

    def settle(self) -> None:
        """Write down what was answered."""
        with self._transaction():
            pass

    def claim(self, streams: Iterable[str]) -> list[str]:
        """Keep other processes from reading the same streams of the tenant while this one lives.

        The kernel holds the claim and drops it with the process, however that ends.

        Returns:
            The streams that another process is reading; if there are any, nothing was claimed.
        """
        if sys.platform == "win32":
            return []
        claims = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT, 0o600)  # open until the end
        taken = []
        for stream in streams:
            place = zlib.crc32(f"{self.tenant} {stream}".encode())
            try:
                fcntl.lockf(claims, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            except BlockingIOError:
                taken.append(stream)
        if taken:
            os.close(claims)
        return taken

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._file.execute("begin immediate")
            answered, told = list(self._answered), list(self._told)
            try:
                self._file.executemany(ANSWERED, answered)
                self._file.executemany(TOLD, told)
                yield
            except BaseException:
                self._file.execute("rollback")
                raise
            self._file.execute("commit")
            for _ in answered:
                self._answered.popleft()
            for _ in told:
                self._told.popleft()
