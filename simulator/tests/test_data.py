"""The invented company: consistent, deterministic, and odd only where it should be."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from sienge_simulator.testing import PERIOD, Json, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable

PATHS = {
    "companies": "/v1/companies",
    "customers": "/v1/customers",
    "creditors": "/v1/creditors",
    "customer_types": "/v1/customer-types",
    "enterprises": "/v1/enterprises",
    "cost_centers": "/v1/cost-centers",
    "departments": "/v1/departments",
    "accountancy_accounts": "/v1/accountancy/accounts",
    "indexers": "/v1/indexers",
    "checking_accounts": "/v1/checking-accounts",
    "property_types": "/v1/property-types",
    "payment_condition_types": "/v1/payment-condition-types",
    "professions": "/v1/professions",
    "civil_status": "/v1/civil-status",
    "units": "/v1/units",
    "bills": "/v1/bills",
    "sales_contracts": "/v1/sales-contracts",
    "accounts_statements": "/v1/accounts-statements",
}
ALL = PERIOD | {"accountStatus": "ALL", "additionalData": "ALL"}


def _digits_hold(document: str) -> bool:
    """The check digits by the books: weights 2 to 9 (CNPJ) or 2 to 11 (CPF) from the right."""
    numbers = [int(c) for c in document]
    top = 9 if len(numbers) == 14 else 11
    for end in (len(numbers) - 2, len(numbers) - 1):
        total = sum(n * (2 + k % (top - 1)) for k, n in enumerate(reversed(numbers[:end])))
        if numbers[end] != (0 if total % 11 < 2 else 11 - total % 11):
            return False
    return True


def _same_shape(value: Json, kind: Json, where: str) -> None:
    """Assert that a canonical value has its documented type."""
    if value is None:
        return
    if isinstance(kind, list):
        assert isinstance(value, list), where
        for item in value:
            _same_shape(item, kind[0], where)
    elif isinstance(kind, dict):
        assert set(value) >= set(kind) - {"links"}, where
        for name, inner in kind.items():
            if name != "links":
                _same_shape(value[name], inner, f"{where}.{name}")
    elif kind in ("date", "date-time"):
        pattern = r"\d{4}-\d\d-\d\d" + ("" if kind == "date" else r"T\d\d:\d\d:\d\d")
        assert re.fullmatch(pattern, value), (where, value)
    else:
        types: dict[str, Any] = {
            "integer": int,
            "number": (int, float),
            "string": str,
            "boolean": bool,
        }
        assert isinstance(value, types[kind]), (where, value)
        assert isinstance(value, bool) == (kind == "boolean"), (where, value)
        if kind == "string":
            assert value == value.strip() != "", where


def _gathered(record: dict[str, Any], exploded: str) -> dict[str, Any]:
    """The record as answered: its element of the exploded array in an array again."""
    if not exploded:
        return record
    name, _, rest = exploded.partition(".")
    return record | {name: _gathered(record[name], rest) if rest else [record[name]]}


def _described() -> dict[str, Any]:
    text = subprocess.run(
        [sys.executable, "-m", "sienge_simulator", "--describe"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    described: dict[str, Any] = json.loads(text)
    return described


def test_truth_has_the_documented_types_and_describe_every_resource(shared: Simulator) -> None:
    described = _described()
    assert set(described) == set(shared.admin("/counts"))
    assert described["customers"]["path"] == "/v1/customers"
    assert described["customers"]["fields"]["subTypes"] == [
        {"id": "integer", "description": "string"}
    ]
    assert described["bills"]["fields"]["changedDate"] == "date-time"
    statement = described["accounts_statements"]["fields"]
    assert "companyId" not in statement
    assert statement["links"] == [{"href": "string", "rel": "string"}]
    for name, found in described.items():
        for record in shared.truth(name, limit=300):
            _same_shape(_gathered(record, found["explode"]), found["fields"], name)


def test_counts_truth_and_pages_agree(shared: Simulator) -> None:
    counts = shared.admin("/counts")
    assert 4500 < sum(counts[name] for name in PATHS) < 5500
    for name, path in PATHS.items():
        assert len(shared.truth(name)) == counts[name], name
        assert len(shared.rows(path, **ALL)) == counts[name], name
    assert len(shared.json("/v1/payment-categories")) == counts["payment_categories"]


def test_same_seed_same_data(shared: Simulator, start: Callable[..., Simulator]) -> None:
    twin, other = start(), start("--seed", "7")
    for name in ("customers", "sales_contracts", "accounts_statements"):
        assert twin.truth(name) == shared.truth(name)
        assert other.truth(name) != shared.truth(name)
    twin_rows, rows = twin.get("/v1/bills", **ALL).text, shared.get("/v1/bills", **ALL).text
    assert twin_rows.replace(twin.root, "") == rows.replace(shared.root, "")


def _keys(simulator: Simulator, resource: str, key: str = "id") -> set[Any]:
    keys = [row[key] for row in simulator.truth(resource)]
    assert len(keys) == len(set(keys)), resource
    return set(keys)


def test_foreign_keys_hold(shared: Simulator) -> None:
    companies, enterprises = _keys(shared, "companies"), _keys(shared, "enterprises")
    centers = {c["id"]: c for c in shared.truth("cost_centers")}
    bills = {b["id"]: b for b in shared.truth("bills")}
    accounts = {a["accountNumber"]: a for a in shared.truth("checking_accounts")}
    customers = {c["id"]: c for c in shared.truth("customers")}
    units = {u["id"]: u for u in shared.truth("units")}
    contracts = {c["id"]: c for c in shared.truth("sales_contracts")}
    categories, creditors = _keys(shared, "payment_categories"), _keys(shared, "creditors")
    codes = {b["documentIdentificationId"] for b in bills.values()}
    assert len(codes) == 17
    for code in codes:
        assert shared.get(f"/v1/document-identifications/{code}").status_code == 200
    for center in centers.values():
        assert center["idCompany"] in companies
    for bill in bills.values():
        assert bill["debtorId"] in companies
        assert bill["creditorId"] in creditors
    for contract in contracts.values():
        customer, unit = contract["salesContractCustomers"][0], contract["salesContractUnits"][0]
        assert customers[customer["id"]]["name"] == customer["name"]
        assert units[unit["id"]]["enterpriseId"] == contract["enterpriseId"] in enterprises
        assert contract["companyId"] in companies
        cancelled = contract["situation"] == "3"
        assert units[unit["id"]]["contractId"] == (None if cancelled else contract["id"])
    for unit in units.values():
        sold = unit["contractId"] is not None
        assert (unit["commercialStock"] == "V") == sold
        if sold:
            contract = contracts[unit["contractId"]]
            assert contract["number"] == unit["contractNumber"]
            assert contract["salesContractUnits"][0]["id"] == unit["id"]
    for row in shared.truth("accounts_statements"):
        assert accounts[row["bankAccountId"]]["companyId"] == row["companyId"]
        assert row["documentId"] in codes
        if row["statementOrigin"] == "AP":
            assert bills[row["billId"]]["debtorId"] == row["companyId"]
            assert row["value"] <= bills[row["billId"]]["totalInvoiceAmount"]
            assert row["date"] >= bills[row["billId"]]["issueDate"]
        if row["statementOrigin"] == "BC":
            assert row["billId"] is row["installmentNumber"] is None
        for part in row["budgetCategories"]:
            assert centers[part["costCenterId"]]["idCompany"] == row["companyId"]
            assert part["paymentCategoriesId"] in categories


def test_money_adds_up(shared: Simulator) -> None:
    for contract in shared.truth("sales_contracts"):
        parts = contract["paymentConditions"]
        assert round(sum(p["totalValue"] for p in parts), 2) == contract["value"]
        for p in parts:
            assert round(p["amountPaid"] + p["outstandingBalance"], 2) == p["totalValue"]
    for row in shared.truth("accounts_statements"):
        assert round(sum(p["percentage"] for p in row["budgetCategories"]), 2) == 100


def test_documents_have_valid_digits(shared: Simulator) -> None:
    seen = {11: 0, 14: 0}
    for name in ("customers", "creditors", "companies", "enterprises"):
        for row in shared.truth(name):
            for document in filter(None, (row.get("cpf"), row.get("cnpj"))):
                assert _digits_hold(document), (name, document)
                seen[len(document)] += 1
    assert min(seen.values()) > 100
    assert not _digits_hold("11144477736")


def test_dates_cover_years_and_end_yesterday(shared: Simulator) -> None:
    today = shared.admin("/health")["now"][:10]
    for name, field in (
        ("bills", "issueDate"),
        ("customers", "createdAt"),
        ("accounts_statements", "date"),
    ):
        days = [row[field] for row in shared.truth(name)]
        assert days == sorted(days)
        assert days[0][:4] == "2021"
        assert today[:4] <= days[-1][:4] or days[-1] < today
        assert days[-1] < today
    assert shared.json("/v1/customers", modifiedAfter=today)["results"] == []
    assert shared.json("/v1/sales-contracts", modifiedAfter=today)["results"] == []


def test_quirks_on(shared: Simulator) -> None:
    customers = shared.rows("/v1/customers")
    assert any(c["name"] != c["name"].strip() for c in customers)
    assert any(c["cnpj"] == "" for c in customers)
    assert any(c["cnpj"] is None for c in customers)
    assert any(isinstance(c["shareCapital"], str) for c in customers)
    assert {bool(re.search(r"\D", c["cpf"])) for c in customers if c["cpf"]} == {True, False}
    spellings = {re.sub(r"\d", "9", c["createdAt"]) for c in customers}
    assert spellings == {
        "9999-99-99",
        "99/99/9999",
        "9999-99-99T99:99:99",
        "9999-99-99T99:99:99-99:99",
    }
    moments = {re.sub(r"\d", "9", b["changedDate"]) for b in shared.rows("/v1/bills", **ALL)}
    assert {"9999-99-99 99:99:99", "9999-99-99T99:99:99Z"} <= moments
    statement = shared.json("/v1/accounts-statements", limit=1, **ALL)["results"][0]
    assert not {"companyId", "documentId"} & set(statement)
    hrefs = {link["rel"]: link["href"] for link in statement["links"]}
    assert set(hrefs) == {"company", "company-group", "bank-account", "document"}
    assert all(href.startswith(shared.url) for href in hrefs.values())
    assert len(hrefs["document"].rsplit("/", 1)[1]) >= 4
    inner = {link["rel"] for link in statement["budgetCategories"][0]["links"]}
    assert inner == {"cost-center", "payment-categories"}


def test_answers_are_the_truth_once_cleaned(shared: Simulator) -> None:
    truth = {row["id"]: row for row in shared.truth("accounts_statements")}
    for row in shared.rows("/v1/accounts-statements", **ALL):
        true = truth[row["id"]]
        keys = {link["rel"]: link["href"].rsplit("/", 1)[1].strip() for link in row["links"]}
        assert keys == {
            "company": str(true["companyId"]),
            "document": true["documentId"],
            "company-group": str(true["companyGroupId"]),
            "bank-account": true["bankAccountId"],
        }
        assert float(row["value"]) == true["value"]
    bills = {row["id"]: row for row in shared.truth("bills")}
    for row in shared.rows("/v1/bills", **ALL):
        true = bills[row["id"]]
        assert row["documentIdentificationId"].strip() == true["documentIdentificationId"]
        assert float(row["totalInvoiceAmount"]) == true["totalInvoiceAmount"]
        if row["changedDate"].endswith("Z"):
            hour = int(row["changedDate"][11:13]) - 3
            assert f"{hour:02d}" == true["changedDate"][11:13]


def test_quirks_off(plain: Simulator) -> None:
    described = _described()
    today = plain.admin("/health")["now"]
    for name, path in PATHS.items():
        for row in plain.rows(path, **ALL)[:200]:
            fields = dict(described[name]["fields"])
            assert set(row) == set(fields), (name, today)
            spaced = [field for field, kind in fields.items() if kind == "date-time"]
            for field in spaced:
                row[field] = row[field].replace(" ", "T").removesuffix(".000")
            _same_shape(row, fields, name)
    assert isinstance(plain.json("/v1/payment-categories")[0]["id"], int)


def test_dirt_only_when_asked(shared: Simulator, start: Callable[..., Simulator]) -> None:
    dirty = start("--dirty", "--requests-per-minute", "1000")
    assert any("codigoLegado" in c for c in dirty.rows("/v1/customers"))
    assert any(b["discount"] == "observado" for b in dirty.rows("/v1/bills", **ALL))
    assert not any("codigoLegado" in c for c in shared.rows("/v1/customers"))
    assert dirty.truth("bills") == shared.truth("bills")


def test_a_million_rows_cost_nothing_until_read(start: Callable[..., Simulator]) -> None:
    big = start("--scale", "large")
    page = big.json("/v1/customers", offset=999_990, limit=200)
    assert page["resultSetMetadata"]["count"] == 1_000_000
    assert [c["id"] for c in page["results"]] == list(range(10, 0, -1))
    window = big.json("/v1/bills", startDate="2024-03-01", endDate="2024-03-01")
    assert {b["issueDate"] for b in window["results"]} == {"2024-03-01"}
