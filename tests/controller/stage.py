"""Lands what the questions are about, and builds the marts of it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from sienge_simulator.testing import UNLIMITED

from testing.pipeline import FEWER, Line, running_line
from testing.simulator import running_simulator
from tests.controller.books import Books
from tests.controller.changes import change
from tests.controller.rest import RestBooks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

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

MONEY = ("accounts_statements", "accounts_balances", "bills")

BULK = ("bulk_income", "bulk_outcome", "bulk_building_cost_estimation_items")


REST = (
    "customer_financial_statements", "receivable_bills", "receivable_bills_budget_categories",
    "bills_installments", "bills_budget_categories", "bills_buildings_cost", "bills_taxes",
    "building_cost_estimations_sheets_items", "building_projects_sheets_tasks",
    "sales_commissions", "document_identifications",
)  # fmt: skip

WAYS = (REST, (*BULK, "bills_taxes", "commissions", "bulk_bank_movement"), (*BULK, "commissions"))
"""What companies read, by turns: no BULK; all that there is; no taxes and bank movements."""


def tables(seed: int) -> tuple[str, ...]:
    """Give what to land for a seed."""
    return (*REGISTERS, *SUPPLY, *WORKS, *MONEY, *WAYS[seed % len(WAYS)])


def books(line: Line, seed: int) -> Books:
    """Give the books of what was landed."""
    found = RestBooks if WAYS[seed % len(WAYS)] is REST else Books
    return found(line.simulator.truth, tables(seed))


@contextmanager
def running(folder: Path, seed: int) -> Iterator[Line]:
    """Start a simulator with the data of a seed, and an empty database."""
    with running_line(folder, *FEWER, "--seed", str(seed)) as line:
        yield line


@contextmanager
def reseeded(line: Line, seed: int) -> Iterator[Line]:
    """Let a simulator with other data stand in for a while; the tables are emptied."""
    first = line.simulator
    with running_simulator(*UNLIMITED, *FEWER, "--seed", str(seed)) as line.simulator:
        found = line.query("select tablename from pg_tables where schemaname = 'sienge'")
        with psycopg.connect(line.database) as connection:
            for row in found:
                connection.execute(f"truncate sienge.{row['tablename']}".encode())
        yield line
    line.simulator = first


def land(line: Line, streams: tuple[str, ...]) -> None:
    """Read everything anew with the tap, as on the day of a full read."""
    chosen = [f"{stream}.*" for stream in (*streams, "rejected_rows", "sync_log")]
    line.run("--full-refresh", TAP_SIENGE__SELECT=json.dumps(chosen))


def prepare(line: Line, seed: int, changes: Random | None = None, *, again: bool = False) -> None:
    """Land and build everything, after changes if there are to be any.

    What was built already keeps its views of ``staging``.
    """
    if changes:
        change(line.simulator, changes)
    land(line, tables(seed))
    build(line, "path:models/marts" if again else "+path:models/marts")


def copied(line: Line, name: str) -> str:
    """Copy the database, over the copy of before; give its address."""
    server, _, own = line.database.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"drop database if exists {name}".encode())
        connection.execute(f"create database {name} template {own}".encode())
    return f"{server}/{name}"


def build(
    line: Line, *models: str, database: str | None = None, transform: Path | None = None
) -> None:
    """Build models, without their tests."""
    settings = {"TARGET_POSTGRES_DATABASE": database} if database else {}
    kinds = ("--resource-type=model", "--resource-type=seed")
    options = ("--quiet", "build", *kinds, "--no-write-json", "--select", *models)
    line.dbt(*options, transform=transform, **settings)
