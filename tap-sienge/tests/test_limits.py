"""The limiter never lets a window overflow, wherever in it the server counts a request."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tap_sienge.limits import Closed, RateLimiter


def test_a_window_never_holds_more_than_the_limit() -> None:
    limiter = RateLimiter(5, window=0.3)
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


def test_a_closed_limiter_wakes_those_who_wait() -> None:
    limiter = RateLimiter(1, window=3600)
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


def test_a_second_bare_refusal_after_a_whole_window_means_that_the_day_is_over() -> None:
    limiter = RateLimiter(10, window=0.05)
    assert limiter.refused(None)
    assert limiter.refused(None), "requests that were under way say nothing new"
    limiter.accepted()  # nor do their answers
    with limiter.slot():
        pass
    assert not limiter.refused(None)
    limiter.accepted()
    assert limiter.refused(None)
    assert limiter.refused(0.01)
