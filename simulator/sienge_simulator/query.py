"""Reads the query string of a request: paging, required parameters, filters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .filters import Filter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .rows import Record
    from .spec import Param, Path
    from .store import Store

DEFAULT_LIMIT, MAX_LIMIT = 100, 200
Pairs = list[tuple[str, str]]


class BadRequestError(Exception):
    """A query the API refuses with 400; `errors` are its field and message pairs."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("bad request")
        self.errors = errors


@dataclass
class Query:
    """What a valid request asks for; `name` tells apart queries with different filters.

    `owner` are the keys of the rows' owners, where the query string has them and not the path.
    """

    limit: int
    offset: int
    filters: list[Filter]
    name: str
    owner: list[str]


def read(path: Path, keys: Sequence[str], pairs: Pairs, stores: Mapping[str, Store]) -> Query:
    """The query, or `BadRequestError` with all that is wrong. Ignores unknown parameters."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    errors: list[dict[str, str]] = []
    limit = offset = 0
    if path.shape == "paged":
        most = 2**31 - 1 if path.whole else MAX_LIMIT
        limit = _whole("limit", values, most if path.whole else DEFAULT_LIMIT, 1, most, errors)
        offset = _whole("offset", values, 0, 0, 2**31 - 1, errors)
    filters = [_equals(name, [key], stores) for name, key in zip(path.by, keys, strict=False)]
    used, owner = [f"{path.path} {keys}"] if filters else [], []
    for param in path.params:
        given = [v for v in values.get(param.name, []) if v != ""]
        if not given and param.default is not None:
            given = [param.default]
        if not given:
            if param.required is True:
                errors.append({"field": param.name, "message": "parameter is required"})
            continue
        try:
            made = _filter(_chosen(param, values), given, stores)
        except ValueError as error:
            errors.append({"field": param.name, "message": str(error)})
            continue
        if param.kind == "owner":
            owner.append(given[0])
        if made:
            made.indexed = param.indexed
            filters.append(made)
            used.append(f"{path.path} {param.name}={given} {made.field}")
    either = [p.name for p in path.params if p.required == "any"]
    if either and not any("".join(values.get(name, [])) for name in either):
        errors.append({"field": either[0], "message": f"one of {', '.join(either)} is required"})
    if errors:
        raise BadRequestError(errors)
    return Query(limit, offset, filters, "&".join(used), owner)


def _chosen(param: Param, values: Mapping[str, list[str]]) -> Param:
    """The parameter with its field, where another parameter chooses it; the first one unless."""
    if not isinstance(param.by, dict):
        return param
    ((name, fields),) = param.by.items()
    found = fields.get(values.get(name, [""])[0].upper(), next(iter(fields.values())))
    return replace(param, by=found)


def _whole(
    name: str,
    values: Mapping[str, list[str]],
    default: int,
    low: int,
    high: int,
    errors: list[dict[str, str]],
) -> int:
    text = values.get(name, [str(default)])[0]
    if not text.lstrip("-").isdigit():
        errors.append({"field": name, "message": f"'{text}' is not an integer"})
    elif not low <= int(text) <= high:
        errors.append({"field": name, "message": f"must be between {low} and {high}"})
    else:
        return int(text)
    return default


def _filter(param: Param, given: list[str], stores: Mapping[str, Store]) -> Filter | None:
    text = given[0]
    if param.lenient and text not in param.choices:
        return None
    if param.choices and text not in param.choices:
        raise ValueError(f"must be one of {', '.join(param.choices)}")
    if param.most and len(text.split(",")) > param.most:
        raise ValueError(f"at most {param.most} values")
    if param.type == "integer" and not text.lstrip("-").isdigit():
        raise ValueError(f"'{text}' is not an integer")
    if param.type == "boolean" and text.lower() not in ("true", "false"):
        raise ValueError(f"'{text}' is not a boolean")
    if param.type == "date":
        _day(text)
    if param.kind in ("none", "owner") or text == param.everything:
        return None
    return KINDS[param.kind](param.by, given, stores)


def _day(text: str) -> None:
    try:
        if datetime.strptime(text, "%Y-%m-%d").strftime("%Y-%m-%d") != text:
            raise ValueError
    except ValueError:
        raise ValueError(f"'{text}' is not a date (yyyy-MM-dd)") from None


def _from(by: str, given: list[str], _stores: Mapping[str, Store]) -> Filter:
    return Filter.since(by, given[0])


def _to(by: str, given: list[str], _stores: Mapping[str, Store]) -> Filter:
    return Filter.until(by, given[0])


def _equals(by: str, given: list[str], _stores: Mapping[str, Store]) -> Filter:
    return _one_of(by, {given[0].strip()})


def _in(by: str, given: list[str], _stores: Mapping[str, Store]) -> Filter:
    return _one_of(by, {part.strip() for text in given for part in text.split(",")})


def _not_in(by: str, given: list[str], _stores: Mapping[str, Store]) -> Filter:
    refused = {part.strip() for text in given for part in text.split(",")}
    return Filter(by, lambda value: str(value) not in refused)


def _digits(by: str, given: list[str], _stores: Mapping[str, Store]) -> Filter:
    return _one_of(
        by, {"".join(filter(str.isdigit, part)) for text in given for part in text.split(",")}
    )


def _one_of(by: str, wanted: set[str]) -> Filter:
    return Filter(by, lambda value: str(value) in wanted, wanted=wanted)


def _contains(by: list[str], given: list[str], _stores: Mapping[str, Store]) -> Filter:
    wanted = given[0].strip().lower()
    if len(by) == 1:
        return Filter(by[0], lambda value: wanted in str(value or "").lower())
    return Filter("*", lambda values: any(wanted in str(values(n) or "").lower() for n in by))


def _flag(by: str, given: list[str], _stores: Mapping[str, Store]) -> Filter | None:
    return Filter(by, bool) if given[0].lower() == "true" else None


def _boolean(by: str, given: list[str], _stores: Mapping[str, Store]) -> Filter:
    wanted = given[0].lower() == "true"
    return Filter(by, lambda value: value is wanted)


def _word(by: str, given: list[str], _stores: Mapping[str, Store]) -> Filter:
    """Rows with the value among the words of a field."""
    wanted = given[0]
    return Filter(by, lambda words: wanted in words.split())


def _via(by: list[str], given: list[str], stores: Mapping[str, Store]) -> Filter:
    """Rows which a row of another resource points to, where that row's field equals the value."""
    resource, name, pointer = by
    other, wanted = stores[resource], given[0]
    found = {
        other.value(i, pointer) for i in other.select([], "") if str(other.value(i, name)) == wanted
    }
    return Filter("#", lambda index: index in found)


def _each_from(by: list[str], given: list[str], stores: Mapping[str, Store]) -> Filter:
    return _each(by, _from(by[1], given, stores))


def _each_to(by: list[str], given: list[str], stores: Mapping[str, Store]) -> Filter:
    return _each(by, _to(by[1], given, stores))


def _each_without(by: list[str], _given: list[str], _stores: Mapping[str, Store]) -> Filter:
    return _each(by, Filter(by[1], lambda value: not value))


def _each(by: list[str], one: Filter) -> Filter:
    """`[list, field, test]`: rows in whose list an element passes; the answer shows only such.

    `test` names a list with the same elements in which to look instead, if there is one: it is
    quicker to make, or has what the answer does not tell.
    """

    def keep(element: Record) -> bool:
        return one.test(element[one.field])

    made = Filter(by[-1] if by[2:] else by[0], lambda elements: any(map(keep, elements)))
    made.part, made.kept = by[0], keep
    return made


def _any_in(by: list[str], given: list[str], stores: Mapping[str, Store]) -> Filter:
    """Rows in whose list an element has one of the values."""
    one = _in(by[1], given, stores)
    return Filter(by[0], lambda elements: any(one.test(e[one.field]) for e in elements or ()))


KINDS: dict[str, Callable[[Any, list[str], Mapping[str, Store]], Filter | None]] = {
    "from": _from,
    "to": _to,
    "equals": _equals,
    "in": _in,
    "not_in": _not_in,
    "digits": _digits,
    "contains": _contains,
    "flag": _flag,
    "boolean": _boolean,
    "word": _word,
    "each_from": _each_from,
    "each_to": _each_to,
    "each_without": _each_without,
    "any_in": _any_in,
    "via": _via,
}
