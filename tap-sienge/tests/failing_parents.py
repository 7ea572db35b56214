"""What the tests of parents whose children do not come read, and which of them are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from testing.simulator import Simulator

ALWAYS = 1_000_000
STREAM = "purchase_orders_items"
FEW = (
    *("--rows", "purchase_orders=20", "--rows", "enterprises=12", "--rows", "bills=40"),
    *("--requests-per-minute", "1000000", "--bulk-per-minute", "1000000"),
)
CONFIG = {
    "requests_per_minute": 1_000_000,
    "bulk_requests_per_minute": 1_000_000,
    "max_retries": 1,
    "request_timeout": 1,
    "start_date": "2024-01-01",
}


def path(order: int) -> str:
    return f"/v1/purchase-orders/{order}/items"


def asked(simulator: Simulator) -> list[int]:
    found = [request["path"].split("/") for request in simulator.requests]
    return [int(parts[3]) for parts in found if parts[-1] == "items"]
