"""Named generators: each turns its YAML arguments into a function of a row.

A generator in YAML is `null`, a bare name (`cpf`) or one name with arguments (`{int: [1, 9]}`).
Register one with `@named`; `Scope` gives it its resource, its own salt and the other resources.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from string import Formatter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from . import mix
from .rows import Constant

if TYPE_CHECKING:
    from .rows import Generator, Row
    from .spec import Make, Value
    from .world import World


@dataclass(frozen=True)
class Scope:
    """Where a generator stands: the world, its resource and the path of its field."""

    world: World
    resource: str
    path: str

    @property
    def count(self) -> int:
        """Rows the resource is born with."""
        return self.world.counts[self.resource]

    def odd(self) -> int:
        """The field's own modulus of 40 bits: `row.bits % odd` is its random number."""
        return mix.salt(f"{self.resource}.{self.path}") % 2**39 + 2**39 | 1

    def deeper(self, step: str) -> Scope:
        """The scope of an inner generator."""
        return replace(self, path=f"{self.path}.{step}")


Factory = Callable[[Any, Scope], "Generator"]
REGISTRY: dict[str, Factory] = {}


def named(name: str) -> Callable[[Factory], Factory]:
    """Register a generator under the name the YAML uses."""

    def register(factory: Factory) -> Factory:
        REGISTRY[name] = factory
        return factory

    return register


def compile_generator(make: Make, scope: Scope) -> Generator:
    """The function of a row that a YAML generator describes; a plain value is a constant."""
    if isinstance(make, str) and make in REGISTRY:
        return REGISTRY[make](None, scope)
    if isinstance(make, dict):
        ((name, args),) = make.items()
        return REGISTRY[name](args, scope.deeper(name))
    return Constant(make)


@named("choice")
def _choice(args: list[Any], scope: Scope) -> Generator:
    """One of several values, each as likely; a value may itself be a generator."""
    odd, size, values = scope.odd(), len(args), list(args)
    if any(isinstance(v, dict) for v in values):
        makes = [compile_generator(v, scope.deeper(str(n))) for n, v in enumerate(values)]
        return lambda row: makes[row.bits % odd % size](row)
    return lambda row: values[row.bits % odd % size]


@named("pick")
def _pick(args: str, scope: Scope) -> Generator:
    """One of a pool's entries."""
    odd, pool = scope.odd(), scope.world.pools[args]
    size = len(pool)
    return lambda row: pool[row.bits % odd % size]


@named("entry")
def _entry(args: str, scope: Scope) -> Generator:
    """The pool's entries in turn, row after row; texts are numbered when they come round."""
    pool = scope.world.pools[args]
    size = len(pool)

    def make(row: Row) -> Value:
        again, place = divmod(row.index, size)
        value = pool[place]
        return f"{value} {again + 1}" if again and isinstance(value, str) else value

    return make


@named("person")
def _person(args: str | None, scope: Scope) -> Generator:
    """A full name; the argument names the pool of first names."""
    odd, pools = scope.odd(), scope.world.pools
    first, last = pools[args or "first"], pools["surnames"]
    a, b = len(first), len(last)

    def make(row: Row) -> str:
        n = row.bits % odd
        return f"{first[n % a]} {last[(n >> 10) % b]} {last[(n >> 20) % b]}"

    return make


@named("cpf")
def _cpf(_args: None, scope: Scope) -> Generator:
    odd = scope.odd()
    return lambda row: mix.cpf(row.bits % odd)


@named("cnpj")
def _cnpj(_args: None, scope: Scope) -> Generator:
    odd = scope.odd()
    return lambda row: mix.cnpj(row.bits % odd)


@named("digits")
def _digits(args: int, scope: Scope) -> Generator:
    """A text of so many digits."""
    odd, spread, top = scope.odd(), 1_000_003**6, 10**args
    return lambda row: f"{row.bits % odd * spread % top:0{args}d}"


@named("uuid")
def _uuid(_args: None, scope: Scope) -> Generator:
    odd = scope.odd()

    def make(row: Row) -> str:
        number = mix.mix(row.bits) << 64 | mix.mix(row.bits ^ odd)
        return str(UUID(int=number, version=4))

    return make


@named("int")
def _int(args: list[int], scope: Scope) -> Generator:
    odd, low, size = scope.odd(), args[0], args[1] - args[0] + 1
    return lambda row: low + row.bits % odd % size


@named("number")
def _number(args: list[int], scope: Scope) -> Generator:
    """A number between two bounds with so many decimals (2 unless told)."""
    scale = 10 ** (args[2] if len(args) > 2 else 2)
    whole: Callable[[Row], int] = _int([args[0] * scale, args[1] * scale], scope)
    return lambda row: whole(row) / scale


@named("bool")
def _bool(args: int, scope: Scope) -> Generator:
    """True in `args` percent of the rows."""
    odd = scope.odd()
    return lambda row: row.bits % odd % 100 < args


@named("maybe")
def _maybe(args: list[Any], scope: Scope) -> Generator:
    """`[percent, generator]`: null in the other rows."""
    odd, percent = scope.odd(), args[0]
    inner = compile_generator(args[1], scope)
    return lambda row: inner(row) if row.bits % odd % 100 < percent else None


@named("when")
def _when(args: list[Any], scope: Scope) -> Generator:
    """`[field, value, then, else]`: `then` where the field equals the value (`any`: not null)."""
    name, wanted = args[0], args[1]
    then = compile_generator(args[2], scope.deeper("then"))
    other = compile_generator(args[3] if len(args) > 3 else None, scope.deeper("else"))
    if wanted == "any":
        return lambda row: (then if row.get(name) is not None else other)(row)
    if isinstance(other, Constant):
        value = other.value

        def make(row: Row) -> Value:  # the most used of all: looks before it calls
            known = row.values
            found = known[name] if name in known else row.get(name)
            return then(row) if found == wanted else value

        return make
    return lambda row: (then if row.get(name) == wanted else other)(row)


@named("format")
def _format(args: str, scope: Scope) -> Generator:
    """A text with fields of the row in braces, as `get` finds them; `{row}` counts from 1."""
    text, getters = "", []
    for before, name, form, _ in Formatter().parse(args):
        text += before
        if name is not None:
            text += f"{{:{form}}}"
            getters.append(_part_of(name, scope))
    if len(getters) == 1:
        only = getters[0]
        return lambda row: text.format(only(row))
    return lambda row: text.format(*[get(row) for get in getters])


def _part_of(name: str, scope: Scope) -> Generator:
    if name == "row":
        return lambda row: row.index + 1
    whole, bracket, part = name.rstrip("]").partition("[")
    return _get([whole, part] if bracket else whole, scope)


@named("get")
def _get(args: list[str] | str, scope: Scope) -> Generator:
    """Another field, or a part of it: `field` or `[field, part]`; its own name: the owner's."""
    if args == scope.path.split(".")[-2]:
        return lambda row: row.parent and row.parent.get(args)
    if isinstance(args, str):
        return lambda row: row.get(args)
    name, part = args

    def make(row: Row) -> Value:
        whole = row.get(name)
        return None if whole is None else whole[part]

    return make


@named("part")
def _part(args: list[Any], _scope: Scope) -> Generator:
    """`[field, weights]`: this element's share of an amount; the shares add up to it exactly."""
    name, weights = args
    total = sum(weights)

    def cents(row: Row, position: int) -> int:
        share: int = round(row.get(name) * 100) * weights[position] // total
        return share

    def make(row: Row) -> float:
        if row.position < row.siblings - 1:
            return cents(row, row.position) / 100
        before = sum(cents(row, p) for p in range(row.siblings - 1))
        return float(round(row.get(name) * 100) - before) / 100

    return make


@named("share")
def _share(args: list[Any], scope: Scope) -> Generator:
    """`[field, low, high]`: between low and high percent of an amount, to the cent."""
    odd, name, low, size = scope.odd(), args[0], args[1], args[2] - args[1] + 1

    def make(row: Row) -> float | None:
        amount = row.get(name)
        return None if amount is None else round(amount * (low + row.bits % odd % size)) / 100

    return make


@named("minus")
def _minus(args: list[str], _scope: Scope) -> Generator:
    a, b = args
    return lambda row: float(round(row.get(a) * 100) - round(row.get(b) * 100)) / 100


@named("element")
def _element(_args: None, _scope: Scope) -> Generator:
    """The element's place in its array, from 1."""
    return lambda row: row.position + 1


@named("first_element")
def _first_element(_args: None, _scope: Scope) -> Generator:
    return lambda row: row.position == 0


@named("tenant_url")
def _tenant_url(_args: None, scope: Scope) -> Generator:
    return lambda _row: f"https://{scope.world.subdomain}.sienge.example"
