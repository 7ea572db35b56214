"""The API's resources as data: reads `resources/*.yaml` into typed descriptions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path as FilePath
from typing import Any

import yaml

Value = Any
"""What a JSON field may hold."""

Make = Any
"""A generator as the YAML writes it."""

TYPES = ("string", "integer", "number", "boolean", "date", "date-time", "object", "array")
LINK_TYPE = [{"href": "string", "rel": "string"}]


@dataclass(frozen=True)
class Link:
    """A reference answered in `links`: `href` is a path with `{}` where the key goes.

    It may name fields and parameters of the row too, as in `/v1/bills/{billId}/attachments/{}`.
    `only` moves the field into the link: the answer has it nowhere else. `only: quirk` does so
    only while quirks are on, for fields the documents list and real answers lack.
    """

    rel: str
    href: str
    field: str
    only: bool | str = False
    pad: int = 0


@dataclass(frozen=True)
class Field:
    """One field: its documented type, how to invent it and, when nested, its own fields.

    `of` is the type of the elements of an array of plain values.
    """

    name: str
    type: str
    make: Any = None
    format: str | None = None
    of: str | None = None
    fields: list[Field] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def hidden(self) -> bool:
        """Hidden fields serve filters and other fields; no answer shows them."""
        return self.name.startswith("_")


@dataclass(frozen=True)
class Param:
    """A query parameter: what it filters (`by`), how (`kind`), and whether it is required.

    Of those with `required: any`, one at least must be given. `indexed` remembers the rows of
    each value, for parameters asked again and again. `lenient` ignores a value which is no choice;
    `most` bounds how many values a list may have.
    """

    name: str
    kind: str
    by: Any = None
    type: str = "string"
    required: bool | str = False
    indexed: bool = False
    default: str | None = None
    everything: str | None = None
    lenient: bool = False
    most: int = 0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Path:
    """A readable path of a resource: what it selects and the shape of its answer.

    `missing` answers 404 instead of an empty list, or with `owner` where there is no such owner;
    `wrap` names the list of the shape `data`;
    `whole` answers every row of a `paged` list when no limit is asked for. With `key` the path
    ends in the row's own key; `by` names other fields its keys are those of.
    """

    path: str
    shape: str = "paged"
    params: list[Param] = field(default_factory=list)
    only: list[str] = field(default_factory=list)
    key: bool = False
    wrap: str = "data"
    missing: bool | str = False
    by: list[str] = field(default_factory=list)
    whole: bool = False


@dataclass(frozen=True)
class Parent:
    """The resource that owns the rows of another one.

    `params` are the names its key has in paths and queries, `count` says how many rows it owns
    (a field of its, or a generator computed in its row), `most` how many there may be. With
    `inherit` it owns one row, which has all its fields, links and quirks, those of the by-id
    read included. Without `params` no owner leads to the rows: they are read all together.
    `near` bounds a day of theirs, `field: [owner's field, least, most]`, by days after one of the
    owner's, so that a short period is found without a look at every owner.
    """

    resource: str
    params: list[str]
    count: Any = 1
    most: int = 1
    inherit: bool = False
    near: dict[str, tuple[str, int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class ResourceSpec:
    """One resource of the API, with every path that reads it.

    The true records also have the parameters of `context`, each with the field it stands for,
    and come one for each element of the array `explode` leads to.
    """

    name: str
    key: list[str]
    paths: list[Path]
    fields: list[Field]
    detail: list[Field]
    links: list[Link]
    rows: dict[str, int]
    order: str = "asc"
    table: list[dict[str, Any]] = field(default_factory=list)
    touch: str = "name"
    modified: list[str] = field(default_factory=list)
    optional: dict[str, Any] = field(default_factory=dict)
    quirks: dict[str, Any] = field(default_factory=dict)
    dirty: dict[str, Any] = field(default_factory=dict)
    parent: Parent | None = None
    context: dict[str, str] = field(default_factory=dict)
    explode: str = ""

    @property
    def hidden(self) -> bool:
        """Hidden resources serve others: no path reads them, no count tells them."""
        return self.name.startswith("_")


def _fields(raw: dict[str, Any]) -> list[Field]:
    return [_field(name, dict(body)) for name, body in raw.items()]


def _links(raw: list[dict[str, Any]]) -> list[Link]:
    return [Link(**link) for link in raw]


def _field(name: str, body: dict[str, Any]) -> Field:
    form, of = body.pop("format", None), body.pop("of", None)
    ((kind, make),) = body.items()
    if kind not in TYPES:
        raise ValueError(f"{name}: unknown type {kind}")
    if kind in ("object", "array") and "fields" in make:
        make = dict(make)
        return Field(
            name, kind, make, form, of, _fields(make.pop("fields")), _links(make.pop("links", []))
        )
    return Field(name, kind, make, form, of)


def _params(raw: dict[str, Any]) -> list[Param]:
    params = []
    for name, body in raw.items():
        body = dict(body)
        choices = tuple(map(str, body.pop("choices", ())))
        params.append(Param(name, body.pop("kind"), choices=choices, **body))
    return params


def _paths(raw: dict[str, Any]) -> list[Path]:
    return [
        Path(
            path,
            **{
                "shape": "object" if body.get("key") else "paged",
                **body,
                "params": _params(body.get("params", {})),
            },
        )
        for path, body in raw.items()
    ]


def _parent(raw: dict[str, Any]) -> Parent:
    param = raw["param"]
    params = param if isinstance(param, list) else [param]
    return Parent(**{k: v for k, v in raw.items() if k != "param"}, params=params)


def _resource(name: str, raw: dict[str, Any]) -> ResourceSpec:
    raw = dict(raw)
    key = raw.pop("key")
    fields = _fields(raw.pop("fields"))
    table = raw.pop("table", [])
    if table and isinstance(table[0], list):
        head, *body = table
        table = [dict(zip(head, line, strict=True)) for line in body]
    rows = raw.pop("rows", [0, 0, 0])
    parent = raw.pop("parent", None)
    return ResourceSpec(
        name=name,
        key=key if isinstance(key, list) else [key],
        fields=fields,
        detail=_fields(raw.pop("detail", {})),
        paths=_paths(raw.pop("paths", {})),
        links=_links(raw.pop("links", [])),
        table=table,
        parent=_parent(parent) if parent else None,
        rows=dict(zip(("demo", "small", "large"), rows, strict=True)),
        **raw,
    )


@cache
def load(extra: str | None = None) -> dict[str, ResourceSpec]:
    """Every resource of every file, by name; also those of the files in a folder `extra`."""
    found: dict[str, ResourceSpec] = {}
    folders = [files(__package__).joinpath("resources"), *([FilePath(extra)] if extra else [])]
    for file in (f for folder in folders for f in sorted(folder.iterdir(), key=lambda f: f.name)):
        if file.name.endswith(".yaml"):
            raw = yaml.load(file.read_text("utf-8"), _LOADER)  # noqa: S506 - it is a safe one
            found |= {name: _resource(name, body) for name, body in raw.items()}
    return {name: _inherited(spec, found) for name, spec in found.items()}


def _inherited(spec: ResourceSpec, specs: dict[str, ResourceSpec]) -> ResourceSpec:
    """The resource with what it has from its owner."""
    if not spec.parent or not spec.parent.inherit:
        return spec
    owner = _inherited(specs[spec.parent.resource], specs)
    own = {f.name for f in spec.fields}
    fields = [
        replace(f, make={"get": f.name})
        for f in owner.fields + owner.detail
        if f.name not in own and not f.hidden
    ]
    return replace(
        spec,
        fields=fields + spec.fields,
        links=owner.links + spec.links,
        quirks=owner.quirks | spec.quirks,
    )


def context(spec: ResourceSpec, specs: dict[str, ResourceSpec]) -> list[str]:
    """The parameters a resource is read by, its farthest owner's first."""
    if not spec.parent or not spec.parent.params:
        return list(spec.context)
    owners = context(specs[spec.parent.resource], specs)
    return list(dict.fromkeys([*owners, *spec.parent.params, *spec.context]))


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _types(fields: list[Field], links: list[Link]) -> dict[str, Any]:
    moved = {link.field for link in links if link.only is True}
    out: dict[str, Any] = {}
    for f in fields:
        if f.hidden or f.name in moved:
            continue
        inner = _types(f.fields, f.links) if f.fields else f.of
        out[f.name] = [inner] if f.type == "array" else inner or f.type
    return {**out, "links": LINK_TYPE} if links else out


def describe(extra: str | None = None) -> dict[str, Any]:
    """Documented path and field types of every resource, for tests to compare against.

    `fields` are those of the collection, `detail` those only the by-id read adds, `context` the
    parameters which the true records have besides, `explode` the array they have an element of.
    """
    specs = load(extra)
    return {
        spec.name: {
            "path": spec.paths[0].path,
            "fields": _types(spec.fields, spec.links),
            "detail": _types(spec.detail, []),
            "context": context(spec, specs),
            "explode": spec.explode,
        }
        for spec in specs.values()
        if not spec.hidden
    }
