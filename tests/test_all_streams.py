"""Every stream: `meltano run tap-sienge-tudo target-postgres` against the truth."""

from __future__ import annotations

import re
from ast import literal_eval
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pytest
from tap_sienge.streams import presets

from testing.pipeline import FEWER, Line, running_line
from testing.truth import contents, key_of, plain, stream_class, truth
from transform.generate import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

STREAMS = presets()["tudo"]
UNCOMPARED = {"links", "value_groupings"}
"""Columns told otherwise: raw links, and a description that the documents call a number."""

SAMPLE = 25
"""Rows of each stream that are compared cell by cell."""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with running_line(tmp_path_factory.mktemp("banco"), *FEWER) as found:
        everything = ",".join(str(row["id"]) for row in found.simulator.truth("parameters"))
        found.run(
            plugin="tap-sienge-tudo",
            TAP_SIENGE_PARAMETER_IDS=everything,
        )
        yield found


@pytest.mark.parametrize("stream", STREAMS)
def test_what_landed_is_true(line: Line, stream: str) -> None:
    (log,) = line.query(f"select * from sienge.sync_log where stream = '{stream}'")
    assert log["status"] == "ok", log["error"]
    expected = truth(line.simulator, stream)
    rows = line.landed(stream)
    assert len(rows) == len(expected) > 0
    by_key: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for record in expected:
        by_key.setdefault(key_of(stream, record), []).append(record)
    if stream_class(stream).content_key == ():  # no key but the content: compare all of it
        told = (expected[0].keys() & rows[0].keys()) - UNCOMPARED
        assert len(told) > 2
        assert contents(rows, told) == contents(expected, told)
        return
    assert len(by_key) == len(expected), "the key is not unique"
    assert by_key.keys() == {key_of(stream, row) for row in rows}
    for row in rows[:SAMPLE]:
        (true,) = by_key[key_of(stream, row)]
        for name, value in true.items():
            if name in row and name not in UNCOMPARED:
                assert plain(row[name]) == plain(value), (stream, name)


def at(record: Any, path: str) -> Any:  # noqa: ANN401
    """Give what is at a path of names; nothing where one of them is not there."""
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    return record


def elements(records: list[dict[str, Any]], path: str) -> list[dict[str, Any]]:
    """Give the objects of the lists at a path; an object alone counts as a list of one."""
    found = [at(record, path) for record in records]
    lists = [[value] if isinstance(value, dict) else value or [] for value in found]
    return [element for values in lists for element in values if isinstance(element, dict)]


def test_staging_views_have_every_true_value(line: Line) -> None:
    line.dbt("build", "--select", "path:models/staging", "--resource-type=model")
    true_of = cache(partial(truth, line.simulator))
    compared = 0
    for model in FOLDER.rglob("*.sql"):
        text = model.read_text("utf-8")
        (stream,) = re.findall(r"[ad]a\('(\w+)'", text)
        if stream not in STREAMS:
            continue
        true = true_of(stream)
        for _, path in literal_eval(" ".join(re.findall(r"\[\[.*\]\]", text)) or "[]"):
            true = elements(true, path)
        columns = re.findall(r"^    (\w+) (\S+) \w+$", text.rpartition(", '")[2], re.MULTILINE)
        told = {
            name: path for name, path in columns if any(path.split(".")[0] in row for row in true)
        }
        counts = "".join(f", count({name}) as {name}" for name in told)
        (row,) = line.query(f"select count(*) as linhas{counts} from staging.{model.stem}")
        expected = {
            name: sum(at(one, path) not in (None, "") for one in true)
            for name, path in told.items()
        }
        assert row == {"linhas": len(true)} | expected, model.stem
        compared += len(told)
    assert compared > 1000


def test_keys_are_needed_whole(line: Line) -> None:
    """The simulator repeats ids from parent to parent: without one part of a key, rows collapse."""
    needed = []
    for stream in STREAMS:
        columns = stream_class(stream).content_key or stream_class(stream).primary_keys
        rows = [tuple(plain(row[name]) for name in columns) for row in line.landed(stream)]
        assert len(set(rows)) == len(rows), stream
        for place in range(len(columns)):
            shorter = {key[:place] + key[place + 1 :] for key in rows}
            needed += [(stream, columns[place])] if len(shorter) < len(rows) else []
    assert len([stream for stream, _ in needed]) > 200
    for child in ("bills_installments", "purchase_orders_items", "supply_contracts_items", "sites"):
        assert child in {stream for stream, _ in needed}


def test_an_unchanged_tenant_is_not_asked_child_by_child_again(line: Line) -> None:
    line.simulator.admin("/requests", method="DELETE")
    line.run(plugin="tap-sienge-tudo")
    asked = [request["path"] for request in line.simulator.requests]
    assert not [path for path in asked if "/bills/" in path and "change-date" not in path]
    assert not [path for path in asked if "/purchase-orders/" in path]
    assert not [path for path in asked if "/nfes/" in path]
