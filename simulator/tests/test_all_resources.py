"""Every described resource: its paths answer what the truth says, and its key is one."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from sienge_simulator.spec import Param, Path, ResourceSpec, context, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sienge_simulator.testing import Json, Simulator

    Row = dict[str, Json]

SPECS = load()
NAMES = sorted(name for name, spec in SPECS.items() if not spec.hidden)
KEYS: dict[str, list[str]] = yaml.safe_load(
    (FilePath(__file__).parent / "keys.yaml").read_text("utf-8")
)

DOCUMENTS = FilePath(__file__).parents[3] / "shared" / "sienge-api" / "spec"

SAMPLE = 4
"""How many owners, or other contexts, are asked for each resource."""

DAY, FIRST, LAST = "2026-01-15", "2000-01-01", "2099-12-31"

UNTOLD = ("document_identifications",)
"""Resources whose records do not tell the key they are read by."""


FEWER = {"customers": 250, "sales_contracts": 100, "bills": 200, "units": 150, "creditors": 90}
"""Rows of the resources with the most children: fewer than at demo scale, to be quick."""


@pytest.fixture(scope="module")
def sim(start_any: Callable[..., Simulator]) -> Simulator:
    rows = [option for name, n in FEWER.items() for option in ("--rows", f"{name}={n}")]
    limits = ("--requests-per-minute", "1000000", "--bulk-per-minute", "1000000")
    return start_any("--no-quirks", *limits, *rows)


@pytest.fixture(scope="module")
def truth(sim: Simulator) -> Callable[[str], list[Row]]:
    known: dict[str, list[Row]] = {}

    def rows(name: str) -> list[Row]:
        if name not in known:
            known[name] = sim.truth(name)
        return known[name]

    return rows


def found(row: Json, name: str) -> Json:
    """A field of a true record: its own, one by its dotted path, or one of an exploded element."""
    if name in row:
        return row[name]
    head, _, rest = name.partition(".")
    if rest and head in row:
        return found(row[head], rest)
    inner = [value for value in row.values() if isinstance(value, dict) and holds(value, name)]
    if not inner:
        raise KeyError(name)
    return found(inner[0], name)


def holds(row: Row, name: str) -> bool:
    return name in row or any(isinstance(v, dict) and holds(v, name) for v in row.values())


def placeholders(path: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", path)


def of_rows(spec: ResourceSpec, path: Path) -> dict[str, str]:
    """Where a true record has what a request for it needs: the field by parameter."""
    names, known = placeholders(path.path), context(spec, SPECS)
    own = [name for name in names if name not in known]
    if path.by:
        wanted = dict(zip(names, path.by, strict=True))
    elif path.key and len(own) < len(spec.key):
        wanted = {own[-1]: "+".join(spec.key)}
    else:
        wanted = dict(zip(own, spec.key if path.key else own, strict=True))
    wanted |= {name: name for name in names if name in known}
    needed = [param for param in path.params if param.required and not free(param)]
    for param in needed:
        by_name = param.name in known or not isinstance(param.by, str)
        field = param.name if by_name else param.by
        if param.required is True or not (field.startswith("_") or wanted):
            wanted[param.name] = field
    return wanted


def told(row: Row, fields: str) -> Json:
    """What a request needs of a true record: a field, or the parts of a compound key."""
    parts = [found(row, field) for field in fields.split("+")]
    return parts[0] if len(parts) == 1 else "_".join(map(str, parts))


def free(param: Param) -> bool:
    """Whether a required parameter may have a value of our choice."""
    return param.kind == "none" or bool(param.choices) or param.kind.endswith(("from", "to"))


def choices(spec: ResourceSpec, path: Path) -> Iterator[Row]:
    """The other parameters; several sets where only all of them together give every row."""
    sets: list[list[tuple[str, str]]] = []
    for param in path.params:
        if param.required and param.kind.endswith(("from", "to")):
            sets.append([(param.name, FIRST if param.kind.endswith("from") else LAST)])
        elif param.required and param.kind == "none" and param.type == "date":
            sets.append([(param.name, DAY)])
        elif param.everything or (param.required and param.kind == "none"):
            first = param.choices[0] if param.choices else "1"
            sets.append([(param.name, param.everything or first)])
        elif param.choices and (param.default or param.required):
            sets.append([(param.name, choice) for choice in param.choices])
    if spec.optional:
        sets.append([(spec.optional["param"], spec.optional["value"])])
    yield from map(dict, itertools.product(*sets))


def ask(sim: Simulator, path: Path, needed: Row, others: Row) -> list[Row] | None:
    """All rows of one request, however they are wrapped; None where it answers 404."""
    names = placeholders(path.path)
    url = path.path.format(**needed)
    params = {**others, **{name: value for name, value in needed.items() if name not in names}}
    params = {"limit": 200, "offset": 0} | params if path.shape == "paged" else params
    answer = sim.get(url, **params)
    if answer.status_code == 404:
        return None
    assert answer.status_code == 200, (url, params, answer.text)
    body = answer.json()
    if path.shape == "object":
        return [body]
    if path.shape == "array":
        rows: list[Row] = body
    elif path.shape == "data":
        rows = body[path.wrap]
    else:
        params = {k: v for k, v in params.items() if k not in ("limit", "offset")}
        rows = sim.rows(url, **params)
    return rows


def exploded(row: Row, path: str) -> Iterator[Row]:
    if not path:
        yield row
        return
    name, _, rest = path.partition(".")
    parts = row[name] if isinstance(row[name], list) else exploded(row[name], rest)
    yield from (row | {name: part} for part in parts)


def plain(value: Json) -> Json:
    """A value without what answers and truth may spell in two ways."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "links"}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[ T]\d\d:", value):
        return value[:10] + "T" + value[11:19]
    if isinstance(value, str) and re.fullmatch(r"\d{2,3}(\.\d{3}){2}[-/][-\d]+", value):
        return re.sub(r"\D", "", value)
    return value if value is None or isinstance(value, bool) else str(value).removesuffix(".0")


def moved(spec: ResourceSpec) -> dict[str, Any]:
    """The fields which answers have in their links only, level by level."""
    inner = {f.name: [link.field for link in f.links if link.only is True] for f in spec.fields}
    return {"": [link.field for link in spec.links if link.only is True]} | inner


def without(row: Row, spec: ResourceSpec) -> Row:
    """A true record as its answer has it: without parameters and without what moved to links."""
    fields = {f.name for f in spec.fields + spec.detail if not f.hidden}
    gone = moved(spec)
    kept = {k: v for k, v in row.items() if k in fields and k not in gone[""]}
    for name, inner in gone.items():
        if inner and isinstance(kept.get(name), list):
            kept[name] = [{k: v for k, v in part.items() if k not in inner} for part in kept[name]]
    return kept


def bag(rows: list[Row]) -> Counter[str]:
    return Counter(json.dumps(plain(row), sort_keys=True) for row in rows)


def asked(spec: ResourceSpec, path: Path, truth: Callable[[str], list[Row]]) -> list[Row]:
    """What to ask a path for: of some true rows, and of owners of none."""
    wanted = of_rows(spec, path)
    rows = truth(spec.name)
    found_in: dict[str, Row] = {}
    for row in rows:
        need = {name: told(row, field) for name, field in wanted.items()}
        found_in.setdefault(json.dumps(need), need)
    some = list(found_in.values())
    step = max(len(some) // SAMPLE, 1)
    contexts = some[::step][:SAMPLE]
    if spec.parent and spec.parent.params and not path.key:
        parent = SPECS[spec.parent.resource]
        names = dict(zip(spec.parent.params, parent.key, strict=True))
        owners = [row for row in truth(parent.name) if set(names.values()) <= row.keys()]
        for row in owners[:: max(len(owners) // SAMPLE, 1)]:
            need = {n: row[names[n]] if n in names else row.get(n) for n in wanted}
            if None not in need.values() and json.dumps(need) not in found_in:
                contexts.append(need)
    return contexts[: 2 * SAMPLE]


def by_customer(path: Path) -> bool:
    """Whether a path wants a customer's document or number, which its records do not tell."""
    return any(param.required and param.name in ("cpf", "customerId") for param in path.params)


@pytest.mark.parametrize("name", [n for n in NAMES if by_customer(SPECS[n].paths[0])])
def test_what_belongs_to_a_customer_is_true(
    sim: Simulator, truth: Callable[[str], list[Row]], name: str
) -> None:
    spec, path = SPECS[name], SPECS[name].paths[0]
    got: list[Row] = []
    for customer in truth("customers")[:60]:
        all_of_them = {
            "cpf": customer["cpf"],
            "cnpj": customer["cnpj"],
            "customerId": customer["id"],
        }
        params = {p.name: all_of_them.get(p.name) for p in path.params if p.required}
        for row in ask(sim, path, params, {}) or []:
            got += exploded(row, spec.explode)
    assert got
    assert bag(got) - bag([without(row, spec) for row in truth(name)]) == Counter()


@pytest.mark.parametrize(
    "name", [n for n in NAMES if n not in UNTOLD and not by_customer(SPECS[n].paths[0])]
)
def test_the_main_path_answers_the_truth(
    sim: Simulator, truth: Callable[[str], list[Row]], name: str
) -> None:
    spec, path = SPECS[name], SPECS[name].paths[0]
    contexts = asked(spec, path, truth)
    assert contexts
    wanted = of_rows(spec, path)
    for need in contexts:
        answers = [ask(sim, path, need, others) for others in choices(spec, path)]
        got = [
            part for rows in answers for row in rows or [] for part in exploded(row, spec.explode)
        ]
        expected = [
            row
            for row in truth(name)
            if all(told(row, field) == need[param] for param, field in wanted.items())
        ]
        if path.shape != "object":
            expected = [without(row, spec) for row in expected]
        else:
            expected = [
                {k: v for k, v in row.items() if k in answer}
                for row, answer in zip(expected, got, strict=True)
            ]
        assert bag([without(row, spec) for row in got]) == bag(expected), (path.path, need)


def key_of(name: str) -> list[str]:
    """The key agreed on, or else the described one with the parameters it is read by."""
    spec = SPECS[name]
    return KEYS.get(name, [*context(spec, SPECS), *(k for k in spec.key if not k.startswith("_"))])


@pytest.mark.parametrize("name", [n for n in NAMES if n in KEYS or SPECS[n].key == key_of(n)])
def test_keys_are_unique(truth: Callable[[str], list[Row]], name: str) -> None:
    rows, key = truth(name), key_of(name)
    assert rows
    if not key:
        assert len(rows) == 1
        return
    lists = {field.rpartition(".")[0] for field in key if "." in field}
    for path in (path for path in lists if isinstance(rows[0].get(path), list)):
        rows = [part for row in rows for part in exploded(row, path)]
    values = [json.dumps([found(row, field) for field in key]) for row in rows]
    assert [value for value, times in Counter(values).items() if times > 1] == []


@pytest.mark.parametrize("name", [n for n in NAMES if SPECS[n].paths[1:]])
def test_the_other_paths_answer(
    sim: Simulator, truth: Callable[[str], list[Row]], name: str
) -> None:
    spec = SPECS[name]
    for path in spec.paths[1:]:
        if any(field.startswith("_") for field in of_rows(spec, path).values()):
            continue
        contexts = asked(spec, path, truth)
        others = next(choices(spec, path))
        assert any(ask(sim, path, need, others) is not None for need in contexts), path.path


OUT_OF_SCOPE = ("/pdf", "/async/status", "/payment-slip-notification")
"""How operations end which answer with a file, or tell of writing."""


def test_every_documented_operation_is_served() -> None:
    if not DOCUMENTS.is_dir():
        pytest.skip("the vendor's documents are not at hand")
    documented = {
        operation["path"]
        for file in sorted(DOCUMENTS.glob("*.yaml"))
        for operation in yaml.safe_load(file.read_text("utf-8"))
    }
    served = {re.sub(r"\{\w+\}", "{}", p.path) for spec in SPECS.values() for p in spec.paths}
    missing = {path for path in documented if re.sub(r"\{\w+\}", "{}", path) not in served}
    assert [path for path in sorted(missing) if not path.endswith(OUT_OF_SCOPE)] == []


def test_every_agreed_key_has_its_resource() -> None:
    assert sorted(set(KEYS) - set(NAMES)) == []
