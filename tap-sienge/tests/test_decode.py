"""Lists read from a file part by part: the same elements as when the whole is read at once."""

from __future__ import annotations

import json
from io import BytesIO
from random import Random
from typing import Any

import pytest
from tap_sienge import decode
from tap_sienge.decode import elements
from tap_sienge.errors import MalformedError
from tap_sienge.values import WarningCounter

TEXTS = ["", "São João", '"},{"id": 1', "\\", "]}", "𝄞", "a\tb"]


def record(random: Random, depth: int = 0) -> dict[str, Any]:
    """Give an object that starts like those nested in it."""
    children = random.randint(0, 2) if depth < 3 else 0
    return {
        "id": random.randint(-(2**63), 2**63 - 1),
        "text": random.choice(TEXTS),
        "amount": random.choice([None, True, 0.1, -1e300, 12.50]),
        "nested": [record(random, depth + 1) for _ in range(children)],
    }


def read(text: str | bytes) -> list[Any]:
    body = BytesIO(text if isinstance(text, bytes) else text.encode())
    return list(elements(body, WarningCounter(), ("data",)))


@pytest.mark.parametrize("block", [1, 7, 100, 4096, 1 << 20])
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" ,\n", " : ")])
def test_each_element_comes_once_and_in_order(
    monkeypatch: pytest.MonkeyPatch, block: int, separators: tuple[str, str]
) -> None:
    monkeypatch.setattr(decode, "BLOCK", block)
    random = Random(block)
    records = [record(random) for _ in range(60)]
    for ascii_only in (True, False):
        text = json.dumps({"data": records}, separators=separators, ensure_ascii=ascii_only)
        assert read(text) == records


@pytest.mark.parametrize("block", [1, 7, 1 << 20])
@pytest.mark.parametrize("form", [{}, {"separators": (" , ", " : ")}, {"indent": 1}], ids=repr)
def test_blanks_may_stand_between_everything(
    monkeypatch: pytest.MonkeyPatch, block: int, form: dict[str, Any]
) -> None:
    monkeypatch.setattr(decode, "BLOCK", block)
    records = [{"id": number, "nested": [{"id": number}]} for number in range(9)]
    answer = {"total": 9, "more": {"a": []}, "data": records, "ok": True, "links": []}
    assert read(f"\n {json.dumps(answer, **form)} \n") == records
    assert read(json.dumps({"total": 0, "data": None}, **form)) == []


@pytest.mark.parametrize(
    "answer", ['{"data": [{"id": 1}], "ok": true}', '{"data": [{"id": 1}]}', '[{"id": 1}]',
               '{"data": []}', '{"data": null}'],
)  # fmt: skip
@pytest.mark.parametrize(
    "more",
    ['{"status": 500, "developerMessage": "x"}', "[]", "}", "]", ",", "<html>", '"x"'],
)
def test_nothing_may_follow_an_answer(answer: str, more: str) -> None:
    assert read(answer) in ([{"id": 1}], [])
    for blank in ("", "\n"):
        with pytest.raises(MalformedError):
            read(answer + blank + more)


@pytest.mark.parametrize(
    ("odd", "expected"),
    [("1e400", "1e400"), (str(2**70), 2**70), ("NaN", "NaN"), ('"a\tb"', "a\tb")],
)
def test_one_odd_value_spoils_no_other(odd: str, expected: object) -> None:
    records: list[dict[str, Any]] = [{"id": number, "value": 0.5} for number in range(9)]
    text = json.dumps({"data": records}).replace('4, "value": 0.5', f'4, "value": {odd}')
    assert read(text) == [*records[:4], {"id": 4, "value": expected}, *records[5:]]


@pytest.mark.parametrize("end", ["", "}", '{"id": 9, "val', ', {"id": 9'])
def test_a_list_that_breaks_off_is_told_after_what_came(end: str) -> None:
    whole = json.dumps({"data": [{"id": number} for number in range(9)]}).removesuffix("]}")
    coming = elements(BytesIO((whole + end).encode()), WarningCounter(), ("data",))
    assert [next(coming)["id"] for _ in range(8)] == list(range(8))
    with pytest.raises(MalformedError):
        list(coming)
