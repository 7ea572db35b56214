"""Given records (the setting ``only``) through `meltano run`: what lives, is deleted, and stays."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from testing.pipeline import Line, running_line
from testing.truth import differences, truth

if TYPE_CHECKING:
    from collections.abc import Iterator

STREAMS = [
    *("customers", "customers_attachments", "sales_contracts", "bills", "bulk_outcome"),
    "creditors",
]
SELECT = json.dumps([f"{name}.*" for name in [*STREAMS, "sync_log", "rejected_rows"]])


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    rows = ("--rows", "customers=20", "--rows", "sales_contracts=10", "--rows", "bills=60")
    with running_line(tmp_path_factory.mktemp("registros"), *rows) as found:
        found.run(TAP_SIENGE__SELECT=SELECT)
        yield found


def read(line: Line, only: dict[str, list[int]], since: date | None = None) -> None:
    env: dict[str, Any] = {"TAP_SIENGE_ONLY_SINCE": str(since)} if since else {}
    line.run(TAP_SIENGE__SELECT=SELECT, TAP_SIENGE_ONLY=json.dumps(only), **env)


def alive(line: Line, stream: str, key: str = "id") -> dict[Any, dict[str, Any]]:
    return {row[key]: row for row in line.landed(stream)}


def test_a_change_and_a_removal_land_and_the_rest_stays(line: Line) -> None:
    change = line.simulator.admin
    attached = {row["customer_id"] for row in line.landed("customers_attachments")}
    gone, changed = sorted(attached)[:2]
    before = alive(line, "customers")
    states = line.query("select completed_state from meltano.state")
    change(
        "/change", {"resource": "customers", "ids": [changed], "update": 1, "set": {"name": "Nova"}}
    )
    change("/change", {"resource": "customers", "ids": [gone], "delete": 1})
    read(line, {"customers": [gone, changed]})

    now = alive(line, "customers")
    assert now.keys() == before.keys() - {gone}
    assert now[changed]["name"] == "Nova"
    assert all(now[id_] == before[id_] for id_ in now if id_ != changed)
    assert {row["customer_id"] for row in line.landed("customers_attachments")} == attached - {gone}
    (kept,) = line.query(f"select name, _sdc_deleted_at from sienge.customers where id = {gone}")
    assert kept["name"] == before[gone]["name"]
    assert line.query("select completed_state from meltano.state") == states
    log = line.query("select id, status from sienge.record_log order by id")
    assert {(row["id"], row["status"]) for row in log} == {
        (str(gone), "removed"),
        (str(changed), "ok"),
    }


def test_the_next_read_of_everything_keeps_what_came(line: Line) -> None:
    read(line, {"customers": [20]})
    line.run(TAP_SIENGE__SELECT=SELECT, TAP_SIENGE_FULL_REFRESH_DAYS='{"*": 0}')
    true = {row["id"] for row in line.simulator.truth("customers")}
    assert alive(line, "customers").keys() == true


def test_columns_that_only_the_list_has_stay(line: Line) -> None:
    before = alive(line, "sales_contracts")
    fault = {"path": "/v1/sales-contracts/3", "kind": "replace", "count": 1}
    line.simulator.admin(
        "/faults", fault | {"items": [{"creationDate": None, "lastUpdateDate": None}]}
    )
    line.simulator.admin(
        "/change",
        {"resource": "sales_contracts", "ids": [3], "update": 1, "set": {"value": 123.45}},
    )
    read(line, {"sales_contracts": [3]})
    now = alive(line, "sales_contracts")[3]
    assert float(now["value"]) == 123.45
    assert now["creation_date"] == before[3]["creation_date"] is not None


def test_a_record_that_is_back_without_all_columns_is_no_longer_marked(line: Line) -> None:
    before, change = alive(line, "sales_contracts").keys(), {"resource": "sales_contracts"}
    line.simulator.admin("/change", change | {"ids": [9], "delete": 1})
    read(line, {"sales_contracts": [9]})
    assert alive(line, "sales_contracts").keys() == before - {9}
    line.simulator.admin("/change", change | {"restore": 1})
    fault = {"path": "/v1/sales-contracts/9", "kind": "replace", "count": 1}
    line.simulator.admin("/faults", fault | {"items": [{"creationDate": None}]})
    read(line, {"sales_contracts": [9]})
    assert alive(line, "sales_contracts").keys() == before


def test_a_bill_s_installments_are_replaced(line: Line) -> None:
    bill = line.landed("bulk_outcome")[0]["bill_id"]
    ours = [row for row in line.landed("bulk_outcome") if row["bill_id"] == bill]
    line.query(
        "insert into sienge.bulk_outcome (company_id, bill_id, installment_id, _sdc_table_version)"
        f" values (1, {bill}, 999, 1) returning 1"
    )
    read(line, {"bulk_outcome": [bill]})
    now = [row for row in line.landed("bulk_outcome") if row["bill_id"] == bill]
    assert {row["installment_id"] for row in now} == {row["installment_id"] for row in ours}


def test_many_payments_at_once_land_with_few_requests(line: Line) -> None:
    """As after a bank's file: most of the bills are as they were, one is gone meanwhile."""
    admin, bills = line.simulator.admin, [*range(1, 41)]
    before = alive(line, "bills")
    payment = {"operationTypeId": 1, "operationTypeName": "Pagamento", "netAmount": 1234.56}
    rows = line.simulator.truth("bulk_outcome")
    paid = {f"{row['companyId']}_{row['billId']}_{row['installmentId']}" for row in rows[:40]}
    change = {"resource": "bulk_outcome", "ids": [*paid], "update": len(paid)}
    admin("/change", change | {"set": {"payments": [payment]}})
    admin("/change", {"resource": "bills", "ids": [7], "delete": 1})
    admin("/requests", method="DELETE")
    yesterday = date.fromisoformat(admin("/health")["now"][:10]) - timedelta(1)
    read(line, {"bills": bills, "bulk_outcome": bills}, yesterday)

    new = sum(row["registeredDate"][:10] >= str(yesterday) for row in rows if row["registeredDate"])
    assert len(line.simulator.requests) <= 4 + new
    assert not list(
        differences(
            "bulk_outcome", line.landed("bulk_outcome"), truth(line.simulator, "bulk_outcome")
        )
    )
    now = alive(line, "bills")
    assert now.keys() == before.keys() - {7}
    assert all(now[id_] == before[id_] for id_ in now)


def test_a_table_that_was_lost_is_still_read_whole_afterwards(line: Line) -> None:
    with psycopg.connect(line.database) as connection:
        connection.execute("drop table sienge.creditors")
    read(line, {"creditors": [1]})
    assert len(line.landed("creditors")) == 1
    line.run(TAP_SIENGE__SELECT=SELECT)
    assert alive(line, "creditors").keys() == {r["id"] for r in line.simulator.truth("creditors")}
