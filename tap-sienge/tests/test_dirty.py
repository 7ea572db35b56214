"""Records that no document foresees: each lands or is set aside, and is counted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from testing.simulator import running_simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from testing.simulator import Simulator

    from .conftest import Run

    Record = dict[str, Any]

REST, BULK, BARE = "sales_contracts", "bulk_income", "payment_categories"
PATHS = {
    REST: "/v1/sales-contracts", BULK: "/bulk-data/v1/income",
    BARE: "/v1/payment-categories", "hooks": "/v1/hooks",
}  # fmt: skip
TEXT = {REST: ("externalId", "external_id"), BULK: ("mainUnit", "main_unit")}
NUMBER = {REST: ("value", "value"), BULK: ("originalAmount", "original_amount")}
DATE = {REST: ("issueDate", "issue_date"), BULK: ("dueDate", "due_date")}
COLUMNS = {REST: ["id"], BARE: ["id"], BULK: ["company_id", "bill_id", "installment_id"]}
KEYS = {REST: ["id"], BULK: ["companyId", "billId", "installmentId"], BARE: ["id"]}
CONFIG = {
    "requests_per_minute": 100_000, "bulk_requests_per_minute": 100_000, "max_retries": 0,
    "bulk_mode": "sync", "start_date": f"{date.today().year - 1}-01-01",
}  # fmt: skip

both = pytest.mark.parametrize("stream", [REST, BULK])
every = pytest.mark.parametrize("stream", [REST, BULK, BARE])


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running_simulator(
        *("--requests-per-minute", "100000", "--bulk-per-minute", "100000", "--no-quirks"),
        *("--rows", "sales_contracts=40", "--rows", "bills=6"),
    ) as simulator:
        yield simulator


@dataclass
class Dirty:
    """A run whose first answer held dirt."""

    run: Run
    stream: str

    @property
    def row(self) -> Record:
        """The row of the first record."""
        row: Record = self.run.rows[self.stream][0]
        return row

    @property
    def extra(self) -> Record:
        """Its fields and values that no column takes."""
        extra: Record = self.row["_extra"]
        return extra

    @property
    def log(self) -> Record:
        """What sync_log says of the stream."""
        found: Record = self.run.log[self.stream]
        return found

    @property
    def rejected(self) -> list[Record]:
        """What was set aside."""
        return self.run.rows["rejected_rows"]

    def warns(self, sentence: str) -> bool:
        """Whether sync_log has a warning."""
        return sentence in self.log["warnings"]


@pytest.fixture
def read(simulator: Simulator, run_tap: Callable[..., Run]) -> Callable[..., Dirty]:
    """Read a stream whose first answer begins with ``items``; nothing may stop it."""

    def read(
        stream: str, *items: str | dict[str, str | None], encoding: str = "utf-8", **more: object
    ) -> Dirty:
        fault = {"path": PATHS[stream], "kind": "replace", "items": items, "encoding": encoding}
        simulator.admin("/faults", method="DELETE")
        simulator.admin("/faults", fault | more)
        run = run_tap(simulator.config | CONFIG, streams=[stream])
        assert not simulator.admin("/faults"), "the dirt was read"
        assert run.code == 0, run.stderr[-3000:]
        return Dirty(run, stream)

    return read


@both
def test_a_wrong_type_goes_to_extra(read: Callable[..., Dirty], stream: str) -> None:
    (field, column), (day, day_column) = NUMBER[stream], DATE[stream]
    dirty = read(stream, {field: '"muito"', day: "true"})
    assert (dirty.row[column], dirty.row[day_column]) == (None, None)
    assert dirty.extra == {field: "muito", day: True}
    assert dirty.warns(f"valor que não é número: {field} (1 vez(es))")
    assert dirty.log["status"] == "ok"


@both
def test_an_unknown_field_goes_to_extra_whatever_its_name(
    read: Callable[..., Dirty], stream: str
) -> None:
    names = ["", "novo", "_extra", "_sdc_deleted_at", "com espaço", TEXT[stream][1]]
    dirty = read(stream, dict.fromkeys(names, '"x"') | {"a\x00b": "1", "ab": "2"})
    assert dirty.extra == dict.fromkeys(names, "x") | {"ab": 1, "ab_": 2}
    assert dirty.row[TEXT[stream][1]] != "x"
    assert dirty.warns("campo não documentado: novo (1 vez(es))")
    assert "\\u0000" not in json.dumps(dirty.run.messages)


@both
def test_nul_and_half_characters_are_taken_out_and_counted(
    read: Callable[..., Dirty], stream: str
) -> None:
    field, column = TEXT[stream]
    dirty = read(stream, {field: r'"a\u0000b\ud800c"', "novo": '["\x00raw\x01\nline"]'})
    assert dirty.row[column] == "abc"
    assert dirty.extra == {"novo": ["raw\x01\nline"]}
    assert dirty.warns(f"caractere que o banco de dados não aceita, retirado: {field} (2 vez(es))")
    assert dirty.warns("caractere que o banco de dados não aceita, retirado: novo (1 vez(es))")


@both
def test_bytes_that_are_not_utf8_are_read_as_windows_1252(
    read: Callable[..., Dirty], stream: str
) -> None:
    field, column = TEXT[stream]
    texts: dict[str, str | None] = {field: '"São João \x80 \x81"', "novo": '{"é": "ç"}'}
    dirty = read(stream, texts, encoding="latin-1")
    assert dirty.row[column] == "São João € \x81"
    assert dirty.extra == {"novo": {"é": "ç"}}
    assert dirty.warns(f"byte fora do UTF-8, lido como Windows-1252: {field} (4 vez(es))")
    others = [row["company_name"] for row in dirty.run.rows[stream][1:]]
    assert not any("Ã" in (name or "") for name in others), "UTF-8 stays UTF-8"


@both
def test_a_text_of_ten_megabytes_lands(read: Callable[..., Dirty], stream: str) -> None:
    field, column = TEXT[stream]
    text = "ã1" * 5_000_000
    dirty = read(stream, {field: json.dumps(text, ensure_ascii=False)})
    assert dirty.row[column] == text
    assert dirty.log["status"] == "ok"


@both
def test_a_number_beyond_its_type_is_kept_as_text(read: Callable[..., Dirty], stream: str) -> None:
    (field, column), key = NUMBER[stream], KEYS[stream][-1]
    huge, long = "1" + "0" * 30, "9" * 5000
    dirty = read(
        stream,
        {field: "1e400", "a": f"[-1e999, {huge}, {long}]", key: huge, "b": "NaN", "c": "-Infinity"},
        {field: "NaN", "a": "9223372036854775807"},
    )
    assert dirty.row[column] is None
    assert dirty.extra == {
        field: "1e400",
        "a": ["-1e999", huge, long],
        key: huge,
        "b": "NaN",
        "c": "-Infinity",
    }
    second = dirty.run.rows[stream][1]
    assert (second[column], second["_extra"]) == (None, {field: "NaN", "a": 2**63 - 1})
    assert dirty.warns(f"valor que não é número: {field} (2 vez(es))")


@both
def test_dates_that_no_calendar_has_go_to_extra(read: Callable[..., Dirty], stream: str) -> None:
    field, column = DATE[stream]
    given = {"0001-01-01": "0001-01-01", "9999-12-31T23:59:59": "9999-12-31"}
    wrong = ["31/02/2020", "2020-02-31", "0000-00-00", "0001-01-01T00:30:00+05:00", "10000-01-01"]
    dirty = read(stream, *({field: json.dumps(day)} for day in [*given, *wrong]))
    rows = dirty.run.rows[stream][:7]
    assert [row[column] for row in rows] == [*given.values(), *[None] * len(wrong)]
    assert [row["_extra"] for row in rows[2:]] == [{field: day} for day in wrong]
    assert dirty.warns(f"valor que não é data: {field} (5 vez(es))")


@both
@pytest.mark.parametrize("depth", [5, 900, 100_000])
def test_deep_values_land_in_extra(read: Callable[..., Dirty], stream: str, depth: int) -> None:
    inner = '{"a": ["\\"]", {"b": 1}]}'
    dirty = read(stream, {"novo": "[" * depth + inner + "]" * depth})
    value, levels = dirty.extra["novo"], 0
    while isinstance(value, list):
        (value,), levels = value, levels + 1
    assert levels <= 100
    left = depth - levels
    text = value if left else json.dumps(value)
    assert "".join(text.split()) == "[" * left + "".join(inner.split()) + "]" * left
    assert dirty.log["status"] == "ok"


@both
def test_an_enormous_list_lands_in_extra(read: Callable[..., Dirty], stream: str) -> None:
    dirty = read(stream, {"novo": json.dumps([1] * 1_000_000)})
    assert dirty.extra == {"novo": [1] * 1_000_000}
    assert dirty.log["status"] == "ok"


@every
def test_a_missing_key_is_calculated(read: Callable[..., Dirty], stream: str) -> None:
    key = KEYS[stream][-1]
    dirty = read(stream, {key: None}, {key: "null"}, {key: '""'})
    rows = dirty.run.rows[stream]
    keys = {tuple(row[name] for name in COLUMNS[stream]) for row in rows}
    assert len(keys) == len(rows) == dirty.log["rows"]
    assert sum(row[COLUMNS[stream][-1]] < 0 for row in rows) == 3
    assert any("gravado com chave calculada (3 vez(es))" in said for said in dirty.log["warnings"])
    assert dirty.log["status"] == "ok"


def test_a_key_too_long_for_an_index_is_shortened(read: Callable[..., Dirty]) -> None:
    key = "".join(chr(0x4E00 + number) for number in range(3000))
    dirty = read("hooks", {"id": json.dumps(key)})
    assert dirty.row["id"].startswith("codigo-longo-")
    assert len(dirty.row["id"].encode()) < 100
    assert dirty.extra == {"id": key}
    assert dirty.warns("código longo demais, gravado resumido: id (1 vez(es))")
    assert read("hooks", {"id": json.dumps(key)}).row["id"] == dirty.row["id"], "the same next day"


@every
def test_equal_records_in_a_page_are_one_row(read: Callable[..., Dirty], stream: str) -> None:
    record = json.dumps(dict.fromkeys(KEYS[stream], 7777))
    dirty = read(stream, record, record, record)
    same = [row for row in dirty.run.rows[stream] if row[COLUMNS[stream][-1]] == 7777]
    assert len(same) == 1
    assert dirty.warns("registro repetido na mesma página, gravado uma vez (2 vez(es))")
    assert (dirty.log["status"], dirty.log["rejected"], dirty.rejected) == ("ok", 0, [])
    assert dirty.run.activated == {stream}, "all that the API counts came"


@every
def test_of_other_records_with_one_key_in_a_page_the_first_lands(
    read: Callable[..., Dirty], stream: str
) -> None:
    key = dict.fromkeys(KEYS[stream], "7777")
    dirty = read(stream, key | {"novo": "1"}, key | {"novo": "2"}, key | {"novo": "3"})
    same = [row for row in dirty.run.rows[stream] if row[COLUMNS[stream][-1]] == 7777]
    assert [row["_extra"] for row in same] == [{"novo": 1}]
    assert [row["record"]["_extra"] for row in dirty.rejected] == [{"novo": 2}, {"novo": 3}]
    assert {row["stream"] for row in dirty.rejected} == {stream}
    assert "a mesma chave" in dirty.rejected[0]["reason"]
    assert [row["position"] for row in dirty.rejected] == [1, 2]
    assert (dirty.log["status"], dirty.log["rejected"]) == ("ok", 2)
    assert dirty.run.activated == {stream}, "all that the API counts came"


def test_a_key_that_comes_again_far_away_is_counted(
    start_simulator: Callable[..., Simulator], run_tap: Callable[..., Run]
) -> None:
    simulator = start_simulator("--rows", "sales_contracts=600")
    key = dict.fromkeys(KEYS[BULK], "7777")
    items = [key, *[{}] * 1100, key]
    simulator.admin("/faults", {"path": PATHS[BULK], "kind": "replace", "items": items})
    run = run_tap(simulator.config | CONFIG, streams=[BULK])
    same = [row for row in run.rows[BULK] if row["bill_id"] == 7777]
    assert len(same) == 2
    warning = "registro com a chave de outro, longe dele; vale o último (1 vez(es))"
    assert run.log[BULK]["warnings"] == [warning]


@every
def test_what_is_no_record_is_rejected_and_concludes_nothing(
    read: Callable[..., Dirty], stream: str
) -> None:
    dirty = read(stream, "null", '"texto"', "[1, [2]]", "7")
    assert [row["record"] for row in dirty.rejected] == [
        {"valor": value} for value in (None, "texto", [1, [2]], 7)
    ]
    assert {row["run_id"] for row in dirty.rejected} == {dirty.log["run_id"]}
    assert (dirty.log["status"], dirty.log["rejected"]) == ("incomplete", 4)
    assert dirty.log["error"] == "há registros ilegíveis, guardados em rejected_rows"
    assert len(dirty.run.rows[stream]) == dirty.log["rows"] > 0, "the others land"
    assert not dirty.run.activated


def test_thousands_of_new_fields_do_not_flood_the_report(read: Callable[..., Dirty]) -> None:
    dirty = read(REST, {f"campo{number}": "1" for number in range(5000)})
    assert len(dirty.extra) == 5000
    assert dirty.warns("outros avisos (4800 vez(es))")
    assert len(dirty.log["warnings"]) == 201
