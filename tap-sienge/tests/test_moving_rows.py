"""Rows that move between pages while they are read, and counts that do not agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]


@pytest.mark.parametrize(("create", "delete"), [(5, 0), (0, 5), (5, 5)])
@pytest.mark.parametrize("stream", ["customers", "creditors"])
def test_rows_that_move_between_pages_are_read_again(
    simulator: Simulator, run_tap: Tap, stream: str, create: int, delete: int
) -> None:
    """Where as many appear at the end as vanish, as of ``creditors``, ``count`` shows nothing."""
    there = {record["id"] for record in simulator.truth(stream)}
    shift = {"path": f"/v1/{stream}", "after_requests": 2, "create": create, "delete": delete}
    simulator.admin("/shift", shift)
    run = run_tap(simulator.config | {"max_connections": 1, "page_size": 60}, streams=[stream])
    true = {record["id"] for record in simulator.truth(stream)}
    assert there & true <= run.ids(stream)
    assert run.log[stream]["status"] == "ok"
    if create != delete:
        assert true <= run.ids(stream)


@pytest.mark.parametrize("change", [{"create": 7}, {"delete": 7}], ids=lambda c: next(iter(c)))
def test_in_a_large_table_only_where_rows_moved_is_read_again(
    start_simulator: Start, run_tap: Tap, change: dict[str, int]
) -> None:
    simulator = start_simulator("--rows", "customers=400")
    shift = {"path": "/v1/customers", "after_requests": 40, "create": 0, "delete": 0} | change
    simulator.admin("/shift", shift)
    run = run_tap(simulator.config | {"page_size": 5}, streams=["customers"])
    true = {record["id"] for record in simulator.truth("customers")}
    assert true <= run.ids("customers")
    assert run.log["customers"]["status"] == "ok"
    assert 100 < len(simulator.requests) <= 100 + 30, "100 pages, and a few of them again"


def test_a_count_that_never_reconciles_is_told_and_deletes_nothing(
    simulator: Simulator, run_tap: Tap
) -> None:
    fault = {"path": "/v1/customers", "kind": "empty_list", "count": 1000, "offset": 199}
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config, streams=["customers"])
    assert run.code == 0
    assert run.log["customers"]["status"] == "incomplete"
    assert str(simulator.counts["customers"]) in run.log["customers"]["error"]
    assert "customers" not in run.activated
    assert "replication_key_value" not in run.state["bookmarks"].get("customers", {})


def test_an_order_that_never_holds_is_told_and_the_count_decides(
    simulator: Simulator, run_tap: Tap
) -> None:
    simulator.admin("/faults", {"path": "/v1/customers", "kind": "reverse", "count": 1000})
    run = run_tap(simulator.config, streams=["customers"])
    assert run.log["customers"]["status"] == "ok"
    assert run.activated == {"customers"}
    assert "a ordem dos registros varia" in " ".join(run.log["customers"]["warnings"])
    assert run.ids("customers") == {record["id"] for record in simulator.truth("customers")}
    assert len(simulator.requests) <= 2 * (7 + 17), "twice, each with a few pages again"
