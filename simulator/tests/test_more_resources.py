"""Other operations of the API need descriptions only, no code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sienge_simulator.testing import PERIOD, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DESCRIPTIONS = """
parcelas:
  key: number
  parent: {resource: bills, param: billId, count: installmentsNumber, most: 12}
  paths:
    /v1/bills/{billId}/parcelas: {}
    /v1/parcelas:
      params:
        startDate: {kind: from, by: billDate, type: date}
    /v1/bills/{billId}/parcelas/{parcelaId}: {key: true}
  fields:
    number: {integer: element}
    billDate: {date: {get: issueDate}}
    dueDate: {date: {days: [billDate, 10, 40]}}
    amount: {number: {even: totalInvoiceAmount}}
    situation: {string: {choice: [Não paga, Totalmente paga]}}

parcelas_pix:
  key: []
  parent: {resource: parcelas, param: parcelaId, count: {when: [number, 1, 1, 0]}}
  paths:
    /v1/bills/{billId}/parcelas/{parcelaId}/pix: {shape: object}
  fields:
    pixTypeId: {integer: {int: [1, 8]}}
    amount: {number: {get: amount}}

accounts_owners:
  key: number
  parent: {resource: accountancy_accounts, param: [company, account], count: {int: [0, 2]}, most: 2}
  paths:
    /v1/owners:
      params:
        company: {kind: owner, type: integer, required: true}
        account: {kind: owner, type: integer, required: true}
  fields:
    number: {integer: element}

centers_twins:
  key: id
  parent: {resource: cost_centers, param: costCenterId, inherit: true}
  paths:
    /v1/cost-centers/{costCenterId}/twin: {shape: object}
  fields:
    twin: {boolean: true}

customers_balances:
  key: []
  context: {customer: _id}
  rows: [40, 40, 40]
  paths:
    /v1/balances:
      shape: data
      wrap: balances
      missing: true
      params:
        cpf: {kind: digits, by: _cpf, required: any, indexed: true}
        cnpj: {kind: digits, by: _cnpj, required: any, indexed: true}
  explode: bill.parts
  fields:
    _customer: {integer: {spread: customers}}
    _id: {integer: {from: [_customer, customers, id]}}
    _cpf: {string: {from: [_customer, customers, cpf]}}
    _cnpj: {string: {from: [_customer, customers, cnpj]}}
    bill:
      object:
        fields:
          parts:
            array:
              count: 2
              fields:
                number: {integer: element}
"""


@pytest.fixture(scope="module")
def more(
    start_any: Callable[..., Simulator], tmp_path_factory: pytest.TempPathFactory
) -> Simulator:
    folder: Path = tmp_path_factory.mktemp("descriptions")
    (folder / "more.yaml").write_text(DESCRIPTIONS, "utf-8")
    return start_any(
        "--resources", str(folder), "--requests-per-minute", "10000", "--rows", "bills=40"
    )


def test_children_come_with_their_owner(more: Simulator) -> None:
    bills = {b["id"]: b for b in more.truth("bills")}
    truth = more.truth("parcelas")
    for key, bill in list(bills.items())[:10]:
        rows = more.rows(f"/v1/bills/{key}/parcelas", limit=5)
        assert rows == [
            {k: v for k, v in row.items() if k != "billId"} for row in truth if row["billId"] == key
        ]
        assert [r["number"] for r in rows] == [n + 1 for n in range(bill["installmentsNumber"])]
        assert round(sum(r["amount"] for r in rows), 2) == bill["totalInvoiceAmount"]
        assert {r["billDate"] for r in rows} == {bill["issueDate"]}
        assert more.json(f"/v1/bills/{key}/parcelas/{len(rows)}") == rows[-1]
    assert (
        len(truth)
        == more.admin("/counts?resource=parcelas")["parcelas"]
        == sum(b["installmentsNumber"] for b in bills.values())
    )
    day = bills[20]["issueDate"]
    late = [row for row in truth if row["billDate"] >= day]
    assert len(more.rows("/v1/parcelas", startDate=day)) == len(late) < len(truth)
    assert more.get("/v1/bills/9999/parcelas").status_code == 404
    more.admin("/change", {"resource": "bills", "ids": [4], "delete": 1})
    assert more.get("/v1/bills/4/parcelas").status_code == 404
    assert len(more.truth("parcelas")) == len(truth) - bills[4]["installmentsNumber"]
    assert more.rows("/v1/bills", **PERIOD)


def test_a_single_child_may_be_absent_and_its_truth_names_every_owner(more: Simulator) -> None:
    for row in more.truth("parcelas"):
        path = f"/v1/bills/{row['billId']}/parcelas/{row['number']}/pix"
        assert more.get(path).status_code == (200 if row["number"] == 1 else 404)
    truth = more.truth("parcelas_pix")
    assert {row["parcelaId"] for row in truth} == {1}
    assert [row["billId"] for row in truth] == [b["id"] for b in more.truth("bills")]


def test_owners_named_in_the_query(more: Simulator) -> None:
    assert more.get("/v1/owners", company=1).status_code == 400
    assert more.rows("/v1/owners", company=1, account=99999) == []
    truth = more.truth("accounts_owners")
    assert {row["number"] for row in truth} == {1, 2}
    for account in more.truth("accountancy_accounts")[:20]:
        owner = {"company": account["companyId"], "account": account["id"]}
        assert more.rows("/v1/owners", **owner) == [
            {"number": row["number"]} for row in truth if row | owner == row
        ]


def test_inherited_fields_change_with_the_owner(more: Simulator) -> None:
    more.admin("/change", {"resource": "cost_centers", "ids": [12], "set": {"name": "Nova"}})
    center, twin = more.json("/v1/cost-centers/12"), more.json("/v1/cost-centers/12/twin")
    assert twin["name"].strip() == "Nova"
    assert twin["buildingSectors"] == center["buildingSectors"]
    found = {row["id"]: row for row in more.truth("centers_twins")}[12]
    assert found["costCenterId"] == 12
    assert found["twin"] is True
    assert found["idCompany"] == center["idCompany"]


def test_one_of_several_parameters_wrapped_lists_and_exploded_truth(more: Simulator) -> None:
    assert more.get("/v1/balances").status_code == 400
    assert more.get("/v1/balances", cpf="00000000000").status_code == 404
    truth = more.truth("customers_balances")
    assert len(truth) == 80 == more.admin("/counts?resource=customers_balances").popitem()[1]
    assert {row["bill"]["parts"]["number"] for row in truth} == {1, 2}
    customers = {row["id"]: row for row in more.truth("customers")}
    for row in truth:
        customer = customers[row["customer"]]
        field = "cpf" if customer["cpf"] else "cnpj"
        (answer,) = more.json("/v1/balances", **{field: customer[field]})["balances"]
        assert answer == {"bill": {"parts": [{"number": 1}, {"number": 2}]}}


def test_bulk_answers_count_as_bulk(more: Simulator) -> None:
    assert more.admin("/usage")["bulk"] == 0
    more.get("/bulk-data/v1/anything")
    assert more.admin("/usage")["bulk"] == 1
