"""Other operations of the API need descriptions only, no code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sienge_simulator.testing import PERIOD, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DESCRIPTIONS = """
bill_installments:
  key: installmentNumber
  parent: {resource: bills, param: billId, count: installmentsNumber, most: 12}
  rows: [0, 0, 0]
  paths:
    /v1/bills/{billId}/installments: {}
  fields:
    installmentNumber: {integer: element}
    billDate: {date: {get: issueDate}}
    dueDate: {date: {days: [billDate, 10, 40]}}
    amount: {number: {even: totalInvoiceAmount}}
    situation: {string: {choice: [Não paga, Totalmente paga]}}

bill_installment_payments:
  key: paymentTypeId
  parent: {resource: bill_installments, param: installmentId, count: 1, most: 1}
  rows: [0, 0, 0]
  paths:
    /v1/bills/{billId}/installments/{installmentId}/payment-information/pix: {shape: object}
  fields:
    paymentTypeId: {integer: {int: [1, 8]}}
    amount: {number: {get: amount}}

bulk_sales:
  key: contractId
  rows: [30, 30, 30]
  paths:
    /bulk-data/v1/sales:
      shape: data
      params:
        enterpriseId: {kind: equals, by: enterpriseId, type: integer, required: true}
  fields:
    _enterprise: {integer: {block: [enterprises, 1]}}
    contractId: {integer: {key: 1}}
    enterpriseId: {integer: {from: [_enterprise, enterprises, id]}}
"""


def test_children_and_bulk_answers_from_yaml(
    start: Callable[..., Simulator], tmp_path: Path
) -> None:
    (tmp_path / "more.yaml").write_text(DESCRIPTIONS, "utf-8")
    simulator = start(
        "--resources", str(tmp_path), "--requests-per-minute", "1000", "--rows", "bills=40"
    )
    bills = {b["id"]: b for b in simulator.truth("bills")}
    truth = simulator.truth("bill_installments")
    for key, bill in list(bills.items())[:10]:
        rows = simulator.rows(f"/v1/bills/{key}/installments", limit=5)
        assert rows == [
            {k: v for k, v in row.items() if k != "billId"} for row in truth if row["billId"] == key
        ]
        assert [r["installmentNumber"] for r in rows] == [
            n + 1 for n in range(bill["installmentsNumber"])
        ]
        assert round(sum(r["amount"] for r in rows), 2) == bill["totalInvoiceAmount"]
        assert {r["billDate"] for r in rows} == {bill["issueDate"]}
        last = f"/v1/bills/{key}/installments/{len(rows)}/payment-information/pix"
        assert simulator.json(last)["amount"] == rows[-1]["amount"]
    assert (
        len(truth)
        == simulator.admin("/counts")["bill_installments"]
        == sum(b["installmentsNumber"] for b in bills.values())
    )
    assert simulator.get("/v1/bills/9999/installments").status_code == 404
    simulator.admin("/change", {"resource": "bills", "ids": [4], "delete": 1})
    assert simulator.get("/v1/bills/4/installments").status_code == 404
    assert len(simulator.truth("bill_installments")) == len(truth) - bills[4]["installmentsNumber"]
    assert simulator.get("/bulk-data/v1/sales").status_code == 400
    data = simulator.json("/bulk-data/v1/sales", enterpriseId=101)["data"]
    assert [row["contractId"] for row in data] == [1, 13, 25]
    assert simulator.admin("/usage")["bulk"] == 2
    assert simulator.rows("/v1/bills", **PERIOD)
