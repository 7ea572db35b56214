"""Faults of what an answer says: another body, wrong metadata, pages that are not as asked."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sienge_simulator.testing import Json, Simulator

PATH = "/v1/customers"


@pytest.fixture
def clean(shared: Simulator) -> Iterator[Simulator]:
    shared.admin("/faults", method="DELETE")
    yield shared
    shared.admin("/faults", method="DELETE")


def asked(simulator: Simulator, kind: str, params: Json = None, **more: Json) -> Json:
    """The body of one request that meets a fault."""
    simulator.admin("/faults", {"path": PATH, "kind": kind, **more})
    return simulator.json(PATH, **(params or {"limit": 5}))


def test_the_body_of_an_error_may_come_as_an_answer(clean: Simulator) -> None:
    clean.admin("/faults", {"path": PATH, "kind": "error_body", "retry_after": -5})
    answer = clean.get(PATH)
    assert (answer.status_code, answer.headers["Retry-After"]) == (200, "-5")
    assert list(answer.json()) == ["status", "developerMessage", "clientMessage", "errors"]
    assert answer.json()["status"] == 500
    clean.admin("/faults", {"path": PATH, "kind": "error_body", "status": 422})
    assert clean.get(PATH).status_code == 422
    assert len(clean.json(PATH)["results"]) == 100


@pytest.mark.parametrize("body", [{"status": 500, "data": [1]}, [], {}, None, "text", [1], 7, True])
def test_the_body_may_be_any_json(clean: Simulator, body: Json) -> None:
    assert asked(clean, "body", body=body) == body


def test_the_body_may_be_any_text(clean: Simulator) -> None:
    clean.admin("/faults", {"path": PATH, "kind": "body", "text": "olá", "status": 500})
    assert clean.get(PATH).content.decode() == "olá"


@pytest.mark.parametrize("when", ["Mon, 01 Jan 2001 00:00:00 GMT", "-1", "1e9", "logo", ""])
@pytest.mark.parametrize("status", [429, 500, 503])
def test_retry_after_may_be_any_text(clean: Simulator, status: int, when: str) -> None:
    clean.admin("/faults", {"path": PATH, "kind": "status", "status": status, "retry_after": when})
    answer = clean.get(PATH)
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, when)


def test_metadata_may_be_wrong(clean: Simulator) -> None:
    right = clean.json(PATH, limit=5)
    about = {"count": 1200, "offset": 0, "limit": 5}
    assert right["resultSetMetadata"] == about
    for wrong in ({"count": 0}, {"count": "350"}, {"count": None}, {"limit": "200"}, {"x": 1}):
        told = asked(clean, "metadata", set=wrong)
        assert told == right | {"resultSetMetadata": about | wrong}
    assert asked(clean, "metadata", drop=["count", "limit"])["resultSetMetadata"] == {"offset": 0}
    assert asked(clean, "metadata") == {"results": right["results"]}


def test_pages_may_be_capped(clean: Simulator) -> None:
    right = clean.json(PATH, limit=5)
    silent = asked(clean, "cap", rows=2)
    assert silent == right | {"results": right["results"][:2]}
    assert asked(clean, "cap", rows=2, told=True)["resultSetMetadata"]["limit"] == 2


def test_the_offset_may_be_ignored(clean: Simulator) -> None:
    right = clean.json(PATH, limit=5)
    second: Json = {"limit": 5, "offset": 5}
    assert asked(clean, "no_offset", second) == right
    clean.admin("/faults", {"path": PATH, "kind": "no_offset", "changing": "name", "count": 9})
    names = {clean.json(PATH, **second)["results"][0]["name"] for _ in range(3)}
    assert len(names) == 3
    clean.admin("/faults", method="DELETE")
    assert asked(clean, "no_offset", second, also=["bare", "cap"], rows=2) == right["results"][:2]


def test_a_list_may_stand_before_the_results(clean: Simulator) -> None:
    right = clean.json(PATH, limit=5)
    told = asked(clean, "wrap", before={"errors": [1]}, wrapper="rows")
    assert list(told) == ["errors", "resultSetMetadata", "rows"]
    assert told["rows"] == right["results"]


def test_a_body_may_come_slowly(clean: Simulator) -> None:
    right = clean.json(PATH, limit=5)
    began = time.monotonic()
    assert asked(clean, "drip", blocks=4, pause_ms=50) == right
    assert time.monotonic() - began >= 0.2
    clean.admin("/faults", {"path": PATH, "kind": "drip", "blocks": 2, "pause_ms": 5000})
    with pytest.raises(requests.exceptions.RequestException):
        clean.session.get(clean.url + PATH, timeout=0.5)


def test_a_fault_may_be_that_of_one_query(clean: Simulator) -> None:
    clean.admin("/faults", {"path": PATH, "kind": "status", "query": {"limit": 3}})
    assert clean.get(PATH, limit=4).status_code == 200
    assert clean.get(PATH, limit=3).status_code == 503
