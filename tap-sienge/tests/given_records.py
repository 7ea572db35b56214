"""What the tests of given records (the setting ``only``) read, and what they ask of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]

FEW = (
    *("--rows", "customers=6", "--rows", "sales_contracts=6", "--rows", "bills=8"),
    *("--rows", "units=9", "--rows", "purchase_orders=5", "--requests-per-minute", "1000000"),
)
FAST = {"requests_per_minute": 1_000_000, "start_date": "2020-01-01", "max_retries": 0}
STREAMS = [
    "customers", "customers_attachments", "sales_contracts", "units", "bills", "bulk_outcome",
    "purchase_orders_items_delivery_schedules", "purchase_requests_items", "property_rental",
    "commissions", "property_types", "document_identifications", "supply_contracts_measurements",
]  # fmt: skip


def read(run_tap: Tap, simulator: Simulator, only: dict[str, list[Any]], **more: Any) -> Run:  # noqa: ANN401
    simulator.admin("/requests", method="DELETE")
    return run_tap(simulator.config | FAST | {"only": only} | more, streams=STREAMS)


def results(run: Run) -> dict[tuple[str, str], str]:
    return {(row["stream"], row["id"]): row["status"] for row in run.rows["record_log"]}


def today(simulator: Simulator) -> str:
    return str(simulator.admin("/health")["now"])[:10]


def deletions(run: Run) -> list[tuple[str, dict[str, str]]]:
    return [(m["stream"], m["where"]) for m in run.messages if m["type"] == "DELETE"]


def paths(simulator: Simulator) -> list[str]:
    return sorted(request["path"] for request in simulator.requests)
