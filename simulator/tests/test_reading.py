"""What a client that behaves gets, and what it is refused."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests
from sienge_simulator.testing import PERIOD, Json, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _fields(answer: requests.Response) -> set[str]:
    body = answer.json()
    assert answer.status_code == body["status"] == 400
    return {error["field"] for error in body["errors"]}


def test_ready_line_ready_file_and_sudden_end(
    start: Callable[..., Simulator], tmp_path: Path
) -> None:
    file = tmp_path / "ready"
    simulator = start("--ready-file", str(file), "--subdomain", "outra")
    port = int(simulator.root.rsplit(":", 1)[1])
    assert simulator.ready == f"Sienge simulator ready at http://127.0.0.1:{port}/outra/public/api"
    assert file.read_text() == simulator.url
    with socket.create_connection(("127.0.0.1", port)) as open_connection:
        open_connection.sendall(b"GET /outra/public/api/v1/customers HTTP/1.1\r\n")
        assert simulator.stop() == 0


@pytest.mark.parametrize(
    "options",
    [
        ["--scale", "enorme"],
        ["--rows", "clientes=3"],
        ["--rows", "customers=x"],
        ["--plan", "ouro"],
        ["--port", "-1"],
        ["--port", "99999"],
    ],
)
def test_bad_options_end_with_one_sentence(options: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sienge_simulator", *options],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("Opção inválida: ")


def test_wrong_password_is_401_with_the_documented_body(shared: Simulator) -> None:
    for user in (None, ("construtora-demo-api", "errada"), ("outro", "senha-demo")):
        answer = requests.get(f"{shared.url}/v1/customers", auth=user, timeout=10)
        body = answer.json()
        assert answer.status_code == body["status"] == 401
        assert set(body) == {"status", "developerMessage", "clientMessage", "errors"}


def test_unknown_places(shared: Simulator) -> None:
    other = shared.session.get(f"{shared.root}/outra/public/api/v1/customers", timeout=10)
    assert other.status_code == 404
    assert "<html>" in other.text
    for path in ("/v1/nada", "/v1/document-identifications"):
        assert (shared.get(path).status_code, shared.get(path).text[:6]) == (404, "<html>")
    assert shared.get("/v1/customers/999999").json()["status"] == 404
    assert shared.get("/v1/customers/abc").json()["status"] == 404
    posted = shared.session.post(f"{shared.url}/v1/customers", json={}, timeout=10)
    assert posted.json()["status"] == 405


def test_pages_cover_everything_once_newest_first(shared: Simulator) -> None:
    first = shared.json("/v1/customers")
    assert first["resultSetMetadata"] == {"count": 1200, "offset": 0, "limit": 100}
    assert len(first["results"]) == 100
    ids = [row["id"] for row in shared.rows("/v1/customers", limit=190)]
    assert ids == list(range(1200, 0, -1))
    assert shared.json("/v1/customers", offset=1200)["results"] == []
    ids = [row["id"] for row in shared.rows("/v1/creditors", limit=77)]
    assert ids == list(range(1, 451))


@pytest.mark.parametrize(
    ("name", "value"), [("limit", 201), ("limit", 0), ("limit", "x"), ("offset", -1)]
)
def test_limit_and_offset_rules(shared: Simulator, name: str, value: object) -> None:
    assert _fields(shared.get("/v1/customers", **{name: value})) == {name}
    assert len(shared.json("/v1/customers", limit=200)["results"]) == 200


@pytest.mark.parametrize(
    "path", ["/v1/bills", "/v1/bills/by-change-date", "/v1/accounts-statements"]
)
def test_required_and_malformed_parameters(shared: Simulator, path: str) -> None:
    assert _fields(shared.get(path)) == {"startDate", "endDate"}
    assert _fields(shared.get(path, startDate="2024-01-01")) == {"endDate"}
    assert _fields(shared.get(path, startDate="01/02/2024", endDate="2024-02-30")) == {
        "startDate",
        "endDate",
    }
    assert _fields(shared.get(path, startDate="2024-1-01", endDate="2024-W01-1")) == {
        "startDate",
        "endDate",
    }
    assert shared.get(path, **PERIOD).status_code == 200


def test_wrong_types_are_refused_and_unknown_names_ignored(shared: Simulator) -> None:
    assert _fields(shared.get("/v1/enterprises", companyId="x")) == {"companyId"}
    assert _fields(shared.get("/v1/checking-accounts", accountStatus="OPEN")) == {"accountStatus"}
    assert _fields(shared.get("/v1/customers", modifiedAfter="ontem")) == {"modifiedAfter"}
    assert shared.json("/v1/customers", modifiedafter="ontem")["resultSetMetadata"]["count"] == 1200


def test_answer_shapes(shared: Simulator) -> None:
    categories = shared.json("/v1/payment-categories")
    assert len(categories) == 40
    assert all(isinstance(row["id"], str) and row["id"].isdigit() for row in categories)
    one = shared.json(f"/v1/payment-categories/{categories[3]['id']}")
    assert set(one) == {"id", "name"}
    assert set(shared.json("/v1/cost-centers")) == {"resultSetMetadata", "results"}
    assert "buildingSectors" in shared.json("/v1/cost-centers/11")
    assert "buildingSectors" not in shared.rows("/v1/cost-centers")[0]
    assert shared.json("/v1/professions/3")["results"][0]["id"] == 3
    assert shared.json("/v1/document-identifications/NF")["name"].strip() == "Nota fiscal"
    assert shared.json("/v1/document-identifications/NF%20%20")["id"] == 1
    account = shared.json("/v1/accountancy/accounts/2_7")
    assert (account["companyId"], account["id"]) == (2, 7)
    assert "salesDetails" in shared.json("/v1/enterprises/101")


def test_units_have_more_when_asked(shared: Simulator) -> None:
    extra = {"childUnits", "groupings", "specialValues"}
    few = shared.json("/v1/units", limit=1)["results"][0]
    many = shared.json("/v1/units", limit=1, additionalData="ALL")["results"][0]
    assert set(many) - set(few) == extra
    assert extra <= set(shared.json("/v1/units/700"))


def _count(simulator: Simulator, path: str, **params: Json) -> int:
    count: int = simulator.json(path, **params)["resultSetMetadata"]["count"]
    return count


def test_date_windows_equal_a_scan_of_the_truth(shared: Simulator) -> None:
    window: dict[str, Json] = {"startDate": "2023-02-10", "endDate": "2023-08-20"}

    def inside(day: str) -> bool:
        return bool(window["startDate"] <= day[:10] <= window["endDate"])

    bills, statements = shared.truth("bills"), shared.truth("accounts_statements")
    expected = [b["id"] for b in bills if inside(b["issueDate"])]
    assert 0 < len(expected) < len(bills)
    assert [b["id"] for b in shared.rows("/v1/bills", **window)] == expected
    assert [b["id"] for b in shared.rows("/v1/bills/by-change-date", **window)] == [
        b["id"] for b in bills if inside(b["changedDate"])
    ]
    assert [s["id"] for s in shared.rows("/v1/accounts-statements", **window)] == [
        s["id"] for s in statements if inside(s["date"])
    ]


def test_customer_filters_equal_a_scan_of_the_truth(shared: Simulator) -> None:
    truth = shared.truth("customers")
    for name, field, lower in (
        ("modifiedAfter", "modifiedAt", True),
        ("modifiedBefore", "modifiedAt", False),
        ("createdAfter", "createdAt", True),
        ("createdBefore", "createdAt", False),
    ):
        day = truth[600][field]
        expected = {c["id"] for c in truth if (c[field] >= day if lower else c[field] <= day)}
        assert {c["id"] for c in shared.rows("/v1/customers", **{name: day})} == expected
        assert 0 < len(expected) < 1200
    person = next(c for c in truth if c["cpf"])
    assert [c["id"] for c in shared.rows("/v1/customers", cpf=person["cpf"])] == [person["id"]]
    assert 0 < _count(shared, "/v1/customers", onlyActive="true") < 1200
    contracts = shared.truth("sales_contracts")
    enterprise = contracts[0]["enterpriseId"]
    owners = {
        c["salesContractCustomers"][0]["id"] for c in contracts if c["enterpriseId"] == enterprise
    }
    assert {c["id"] for c in shared.rows("/v1/customers", enterpriseId=enterprise)} == owners


def test_other_filters_equal_a_scan_of_the_truth(shared: Simulator) -> None:
    accounts = shared.truth("checking_accounts")
    enabled = sum(a["accountStatus"] == "ENABLED" for a in accounts)
    assert 0 < enabled < len(accounts)
    assert _count(shared, "/v1/checking-accounts") == enabled
    assert _count(shared, "/v1/checking-accounts", accountStatus="ALL") == len(accounts)
    contracts = shared.truth("sales_contracts")
    assert (
        _count(shared, "/v1/sales-contracts", situation="3,0")
        == sum(c["situation"] in "30" for c in contracts)
        > 0
    )
    bills = shared.truth("bills")
    some = bills[5]
    assert (
        _count(shared, "/v1/bills", creditorId=some["creditorId"], **PERIOD)
        == sum(b["creditorId"] == some["creditorId"] for b in bills)
        > 0
    )
    assert (
        _count(shared, "/v1/creditors", creditor="ltda")
        == sum("ltda" in f"{c['name']} {c['tradeName']}".lower() for c in shared.truth("creditors"))
        > 0
    )
    assert (
        _count(shared, "/v1/units", enterpriseId=101)
        == sum(u["enterpriseId"] == 101 for u in shared.truth("units"))
        > 0
    )
