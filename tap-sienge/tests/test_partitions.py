"""Periods, parents' rows and choices make contexts."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from tap_sienge.partitions import (
    FUTURE,
    Period,
    chosen,
    combined,
    joined,
    merged,
    of_row,
    setting_values,
)

TODAY = date(2026, 3, 10)


def test_years_end_where_the_future_begins() -> None:
    windows = [*Period("a", "b", ahead=FUTURE).windows(date(2024, 5, 2), TODAY)]
    assert windows[:3] == [
        {"a": "2024-05-02", "b": "2024-12-31"},
        {"a": "2025-01-01", "b": "2025-12-31"},
        {"a": "2026-01-01", "b": "2026-12-31"},
    ]
    assert windows[3:] == [{"a": "2027-01-01", "b": (TODAY + timedelta(FUTURE)).isoformat()}]


def test_no_day_is_asked_for_twice_or_left_out() -> None:
    for size in ("year", "month", "all"):
        windows = [*Period("a", "b", size).windows(date(2024, 2, 28), TODAY)]  # type: ignore[arg-type]
        days = [(date.fromisoformat(w["a"]), date.fromisoformat(w["b"])) for w in windows]
        assert days[0][0] == date(2024, 2, 28)
        assert days[-1][1] == TODAY
        assert all(b + timedelta(1) == c for (_, b), (c, _) in itertools.pairwise(days))


def test_a_month_and_a_day_may_be_named_by_one_parameter() -> None:
    months = Period("m", size="month", form="%m-%Y").windows(date(2026, 1, 31), TODAY)
    assert [*months] == [{"m": "01-2026"}, {"m": "02-2026"}, {"m": "03-2026"}]
    assert [*Period("d", size="today").windows(date(2015, 1, 1), TODAY)] == [{"d": "2026-03-10"}]


def test_contexts_of_a_row() -> None:
    row = {"id": 7, "cpf": None, "cnpj": "1", "units": [{"id": 1}, {"id": 2}], "none": []}
    assert [*of_row(row, {"a": "id"})] == [{"a": 7}]
    assert [*of_row(row, {"a": "cpf"})] == []
    assert [*of_row(row, {"a": "id", "u": "units.id"})] == [{"a": 7, "u": 1}, {"a": 7, "u": 2}]
    assert [*of_row(row, {"u": "none.id"})] == []
    one_of = {"a": "id", "cpf": "cpf", "cnpj": "cnpj"}
    assert [*of_row(row, one_of, ("cpf", "cnpj"))] == [{"a": 7, "cnpj": "1"}]
    assert [*of_row(row | {"cnpj": None}, one_of, ("cpf", "cnpj"))] == []
    assert joined([{"a": 1}, {"a": 2}, {"a": 3}], 2) == [{"a": "1,2"}, {"a": "3"}]


def test_contexts_are_each_owner_period_and_choice() -> None:
    choices = chosen({"status": ("A", "B"), "kind": ("x",)}, undivided=True)
    assert choices == [{"status": "A", "kind": "x"}, {"status": "B", "kind": "x"}, {}]
    assert setting_values({"ids": "7, 8"}, {"id": "ids", "day": "days"}) == {
        "id": ["7", "8"],
        "day": [""],
    }
    assert chosen({"id": ("",)}) == []
    assert combined([{"id": 1}, {"id": 2}], [{}], [{"s": "A"}, {}]) == [
        {"id": 1, "s": "A"}, {"id": 1}, {"id": 2, "s": "A"}, {"id": 2},
    ]  # fmt: skip
    assert merged([{"id": 2}], [{"id": 1}, {"id": 2}]) == [{"id": 2}, {"id": 1}]
