"""Personal data is kept, masked or dropped, and found nowhere else."""

from __future__ import annotations

import os
import re
import zlib
from base64 import b64decode
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk.typing import DEFAULT_JSONSCHEMA_VALIDATOR
from tap_sienge.row_schema import RowSchema, json_type, load_schema
from tap_sienge.streams import STREAMS

from testing.simulator import running_simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Field = dict[str, Any]
    Row = dict[str, Any]

TABLES = {stream.name: RowSchema(load_schema(stream.name)) for stream in STREAMS}
MARKED = [name for name, table in TABLES.items() if table.personal]
BY_CPF = ["current_debit_balance", "total_current_debit_balance"]
"""Streams that are asked for with the CPF of a customer."""
FEW = ["customers", "bulk_sales", "sales_contracts_guarantors"]

UNLIMITED = {"requests_per_minute": 100_000, "bulk_requests_per_minute": 100_000}
MASK = UNLIMITED | {"personal_data": "mask", "personal_data_key": "a chave deste teste"}
OTHER_KEY = MASK | {"personal_data_key": "outra chave deste teste"}
DROP = MASK | {"personal_data": "drop"}


# Runs of the tap over all streams that hold personal data


@pytest.fixture(scope="module")
def sienge() -> Iterator[Simulator]:
    few = {"customers": 120, "sales_contracts": 60, "bills": 60, "creditors": 60}
    rows = [option for name, count in few.items() for option in ("--rows", f"{name}={count}")]
    unlimited = ("--requests-per-minute", "1000000", "--bulk-per-minute", "1000000")
    with running_simulator(*unlimited, "--dirty", *rows) as found:
        yield found


@pytest.fixture(scope="module")
def kept(sienge: Simulator, run_tap: Tap) -> Run:
    run = run_tap(sienge.config | UNLIMITED, streams=[*MARKED, *BY_CPF])
    assert run.code == 0
    return run


@pytest.fixture(scope="module")
def masked(sienge: Simulator, run_tap: Tap) -> Run:
    run = run_tap(sienge.config | MASK, streams=[*MARKED, *BY_CPF])
    assert run.code == 0
    return run


@pytest.fixture(scope="module")
def dropped(sienge: Simulator, run_tap: Tap) -> Run:
    run = run_tap(sienge.config | DROP, streams=FEW)
    assert run.code == 0
    return run


def marked(name: str, one: Run, other: Run) -> Iterator[tuple[str, Any, Any]]:
    """Give the marked values of a stream in two runs, each with its kind; the rest must agree."""
    fields = TABLES[name].described
    assert len(one.rows[name]) == len(other.rows[name]) > 0
    for a, b in zip(one.rows[name], other.rows[name], strict=True):
        for column, field in fields.items():
            yield from _marked(field, a[column], b.get(column))


def _marked(field: Field, one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:  # noqa: ANN401
    if "x-personal" in field:
        yield json_type(field), one, other
    elif isinstance(one, list):
        for a, b in zip(one, other, strict=True):
            yield from _marked(field["items"], a, b)
    elif isinstance(one, dict):
        for name, inner in field["properties"].items():
            yield from _marked(inner, one.get(name), other.get(name))
    else:
        assert one == other


def people(value: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401
    """Give the CPF numbers, e-mail addresses and phones in a true record."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from people(item, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from people(item, path)
    elif value and re.search(r"cpf|\.document$|e-?mail|phone\w*(\.number)?$", path, re.IGNORECASE):
        yield re.sub(r"[./-]", "", value) if "mail" not in path.lower() else value


@pytest.mark.parametrize("mode", ["masked", "dropped"])
def test_no_cpf_mail_or_phone_is_told(
    sienge: Simulator, mode: str, request: pytest.FixtureRequest
) -> None:
    run: Run = request.getfixturevalue(mode)
    streams = [name for name in MARKED if name in run.rows]
    true = {
        person
        for name in streams
        for record in sienge.truth(name)
        for person in people(record)
        if len(person) >= 10 and not re.fullmatch(r"\D+|\d{14}", person)  # that is a CNPJ
    }
    assert len(true) > 300
    assert not true & set(re.findall(r"[\w.@+-]+", run.said + run.stderr))


def test_masks_are_of_the_column_s_type_and_stand_for_one_value(kept: Run, masked: Run) -> None:
    masks: defaultdict[tuple[str, str], set[Any]] = defaultdict(set)
    kinds = set()
    for name in MARKED:
        for of_kind, true, mask in marked(name, kept, masked):
            assert (mask is None) == (true is None)
            if true is not None:
                kinds.add(of_kind)
                masks[of_kind, str(true)].add(mask)
    assert kinds == {"string", "date", "number"}
    assert {len(found) for found in masks.values()} == {1}
    found = [mask for (of_kind, _), (mask,) in masks.items() if of_kind == "string"]
    assert len(set(found)) == len(found) > 1000
    assert all(re.fullmatch("[0-9a-f]{16}", mask) for mask in found)
    assert not any(true == mask for (_, true), (mask,) in masks.items())


def test_masked_rows_fit_their_schema(masked: Run) -> None:
    schemas = {m["stream"]: m["schema"] for m in masked.messages if m["type"] == "SCHEMA"}
    for name in MARKED:
        validator = DEFAULT_JSONSCHEMA_VALIDATOR(schemas[name])
        days = [c for c, f in TABLES[name].described.items() if json_type(f).startswith("date")]
        for row in masked.rows[name]:
            validator.validate(row)
            assert all(datetime.fromisoformat(row[day]) for day in days if row[day])


def cpfs(run: Run) -> tuple[set[str], set[str]]:
    """Give the CPF numbers of customers in two tables."""
    sold = [customer for sale in run.rows["bulk_sales"] for customer in sale["customers"]]
    return (
        {row["cpf"] for row in run.rows["customers"]} - {None},
        {customer["cpf"] for customer in sold} - {None},
    )


def test_masked_tables_join(kept: Run, masked: Run) -> None:
    (customers, buyers), (true_customers, true_buyers) = cpfs(masked), cpfs(kept)
    assert len(customers & buyers) == len(true_customers & true_buyers) > 10
    assert len(customers) == len(true_customers)


def test_children_are_asked_for_with_the_true_cpf(kept: Run, masked: Run) -> None:
    for name in BY_CPF:
        assert masked.rows[name] == kept.rows[name] != []


def test_the_key_alone_decides_on_the_masks(sienge: Simulator, run_tap: Tap, masked: Run) -> None:
    again = run_tap(sienge.config | MASK, streams=FEW)
    other = run_tap(sienge.config | OTHER_KEY, streams=FEW)
    for name in FEW:
        assert again.rows[name] == masked.rows[name]
        assert all(a is None or a != b for _, a, b in marked(name, masked, other))
    assert not cpfs(masked)[0] & cpfs(other)[0]
    calculated = "sales_contracts_guarantors"
    keys = [{row["_key"] for row in run.rows[calculated]} for run in (masked, other)]
    assert not keys[0] & keys[1]
    prints = [run.state["bookmarks"][calculated]["asked"] for run in (again, masked, other)]
    assert prints[0] == prints[1] != prints[2]


def test_dropped_columns_stay_empty_but_for_keys(kept: Run, masked: Run, dropped: Run) -> None:
    for name in FEW:
        values = [value for _, _, value in marked(name, kept, dropped)]
        if name != "sales_contracts_guarantors":
            assert set(values) == {None}
        schemas = [
            next(m["schema"] for m in run.messages if m["type"] == "SCHEMA" and m["stream"] == name)
            for run in (kept, dropped)
        ]
        assert schemas[0] == schemas[1]
        assert all(row.keys() == schemas[0]["properties"].keys() for row in dropped.rows[name])
    sold = [customer for sale in dropped.rows["bulk_sales"] for customer in sale["customers"]]
    assert not any({"cpf", "email", "name"} & customer.keys() for customer in sold)
    for row, mask in zip(
        dropped.rows["sales_contracts_guarantors"],
        masked.rows["sales_contracts_guarantors"],
        strict=True,
    ):
        assert (row["email"], row["birth_date"]) == (None, None)
        assert all(row[column] == mask[column] for column in ("_key", "cpf", "name"))


# What is kept from day to day


def test_a_read_that_goes_on_tomorrow_keeps_no_cpf_in_the_state(
    sienge: Simulator, run_tap: Tap, tmp_path: Path, kept: Run
) -> None:
    stream = "total_current_debit_balance"
    first_day, next_day = (
        sienge.config | MASK | {"quota_db": str(tmp_path / day), "daily_request_limit": limit}
        for day, limit in (("1", 40), ("2", 1000))
    )
    run = run_tap(first_day, streams=[stream])
    assert run.log[stream]["status"] == "postponed"
    resume = run.state["bookmarks"][stream]["resume"]
    with pytest.raises(zlib.error):
        zlib.decompress(b64decode(resume["pending"]))
    rest = run_tap(next_day, streams=[stream], state=run.state)
    assert rest.log[stream]["status"] == "ok"
    assert 0 < rest.log[stream]["rows"] < len(kept.rows[stream])
    everything = [row["customer_id"] for each in (run, rest) for row in each.rows[stream]]
    assert sorted(everything) == sorted(row["customer_id"] for row in kept.rows[stream])
    # With other masks, what was read is of no use.
    anew = run_tap(next_day | OTHER_KEY, streams=[stream], state=run.state)
    assert anew.log[stream]["rows"] == len(kept.rows[stream])


def test_another_setting_reads_everything_again(
    start_simulator: Callable[..., Simulator], run_tap: Tap
) -> None:
    sienge = start_simulator("--rows", "customers=30", "--rows", "sales_contracts=10")
    streams = ["customers", "civil_status", "creditors", "sales_contracts_guarantors"]

    def rows(settings: Row, before: Run | None = None) -> tuple[Run, dict[str, int]]:
        run = run_tap(sienge.config | settings, streams=streams, state=before and before.state)
        assert run.code == 0
        return run, {name: len(run.rows.get(name, ())) for name in streams}

    run, everything = rows(UNLIMITED)
    assert all(everything.values())
    for settings in (MASK, DROP, OTHER_KEY, UNLIMITED):
        run, changed = rows(settings, run)
        assert changed == everything
        assert "customers: tudo é lido de novo, pois personal_data mudou" in run.stderr
        run, unchanged = rows(settings, run)
        assert unchanged == dict.fromkeys(streams, 0)
        assert "tudo é lido de novo" not in run.stderr


def test_another_setting_holds_although_its_first_read_failed(
    start_simulator: Callable[..., Simulator], run_tap: Tap
) -> None:
    sienge = start_simulator("--rows", "customers=450")
    config = sienge.config | UNLIMITED | {"max_retries": 0}
    kept = run_tap(config, streams=["customers"])
    fault = {"path": "/v1/customers", "kind": "status", "status": 500, "skip": 1, "count": 9}
    sienge.admin("/faults", fault)
    failed = run_tap(config | MASK, streams=["customers"], state=kept.state)
    assert failed.log["customers"]["status"] == "failed"
    sienge.admin("/faults", method="DELETE")
    run = run_tap(config | MASK, streams=["customers"], state=failed.state)
    found = {row["id"] for each in (failed, run) for row in each.rows["customers"]}
    assert len(found) == sienge.counts["customers"]


# Logs, also of those who keep personal data


def test_no_log_tells_the_cpf_that_was_asked_for(sienge: Simulator, run_tap: Tap) -> None:
    debug = os.environ | {"TAP_SIENGE_LOGLEVEL": "DEBUG"}
    run = run_tap(sienge.config | UNLIMITED, streams=BY_CPF, env=debug)
    assert "DEBUG" in run.stderr
    asked = {row["cpf"] for row in run.rows["customers"] if row["cpf"]}
    assert len(asked) > 50
    assert not asked & set(re.findall(r"\w+", run.stderr))


def test_a_message_of_the_api_tells_no_cpf(sienge: Simulator, run_tap: Tap) -> None:
    broken = '{"api-error": "o cliente 12345678909 (ana@example.org) não tem contrato"}'
    fault = {"path": "/bulk-data/v1/sales", "kind": "replace", "items": [broken], "count": 9}
    sienge.admin("/faults", fault)
    run = run_tap(sienge.config | UNLIMITED, streams=["bulk_sales"])
    sienge.admin("/faults", method="DELETE")
    assert "o cliente … (…) não tem contrato" in run.log["bulk_sales"]["error"]
    told = run.stderr + str(run.log)
    assert not [text for text in ("12345678909", "example.org") if text in told]
