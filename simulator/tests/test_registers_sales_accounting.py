"""Registers, sales, accounting and assets: what belongs together fits together."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sienge_simulator.testing import Json, Simulator

    Row = dict[str, Json]


def _by(rows: list[Row], *fields: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[f] for f in fields)].append(row)
    return found


def _cents(rows: list[Row], field: str) -> int:
    return sum(round(row[field] * 100) for row in rows)


def test_commissions_are_those_of_the_contracts(plain: Simulator) -> None:
    contracts = {row["id"]: row for row in plain.truth("sales_contracts")}
    commissions = {row["contractId"]: row for row in plain.truth("sales_commissions")}
    assert commissions.keys() == {
        key for key, row in contracts.items() if row["linkedCommissions"]["totalCommission"]
    }
    parts = _by(plain.truth("commissions"), "commissionID")
    details = {row["id"]: row for row in plain.truth("commissions_details")}
    for key, commission in commissions.items():
        contract, own = contracts[key], parts[commission["id"],]
        total = contract["linkedCommissions"]["totalCommissionAmount"]
        assert commission["value"] == total
        assert _cents(commission["installments"], "amount") == _cents(own, "value")
        assert _cents(own, "value") == round(total * 100)
        assert [row["installmentNumber"] for row in own] == list(
            range(1, commission["installmentsNumber"] + 1)
        )
        assert (own[0]["installmentStatus"] == "CANCELLED") == (contract["situation"] == "3")
        assert commission["customerId"] == contract["salesContractCustomers"][0]["id"]
        if contract["brokers"]:
            assert commission["brokerId"] == contract["brokers"][0]["id"]
        detail = details[commission["id"]]
        assert detail["salesContractId"] == key
        assert _cents(detail["brokers"][0]["installments"], "value") == round(total * 100)
    counts = plain.json("/v1/commissions/countFilters")
    for name in ("PAID", "CANCELLED", "RELEASED"):
        page = {"limit": 1, "offset": 0, "commissionFilterType": name}
        count = plain.json("/v1/commissions", **page)["resultSetMetadata"]["count"]
        assert 0 < count == counts[name.lower()]
    unpaid = plain.json("/v1/commissions", limit=1, offset=0, commissionFilterType="UNPAID")
    assert unpaid["resultSetMetadata"]["count"] == counts["all"] - counts["paid"]
    assert plain.get("/v1/commissions").status_code == 400
    assert plain.get("/v1/commissions/1").status_code == 404


def test_units_show_their_evaluations_and_groupings(plain: Simulator) -> None:
    evaluations = _by(plain.truth("units_evaluations"), "unitId")
    groupings = _by(plain.truth("units_groupings"), "unitId")
    known = {
        (row["enterpriseId"], row["unitGroupingDescription"])
        for row in plain.truth("enterprises_groupings")
    }
    for unit in plain.truth("units"):
        own = [{"unitId": unit["id"], "id": n} | e for n, e in enumerate(unit["evaluation"], 1)]
        assert evaluations[unit["id"],] == own
        assert [{"unitId": unit["id"]} | g for g in unit["groupings"]] == groupings[unit["id"],]
        names = {(unit["enterpriseId"], g["groupingDescription"]) for g in unit["groupings"]}
        assert names <= known
    empty = next(unit["id"] for unit in plain.truth("units") if not unit["evaluation"])
    assert plain.json(f"/v1/units/{empty}/evaluations") == []
    assert plain.get("/v1/units/999999/evaluations").status_code == 404


def test_price_tables_leases_and_the_map_point_to_what_there_is(plain: Simulator) -> None:
    units = {row["id"]: row for row in plain.truth("units")}
    tables = {row["id"]: row for row in plain.truth("price_tables")}
    for table in tables.values():
        ids = [unit["id"] for unit in table["units"]]
        assert len(ids) == len(set(ids)) > 0
        assert {units[key]["enterpriseId"] for key in ids} == {table["enterpriseIdView"]}
        assert _cents(table["paymentConditions"], "unitValuePercentage") == 100_00
    for unit in units.values():
        assert {special["tablePricesID"] for special in unit["specialValues"]} <= tables.keys()
    titles = {row["receivableBillId"] for row in plain.truth("sales_contracts")}
    for lease in plain.truth("property_rental"):
        assert lease["receivableBillId"] is None or lease["receivableBillId"] in titles
        assert units[lease["rentalContractUnits"][0]["id"]]["enterpriseId"] == lease["enterpriseId"]
    sizes = _by(list(units.values()), "enterpriseId")
    months = _by(
        [row["enterpriseData"] | row for row in plain.truth("real_estate_map")], "enterpriseId"
    )
    for (key,), rows in months.items():
        assert rows[0]["enterpriseData"]["units"] == len(sizes[key,])
        received = 0
        for row in rows:
            got = row["accumulatedReceipts"]
            received += round(got["monthlyReceipt"] * 100)
            assert abs(round(got["accumulatedReceipt"] * 100) - received) <= len(rows)
    narrow = {"startDate": "2020-01-01", "endDate": "2020-12-31", "costCentersId": 11}
    assert plain.rows("/v1/real-estate-map", **narrow) == []
    assert plain.get("/v1/real-estate-map", startDate="2020-01-01").status_code == 400


def test_balances_carry_forward_and_entries_balance(plain: Simulator) -> None:
    signs = {"DEBIT": 1, "CREDIT": -1, "D": 1, "C": -1}
    closings = plain.truth("closingaccountancy")
    for rows in _by(closings, "companyId", "id").values():
        assert len(rows) > 1
        for row in rows:
            before = signs[row["previousBalanceType"]] * round(row["previousBalance"] * 100)
            after = signs[row["balanceCarriedForwardType"]] * round(
                row["balanceCarriedForward"] * 100
            )
            assert before + _cents([row], "debitBalance") - _cents([row], "creditBalance") == after
        for row, later in pairwise(rows):
            assert row["balanceCarriedForward"] == later["previousBalance"]
    month = closings[0]["monthYear"]
    found = plain.rows("/v1/closingaccountancy", monthYear=month, companyId=1)
    day = f"{month[3:]}-{month[:2]}-01"
    trial = plain.rows("/v1/trial-balance", companyId=1, initialPeriod=day, finalPeriod=day)
    assert [(r["accountId"], r["debitBalance"], r["creditBalance"]) for r in found] == [
        (r["account"], r["debit"], r["credit"]) for r in trial
    ]
    assert plain.get("/v1/closingaccountancy").status_code == 400
    batches = {row["id"]: row for row in plain.truth("accountancy_entry_batches")}
    accounts = {(a["companyId"], a["uniqueNumber"]) for a in plain.truth("accountancy_accounts")}
    entries = {row["eventId"]: row for row in plain.truth("accountancy_entries")}
    lines = _by(plain.truth("accountancy_entry_generator_entries"), "eventId")
    assert {key for (key,) in lines} == entries.keys()
    for key, entry in entries.items():
        batch, (debit, credit) = batches[entry["entryBatchId"]], lines[key,]
        assert batch["companyId"] == entry["companyId"]
        assert batch["startDate"] <= entry["date"] <= batch["endDate"]
        assert (debit["type"], credit["type"]) == ("D", "C")
        assert debit["amount"] == credit["amount"] == entry["amount"]
        for side, line in (("debit", debit), ("credit", credit)):
            assert line["accountId"] == entry[f"{side}AccountId"]
            assert (entry["companyId"], line["accountId"]) in accounts
            shares = entry[f"costCenter{side.title()}List"]
            assert not shares or _cents(shares, "amount") == _cents([entry], "amount")


def test_registers_hold_together(plain: Simulator, shared: Simulator) -> None:
    cities = {row["id"]: row["name"] for row in plain.truth("cities")}
    for customer in plain.truth("customers"):
        for place in customer["addresses"]:
            assert cities[place["cityId"]] == place["city"]
    for row in plain.truth("creditors_pix_informations"):
        assert row["type"] != "C" or row["key"] == row["cpfCnpjBeneficiary"]
    accounts = _by(plain.truth("checking_accounts"), "companyId")
    for center in plain.truth("cost_centers_available"):
        assert {a["accountNumber"] for a in center["availableAccounts"]} == {
            a["accountNumber"] for a in accounts[center["idCompany"],]
        }
    settled = {
        row["costCenterId"] for row in plain.truth("cost_centers_immediate_register_settings")
    }
    path = "/v1/cost-centers/immediate-register-settings"
    assert plain.get(path).status_code == 400
    for center in plain.truth("cost_centers"):
        status = plain.get(path, costCenterId=center["id"]).status_code
        assert status == (200 if center["id"] in settled else 404)
    values = {row["id"]: row["value"] for row in shared.truth("parameters")}
    got = {key: shared.json(f"/v1/parameters/{key}")["value"] for key in values}
    assert {type(value) for value in got.values()} == {str, int, float}
    assert {key: str(value) for key, value in got.items()} == values
    assert shared.get("/v1/parameters/5").status_code == 404
    for name, path in (
        ("units_of_measure", "/v1/units-of-measure"),
        ("trademarks", "/v1/trademarks"),
    ):
        active, inactive = shared.rows(path), shared.rows(path, status="INACTIVE")
        assert {row["status"] for row in active} == {"ACTIVE"}
        assert 0 < len(inactive) == len(shared.truth(name)) - len(active)


def test_details_lead_through_their_owner(plain: Simulator) -> None:
    row = plain.truth("customers_attachments")[0]
    path = f"/v1/customers/{row['customerId']}/attachments"
    (link,) = plain.rows(path)[0]["links"]
    assert link == {"rel": "download", "href": f"{plain.url}{path}/{row['attachmentid']}"}
    guarantors = _by(plain.truth("sales_contracts_guarantors"), "salesContractId")
    (contract,) = next(key for key, rows in guarantors.items() if len(rows) == 2)
    path = f"/v1/sales-contracts/{contract}/guarantors"
    newest, oldest = plain.rows(path)
    assert plain.json(f"{path}/1") == oldest
    assert plain.json(f"{path}/2") == newest
    assert plain.get(f"{path}/3").status_code == 404
    entry = plain.truth("accountancy_entry_generator_entries")[0]
    path = f"/v1/accountancy/entry-generator/entry-batches/{entry['entryBatchId']}/entries"
    period = {"startDate": "2020-01-01", "endDate": "2039-12-31"}
    assert {row["entryBatchId"] for row in plain.rows(path, **period)} == {entry["entryBatchId"]}
    assert plain.json(f"{path}/{entry['id']}")["amount"] == entry["amount"]
    assert plain.get(f"{path}/999999").status_code == 404
