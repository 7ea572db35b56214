"""The limiter never lets a window overflow, wherever in it the server counts a request."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from requests.structures import CaseInsensitiveDict
from tap_sienge.errors import QuotaSpent
from tap_sienge.ledger import Ledger
from tap_sienge.limits import Closed, RateLimiter

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "state" / "quota.db", "construtora")


def test_a_window_never_holds_more_than_the_limit(ledger: Ledger) -> None:
    limiter = RateLimiter(ledger, "rest", 5, window=0.3)
    spans = []

    def request(number: int) -> None:
        with limiter.slot():
            start = time.monotonic()
            time.sleep(0.01 * (number % 4))
            spans.append((start, time.monotonic()))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(request, range(30)))
    assert len(spans) == 30
    for _, end in spans:  # the latest starts may be counted with the earliest ends
        assert sum(end <= other_end and start < end + 0.3 for start, other_end in spans) <= 5


def test_a_closed_limiter_wakes_those_who_wait(ledger: Ledger) -> None:
    limiter = RateLimiter(ledger, "rest", 1, window=3600)
    with limiter.slot():
        pass
    failures = []

    def wait() -> None:
        try:
            with limiter.slot():
                pass
        except Closed as error:
            failures.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    limiter.close()
    waiting.join(10)
    assert len(failures) == 1
    with pytest.raises(Closed), limiter.slot():
        pass


def test_a_second_bare_refusal_after_a_whole_window_means_that_the_day_is_over(
    ledger: Ledger,
) -> None:
    limiter = RateLimiter(ledger, "rest", 10, window=0.05)
    limiter.refused(None)
    limiter.refused(None)  # requests that were under way say nothing new
    limiter.accepted()  # nor do their answers
    with limiter.slot():
        pass
    with pytest.raises(QuotaSpent):
        limiter.refused(None)
    with pytest.raises(QuotaSpent), limiter.slot():
        pass


def test_a_refusal_that_asks_to_wait_for_hours_ends_the_day(ledger: Ledger) -> None:
    limiter = RateLimiter(ledger, "rest", 10)
    limiter.refused(0.01)
    with limiter.slot():
        pass
    with pytest.raises(QuotaSpent):
        limiter.refused(7200)


def test_refusals_that_ask_to_wait_a_little_in_vain_again_and_again_end_the_day(
    ledger: Ledger,
) -> None:
    limiter = RateLimiter(ledger, "rest", 10)
    for _ in range(2):
        limiter.refused(0.01)
        limiter.refused(0.01)  # a request that was under way says nothing new
        with limiter.slot():
            pass
    limiter.accepted()
    for _ in range(3):
        limiter.refused(0.01)
        with limiter.slot():
            pass
    with pytest.raises(QuotaSpent):
        limiter.refused(0.01)


def test_after_a_bare_refusal_one_request_tries_first(ledger: Ledger) -> None:
    limiter = RateLimiter(ledger, "rest", 10, window=0.2)
    limiter.refused(None)
    entered, answer = threading.Semaphore(0), threading.Event()

    def request() -> None:
        with limiter.slot():
            entered.release()
            answer.wait(10)
            limiter.accepted()

    with ThreadPoolExecutor(3) as pool:
        requests = [pool.submit(request) for _ in range(3)]
        assert entered.acquire(timeout=10)
        assert not entered.acquire(timeout=1.5), "the others wait for the first one's answer"
        answer.set()
        for done in requests:
            done.result(10)


def test_the_quota_is_never_exceeded_by_several_processes(tmp_path: Path) -> None:
    script = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tap_sienge.errors import QuotaSpent
from tap_sienge.ledger import Ledger
from tap_sienge.limits import RateLimiter
limiter = RateLimiter(Ledger(Path(sys.argv[1]), "construtora"), "rest", 1000, quota=100)
def ask(number):
    try:
        with limiter.slot():
            return 1
    except QuotaSpent:
        return 0
with ThreadPoolExecutor(8) as pool:
    print(sum(pool.map(ask, range(60))))
"""
    command = [sys.executable, "-c", script, str(tmp_path / "quota.db")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    asked = [int(process.communicate(timeout=60)[0]) for process in running]
    assert sum(asked) == 100
    assert Ledger(tmp_path / "quota.db", "construtora").used("rest") == 100
    assert Ledger(tmp_path / "quota.db", "construtora").used("bulk") == 0
    assert Ledger(tmp_path / "quota.db", "outra").used("rest") == 0


def test_a_process_that_was_killed_still_counts_in_the_window(tmp_path: Path) -> None:
    script = """
import os, signal, sys
from pathlib import Path
from tap_sienge.ledger import Ledger
from tap_sienge.limits import RateLimiter
limiter = RateLimiter(Ledger(Path(sys.argv[1]), "construtora"), "rest", 3, timeout=1, window=2)
for number in range(2):
    with limiter.slot():
        pass
with limiter.slot():
    os.kill(os.getpid(), signal.SIGKILL)
"""
    path = tmp_path / "quota.db"
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    ledger = Ledger(path, "construtora")
    assert ledger.used("rest") == 3
    assert ledger.take("rest", 3, None, 60)[0] == 0, "the window is full"
    RateLimiter(ledger, "rest", 3, window=0.1).slot().__enter__()  # but not for ever


def test_a_clock_that_was_set_back_blocks_nothing_for_hours(ledger: Ledger) -> None:
    number, *_ = ledger.take("rest", 1, None, 60)
    ledger.answered(number, 9 * 3600)
    *_, wait = ledger.take("rest", 1, None, 60)
    assert 0 < wait <= 60


def test_what_the_api_says_is_left_is_believed_where_it_is_less(ledger: Ledger) -> None:
    assert ledger.left("bulk", None) is None
    places = [ledger.take("bulk", 20, 10, 60)[1] for _ in range(2)]
    assert places == [1, 2]
    ledger.note_left("bulk", used=1, left=100)
    ledger.settle()
    assert ledger.left("bulk", 10) == 8
    ledger.note_left("bulk", used=2, left=1)
    ledger.take("bulk", 20, 10, 60)
    assert ledger.left("bulk", 10) == ledger.left("bulk", None) == 0
    with pytest.raises(QuotaSpent):
        ledger.take("bulk", 20, None, 60)
    assert ledger.take("rest", 20, None, 60)[1] == 1, "the other kind has its own"


@pytest.mark.parametrize(
    ("headers", "left"),
    [({"x-ratelimit-remaining-day": "5"}, 2), ({"X-RateLimit-Remaining-Day": "-1"}, None),
     ({"x-ratelimit-remaining-day": "muitas"}, None), ({}, None)],
)  # fmt: skip
def test_a_reserve_is_kept_of_what_the_api_says(
    ledger: Ledger, headers: dict[str, str], left: int | None
) -> None:
    limiter = RateLimiter(ledger, "rest", 20, reserve=3)
    with limiter.slot() as place:
        limiter.note_headers(place, CaseInsensitiveDict(headers))
    ledger.settle()
    assert limiter.left() == left


def test_no_process_asks_before_the_api_allows(tmp_path: Path) -> None:
    first, second = (Ledger(tmp_path / "quota.db", "construtora") for _ in range(2))
    with pytest.raises(QuotaSpent, match="2 h 14 min"):
        RateLimiter(first, "bulk", 20).refused(8_000)
    with pytest.raises(QuotaSpent, match="2 h 14 min"):
        second.take("bulk", 20, None, 60)
    assert second.take("rest", 20, None, 60)[1] == 1
    second.pause("bulk", -1)
    assert second.take("bulk", 20, None, 60)[1] == 1
    second.pause("bulk", 40 * 86400)  # a clock that was ahead
    assert second.take("bulk", 20, None, 60)[1] == 2


def test_streams_are_read_by_one_process_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "quota.db"
    script = """
import sys
from pathlib import Path
from tap_sienge.ledger import Ledger
print(Ledger(Path(sys.argv[1]), "construtora").claim(sys.argv[2:]), flush=True)
"""

    def claim(*streams: str) -> str:
        command = [sys.executable, "-c", script, str(path), *streams]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    script_of_another = f"""
{script}
input()
"""
    command = [sys.executable, "-c", script_of_another, str(path), "customers", "bills"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdout.readline().strip() == "[]"
        assert claim("units", "bills") == "['bills']"
        assert claim("units") == "[]"
        other.kill()
    assert claim("bills") == "[]"


def test_the_file_is_waited_for_while_another_process_creates_it(tmp_path: Path) -> None:
    path = tmp_path / "quota.db"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        ThreadPoolExecutor() as pool,
    ):
        other.execute("begin immediate")
        opened = pool.submit(Ledger, path, "construtora")
        with pytest.raises(NotYet):
            opened.result(0.5)
        other.execute("commit")
        assert opened.result(10).used("rest") == 0


@pytest.mark.parametrize("left", ["9223372036854775807", "9" * 23, "9" * 5000, "²", "-1", "x", ""])
def test_an_odd_number_of_requests_that_are_left_is_not_believed(ledger: Ledger, left: str) -> None:
    limiter = RateLimiter(ledger, "rest", 10, quota=100)
    with limiter.slot() as place:
        limiter.note_headers(place, {"x-ratelimit-remaining-day": left})
    assert limiter.left() == 99
    limiter.close()
