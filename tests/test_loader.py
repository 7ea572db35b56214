"""The loader against the one that it extends: the same messages make the same tables."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from time import sleep
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from testing.pipeline import ROOT
from testing.warm import Warm
from tests.loaders import (
    ORIGINAL,
    OURS,
    PYTHON,
    TYPES,
    Landed,
    Loaders,
    record,
    running_loaders,
    schema,
    state,
    version,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from testing.truth import Row
    from testing.warm import Process

FULL: Row = {
    "id": 1,
    "order": "palavra reservada",
    "text": 'aspas " barra \\ \\N tabulação \t linha \n retorno \r ção € 𝄞 %s {} $$',
    "count": 9007199254740993,
    "amount": 1234567890.123456789,
    "active": False,
    "day": "2024-02-29",
    "moment": "2024-02-29T23:59:59.999999-03:00",
    "hour": "23:59:59",
    "address": {"rua": 'D\'Água \\ "1"', "n": 1.10, "vazio": {}, "lista": [None]},
    "items": [{"a": 1, "b": [{"c": "\\u0041\n"}]}, {}],
    "phones": [],
    "names": ["vírgula, ", 'aspas "', "\\", ""],
    "numbers": [1, -2],
}
NULLS: Row = dict.fromkeys(TYPES)

(THEIR_FILES,) = PYTHON.parent.parent.glob("lib/*/site-packages/target_postgres/tests/data_files")
OTHERWISE = {
    "commits": "a text where a list may be: the original makes a list of its letters, ours refuses",
    "test_no_type": "a boolean where no type is told: the original writes t, ours true",
}
"""Files that the tap could not have written, by what becomes of them."""

THEIR_TESTS = sorted(file for file in THEIR_FILES.glob("*.singer") if file.stem not in OTHERWISE)

KEYS = {name: TYPES[name] for name in ("id", "text")}
EVERY_TYPE = [[schema("t"), record("t", **FULL), record("t", **NULLS | {"id": 2})]]
ABSENT_FIELDS = [[schema("t"), record("t", id=1), record("t", id=2, text="")]]
UPSERT = [
    [schema("t"), *(record("t", id=i, text=f"a{i}", count=i) for i in range(7)), state(a=1)],
    [schema("t"), *(record("t", id=i, text=f"b{i}") for i in range(5, 9)), state(a=2)],
]
ONE_KEY_TWICE = [[schema("t"), *(record("t", id=i % 2, text=f"{i}") for i in range(8))]]
TWO_KEYS = [
    [schema("t", KEYS, ("id", "text")), record("t", id=1, text=f'"{i % 3}\\')] for i in range(4)
]
NO_KEY = [[schema("t", keys=()), record("t", id=1), record("t", id=1)]] * 2
DELETED = [
    [schema("t"), *(record("t", 10, id=i) for i in range(6)), version("t", 10)],
    [schema("t"), *(record("t", 20, id=i) for i in range(4)), version("t", 20)],
    [schema("t"), *(record("t", 30, id=i) for i in range(5)), version("t", 30)],
]
NEW_COLUMN = [
    [
        schema("t", KEYS),
        record("t", id=1, text="antes"),
        schema("t", KEYS | {"extra": {"type": ["number", "null"]}}),
        record("t", id=2, text="depois", extra=1.50),
    ],
    [schema("t", KEYS), record("t", id=2, text="sem a coluna")],
]
TWO_STREAMS = [
    [
        schema("t"),
        schema("Maiúscula", KEYS),
        *(record(stream, id=i, text="x") for i in range(4) for stream in ("t", "Maiúscula")),
        state(bookmarks={"t": {"replication_key_value": "2026-01-01"}}),
    ]
]

RUNS = {
    "every type": EVERY_TYPE,
    "absent fields": ABSENT_FIELDS,
    "upsert": UPSERT,
    "one key twice": ONE_KEY_TWICE,
    "two keys": TWO_KEYS,
    "no key": NO_KEY,
    "deleted and back": DELETED,
    "new column": NEW_COLUMN,
    "two streams": TWO_STREAMS,
}


@pytest.fixture(scope="module")
def loaders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaders]:
    with running_loaders(tmp_path_factory.mktemp("loader")) as found:
        yield found


@pytest.mark.parametrize("runs", RUNS.values(), ids=RUNS)
def test_it_makes_what_the_original_makes(loaders: Loaders, runs: list[list[Row]]) -> None:
    theirs, ours = loaders.land(ORIGINAL, runs), loaders.land(OURS, runs)
    assert ours == theirs
    assert ours.codes == [0] * len(runs)
    assert any(ours.rows.values())


@pytest.mark.parametrize("file", THEIR_TESTS, ids=lambda file: str(file.stem))
def test_it_stands_the_tests_of_the_original(loaders: Loaders, file: Path) -> None:
    theirs, ours = (
        loaders.land(program, [file.read_text()], batch_size_rows=1000)
        for program in (ORIGINAL, OURS)
    )
    assert ours == theirs


@pytest.fixture(scope="module")
def patched(
    loaders: Loaders, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Landed]]:
    """Give what lands messages with the original as we offer it to be."""
    folder = tmp_path_factory.mktemp("patched")
    shutil.copytree(THEIR_FILES.parent.parent, folder / "target_postgres")
    patch = ROOT / "plugins" / "loaders" / "target-postgres-sienge" / "upstream.patch"
    subprocess.run(["git", "apply", "--no-index", patch], cwd=folder, check=True)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", str(folder))
        with Warm(PYTHON, "target_postgres.target") as programs:
            yield partial(Loaders(loaders.server, programs, folder).land, ORIGINAL)


@pytest.mark.parametrize(
    "runs",
    [
        *(pytest.param(runs, id=name) for name, runs in RUNS.items()),
        pytest.param([[schema("t"), record("t", text="x")]], id="record without a key"),
        pytest.param([[schema("t"), record("t", id=None)]], id="key without a value"),
        pytest.param(
            [
                [schema("t", KEYS), *(record("t", id=i, text=f"{i}") for i in range(3))],
                [schema("t", KEYS, ("text",)), record("t", id=1, text="1")],
                [schema("t", KEYS, ("text",)), record("t", id=9, text="2")],
            ],
            id="table with another key",
        ),
        pytest.param(
            [
                [schema("t", KEYS, ()), *(record("t", id=i, text="a") for i in range(3))],
                [schema("t", KEYS), *(record("t", id=i, text="b") for i in range(2, 5))],
            ],
            id="table without a key",
        ),
    ],
)
def test_what_is_offered_to_the_original_changes_nothing_but_time(
    loaders: Loaders, patched: Callable[..., Landed], runs: list[list[Row]]
) -> None:
    theirs = loaders.land(ORIGINAL, runs)
    assert patched(runs) == theirs


@pytest.mark.parametrize(
    "settings",
    [
        {"hard_delete": True},
        {"activate_version": False},
        {"add_record_metadata": False, "activate_version": False},
        {"use_copy": False},
        {"validate_records": True},
        {"stream_maps": {"t": {"text": "str(id) + '!'"}}},
    ],
)
def test_settings_mean_the_same(loaders: Loaders, settings: Row) -> None:
    theirs, ours = (loaders.land(program, DELETED[:2], **settings) for program in (ORIGINAL, OURS))
    assert ours == theirs
    assert ours.rows["t"]


def test_an_absent_list_is_null_and_not_the_word_null(loaders: Loaders) -> None:
    """Here alone the original does otherwise: it stores JSON's null."""
    ours = loaders.land(OURS, EVERY_TYPE)
    with psycopg.connect(loaders.server.url) as database:
        found = database.execute("select id from ours.t where phones is null").fetchall()
    assert found == [(2,)], ours


def test_a_moment_of_loading_is_universal_time(loaders: Loaders) -> None:
    loaders.land(OURS, UPSERT)
    with psycopg.connect(loaders.server.url) as database:
        late = database.execute(
            """select max(abs(extract(epoch from loaded - now() at time zone 'UTC')))
                from ours.t, unnest(array[_sdc_received_at, _sdc_batched_at,
                  timestamp 'epoch' + _sdc_sequence * interval '1 millisecond',
                  timestamp 'epoch' + _sdc_sync_started_at * interval '1 millisecond']) as loaded"""
        ).fetchone()
    assert late
    assert late[0] < 600


def test_the_moment_at_which_a_row_first_came_stays(loaders: Loaders) -> None:
    def inserted(runs: list[list[Row]]) -> list[tuple[int, bool | None]]:
        for messages in runs:
            loaders.call(OURS, messages)
        with psycopg.connect(loaders.server.url) as database:
            return database.execute(
                "select id, _sdc_inserted_at >= now() at time zone 'UTC' - interval '10 minutes'"
                " from ours.t order by id"
            ).fetchall()

    loaders.land(OURS, UPSERT[:1])
    assert inserted([]) == [(i, True) for i in range(7)]
    long_ago = "update ours.t set _sdc_inserted_at = '2026-01-01' where id > 1"
    with psycopg.connect(loaders.server.url) as database:
        database.execute(long_ago)
    assert inserted(UPSERT[1:]) == [(i, i < 2 or i > 6) for i in range(9)]
    with psycopg.connect(loaders.server.url) as database:  # a table from before there was a column
        database.execute("alter table ours.t drop column _sdc_inserted_at")
    assert inserted([[schema("t"), record("t", id=9)]])[-2:] == [(8, None), (9, True)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"type": "RECORD", "record": {"cpf": "111.444.777-35"}', "não é do Singer"),
        ('{"type": "RECORD", "stream": "t", "record": {"text": "111.444.777-35"}}', "id"),
        ('{"type": "RECORD", "stream": "t", "record": {"id": "111.444.777-35"}}', "bigint"),
    ],
)
def test_what_it_cannot_load_ends_it_and_leaves_no_part(
    loaders: Loaders, line: str, reason: str
) -> None:
    loaders.land(OURS, [[schema("t"), record("t", id=1)]])
    messages = [schema("t"), record("t", id=2)]
    said = loaders.call(OURS, "\n".join([*map(json.dumps, messages), line]))
    assert said.code != 0
    assert reason in said.errors
    with psycopg.connect(loaders.server.url) as database:
        assert database.execute("select id from ours.t").fetchall() == [(1,)]


FIRST, OTHER = schema("t"), [schema("other"), record("other", id=1)]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"type": "RECORD", "record": {"text": "Ana"}}, "Uma mensagem RECORD veio sem stream"),
        ({"type": "SCHEMA", "schema": {"title": "Ana"}}, "Uma mensagem SCHEMA veio sem stream"),
        ({"type": "ACTIVATE_VERSION", "version": 1}, "ACTIVATE_VERSION veio sem stream"),
        ({"type": "STATE"}, "Uma mensagem STATE veio sem value"),
        ({"type": "METRIC", "x": "Ana"}, "não é do Singer: o seu tipo é METRIC"),
        ({"stream": "Ana"}, "não é do Singer: o seu tipo é None"),
        (["Ana"], "não é do Singer: Expected `object`, got `array`"),
        ("Ana", "não é do Singer"),
        (json.loads("[" * 900 + "]" * 900), "não é do Singer"),
    ],
)  # fmt: skip
def test_a_message_that_is_of_no_stream_ends_the_run_with_a_sentence(
    loaders: Loaders,
    message: Any,  # noqa: ANN401
    said: str,
) -> None:
    found = loaders.call(OURS, [FIRST, record("t", id=1), message, *OTHER, state(bookmarks={})])
    assert (found.code, found.states) == (1, [])
    assert said in found.errors
    assert "Traceback" not in found.errors
    assert "Ana" not in found.errors


@pytest.mark.parametrize(
    ("messages", "settings", "said"),
    [
        ([record("t", id=1)], {}, "RECORD do recurso t veio antes do seu esquema"),
        ([record("t", id=1)], {"use_copy": False}, "RECORD do recurso t veio antes do seu esquema"),
        ([version("t", 1)], {}, "ACTIVATE_VERSION do recurso t veio antes do seu esquema"),
        ([FIRST, {"type": "ACTIVATE_VERSION", "stream": "t"}], {}, "do recurso t veio sem version"),
        ([FIRST, {"type": "DELETE", "stream": "t", "version": 2}], {}, "recurso t veio sem where"),
        ([{"type": "SCHEMA", "stream": "t"}], {}, "SCHEMA do recurso t veio sem schema"),
        ([FIRST | {"schema": {}}], {}, "O esquema do recurso t veio sem os seus campos"),
        ([FIRST, record("t", id=None)], {}, "do recurso t veio sem id, que é da sua chave"),
        ([FIRST, record("t", id=None)], {"use_copy": False}, "sem id, que é da sua chave"),
        ([FIRST, record("t", id=None)], {"validate_records": True}, "sem id, que é da sua chave"),
        ([FIRST, record("t", id="Ana")], {"validate_records": True}, "não é como o seu esquema"),
        ([FIRST, record("t", id={"x": "Ana"})], {}, "do recurso t veio com outra coisa"),
        ([schema("t" * 80)], {}, "exceeds maximum length of 63 characters"),
    ],
)  # fmt: skip
def test_a_message_of_no_use_fails_its_stream_and_no_other(
    loaders: Loaders, messages: list[Row], settings: Row, said: str
) -> None:
    read = {name: {"landed": True, "version": 2} for name in ("t", "other", "t" * 80)}
    before = {name: {"version": 1} for name in read}
    loaders.land(OURS, [[]])
    given = [state(bookmarks=before), *messages, *OTHER, state(bookmarks=read)]
    found = loaders.call(OURS, given, **settings)
    assert found.code == 1
    assert said in found.errors
    assert "Traceback" not in found.errors
    assert "Ana" not in found.errors
    refused = messages[0]["stream"]
    assert json.loads(found.states[-1])["bookmarks"] == read | {refused: {"version": 1}}
    with psycopg.connect(loaders.server.url) as database:
        assert database.execute("select id from ours.other").fetchall() == [(1,)]


def test_blank_lines_and_fields_that_are_null_do_no_harm(loaders: Loaders) -> None:
    nulls = {"type": "RECORD", "stream": "t", "time_extracted": None, "version": None}
    messages = [schema("t") | {"key_properties": None}, nulls | {"record": {"id": 1}}]
    landed = loaders.land(OURS, ["\n\n".join(map(json.dumps, messages)) + "\n \n"])
    assert landed.codes == [0]
    assert [row["id"] for row in landed.rows["t"]] == [1]


@pytest.mark.parametrize("text", ["a${b}c", "${", "a$b", "$$"])
def test_a_password_is_the_one_that_was_set(loaders: Loaders, tmp_path: Path, text: str) -> None:
    """Meltano reads its `.env` file with a reader that takes ``${b}`` away."""
    with psycopg.connect(loaders.server.url, autocommit=True) as database:
        database.execute("drop schema if exists ours cascade; drop role if exists dono")
        database.execute(f"create role dono superuser login password '{text}'".encode())
        place = loaders.server.url.split("@")[1]
        read, written = (
            f"postgresql+psycopg://dono:{password}@{place}"
            for password in (text.replace("${b}", ""), text)
        )
        (tmp_path / ".env").write_text(f"TARGET_POSTGRES_SQLALCHEMY_URL='{written}'\n")
        env = os.environ | {"MELTANO_PROJECT_ROOT": str(tmp_path)}
        said = loaders.call(OURS, [schema("t"), record("t", id=1)], env, sqlalchemy_url=read)
        assert said.code == 0, said.errors
        env["b"] = ""  # a variable that there is, so that the reference was meant
        said = loaders.call(OURS, [schema("t")], env, sqlalchemy_url=read)
        assert (said.code == 0) == (read == written)
        database.execute("drop schema ours cascade; drop role dono")


@contextmanager
def listening(loaders: Loaders) -> Iterator[tuple[Process, Callable[..., None]]]:
    """Give a loader over a table with row 0, and what says it messages.

    Its input stays open, as when Meltano ends a run.
    """
    loaders.land(OURS, [[schema("t", KEYS), record("t", id=0)]])
    given, tap = os.pipe()

    def say(*messages: Row) -> None:
        os.write(tap, b"".join(json.dumps(message).encode() + b"\n" for message in messages))

    config, states, errors = (loaders.folder / name for name in ("config", "states", "errors"))
    with states.open("w") as said, errors.open("w") as complaints:
        streams = [given, said.fileno(), complaints.fileno()]
        process = loaders.programs.start(OURS, ["--config", str(config)], streams)
    os.close(given)
    yield process, say
    os.close(tap)


def ended(loaders: Loaders, process: Process) -> tuple[Row, list[int]]:
    """Wait until the loader has ended; give its last state, and the ids that landed."""
    assert process.wait(60) == 0, (loaders.folder / "errors").read_text()
    states = (loaders.folder / "states").read_text().splitlines()
    with psycopg.connect(loaders.server.url) as database:
        landed = database.execute("select id from ours.t order by id").fetchall()
    return json.loads(states[-1]), [number for (number,) in landed]


@pytest.mark.parametrize("seconds", [1, 5])  # of which it waits three for the tap
def test_told_to_end_it_cuts_no_batch_and_hears_the_tap_out(loaders: Loaders, seconds: int) -> None:
    batch = [record("t", id=1), record("t", id=2), state(a=1), record("t", id=3)]
    waiting = "select 1 from pg_locks where not granted"
    with listening(loaders) as (process, say), psycopg.connect(loaders.server.url) as database:
        database.execute("lock table ours.t in exclusive mode")
        say(schema("t", KEYS), *batch, record("t", id=4), state(a=2))
        with psycopg.connect(loaders.server.url, autocommit=True) as other:
            while not other.execute(waiting).fetchone():
                sleep(0.1)
        process.terminate()
        sleep(seconds)
        database.commit()
        assert ended(loaders, process) == ({"a": 2}, [0, 1, 2, 3, 4])


def test_told_to_end_it_leaves_a_tap_that_goes_on(loaders: Loaders) -> None:
    with listening(loaders) as (process, say):
        say(schema("t", KEYS))
        with suppress(BrokenPipeError):
            for number in count(1):
                say(record("t", id=number), state(last=number))
                if number == 1000:
                    process.terminate()
        last, landed = ended(loaders, process)
    assert landed == [*range(len(landed))]
    assert 1000 < last["last"] <= landed[-1]
