"""Which events one run of the tap answers, and what came of each."""

from __future__ import annotations

import json
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

from sienge_panel.hooks.batch import MOST, Batch
from sienge_panel.hooks.families import FAMILIES, family
from sienge_panel.pipeline import OBJECTS, commands

if TYPE_CHECKING:
    from pathlib import Path

CHOSEN = {table for known in FAMILIES for table in known["reads"]}
_numbers = count(1)


def event(kind: str, attempts: int = 0, **ids: Any) -> dict[str, Any]:  # noqa: ANN401
    told = {"id": next(_numbers), "type": kind, "ids": ids, "attempts": attempts}
    return told | {"since": date(2026, 11, 20)}


def told(status: str, stream: str, id_: str | None, error: str | None = None) -> dict[str, Any]:
    return {"event": "only", "stream": stream, "id": id_, "status": status, "error": error}


def test_many_events_of_an_object_read_it_once() -> None:
    events = [event("CUSTOMER_UPDATED", customerId=12) for _ in range(5)]
    events += [event("CUSTOMER_REMOVED", customerId="12"), event("UNIT_CREATED", unitId=3)]
    batch = Batch.of(events, CHOSEN)
    only = json.loads(batch.only)
    assert only["customers"] == [["12"]]
    assert only["units"] == [["3"]]
    assert {*batch.read} == {found["id"] for found in events}


def test_what_asks_for_nothing_is_closed_with_its_reason() -> None:
    unknown, unread = event("COISA_NOVA", coisaId=1), event("UNIT_CREATED", unitId=1)
    without = event("CUSTOMER_CREATED", otherId=1)
    batch = Batch.of([unknown, unread, without], CHOSEN - {"units"} - {*family_tables("UNIT_")})
    found = {result: ids for (result, _), ids in batch.closed.items()}
    assert found == {
        "desconhecido": [unknown["id"]],
        "não lido": [unread["id"]],
        "separado": [without["id"]],
    }
    assert not batch.read


def family_tables(prefix: str) -> list[str]:
    known = family(f"{prefix}CREATED")
    return [*known["reads"]] if known else []


def test_the_longest_beginning_counts() -> None:
    for known in FAMILIES:
        assert family(f"{known['events']}QUALQUER") == known


def test_the_oldest_event_says_since_when_its_objects_may_have_changed() -> None:
    new, old = (event("CUSTOMER_UPDATED", customerId=number) for number in (1, 2))
    batch = Batch.of([new, old | {"since": date(2026, 11, 18)}], CHOSEN)
    assert batch.since == "2026-11-18"
    assert Batch.of([new, event("BILL_REMOVED", billId=3)], CHOSEN).since == ""


def test_a_run_reads_so_many_objects_and_the_oldest_first() -> None:
    events = [event("CUSTOMER_UPDATED", customerId=number) for number in range(1, 3 * MOST)]
    batch = Batch.of(events, {"customers"})
    assert json.loads(batch.only) == {"customers": [[str(number)] for number in range(1, MOST + 1)]}


def test_what_failed_before_shares_its_run_with_fewer_and_in_the_end_with_none() -> None:
    def sizes(attempts: int) -> int:
        failed = event("CUSTOMER_UPDATED", attempts, customerId=MOST)
        others = [event("CUSTOMER_UPDATED", customerId=number) for number in range(1, MOST)]
        return len(Batch.of([failed, *others], {"customers"}).read)

    found = [sizes(attempts) for attempts in range(6)]
    assert found == sorted(found, reverse=True)
    assert found[0] == MOST
    assert found[4] == found[5] == 1


def test_the_worst_of_what_an_event_asked_for_counts() -> None:
    good, gone, later, bad, silent = (
        event("CUSTOMER_UPDATED", customerId=number) for number in range(1, 6)
    )
    batch = Batch.of([good, gone, later, bad, silent], {"customers"})
    found = batch.results(
        [
            told("ok", "customers", "1"),
            told("removed", "customers", "2"),
            told("postponed", "customers", "3", "a cota acabou"),
            told("failed", "customers", "4", "resposta 500"),
        ]
    )
    assert found[("ok", "")] == [good["id"]]
    assert found[("removed", "")] == [gone["id"]]
    assert found[("postponed", "a cota acabou")] == [later["id"]]
    assert found[("failed", "resposta 500")] == [bad["id"]]
    assert [ids for (status, _), ids in found.items() if status == "failed"][1] == [silent["id"]]


def test_an_id_may_have_several_names_or_parts_and_tables_without_it_are_left_out() -> None:
    everything = {table for known in FAMILIES for table in known["reads"]}

    def asked(kind: str, **ids: Any) -> dict[str, Any]:  # noqa: ANN401
        batch = Batch.of([event(kind, **ids)], everything)
        only: dict[str, Any] = json.loads(batch.only)
        return only

    rental = {"property_rental": [["7"]]}
    assert asked("PROPERTY_RENTAL_UPDATED", contractSeqId=7) == rental
    assert asked("PROPERTY_RENTAL_CREATED", contractSeqId=7, unitId=3) == {
        **rental, "units": [["3"]]
    }  # fmt: skip
    assert asked("RECEIVABLE_INSTALLMENT_CREATED", billId=5)["bulk_income"] == [["5"]]
    assert asked("COST_CENTER_UPDATED", costCenterId=1) == {"cost_centers": []}
    contract = {"documentId": "CT", "contractNumber": "12"}
    assert asked("SUPPLY_CONTRACT_UPDATED", **contract) == {
        "supply_contracts_details": [["CT", "12"]]
    }


def test_the_models_made_for_events_are_those_of_their_tables_if_any(tmp_path: Path) -> None:
    (tmp_path / "transform").mkdir()
    (tmp_path / "transform" / "dbt_project.yml").touch()
    env = {OBJECTS: '{"customers": [["1"]], "units": [["2"]]}'}
    load, build = commands(tmp_path, env, "um")
    assert load[0] == "run"
    assert build[:2] == ["invoke", "dbt:build"]
    assert [it for it in build if it.startswith("source:")] == [
        "source:sienge.customers+", "source:sienge.units+",
    ]  # fmt: skip
    assert len([*commands(tmp_path, {**env, "SYNC_ONLY": "carga"}, "um")]) == 1
