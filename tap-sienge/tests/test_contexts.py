"""Periods, parents and choices: what is asked for, and what is not asked for again."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]

FEW = ("--requests-per-minute", "100000", "--bulk-per-minute", "100000", "--rows", "bills=30")
UNLIMITED = {"requests_per_minute": 100_000, "bulk_requests_per_minute": 100_000}


def asked(simulator: Simulator, part: str) -> list[str]:
    return [request["path"] for request in simulator.requests if part in request["path"]]


def test_closed_periods_are_not_read_again(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | UNLIMITED
    streams = ["bills", "accounts_statements", "document_identifications"]
    first = run_tap(config, streams=streams)
    windows = Counter(asked(simulator, "/v1/"))
    assert windows["/v1/bills"] >= 12
    changed = simulator.admin("/change", {"resource": "bills", "update": 3, "create": 2})
    simulator.admin("/requests", method="DELETE")
    second = run_tap(config, streams=streams, state=first.state)
    assert second.log["document_identifications"]["requests"] == 0, "no code is new"
    windows = Counter(asked(simulator, "/v1/"))
    assert windows["/v1/bills"] <= 3
    assert windows["/v1/accounts-statements"] <= 3
    assert windows["/v1/bills/by-change-date"] == 1
    touched = {row["id"] for row in second.rows["bills"]}
    assert {*changed["updated"], *changed["created"]} <= touched
    assert len(touched) < len(first.rows["bills"])
    assert second.activated == set(), "a partial read says nothing about deletions"
    simulator.admin("/requests", method="DELETE")
    all_of_it = run_tap(
        config | {"window_lookback_days": 36500}, streams=["bills"], state=second.state
    )
    assert len(all_of_it.rows["bills"]) == simulator.counts["bills"]
    assert all_of_it.activated == {"bills"}


def test_an_earlier_start_brings_what_lies_before(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    late = UNLIMITED | {"start_date": f"{date.today().year - 1}-07-01"}
    streams = ["bills", "companies"]
    first = run_tap(simulator.config | late, streams=streams)
    assert len(first.rows["bills"]) < simulator.counts["bills"]
    second = run_tap(simulator.config | UNLIMITED, streams=streams, state=first.state)
    assert len(second.rows["bills"]) == simulator.counts["bills"]
    assert "bills: tudo é lido de novo, pois start_date mudou" in second.stderr
    assert "companies: tudo" not in second.stderr


def test_children_are_asked_for_only_where_the_parent_is_new_or_changed(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | UNLIMITED
    streams = ["bills_installments", "bills_taxes"]
    first = run_tap(config, streams=streams)
    assert first.code == 0
    assert len(asked(simulator, "/installments")) == 30
    assert {"bills", *streams} <= first.activated, "the parent is read and landed too"
    assert "30 requisições ou mais, pelos registros de bills" in first.stderr
    simulator.admin("/requests", method="DELETE")
    same = run_tap(config, streams=streams, state=first.state)
    assert asked(simulator, "/installments") == [], "nor where a bill came twice in a run"
    assert same.log["bills_installments"]["status"] == "ok"
    assert not {*streams} & same.activated
    changed = simulator.admin("/change", {"resource": "bills", "update": 2, "create": 1})
    simulator.admin("/requests", method="DELETE")
    second = run_tap(config, streams=streams, state=same.state)
    keys = {*changed["updated"], *changed["created"]}
    assert {int(path.split("/")[3]) for path in asked(simulator, "/installments")} == keys
    assert {row["bill_id"] for row in second.rows["bills_installments"]} == keys


def test_a_child_selected_later_is_asked_for_all_parents(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | UNLIMITED
    first = run_tap(config, streams=["bills_installments"])
    simulator.admin("/requests", method="DELETE")
    second = run_tap(config, streams=["bills_installments", "bills_taxes"], state=first.state)
    assert len(asked(simulator, "/taxes")) == 30
    assert asked(simulator, "/installments") == []
    assert second.log["bills_taxes"]["status"] == "ok"


def test_children_that_failed_are_asked_for_again(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | UNLIMITED | {"max_retries": 0, "max_connections": 1}
    fault = {"path": "/v1/bills/20/taxes", "kind": "status", "status": 500, "count": 1}
    simulator.admin("/faults", fault)
    first = run_tap(config, streams=["bills_taxes"])
    assert first.code == 1
    assert first.log["bills_taxes"]["status"] == "failed"
    assert "bills_taxes" not in first.activated
    simulator.admin("/requests", method="DELETE")
    second = run_tap(config, streams=["bills_taxes"], state=first.state)
    assert second.log["bills_taxes"]["status"] == "ok"
    landed = {
        (r["bill_id"], r["tax_id"]) for run in (first, second) for r in run.rows["bills_taxes"]
    }
    assert len(landed) == len(simulator.truth("bills_taxes"))
    assert 0 < len(asked(simulator, "/taxes")) < 30


def test_children_that_did_not_reconcile_are_asked_for_again(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | UNLIMITED
    short = next(row["billId"] for row in simulator.truth("bills_installments"))
    path = f"/v1/bills/{short}/installments"
    simulator.admin("/faults", {"path": path, "kind": "empty_list", "count": 2})
    first = run_tap(config, streams=["bills_installments"])
    assert first.log["bills_installments"]["status"] == "incomplete"
    assert first.activated == {"bills"}
    simulator.admin("/requests", method="DELETE")
    second = run_tap(config, streams=["bills_installments"], state=first.state)
    assert asked(simulator, "/installments") == [path]
    assert {row["bill_id"] for row in second.rows["bills_installments"]} == {short}
    assert second.log["bills_installments"]["status"] == "ok"


def test_a_parent_read_for_its_children_comes_with_all_columns(
    start_simulator: Start, run_tap: Tap
) -> None:
    run = run_tap(start_simulator(*FEW).config, streams=["bills_taxes"])
    (schema,) = [
        m["schema"] for m in run.messages if m["type"] == "SCHEMA" and m["stream"] == "bills"
    ]
    assert all(row.keys() == schema["properties"].keys() for row in run.rows["bills"])
    assert {"id", "creditor_id"} <= schema["properties"].keys()


def test_no_more_than_a_few_parents_are_asked_for_what_their_kind_never_has(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator("--requests-per-minute", "100000", "--rows", "bills=200")
    run = run_tap(simulator.config | UNLIMITED, streams=["bills_installments_pix"])
    log = run.log["bills_installments_pix"]
    assert log["status"] == "ok"
    assert log["rows"] == len(simulator.truth("bills_installments_pix")) > 20
    assert log["requests"] < log["rows"] + 11 * 12 < len(run.rows["bills_installments"])
    assert any("consultas não feitas" in warning for warning in log["warnings"])


def test_a_forbidden_parent_takes_its_children_with_it(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    simulator.admin("/permissions", {"/v1/bills": 403})
    run = run_tap(simulator.config, streams=["bills_taxes", "companies"])
    assert run.code == 0
    assert run.log["bills_taxes"]["status"] == "skipped"
    assert "bills" in run.log["bills_taxes"]["error"]
    assert run.activated == {"companies"}


def test_choices_are_all_asked_for(simulator: Simulator, run_tap: Tap) -> None:
    run = run_tap(simulator.config, streams=["trademarks"])
    assert {row["status"] for row in run.rows["trademarks"]} == {"ACTIVE", "INACTIVE"}
    assert len(run.rows["trademarks"]) == simulator.counts["trademarks"]


def test_parameters_are_read_by_the_codes_of_a_setting(simulator: Simulator, run_tap: Tap) -> None:
    none = run_tap(simulator.config, streams=["parameters", "companies"])
    assert none.log["parameters"]["status"] == "skipped"
    assert "parameter_ids" in none.log["parameters"]["error"]
    codes = [row["id"] for row in simulator.truth("parameters")]
    config = simulator.config | {"parameter_ids": ", ".join(map(str, codes))}
    run = run_tap(config, streams=["parameters"])
    assert [row["id"] for row in run.rows["parameters"]] == codes


def test_secrets_of_the_tenant_do_not_land(simulator: Simulator, run_tap: Tap) -> None:
    run = run_tap(simulator.config, streams=["hooks"])
    tokens = {row["token"] for row in simulator.truth("hooks")}
    assert run.rows["hooks"]
    assert all("token" not in row for row in run.rows["hooks"])
    assert not [token for token in tokens if token in str(run.messages)]
    assert run.log["hooks"]["warnings"] == []


def test_an_estimate_costs_one_request_a_stream(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    run = run_tap(simulator.config | UNLIMITED, "--estimate=comercial")
    assert run.code == 0
    spent = len(simulator.requests)
    simulator.admin("/requests", method="DELETE")
    assert spent <= 30
    assert run.messages == []
    total = next(line for line in run.said.splitlines() if line.startswith("total REST"))
    contracts = next(line for line in run.said.splitlines() if line.startswith("sales_contracts"))
    rows, first, daily = (int(number) for number in contracts.split()[1:4])
    assert (rows, first, daily) == (simulator.counts["sales_contracts"], 3, 1)
    assert "requisições na primeira vez" in total
    bad = run_tap(simulator.config, "--estimate=vendas")
    assert bad.code == 1
    assert "Predefinição vendas desconhecida: use uma destas: padrao" in bad.stderr
    assert simulator.requests == []


def test_a_long_read_tells_how_far_it_is(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator("--rows", "customers=450", *FEW)
    run = run_tap(simulator.config | UNLIMITED, streams=["customers", "bills"])
    assert "customers: página 2 de 3, 200 linhas" in run.stderr
    assert "bills: consulta 2 de " in run.stderr


def keys(run: Run, stream: str) -> set[Any]:
    return {row["_key"] for row in run.rows[stream]}


def test_rows_without_an_id_get_the_same_key_in_every_run(
    simulator: Simulator, run_tap: Tap
) -> None:
    first, second = (run_tap(simulator.config, streams=["remade_installments"]) for _ in "12")
    assert keys(first, "remade_installments") == keys(second, "remade_installments")
    assert len(keys(first, "remade_installments")) == simulator.counts["remade_installments"]


def test_bills_are_asked_for_by_number_once_they_changed(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    config, streams = simulator.config | UNLIMITED, ["bulk_outcome_by_bills"]

    def numbers() -> list[set[str]]:
        path = "/bulk-data/v1/outcome/by-bills"
        queries = [parse_qs(r["query"]) for r in simulator.requests if r["path"] == path]
        return [set(query["billsIds"][0].split(",")) for query in queries]

    first = run_tap(config, streams=streams)
    assert numbers() == [{str(row["id"]) for row in first.rows["bills"]}]
    rows = first.rows["bulk_outcome_by_bills"]
    assert len(rows) == len(simulator.truth("bulk_outcome"))
    assert {row["bill_id"] for row in rows} == {row["id"] for row in first.rows["bills"]}
    changed = simulator.admin("/change", {"resource": "bills", "update": 3})["updated"]
    simulator.admin("/requests", method="DELETE")
    second = run_tap(config, streams=streams, state=first.state)
    assert numbers() == [{str(number) for number in changed}]
    assert {row["bill_id"] for row in second.rows["bulk_outcome_by_bills"]} == set(changed)
    simulator.admin("/requests", method="DELETE")
    run_tap(config, streams=streams, state=second.state)
    assert numbers() == []
