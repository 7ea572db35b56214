"""Lands what the questions are about, and builds the marts of it."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.line import ROOT, Line, running_line
from transform.diagram import DBT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE = (
    "--rows=sales_contracts=120", "--rows=units=160", "--rows=customers=250", "--rows=bills=250",
    "--bulk-polls=0",
)  # fmt: skip
"""Options of a simulator with enough rows for every case."""

REGISTERS = (
    "companies", "enterprises", "cost_centers", "customers", "creditors", "units",
    "payment_categories", "checking_accounts", "sales_contracts",
)  # fmt: skip

SUPPLY = (
    "purchase_requests", "purchase_requests_items", "purchase_orders", "purchase_orders_items",
    "purchase_orders_items_purchase_requests", "purchase_orders_items_delivery_schedules",
    "purchase_orders_items_buildings_appropriations", "purchase_invoices",
    "purchase_invoices_items", "purchase_invoices_deliveries_attended",
)  # fmt: skip

WORKS = (
    "supply_contracts", "supply_contracts_buildings", "supply_contracts_items",
    "supply_contracts_measurements", "supply_contracts_measurements_items",
    "supply_contracts_measurements_details", "building_projects_progress_logs",
    "building_projects_progress_logs_items",
)  # fmt: skip

MONEY = ("accounts_statements", "accounts_balances", "commissions", "bills", "bills_taxes")

BULK = ("bulk_income", "bulk_outcome", "bulk_building_cost_estimation_items")


def tables(seed: int) -> tuple[str, ...]:
    """Give what to land: by turns the bank movements of the BULK, or REST's statements only."""
    movements = ("bulk_bank_movement",) if seed % 2 else ()
    return (*REGISTERS, *SUPPLY, *WORKS, *MONEY, *BULK, *movements)


@contextmanager
def running(folder: Path, seed: int) -> Iterator[Line]:
    """Start a simulator with other data, and an empty database."""
    with running_line(folder, *SIZE, "--seed", str(seed)) as line:
        yield line


def land(line: Line, streams: tuple[str, ...]) -> None:
    """Read everything anew with the tap, as on the day of a full read."""
    chosen = [f"{stream}.*" for stream in (*streams, "rejected_rows", "sync_log")]
    line.run("--full-refresh", TAP_SIENGE__SELECT=json.dumps(chosen))


def build(
    line: Line, *models: str, database: str | None = None, transform: Path = ROOT / "transform"
) -> str | None:
    """Build models, without their tests; give what went wrong."""
    done = subprocess.run(
        [
            DBT, "--quiet", "build", "--resource-type=model", "--resource-type=seed",
            "--no-write-json", f"--project-dir={transform}", f"--profiles-dir={transform}",
            f"--target-path={line.project / 'dbt' / transform.parent.name}",
            f"--log-path={line.project / 'dbt' / 'log'}", "--select", *models,
        ],
        env=line.environment | ({"TARGET_POSTGRES_DATABASE": database} if database else {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )  # fmt: skip
    return done.stdout if done.returncode else None
