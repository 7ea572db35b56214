"""Bills, receivables and invoices: sums, references, keys, and what answers 404 or 400."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from sienge_simulator.testing import PERIOD

if TYPE_CHECKING:
    from sienge_simulator.testing import Simulator

PAYMENTS = (
    "bank-transfer",
    "boleto-bancario",
    "boleto-concessionaria",
    "boleto-tax",
    "dda",
    "darf-tax",
    "darj-tax",
    "fgts-tax",
    "gare-tax",
    "inss-tax",
    "pix",
)
KEYS = {
    "bills_installments": "billId installmentNumber",
    "bills_taxes": "billId taxId",
    "bills_budget_categories": "billId costCenterId paymentCategoriesId",
    "bills_departments_cost": "billId departmentId",
    "bills_buildings_cost": "billId buildingId buildingUnitId costEstimationSheetId",
    "bills_attachments": "billId attachmentid",
    "bills_units": "billId unitId",
    **{f"bills_installments_{kind.replace('-', '_')}": "billId installmentId" for kind in PAYMENTS},
    "accounts_balances": "companyId accountNumber balanceDate",
    "bearers_receivable": "bearerId",
    "receivable_bills": "receivableBillId",
    "receivable_bills_details": "receivableBillId",
    "receivable_bills_installments": "receivableBillId installmentId",
    "receivable_bills_budget_categories": "receivableBillId costCenterId paymentCategoriesId",
    "current_debit_balance": "billReceivableId",
    "total_current_debit_balance": "customer",
    "customer_financial_statements": "billReceivableId installmentId",
    "remade_installments": "receivableBillId remadeDate remadeInstallmentsDescription",
    "collections_notification_history": "id",
    "nfes": "chaveAcessoNota",
    "nfes_issuers_recipients": "nfeKey",
    "nfes_deliveries": "nfeKey",
    "nfes_icms": "nfeKey",
    "nfes_carriers": "nfeKey",
    "nfes_issqn": "nfeKey",
    "nfes_itens": "nfeKey itemId",
    "nfes_itens_ipi": "nfeKey itemId",
    "nfes_itens_pis_cofins": "nfeKey itemId",
    "nfes_itens_simplified_icms": "nfeKey itemId",
    "nfes_itens_issqn": "nfeKey itemId",
    "nfes_itens_icms": "nfeKey itemId",
}


def _by(rows: list[dict[str, Any]], name: str) -> dict[Any, list[dict[str, Any]]]:
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row[name]].append(row)
    return groups


@pytest.mark.parametrize("resource", KEYS)
def test_keys_are_unique_over_all_owners_only(shared: Simulator, resource: str) -> None:
    names, rows = KEYS[resource].split(), shared.truth(resource)
    assert len(rows) == shared.admin(f"/counts?resource={resource}")[resource] > 0
    assert max(Counter(tuple(row[n] for n in names) for row in rows).values()) == 1
    if len(names) > 1:
        assert max(Counter(row[names[-1]] for row in rows).values()) > 1


def test_instalments_add_up_to_the_bill_and_shares_to_the_whole(shared: Simulator) -> None:
    parts = _by(shared.truth("bills_installments"), "billId")
    for bill in shared.truth("bills"):
        found = parts[bill["id"]]
        assert [p["installmentNumber"] for p in found] == [
            n + 1 for n in range(bill["installmentsNumber"])
        ]
        assert round(sum(p["amount"] for p in found), 2) == bill["totalInvoiceAmount"]
        assert [p["dueDate"] for p in found] == sorted(p["dueDate"] for p in found)
    for name in ("budget_categories", "departments_cost", "buildings_cost", "units"):
        for found in _by(shared.truth(f"bills_{name}"), "billId").values():
            assert sum(p["percentage"] for p in found) == 100


def test_an_instalment_has_the_payment_of_its_type_only(shared: Simulator) -> None:
    for row in shared.truth("bills_installments")[:60]:
        base = f"/v1/bills/{row['billId']}/installments/{row['installmentNumber']}"
        answers = [shared.get(f"{base}/payment-information/{kind}") for kind in PAYMENTS]
        found = [answer for answer in answers if answer.status_code == 200]
        assert {a.status_code for a in answers} <= {200, 404}
        assert len(found) == (row["paymentType"] != "Dinheiro")
        assert all(a.json()["paymentTypeId"] == row["paymentTypeId"] for a in found)
    assert shared.get("/v1/bills/1/installments/99/payment-information/pix").status_code == 404


def test_bills_by_change_date_are_the_same_bills(shared: Simulator) -> None:
    changed = shared.rows("/v1/bills/by-change-date", **PERIOD)
    assert changed == shared.rows("/v1/bills", **PERIOD)
    for path in ("/v1/bills/by-change-date", "/v1/accounts-balances", "/v1/nfes"):
        assert shared.get(path).status_code == 400


def test_receivables_are_what_the_contract_says(shared: Simulator) -> None:
    contracts = shared.truth("sales_contracts")
    parts = _by(shared.truth("receivable_bills_installments"), "receivableBillId")
    bills = shared.truth("receivable_bills")
    numbered = _by(bills, "documentNumber")
    told = {c["receivableBillId"] for c in contracts} - {None}
    assert told < {b["receivableBillId"] for b in bills}
    assert {len(found) for found in numbered.values()} == {1, 2}
    issued = [c for c in contracts if c["situation"] in {"2", "3"}]
    assert {c["receivableBillId"] is None for c in issued} == {True, False}
    for contract in issued:
        anew = contract["receivableBillId"] is None
        its = numbered[contract["number"] + "-A" * anew]
        assert {b["customerId"] for b in its} == {contract["salesContractCustomers"][0]["id"]}
        assert round(sum(b["receivableBillValue"] for b in its), 2) == contract["value"]
        found = [part for b in its for part in parts[b["receivableBillId"]]]
        conditions = contract["paymentConditions"]
        assert len(found) == sum(c["installmentsNumber"] for c in conditions)
        owed = sum(c["outstandingBalance"] for c in conditions) * (contract["situation"] == "2")
        assert round(sum(p["balanceDue"] for p in found), 2) == round(owed, 2)
    first = bills[0]
    path = "/v1/accounts-receivable/receivable-bills"
    assert shared.get(path).status_code == 400
    mine = shared.rows(path, customerId=first["customerId"])
    assert [b["receivableBillId"] for b in mine] == [
        b["receivableBillId"] for b in bills if b["customerId"] == first["customerId"]
    ]
    assert shared.json(f"{path}/{first['receivableBillId']}")["customerId"] == first["customerId"]
    assert shared.get(f"{path}/1").status_code == 404


def test_statements_and_balances_of_a_customer_agree(shared: Simulator) -> None:
    customers = {c["id"]: c for c in shared.truth("customers")}
    owed = _by(shared.truth("receivable_bills"), "customerId")
    parts = _by(shared.truth("receivable_bills_installments"), "receivableBillId")
    statements = _by(shared.truth("customer_financial_statements"), "billReceivableId")
    balances = {b["billReceivableId"]: b for b in shared.truth("current_debit_balance")}
    totals = {row["customer"]: row for row in shared.truth("total_current_debit_balance")}
    assert totals.keys() == owed.keys()
    for customer, bills in owed.items():
        current = original = 0.0
        for key in (b["receivableBillId"] for b in bills):
            lines = [row["billsReceivable"]["installments"] for row in statements[key]]
            assert [i["dueDate"] for i in lines] == [p["dueDate"] for p in parts[key]]
            value = _value(lines)
            assert value == next(
                b["receivableBillValue"] for b in bills if b["receivableBillId"] == key
            )
            unpaid = balances[key]["dueInstallments"] + balances[key]["payableInstallments"]
            assert len(unpaid) + len(balances[key]["paidInstallments"]) == len(lines)
            current += sum(i["currentBalance"] for i in unpaid)
            original += sum(i["originalValue"] for i in unpaid)
        total = totals[customer]
        assert total["totalCurrentDebitBalanceValue"] == pytest.approx(current, abs=0.01)
        assert total["totalOriginalValue"] == pytest.approx(original, abs=0.01)
    someone = next(iter(owed))
    field = "cpf" if customers[someone]["cpf"] else "cnpj"
    who = {field: customers[someone][field]}
    assert len(shared.rows("/v1/current-debit-balance", **who)) == len(owed[someone])
    whole = shared.json("/v1/total-current-debit-balance", **who)
    assert whole == {k: v for k, v in totals[someone].items() if k != "customer"}
    free = next(c for c in customers.values() if c["id"] not in owed and c["cpf"])
    for path in ("/v1/current-debit-balance", "/v1/total-current-debit-balance"):
        assert shared.get(path, cpf=free["cpf"]).status_code == 404
        assert shared.get(path).status_code == 400
    answer = shared.json("/v1/customer-financial-statements", customerId=someone)
    assert answer["resultSetMetadata"]["count"] == len(answer["results"]) == len(owed[someone])


def test_balances_change_by_what_moved(shared: Simulator) -> None:
    moved: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for row in shared.truth("accounts_statements"):
        sign = 1 if row["type"] == "Income" else -1
        moved[row["bankAccountId"]].append((row["date"], sign * row["value"]))
    accounts = _by(shared.truth("accounts_balances"), "accountNumber")
    assert len(accounts) > 10
    for account, rows in accounts.items():
        days = sorted((row["balanceDate"], row["amount"]) for row in rows)
        for (before, first), (day, then) in pairwise(days):
            change = sum(value for when, value in moved[account] if before < when <= day)
            assert then - first == pytest.approx(change, abs=0.01)
    assert len({row["amount"] for row in accounts[account]}) > 1


def _value(lines: list[dict[str, Any]]) -> float:
    return round(float(sum(line["originalValue"] for line in lines)), 2)


def test_invoices_add_up_from_their_items(shared: Simulator) -> None:
    items = _by(shared.truth("nfes_itens"), "nfeKey")
    paid = _by(shared.truth("nfes_payments"), "nfeKey")
    taxes = _by(shared.truth("nfes_itens_icms"), "nfeKey")
    for total in shared.truth("nfes_icms"):
        key = total["nfeKey"]
        assert len(key) == 44
        goods = sum(i["valorTotalBrutoProdutosOuServicos"] for i in items[key])
        assert total["totalProdutosEServiços"] == pytest.approx(goods, abs=0.001)
        assert total["valorIcms"] == pytest.approx(
            sum(t["valorIcms"] for t in taxes[key]), abs=0.001
        )
        payments = sum(p["valorPagamento"] for p in paid[key])
        assert total["totalNotaFiscal"] == pytest.approx(payments, abs=0.001)
    for nfe in shared.rows("/v1/nfes", **PERIOD)[:10]:
        key = nfe["chaveAcessoNota"]
        assert nfe["dataEmissaoDocumentoFiscal"][2] == "/"
        service = nfe["naturezaDaOperacao"].startswith("Prestação")
        assert shared.get(f"/v1/nfes/{key}/issqn").status_code == (200 if service else 404)
        answer = shared.rows(f"/v1/nfes/{key}/itens")
        hrefs = [link["href"] for i in answer for link in i["links"] if link["rel"] == "item"]
        assert hrefs == [
            f"{shared.url}/v1/nfes/{key}/itens/{n + 1}" for n in range(len(items[key]))
        ]
        kinds = ("icms", "simplified-icms", "issqn")
        answers = [shared.get(f"/v1/nfes/{key}/itens/1/{kind}").status_code for kind in kinds]
        assert sorted(answers) == [200, 404, 404]
