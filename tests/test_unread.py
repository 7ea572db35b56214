"""What the state calls read but the tables lack is read whole: emptied, dropped, all at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from testing.pipeline import Line, running_line
from testing.truth import differences, truth
from tests.loaders import OURS, Loaders, record, running_loaders, schema, state, version
from tests.test_tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.truth import Row

DROPPED = ["customer_types", "customers", "purchase_orders_items"]
"""A stream that is read once a week, one of which changes are read, and a child stream."""

EMPTIED = "cities"
NEVER_ANY = "hooks"
UNTOUCHED = ["purchase_orders", "creditors"]
STREAMS = [*DROPPED, EMPTIED, NEVER_ANY, *UNTOUCHED]
LOST = "a tabela estava vazia ou foi apagada; será lida por inteiro na próxima sincronização"


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    rows = ["customers=30", "purchase_orders=6", "cities=20", "hooks=0", "creditors=5"]
    options = [option for found in rows for option in ("--rows", found)]
    with running_line(tmp_path_factory.mktemp("linha"), *options) as found:
        yield found


def run(
    line: Line, *, succeeds: bool = True
) -> tuple[str, dict[str, tuple[str, str | None]], dict[str, int]]:
    """Give what was said, how each stream ended, and how many requests it took."""
    selected = json.dumps([f"{name}.*" for name in [*STREAMS, "sync_log"]])
    said = line.run(succeeds=succeeds, TAP_SIENGE__SELECT=selected)
    log = line.query(
        "select * from sienge.sync_log where run_id ="
        " (select run_id from sienge.sync_log order by started_at desc limit 1)"
    )
    ended = {row["stream"]: (row["status"], row["error"]) for row in log}
    return said, ended, {row["stream"]: row["requests"] for row in log}


def execute(line: Line, *statements: str) -> None:
    with psycopg.connect(line.database, autocommit=True) as database:
        for statement in statements:
            database.execute(statement)


def assert_true(line: Line) -> None:
    for stream in STREAMS:
        expected = truth(line.simulator, stream)
        assert not list(differences(stream, line.landed(stream), expected)), stream
        assert bool(expected) == (stream != NEVER_ANY), stream


def test_tables_that_were_lost_are_read_whole_and_others_are_not(line: Line) -> None:
    run(line)
    assert_true(line)
    said, ended, usual = run(line)
    assert {*ended.values()} == {("ok", None)}
    assert "vazia ou foi apagada" not in said

    execute(line, *(f"drop table sienge.{name}" for name in DROPPED), f"truncate sienge.{EMPTIED}")
    said, ended, _ = run(line)
    lost = {name for name, how in ended.items() if how == ("incomplete", LOST)}
    assert lost == {*DROPPED, EMPTIED}
    assert all(ended[name] == ("ok", None) for name in {*STREAMS} - lost)
    (sentence,) = (found for found in said.splitlines() if LOST in found)
    assert all(name in sentence for name in lost)
    said, ended, _ = run(line)
    assert {*ended.values()} == {("ok", None)}
    assert_true(line)
    said, ended, requests = run(line)
    assert {*ended.values()} == {("ok", None)}
    assert requests == usual

    execute(line, "drop schema sienge cascade")
    run(line)
    said, ended, _ = run(line)
    assert {*ended.values()} == {("ok", None)}
    assert_true(line)
    assert run(line)[2] == usual

    execute(
        line,
        f"alter table sienge.{EMPTIED} rename to outra",
        f"create view sienge.{EMPTIED} as select * from sienge.outra",
    )
    said, ended, requests = run(line, succeeds=False)
    status, error = ended.pop(EMPTIED)
    assert status == "failed"
    assert f"`alter view sienge.{EMPTIED} rename to outro_nome`" in str(error)
    assert str(error) in said
    assert {*ended.values()} == {("ok", None)}
    execute(line, f"drop view sienge.{EMPTIED}", f"alter table sienge.outra rename to {EMPTIED}")
    said, ended, requests = run(line)
    assert {*ended.values()} == {("ok", None)}
    assert requests == usual
    assert_true(line)


@pytest.fixture(scope="module")
def loaders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaders]:
    with running_loaders(tmp_path_factory.mktemp("unread")) as found:
        yield found


T = schema("t", {"id": {"type": "integer"}, "a": TEXT})
LOG = schema("sync_log", {"stream": TEXT, "status": TEXT, "error": TEXT}, ("stream",))
OK = record("sync_log", stream="t", status="ok")


def bookmarks(
    loaders: Loaders,
    first: Row | None,
    *messages: Row,
    landed: bool = False,
    **settings: Any,  # noqa: ANN401
) -> tuple[list[Row | None], str | None]:
    """Give what the states told of the stream, and what sync_log does, with a lost table or not."""
    with psycopg.connect(loaders.server.url, autocommit=True) as database:
        database.execute("drop schema if exists ours cascade")
        if landed:
            loaders.call(OURS, [T, record("t", id=1)])
        began = [] if first is None else [state(bookmarks={"t": first})]
        last = state(bookmarks={"t": {"landed": True, "day": "2024-02-01"}})
        told = loaders.call(OURS, [*began, T, *messages, LOG, OK, last], **settings)
        assert told.code == 0, told.errors
        found = database.execute("select status from ours.sync_log").fetchone()
    return [json.loads(s)["bookmarks"].get("t") for s in told.states], found[0] if found else None


AFTER = {"landed": True, "day": "2024-02-01"}


@pytest.mark.parametrize(
    ("first", "messages", "landed", "expected"),
    [
        pytest.param({"landed": True}, [], True, ([AFTER], "ok"), id="not lost"),
        pytest.param({"landed": True}, [], False, ([None, None], "incomplete"), id="lost"),
        pytest.param({"rows": 3}, [], False, ([None, None], "incomplete"), id="older state"),
        pytest.param({"rows": 0}, [], False, ([AFTER], "ok"), id="never had a row"),
        pytest.param({"day": "2024-01-01"}, [], False, ([AFTER], "ok"), id="unknown"),
        pytest.param(None, [record("t", id=1)], False, ([AFTER], "ok"), id="first run"),
        pytest.param(
            {}, [state(bookmarks={"t": {"landed": True, "resume": {}}})], False, ([AFTER], "ok"),
            id="begun in this run",
        ),
        pytest.param(
            {"landed": True}, [record("t", 5, id=1), version("t", 5)], False, ([None, AFTER], "ok"),
            id="read whole in this run",
        ),
        pytest.param(
            {"landed": True, "resume": {}}, [record("t", 5, id=1), version("t", 5)], False,
            ([None, None], "incomplete"), id="read whole, but for what an earlier run read",
        ),
    ],
)  # fmt: skip
def test_a_bookmark_is_taken_back_where_the_table_was_lost(
    loaders: Loaders,
    first: Row | None,
    messages: list[Row],
    landed: bool,
    expected: tuple[list[Row | None], str],
) -> None:
    assert bookmarks(loaders, first, *messages, landed=landed) == expected


def test_an_empty_table_may_be_right_where_deleted_rows_do_not_stay(loaders: Loaders) -> None:
    before = {"landed": True, "rows": 0}
    assert bookmarks(loaders, before, hard_delete=True) == ([AFTER], "ok")
    assert bookmarks(loaders, before) == ([None, None], "incomplete")


def test_it_is_the_same_where_records_are_read_by_value(loaders: Loaders) -> None:
    lost = ([None, None], "incomplete")
    assert bookmarks(loaders, {"landed": True}, use_copy=False) == lost
    renamed: Row = {"stream_maps": {"t": {"__alias__": "outro"}}}
    assert bookmarks(loaders, {"landed": True}, **renamed) == lost
