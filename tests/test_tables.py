"""Tables that older versions and users left behind become what today's streams need."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.loaders import ORIGINAL, OURS, Loaders, record, running_loaders, schema, state, version
from tests.sample_tables import KINDS, sample, streams

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from testing.truth import Row

TEXT, INTEGER, NUMBER = (KINDS[kind][0] for kind in ("string", "integer", "number"))
OLD = {"id": {"type": "integer"}, "a": TEXT, "b": INTEGER}
LANDED = {"t": {"landed": True}, "other": {"landed": True}}


@pytest.fixture(scope="module")
def loaders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaders]:
    with running_loaders(tmp_path_factory.mktemp("tables")) as found:
        yield found


@pytest.fixture
def database(loaders: Loaders) -> Iterator[psycopg.Connection[Row]]:
    """Give a connection to a database without our schema."""
    with psycopg.connect(loaders.server.url, autocommit=True, row_factory=dict_row) as found:
        found.execute("drop schema if exists ours cascade")
        yield found


def load(loaders: Loaders, *messages: Row, code: int = 0, **settings: Any) -> tuple[Row, str]:  # noqa: ANN401
    """Load messages with ours; give the last state's bookmarks, and what was said."""
    said = loaders.call(OURS, list(messages), **settings)
    assert said.code == code, said.errors
    assert "Traceback" not in said.errors
    bookmarks: Row = json.loads(said.states[-1])["bookmarks"] if said.states else {}
    return bookmarks, said.errors


def make(loaders: Loaders, *messages: Row) -> None:
    """Load messages with the original, which older versions used, into our schema."""
    said = loaders.call(ORIGINAL, list(messages), default_target_schema="ours")
    assert said.code == 0, said.errors


def rows(database: psycopg.Connection[Row], columns: str = "id, a, b") -> list[tuple[Any, ...]]:
    found = database.execute(f"select {columns} from ours.t order by 1, 2").fetchall()
    return [tuple(row.values()) for row in found]


def type_of(database: psycopg.Connection[Row], column: str) -> str | None:
    found = database.execute(
        "select format_type(atttypid, atttypmod) as type from pg_attribute"
        " where attrelid = to_regclass('ours.t') and attname = %s",
        [column],
    ).fetchone()
    return found["type"] if found else None


def properties(columns: dict[str, list[str]]) -> Row:
    return {name: KINDS[kind][0] for kind, names in columns.items() for name in names}


def values(columns: dict[str, list[str]]) -> Row:
    return {name: KINDS[kind][1] for kind, names in columns.items() for name in names}


def test_every_table_that_6df988c_made_takes_today_s_rows(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    command = [sys.executable, "-m", "tap_sienge", "--discover"]
    found = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    today, before = streams(json.loads(found)), sample()
    made: list[Row] = []
    for name, stream in before.items():
        made.append(schema(name, properties(stream["columns"]), tuple(stream["key"])))
        made.append(record(name, 1, **values(stream["columns"])))
    make(loaders, *made)
    schemas = [schema(n, properties(s["columns"]), tuple(s["key"])) for n, s in today.items()]
    load(loaders, *schemas)
    assert len(before) > 170
    for name, stream in before.items():
        if name in today:
            (row,) = database.execute(f"select * from ours.{name}").fetchall()
            assert all(row[column] is not None for column in values(stream["columns"])), name
    records = [record(name, 2, **values(stream["columns"])) for name, stream in today.items()]
    load(loaders, *schemas, *records)
    for name, stream in today.items():
        new = set(stream["key"]) - set(values(before.get(name, stream)["columns"]))
        count = database.execute(f"select from ours.{name}").rowcount
        assert count == 1 + bool(new), name


@pytest.mark.parametrize(
    ("before", "value", "after", "kind", "expected"),
    [
        ("string", "12", "integer", "bigint", "12"),
        ("string", " ", "integer", "bigint", None),
        ("string", "1.50", "number", "numeric", "1.50"),
        ("string", "2024-01-31", "date", "date", "2024-01-31"),
        ("string", "2024-01-31T10:20:30", "date-time", "timestamp without time zone",
         "2024-01-31 10:20:30"),
        ("string", "true", "boolean", "boolean", "true"),
        ("string", "a", "object", "jsonb", '"a"'),
        ("string", '{"a": 1}', "object", "jsonb", '{"a": 1}'),
        ("integer", 12, "number", "numeric", "12"),
        ("integer", 12, "string", "text", "12"),
        ("integer", 1, "boolean", "boolean", "true"),
        ("number", 5.0, "integer", "bigint", "5"),
        ("number", 5.5, "string", "text", "5.5"),
        ("boolean", True, "integer", "bigint", "1"),
        ("boolean", True, "string", "text", "true"),
        ("date", "2024-01-31", "date-time", "timestamp without time zone", "2024-01-31 00:00:00"),
        ("date-time", "2024-01-31T03:00:00", "date", "date", "2024-01-31"),
        ("object", {"a": 1}, "string", "text", '{"a": 1}'),
        ("array", [1], "object", "jsonb", "[1]"),
    ],
)  # fmt: skip
def test_a_column_takes_its_new_type(
    loaders: Loaders,
    database: psycopg.Connection[Row],
    before: str,
    value: object,
    after: str,
    kind: str,
    expected: str | None,
) -> None:
    make(loaders, schema("t", OLD | {"a": KINDS[before][0]}), record("t", id=1, a=value))
    load(loaders, schema("t", OLD | {"a": KINDS[after][0]}), record("t", id=2, a=KINDS[after][1]))
    assert type_of(database, "a") == kind
    assert rows(database, "id, a::text")[0] == (1, expected)
    assert len(rows(database)) == 2


def test_views_indexes_and_columns_of_users_stay(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    make(loaders, schema("t", OLD), record("t", id=1, a="x", b=7))
    roles = [row["rolname"] for row in database.execute("select rolname from pg_roles").fetchall()]
    if "leitura" not in roles:
        database.execute("create role leitura; create role dona; grant dona to sienge")
    database.execute(
        """
        alter table ours.t add column nota text default 'minha';
        create index por_b on ours.t (b);
        create view ours.primeira with (security_barrier=true)
          as select id, b + 1 as "Mais" from ours.t;
        create materialized view ours.segunda as select "Mais" * 2 as dobro from ours.primeira;
        create unique index unico on ours.segunda (dobro);
        create view ours.alheia as select a from ours.t;
        comment on view ours.primeira is 'it''s';
        comment on column ours.primeira."Mais" is 'um a mais';
        grant select on ours.primeira to leitura with grant option;
        grant select (dobro) on ours.segunda to public;
        grant all on schema ours to dona;
        grant select on ours.t to dona;
        alter view ours.primeira owner to dona;
        alter default privileges for role sienge in schema ours grant select on tables to public;
        """
    )
    kept = """
        select c.oid::regclass::text as name, relkind, reloptions, relowner::regrole::text as owner,
          obj_description(c.oid) as comment, col_description(c.oid, 2) as column_comment,
          (select array_agg(x::text order by x::text)
            from aclexplode(relacl) as x where x.grantee <> relowner) as rights,
          (select array_agg(attacl::text) from pg_attribute where attrelid = c.oid) as columns,
          array(select pg_get_indexdef(indexrelid) from pg_index where indrelid = c.oid) as indexes
        from pg_class c where relnamespace = 'ours'::regnamespace and relkind in ('v', 'm')
        order by 1"""
    before = database.execute(kept).fetchall()
    oid = database.execute("select 'ours.alheia'::regclass::oid as oid").fetchone()
    assert [view["name"] for view in before] == ["ours.alheia", "ours.primeira", "ours.segunda"]
    load(loaders, schema("t", OLD | {"b": NUMBER}), record("t", id=2, b=7.5))
    assert type_of(database, "b") == "numeric"
    assert database.execute(kept).fetchall() == before
    assert database.execute("select 'ours.alheia'::regclass::oid as oid").fetchone() == oid
    assert rows(database, "id, nota") == [(1, "minha"), (2, "minha")]
    database.execute("refresh materialized view ours.segunda")
    found = database.execute("select dobro from ours.segunda order by 1").fetchall()
    assert [float(row["dobro"]) for row in found] == [16, 17]
    assert database.execute("select from pg_indexes where indexname = 'por_b'").rowcount == 1
    database.execute(
        "alter default privileges for role sienge in schema ours"
        " revoke select on tables from public"
    )


def test_what_a_user_set_on_a_view_stays(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    make(loaders, schema("t", OLD), record("t", id=1, b=7))
    database.execute(
        """
        create view ours.vista as select id, b from ours.t;
        alter view ours.vista alter column b set default 99;
        create function ours.nada() returns trigger language plpgsql as 'begin return new; end';
        create trigger ao_inserir instead of insert on ours.vista
          for each row execute function ours.nada();
        comment on trigger ao_inserir on ours.vista is 'nosso gatilho';
        create materialized view ours.guardada as select id, b from ours.t;
        create unique index numero on ours.guardada (id);
        comment on index ours.numero is 'nosso índice';
        alter materialized view ours.guardada cluster on numero;
        alter materialized view ours.guardada alter column b set statistics 500;
        create statistics ours.juntas on id, b from ours.guardada
        """
    )
    query = """
        select column_default, obj_description(t.oid, 'pg_trigger') as on_trigger,
          obj_description('ours.numero'::regclass) as on_index, indisclustered, attstattarget,
          (select string_agg(pg_get_statisticsobjdef(oid), '') from pg_statistic_ext) as statistics
        from information_schema.columns, pg_trigger t, pg_index, pg_attribute
        where table_name = 'vista' and column_name = 'b' and tgname = 'ao_inserir'
          and indexrelid = 'ours.numero'::regclass
          and attrelid = 'ours.guardada'::regclass and attname = 'b'"""
    before = database.execute(query).fetchall()
    assert None not in before[0].values()
    load(loaders, schema("t", OLD | {"b": NUMBER}))
    assert type_of(database, "b") == "numeric"
    assert database.execute(query).fetchall() == before


def refused(
    loaders: Loaders,
    columns: Row,
    *messages: Row,
    keys: tuple[str, ...] = ("id",),
    **settings: Any,  # noqa: ANN401
) -> str:
    """Load today's messages; the other stream lands, and this one stays as it was, and is told."""
    log = dict.fromkeys(("stream", "status", "error"), TEXT)
    bookmarks, said = load(
        loaders,
        state(bookmarks=LANDED),
        schema("t", columns, keys),
        *(messages or [record("t", id=2)]),
        schema("other", OLD),
        record("other", id=3),
        schema("sync_log", log, ("stream",)),
        record("sync_log", stream="t", status="ok"),
        record("sync_log", stream="other", status="ok"),
        state(bookmarks={"t": {"landed": True, "day": "2024"}, "other": {"day": "2024"}}),
        code=1,
        **settings,
    )
    assert bookmarks["t"] == LANDED["t"]
    with psycopg.connect(loaders.server.url) as found:
        assert found.execute("select id from ours.other").fetchall() == [(3,)]
        query = "select status, error from ours.sync_log where stream = 't'"
        ((status, error),) = found.execute(query).fetchall()
    assert status == "failed"
    assert error in said
    return str(error)


def test_a_view_that_cannot_be_made_again_is_told_and_nothing_changes(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    make(loaders, schema("t", OLD), record("t", id=1, a="1"))
    database.execute("create view ours.gritada as select upper(a) from ours.t")
    error = refused(loaders, OLD | {"a": INTEGER})
    assert "coluna a de ours.t" in error
    assert "`drop view ours.gritada`" in error
    assert type_of(database, "a") == "text"
    assert database.execute("select * from ours.gritada").fetchall() == [{"upper": "1"}]
    assert rows(database) == [(1, "1", None)]
    database.execute("drop view ours.gritada")
    load(loaders, schema("t", OLD | {"a": INTEGER}))
    assert rows(database) == [(1, 1, None)]


def test_values_that_do_not_fit_are_told(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    make(loaders, schema("t", OLD | {"b": NUMBER}), record("t", id=1, b=5.5))
    error = refused(loaders, OLD)
    statement = "alter table ours.t rename column b to b_antiga"
    assert f"`{statement}`" in error
    assert "5.5" not in error
    database.execute(statement)
    bookmarks, _ = load(loaders, state(bookmarks=LANDED), schema("t", OLD), record("t", id=1, b=6))
    assert "t" not in bookmarks
    assert [float(n) for n in rows(database, "b, b_antiga")[0]] == [6, 5.5]


def test_a_text_that_does_not_fit_stays_a_text(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    make(loaders, schema("t", OLD), record("t", id=1, a="um"))
    database.execute("create view ours.vista as select a from ours.t")
    _, said = load(loaders, schema("t", OLD | {"a": INTEGER}), record("t", id=2, a=5))
    assert "`alter table ours.t rename column a to a_antiga`" in said
    assert rows(database, "id, a") == [(1, "um"), (2, "5")]
    assert database.execute("select from ours.vista").rowcount == 2


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("date", ["05/03/2024", "2024-03-05"]),
        ("date", ["today"]),
        ("date", ["20240305"]),
        ("date-time", ["05/03/2024 10:00", "2024-03-05T10:00:00"]),
        ("boolean", ["y", "n"]),
        ("integer", ["0x1F", "1"]),
        ("number", ["NaN"]),
        ("number", ["1_000"]),
    ],
)
def test_a_text_that_postgresql_would_guess_at_stays_a_text(
    loaders: Loaders, database: psycopg.Connection[Row], kind: str, texts: list[str]
) -> None:
    made = [record("t", id=number, a=text) for number, text in enumerate(texts)]
    make(loaders, schema("t", OLD), *made)
    column, value = KINDS[kind]
    _, said = load(loaders, schema("t", OLD | {"a": column}), record("t", id=9, a=value))
    assert "`alter table ours.t rename column a to a_antiga`" in said
    assert type_of(database, "a") == "text"
    assert [row[1] for row in rows(database, "id, a")][:-1] == texts


def test_a_day_is_one_however_the_database_writes_it(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    make(loaders, schema("t", OLD | {"a": KINDS["date"][0]}), record("t", id=1, a="2024-03-05"))
    database.execute("alter database sienge set datestyle = 'SQL, DMY'")
    try:
        load(loaders, schema("t", OLD | {"a": KINDS["date-time"][0]}))
    finally:
        database.execute("alter database sienge reset datestyle")
    assert rows(database, "id, a::text") == [(1, "2024-03-05 00:00:00")]


def test_rows_from_before_a_key_column_stay_until_they_are_read_anew(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    make(loaders, schema("t", OLD), record("t", 1, id=1, a="x"), record("t", 1, id=2, a="y"))
    longer = schema("t", OLD | {"c": INTEGER}, ("id", "c"))
    bookmarks, said = load(
        loaders, state(bookmarks=LANDED), longer, record("t", 2, id=1, c=1, a="z")
    )
    assert bookmarks == {"other": {"landed": True}}
    assert "faltava na tabela a coluna c" in said
    assert rows(database, "id, a, c") == [(1, "x", None), (1, "z", 1), (2, "y", None)]
    whole = [record("t", 3, id=1, c=1, a="w"), record("t", 3, id=2, c=1, a="v")]
    bookmarks, _ = load(
        loaders, longer, *whole, version("t", 3), state(bookmarks={"t": {"landed": True}})
    )
    assert bookmarks == {"t": {"landed": True}}
    alive = database.execute("select id, a from ours.t where _sdc_deleted_at is null order by 1")
    assert [tuple(row.values()) for row in alive] == [(1, "w"), (2, "v")]


def test_of_rows_that_a_key_makes_one_the_newest_stays(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    older = schema("t", OLD, ("id", "b"))
    load(loaders, older, record("t", id=1, b=2, a="antes"), record("t", id=2, b=1, a="só"))
    time.sleep(0.01)
    load(loaders, older, record("t", id=1, b=1, a="depois"))
    seen = state(bookmarks=LANDED)
    bookmarks, said = load(loaders, seen, schema("t", OLD), record("t", id=3))
    assert rows(database, "id, a, b") == [(1, "depois", 1), (2, "só", 1), (3, None, None)]
    assert "t" not in bookmarks
    assert "t: a chave da tabela mudou, e 1 linha(s) repetida(s) por ela saíram; será lida" in said
    bookmarks, _ = load(loaders, seen, schema("t", OLD), record("t", id=1, a="de novo"))
    assert "t" in bookmarks
    assert rows(database)[0] == (1, "de novo", None)


def test_a_key_that_a_user_dropped_comes_back(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    load(loaders, schema("t", OLD), record("t", id=1, a="x"))
    database.execute("alter table ours.t drop constraint t_pkey")
    bookmarks, _ = load(
        loaders, state(bookmarks=LANDED), schema("t", OLD), record("t", id=1, a="y")
    )
    assert rows(database, "id, a") == [(1, "y")]
    assert "t" in bookmarks


@pytest.mark.parametrize(
    "own",
    [
        "add column sk bigserial primary key",
        "add column sk bigint generated always as identity primary key",
    ],
)
def test_a_primary_key_of_a_user_s_own_stays(
    loaders: Loaders, database: psycopg.Connection[Row], own: str
) -> None:
    load(loaders, schema("t", OLD), record("t", id=1, a="x"))
    database.execute(f"alter table ours.t drop constraint t_pkey, {own}, add unique (id)")
    database.execute("create table ours.minha (sk bigint references ours.t)")
    bookmarks, _ = load(
        loaders, state(bookmarks=LANDED), schema("t", OLD), record("t", id=1, a="y")
    )
    assert "t" in bookmarks
    assert rows(database, "id, sk, a") == [(1, 1, "y")]
    query = "select pg_get_constraintdef(oid) as key from pg_constraint where conname = 't_pkey'"
    assert database.execute(query).fetchall() == [{"key": "PRIMARY KEY (sk)"}]


def test_an_index_that_failed_is_no_key(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    load(loaders, schema("t", OLD), record("t", id=1, a="x"))
    database.execute("alter table ours.t drop constraint t_pkey")
    database.execute("insert into ours.t (id) values (1)")
    with pytest.raises(psycopg.errors.UniqueViolation):
        database.execute("create unique index concurrently falho on ours.t (id)")
    load(loaders, schema("t", OLD), record("t", id=1, a="y"))
    assert rows(database, "id, a") == [(1, "y")]


@pytest.mark.parametrize("rule", ["cascade", "set null"])
def test_a_new_key_takes_no_rows_of_users(
    loaders: Loaders, database: psycopg.Connection[Row], rule: str
) -> None:
    load(loaders, schema("t", OLD, ("id", "b")), *(record("t", id=1, b=b) for b in (1, 2)))
    database.execute(
        f"""
        alter table ours.t add column numero bigserial unique;
        create table ours.notas (de bigint references ours.t (numero) on delete {rule});
        insert into ours.notas select numero from ours.t
        """
    )
    error = refused(loaders, OLD)
    statement = "alter table ours.notas drop constraint notas_de_fkey"
    assert f"`{statement}`" in error
    assert database.execute("select from ours.notas where de is not null").rowcount == 2
    database.execute(statement)
    load(loaders, schema("t", OLD))
    assert rows(database, "id, b") == [(1, 2)]


def test_a_foreign_key_of_a_user_is_told(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    make(loaders, schema("t", OLD), record("t", id=1, b=1))
    database.execute("create table ours.minha (id bigint references ours.t (id))")
    error = refused(loaders, OLD, keys=("id", "b"))
    assert "ours.t, coluna id" in error
    assert "`alter table ours.t drop constraint t_pkey`" in error


@pytest.mark.parametrize("change", ["rename column a to meu", "drop column a"])
def test_a_column_that_a_user_took_away_is_read_again(
    loaders: Loaders, database: psycopg.Connection[Row], change: str
) -> None:
    load(loaders, schema("t", OLD), record("t", id=1, a="x"))
    database.execute(f"alter table ours.t {change}")
    bookmarks, said = load(loaders, state(bookmarks=LANDED), schema("t", OLD), record("t", id=2))
    assert "t" not in bookmarks
    assert "t: faltava na tabela a coluna a; será lida por inteiro" in said


def test_two_loaders_at_once_make_one_table_each(
    loaders: Loaders, database: psycopg.Connection[Row], tmp_path: Path
) -> None:
    messages = [schema(f"t{number}", OLD) for number in range(40)]
    other = Loaders(loaders.server, loaders.programs, tmp_path)
    with ThreadPoolExecutor() as threads:
        said = list(threads.map(lambda one: one.call(OURS, messages), [loaders, other]))
    assert [one.code for one in said] == [0, 0], said
    found = database.execute("select from pg_tables where schemaname = 'ours'")
    assert found.rowcount == len(messages)


@pytest.mark.parametrize(
    ("statement", "remedy"),
    [
        ("create view ours.t as select 1 as id", "alter view ours.t rename to outro_nome"),
        ("create materialized view ours.t as select 1 as id",
         "alter materialized view ours.t rename to outro_nome"),
        ("create table ours.x (id int); create index t on ours.x (id)",
         "alter index ours.t rename to outro_nome"),
        ("create sequence ours.t", "alter sequence ours.t rename to outro_nome"),
    ],
)  # fmt: skip
def test_a_name_that_something_else_has_is_told(
    loaders: Loaders, database: psycopg.Connection[Row], statement: str, remedy: str
) -> None:
    database.execute(f"create schema ours; {statement}")
    assert f"`{remedy}`" in refused(loaders, OLD)
    database.execute(remedy)
    load(loaders, schema("t", OLD), record("t", id=1))
    assert rows(database) == [(1, None, None)]


def test_a_schema_of_somebody_else_is_told(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    database.execute("create schema ours")
    database.execute("drop role if exists hospede")
    database.execute("create role hospede login password 'x'")
    url = loaders.server.url.replace("postgresql://", "postgresql+psycopg://")
    place = url.split("@")[1]
    settings: dict[str, Any] = {"sqlalchemy_url": f"postgresql+psycopg://hospede:x@{place}"}
    messages = [schema("t", OLD), record("t", id=1)]
    _, said = load(loaders, *messages, code=1, **settings)
    assert "grant all on schema ours to hospede" in said
    database.execute("grant all on schema ours to hospede")
    load(loaders, *messages, **settings)
    database.execute("alter table ours.t owner to sienge; grant all on ours.t to hospede")
    load(loaders, *messages, **settings)
    _, said = load(loaders, schema("t", OLD | {"b": NUMBER}), code=1, **settings)
    assert "A tabela ours.t, coluna b, não pôde ser mudada" in said
    make(loaders, schema("velha", OLD))
    database.execute("grant all on ours.velha to hospede")
    _, said = load(loaders, schema("velha", OLD), *messages, code=1, **settings)
    assert "rode `alter table ours.velha add column _sdc_inserted_at timestamp" in said
    database.execute("create table ours.u (like ours.t including all)")
    database.execute(
        "alter table ours.u owner to hospede; create view ours.dele as select b from ours.u"
    )
    _, said = load(loaders, schema("u", OLD | {"b": NUMBER}), code=1, **settings)
    assert "`drop view ours.dele`, sincronize e crie ours.dele de novo" in said
    database.execute("drop schema ours cascade; drop role hospede")


def test_a_row_from_the_future_is_marked_when_it_vanishes(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    now = round(time.time() * 1000)
    ahead = now + 20 * 86_400_000
    rest = [record("t", ahead, id=number) for number in range(3)]
    load(loaders, schema("t", OLD), *rest, version("t", ahead))
    load(loaders, schema("t", OLD), record("t", now, id=1), version("t", now))
    deleted = "id, _sdc_deleted_at is not null"
    assert rows(database, deleted) == [(0, True), (1, False), (2, True)]
    later = [record("t", ahead + 1, id=0), version("t", ahead + 1)]
    load(loaders, schema("t", OLD), *later)
    assert rows(database, deleted) == [(0, False), (1, True), (2, True)]


def test_a_row_from_the_future_is_marked_also_by_a_version_from_the_future(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    """The state of the last run was lost, so the tap counts on from the one before."""
    ahead = round(time.time() * 1000) + 20 * 86_400_000
    load(loaders, schema("t", OLD), record("t", ahead, id=1), version("t", ahead))
    lost = ahead + 60_000
    load(loaders, schema("t", OLD), record("t", lost, id=1), record("t", lost, id=2))
    load(loaders, schema("t", OLD), record("t", ahead + 1, id=1), version("t", ahead + 1))
    assert rows(database, "id, _sdc_deleted_at is not null") == [(1, False), (2, True)]


def test_a_row_from_the_future_is_marked_when_its_record_was_deleted(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    now = round(time.time() * 1000)
    versions = [now - 1, now, now + 60_000, now + 20 * 86_400_000]
    load(loaders, schema("t", OLD), *(record("t", v, id=n, a="x") for n, v in enumerate(versions)))
    gone = {"type": "DELETE", "stream": "t", "where": {"a": "x"}, "version": now}
    load(loaders, schema("t", OLD), gone)
    deleted = [(0, True), (1, False), (2, False), (3, True)]
    assert rows(database, "id, _sdc_deleted_at is not null") == deleted


@pytest.mark.parametrize("hours", [2, 20 * 24])
def test_a_row_that_came_amid_a_read_with_a_clock_ahead_stays(
    loaders: Loaders, database: psycopg.Connection[Row], hours: int
) -> None:
    begun = round(time.time() * 1000) + hours * 3_600_000
    load(loaders, schema("t", OLD), record("t", begun, id=1), record("t", begun, id=2))
    load(loaders, schema("t", OLD), record("t", begun + 1, id=1, a="sozinho"))
    load(loaders, schema("t", OLD), record("t", begun, id=3), version("t", begun))
    alive = "select id from ours.t where _sdc_deleted_at is null order by id"
    assert [row["id"] for row in database.execute(alive).fetchall()] == [1, 2, 3]


@pytest.mark.parametrize("name", ["100%", "ñ%%s", 'Meu "Schema"'])
def test_a_schema_may_have_any_name(
    loaders: Loaders, database: psycopg.Connection[Row], name: str
) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    t = schema("t", OLD)
    for number in (1, 2):
        row = record("t", number, id=number, a="50%")
        load(loaders, t, row, version("t", number), default_target_schema=name)
    gone = {"type": "DELETE", "stream": "t", "where": {"a": "50%"}, "version": 3}
    load(loaders, t, gone, default_target_schema=name)
    query = f"select id from {quoted}.t where _sdc_deleted_at is not null order by id"
    found = database.execute(query.encode()).fetchall()
    database.execute(f"drop schema {quoted} cascade".encode())
    assert [row["id"] for row in found] == [1, 2]


def test_without_a_schema_tables_are_where_the_database_puts_them(
    loaders: Loaders, database: psycopg.Connection[Row]
) -> None:
    for _ in range(2):
        load(loaders, schema("sozinha", OLD), record("sozinha", id=1), default_target_schema=None)
    query = "select id from public.sozinha where _sdc_inserted_at is not null"
    assert database.execute(query).fetchall() == [{"id": 1}]
    database.execute("drop table public.sozinha")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"a": "x"}, "Um registro do recurso t veio sem id, b, que é da sua chave"),
        ({"id": 1}, "Um registro do recurso t veio sem b, que é da sua chave"),
        ({"id": None, "b": 1}, "Um registro do recurso t veio sem id, que é da sua chave"),
    ],
)
def test_a_record_without_its_key_tells_stream_and_field(
    loaders: Loaders, database: psycopg.Connection[Row], fields: Row, said: str
) -> None:
    _, errors = load(loaders, schema("t", OLD, ("id", "b")), record("t", **fields), code=1)
    assert said in errors
    assert rows(database) == []


@pytest.mark.parametrize("settings", [{"use_copy": False}, {"validate_records": True}])
def test_a_record_without_its_key_tells_the_same_where_it_is_read_by_value(
    loaders: Loaders, database: psycopg.Connection[Row], settings: dict[str, Any]
) -> None:
    _, errors = load(loaders, schema("t", OLD), record("t", a="x"), code=1, **settings)
    assert "Um registro do recurso t veio sem id, que é da sua chave" in errors
    assert rows(database) == []


@pytest.mark.parametrize("message", [{"record": None}, {"record": [1]}, {}])
def test_a_message_without_a_record_tells_its_stream(
    loaders: Loaders, database: psycopg.Connection[Row], message: Row
) -> None:
    _, errors = load(loaders, schema("t", OLD), {"type": "RECORD", "stream": "t"} | message, code=1)
    assert "Uma mensagem do recurso t veio sem o seu registro" in errors
    assert rows(database) == []
