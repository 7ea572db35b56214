"""Amounts to the cent, and sums of them."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

Key = tuple[Any, ...]
Sums = dict[Key, tuple[Decimal, ...]]
Share = tuple[Any, Any, Decimal]
"""A cost centre, a financial plan, and how many percent of an amount are theirs."""


def exact(value: Any) -> Decimal:  # noqa: ANN401
    """Give a number; none is zero, and what is so counts one."""
    return value if isinstance(value, Decimal) else Decimal(str(+(value or 0)))


def cents(value: Any) -> Decimal:  # noqa: ANN401
    """Give an amount to the cent, half of one away from zero."""
    return exact(value).quantize(Decimal("0.01"), ROUND_HALF_UP)


def sums(parts: Iterable[tuple[Key, tuple[Any, ...]]], *, rounded: bool = True) -> Sums:
    """Sum amounts that stand side by side, by key; to the cent only in the end."""
    found: defaultdict[Key, list[Decimal]] = defaultdict(list)
    for key, values in parts:
        before = found[key] or [Decimal(0)] * len(values)
        found[key] = [one + exact(other) for one, other in zip(before, values, strict=True)]
    return {key: tuple(map(cents, each) if rounded else each) for key, each in found.items()}


def total(values: Iterable[Any]) -> Decimal:
    """Sum amounts; none of them is zero."""
    return sum(map(exact, values), Decimal(0))


def split(amount: Decimal, shares: Iterable[Share], whole: Decimal = Decimal(100)) -> list[Share]:
    """Divide an amount so that the parts make it up to the cent.

    Each part is what the shares up to it have together, less what the parts before it have; what no
    share explains is nobody's.
    """
    parts: list[Share] = []
    so_far = given = Decimal(0)
    for centre, plan, rate in shares:
        so_far += rate
        part = cents(amount * so_far / whole) - given
        given += part
        parts.append((centre, plan, part))
    if given != amount:
        parts.append((None, None, amount - given))
    return parts
