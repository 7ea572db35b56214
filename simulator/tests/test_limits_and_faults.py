"""Limits, quotas, permissions, faults and changes, each with a simulator of its own state."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import requests
from sienge_simulator.spec import load
from sienge_simulator.testing import PERIOD, Json, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY = 86_400


@pytest.fixture
def clean(shared: Simulator) -> Iterator[Simulator]:
    """The shared simulator, without faults, permissions or log before and after."""

    def reset() -> None:
        shared.admin("/faults", method="DELETE")
        shared.admin("/requests", method="DELETE")
        shared.admin("/permissions", {"/v1/creditors": None, "/v1/units": None})

    reset()
    yield shared
    reset()


def test_rate_limit_slides(start: Callable[..., Simulator]) -> None:
    simulator = start("--requests-per-minute", "5", "--bulk-per-minute", "2")
    assert [simulator.get("/v1/companies").status_code for _ in range(6)] == [200] * 5 + [429]
    refused = simulator.get("/v1/companies")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["status"] == 429
    bulk = [simulator.get("/bulk-data/v1/none").status_code for _ in range(3)]
    assert bulk == [404, 404, 429]
    log = simulator.admin("/requests")
    assert [entry["status"] for entry in log] == [200] * 5 + [429] * 2 + [404, 404, 429]
    assert [entry["bulk"] for entry in log] == [False] * 7 + [True] * 3
    simulator.admin("/clock", {"advance_seconds": 30})
    waiting = simulator.get("/v1/companies")
    assert int(waiting.headers["Retry-After"]) <= 30
    simulator.admin("/clock", {"advance_seconds": 31})
    assert simulator.get("/v1/companies").status_code == 200


def test_free_plan_blocks_until_the_next_day(start: Callable[..., Simulator]) -> None:
    simulator = start("--plan", "free", "--requests-per-minute", "1000")
    for _ in range(100):
        assert simulator.get("/v1/companies").status_code == 200
    refused = simulator.get("/v1/companies")
    assert refused.status_code == 429
    assert "Retry-After" not in refused.headers
    usage = simulator.admin("/usage")
    assert (usage["rest"], usage["rest_quota"], usage["rest_overage"]) == (100, 100, 0)
    simulator.admin("/clock", {"advance_seconds": DAY})
    assert simulator.get("/v1/companies").status_code == 200
    assert simulator.admin("/usage")["rest"] == 1


def test_paid_plans_count_overage_but_bulk_blocks(start: Callable[..., Simulator]) -> None:
    simulator = start(
        "--plan", "start", "--requests-per-minute", "5000", "--bulk-per-minute", "5000"
    )
    with ThreadPoolExecutor(4) as pool:
        statuses = set(pool.map(lambda _: simulator.get("/v1/nada").status_code, range(1003)))
    assert statuses == {404}
    bulk = [simulator.get("/bulk-data/v1/none") for _ in range(21)]
    assert [answer.status_code for answer in bulk] == [404] * 20 + [429]
    assert "Retry-After" not in bulk[-1].headers
    usage = simulator.admin("/usage")
    assert (usage["rest"], usage["rest_overage"], usage["bulk"]) == (1003, 3, 20)


def test_the_log_keeps_arrival_and_latency_does_not_queue(start: Callable[..., Simulator]) -> None:
    simulator = start("--latency-ms", "300")
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda n: requests.get(
                    f"{simulator.url}/v1/companies",
                    params={"n": n},
                    auth=simulator.session.auth,
                    timeout=10,
                ),
                range(4),
            )
        )
    assert {answer.status_code for answer in answers} == {200}
    log = simulator.admin("/requests")
    assert [entry["at"] for entry in log] == sorted(entry["at"] for entry in log)
    assert {entry["query"] for entry in log} == {"n=0", "n=1", "n=2", "n=3"}
    assert max(entry["at"] for entry in log) < min(entry["done"] for entry in log)
    assert all(entry["done"] - entry["at"] >= 0.3 for entry in log)
    simulator.admin("/requests", method="DELETE")
    assert simulator.admin("/requests") == []


def test_permissions(clean: Simulator) -> None:
    clean.admin("/permissions", {"/v1/creditors": 403, "/v1/units": 404})
    assert clean.get("/v1/creditors").json()["status"] == 403
    assert clean.get("/v1/creditors/3").status_code == 403
    assert clean.get("/v1/units").status_code == 404
    assert clean.get("/v1/customers").status_code == 200
    clean.admin("/permissions", {"/v1/creditors": None})
    assert clean.get("/v1/creditors").status_code == 200
    assert clean.get("/v1/units").status_code == 404


def test_status_fault_counts_skips_and_picks_an_offset(clean: Simulator) -> None:
    clean.admin(
        "/faults",
        {
            "path": "/v1/customers",
            "kind": "status",
            "status": 503,
            "count": 2,
            "retry_after": 3,
            "skip": 1,
            "offset": 200,
        },
    )
    assert clean.get("/v1/customers").status_code == 200
    statuses = [clean.get("/v1/customers", offset=200).status_code for _ in range(2)]
    assert statuses == [200, 503]
    assert clean.get("/v1/customer-types", offset=200).status_code == 200
    assert len(clean.admin("/faults")) == 1
    last = clean.get("/v1/customers", offset=200)
    assert (last.status_code, last.headers["Retry-After"]) == (503, "3")
    assert last.json()["status"] == 503
    assert clean.get("/v1/customers", offset=200).status_code == 200
    assert clean.admin("/faults") == []


def test_faults_of_the_body(clean: Simulator) -> None:
    def broken(kind: str, **more: Json) -> requests.Response:
        clean.admin("/faults", {"path": "/v1/customers", "kind": kind, **more})
        return clean.get("/v1/customers")

    page = broken("html", status=502)
    assert page.status_code == 502
    assert page.headers["Content-Type"].startswith("text/html")
    empty = broken("empty_body")
    assert (empty.status_code, empty.content) == (200, b"")
    invalid = broken("invalid_json")
    assert invalid.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        invalid.json()
    nothing = broken("empty_list").json()
    assert nothing["results"] == []
    assert nothing["resultSetMetadata"]["count"] == 1200
    assert len(clean.json("/v1/customers")["results"]) == 100


def test_faults_of_the_connection(clean: Simulator) -> None:
    def order(kind: str, **more: Json) -> None:
        clean.admin("/faults", {"path": "/v1/customers", "kind": kind, **more})

    order("truncate")
    with pytest.raises(
        (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError),
        match="IncompleteRead",
    ):
        clean.get("/v1/customers")
    order("reset")
    with pytest.raises(requests.exceptions.ConnectionError):
        clean.get("/v1/customers")
    order("hang")
    with pytest.raises(requests.exceptions.ReadTimeout):
        clean.session.get(f"{clean.url}/v1/customers", timeout=0.5)
    order("latency", latency_ms=400)
    began = time.monotonic()
    assert clean.get("/v1/customers").status_code == 200
    assert time.monotonic() - began >= 0.4
    assert clean.get("/v1/customers").status_code == 200


@pytest.mark.parametrize(
    ("path", "wrapper"),
    [("/customers", "results"), ("/payment-categories", ""), ("/income", "data")],
)
def test_replaced_records(clean: Simulator, path: str, wrapper: str) -> None:
    path = ("/bulk-data/v1" if wrapper == "data" else "/v1") + path

    def ask() -> tuple[bytes, list[Json]]:
        content = clean.get(path, **PERIOD, limit=4, selectionType="D").content
        body = json.loads(content.decode("latin-1"))
        return content, body[wrapper] if wrapper else body

    right, records = ask()
    dirt: list[Json] = [{"id": None, "name": '"Jo\xe3o"', "n": "1e400", "m": "NaN"}, "null", {}]
    clean.admin("/faults", {"path": path, "kind": "replace", "items": dirt, "encoding": "latin-1"})
    content, dirty = ask()
    assert b'"Jo\xe3o"' in content
    assert (dirty[0]["name"], dirty[0]["n"], "id" in dirty[0]) == ("João", float("inf"), False)
    assert dirty[1:] == [None, *records[2:]]
    assert ask()[0] == right


def test_unknown_orders_are_refused(clean: Simulator) -> None:
    for path, body in (
        ("/faults", {"path": "/v1", "kind": "flood"}),
        ("/faults", {"kind": "html", "path": "/v1", "colour": 1}),
        ("/change", {"resource": "clients", "create": 1}),
        ("/change", {"resource": "customers", "set": {"nome": "x"}}),
        ("/change", {"resource": "customers", "ids": [10**9], "delete": 1}),
    ):
        answer = requests.post(f"{clean.root}/_admin{path}", json=body, timeout=10)
        assert answer.status_code == 400, body
        assert answer.json()["error"]
    missing = requests.get(f"{clean.root}/_admin/truth/clients", timeout=10)
    assert missing.status_code == 404


def test_changes_show_everywhere(own: Simulator) -> None:
    before = {c["id"]: c for c in own.truth("customers")}
    done = own.admin("/change", {"resource": "customers", "create": 3, "update": 2, "delete": 1})
    assert [len(done[k]) for k in ("created", "updated", "deleted")] == [3, 2, 1]
    after = {c["id"]: c for c in own.truth("customers")}
    assert set(after) == set(before) - set(done["deleted"]) | set(done["created"])
    assert own.admin("/counts")["customers"] == len(after) == 452
    assert [c["id"] for c in own.rows("/v1/customers", limit=100)] == sorted(after, reverse=True)
    today = own.admin("/health")["now"][:10]
    touched = set(done["created"] + done["updated"])
    assert {c["id"] for c in own.rows("/v1/customers", modifiedAfter=today)} == touched
    for key in done["updated"]:
        assert after[key]["name"] != before[key]["name"]
        assert after[key]["modifiedAt"] == today == after[key]["modifiedAtDateTime"][:10]
    assert own.get(f"/v1/customers/{done['deleted'][0]}").status_code == 404
    assert own.json(f"/v1/customers/{done['created'][0]}")["createdAt"] == today


def test_chosen_changes(own: Simulator) -> None:
    done = own.admin(
        "/change",
        {"resource": "customers", "ids": [5, 9], "update": 2, "set": {"email": "novo@example.com"}},
    )
    assert done == {"created": [], "updated": [5, 9], "deleted": []}
    assert own.json("/v1/customers/9")["email"] == "novo@example.com"
    assert own.admin("/change", {"resource": "customers", "ids": [5], "delete": 1})["deleted"] == [
        5
    ]
    assert own.get("/v1/customers/5").status_code == 404
    today = own.admin("/health")["now"][:10]
    own.admin("/change", {"resource": "sales_contracts", "ids": [7], "update": 1})
    found = own.rows("/v1/sales-contracts", modifiedAfter=today)
    assert [c["id"] for c in found] == [7]
    assert "_modifiedAt" not in found[0]
    own.admin("/change", {"resource": "bills", "ids": [3], "update": 1})
    window: dict[str, Json] = {"startDate": today, "endDate": today}
    changed = own.rows("/v1/bills/by-change-date", **window)
    assert [b["id"] for b in changed] == [3]
    assert changed[0]["changedDate"][:10] == today
    assert own.rows("/v1/bills", **window) == []
    own.admin("/change", {"resource": "bills", "ids": [10], "set": {"issueDate": "2019-05-05"}})
    own.admin("/change", {"resource": "bills", "ids": [11], "delete": 1})
    assert [b["id"] for b in own.rows("/v1/bills", **PERIOD)] == [*range(1, 10), *range(12, 61)]
    early = own.rows("/v1/bills", startDate="2019-05-05", endDate="2019-05-05")
    assert [b["id"] for b in early] == [10]
    own.admin("/clock", {"advance_seconds": DAY})
    done = own.admin("/change", {"resource": "bills", "create": 1})
    assert own.rows("/v1/bills", **PERIOD)[-1]["id"] == done["created"][0] == 61
    assert own.rows("/v1/bills", **window) == []
    assert own.rows("/v1/customers", modifiedAfter=today)[0]["id"] == 9


def test_every_kind_of_key_survives_changes(own: Simulator) -> None:
    specs = load().items()
    for resource in (n for n, s in specs if s.key and not s.parent and not s.explode):
        counts = f"/counts?resource={resource}"
        before = own.admin(counts)[resource]
        done = own.admin("/change", {"resource": resource, "create": 3, "update": 1, "delete": 1})
        assert own.admin(counts)[resource] == before + 2 == len(own.truth(resource))
        assert len(set(done["created"])) == 3, resource
        again = own.admin("/change", {"resource": resource, "ids": done["created"], "delete": 3})
        assert again["deleted"] == done["created"], resource
        assert own.admin(counts)[resource] == before - 1


def test_a_shift_moves_rows_between_pages(own: Simulator) -> None:
    own.admin("/shift", {"path": "/v1/customers", "after_requests": 1, "create": 5})
    first = own.json("/v1/customers", limit=200)
    second = own.json("/v1/customers", limit=200, offset=200)
    assert first["resultSetMetadata"]["count"] == 450
    assert second["resultSetMetadata"]["count"] == 455
    ids = [{c["id"] for c in page["results"]} for page in (first, second)]
    assert len(ids[0] & ids[1]) == 5
    own.admin("/shift", {"path": "/v1/customers", "after_requests": 0, "delete": 5})
    third = own.json("/v1/customers", limit=200, offset=400)
    assert third["resultSetMetadata"]["count"] == 450
    assert own.admin("/counts")["customers"] == 450
