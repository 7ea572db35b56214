"""The night of many companies, where its length can be known beforehand."""

from __future__ import annotations

import pytest

from benchmarks.measure import Cost
from benchmarks.night import COMPANIES, Measure, Work, jobs, night

WORK = Work(seconds=60, processor=30, database=10)


@pytest.mark.parametrize(
    ("starts", "at_once", "processors", "ends", "waited"),
    [
        ([0], 1, 8, 60, 0),
        ([0] * 4, 4, 8, 60, 0),
        ([0] * 4, 2, 8, 120, 60),  # two have no place
        ([0] * 4, 4, 1, 120, 0),  # all have a place, and half a processor is wanted by each
        ([0, 100], 4, 1, 160, 0),
        ([0, 30], 1, 8, 120, 30),
        ([3600, 3630], 2, 8, 90, 0),
    ],
)
def test_who_has_no_place_waits_and_who_has_no_processor_is_slow(
    starts: list[float], at_once: int, processors: float, ends: float, waited: float
) -> None:
    went = night([(start, WORK) for start in starts], at_once, processors)
    assert went.ends == pytest.approx(ends)
    assert went.waited == pytest.approx(waited)
    assert went.processors <= processors


def test_more_places_never_make_the_night_of_all_longer() -> None:
    found = Measure(Cost(15, 12, 200), Cost(20, 22, 200), database=8, connections=7)
    companies = list(jobs(found))
    assert len(companies) == COMPANIES
    lengths = [night(companies, places, places).ends for places in (2, 5, 10, 40)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > sum(work.seconds for _, work in companies) / 2 - 1
