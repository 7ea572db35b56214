"""How many requests a run will cost, before it spends them (``--estimate``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from singer_sdk.exceptions import FatalAPIError, RetriableAPIError

from tap_sienge import errors
from tap_sienge.children import SiengeChildStream

if TYPE_CHECKING:
    from tap_sienge.client import SiengeStream
    from tap_sienge.tap import TapSienge
    from tap_sienge.values import Record


@dataclass
class Cost:
    """What a stream is expected to have and to cost."""

    stream: SiengeStream
    rows: int = 0
    first: int = 0
    """Requests of the first run."""
    daily: int = 0
    """Requests of a later one in which nothing changed."""
    note: str = ""


class Estimate:
    """The costs of the selected streams, from one question to each."""

    def __init__(self, tap: TapSienge) -> None:
        """Take the tap, whose catalog tells what is selected."""
        self.tap = tap
        self.costs: dict[str, Cost] = {}
        self._sample: dict[str, Record] = {}
        """A row of each stream, from which its children are asked for."""

    def ask(self) -> list[Cost]:
        """Ask once for each stream and reckon its cost.

        Raises:
            errors.Unauthorized: User or password are wrong.
        """
        for stream in self.tap.rest_streams.values():
            self.costs[stream.name] = cost = Cost(stream)
            try:
                self._reckon(cost)
            except errors.Unavailable as error:
                cost.note = str(error)
            except (errors.QuotaSpent, FatalAPIError, RetriableAPIError) as error:
                cost.note = errors.explain(error)
        return list(self.costs.values())

    def _reckon(self, cost: Cost) -> None:
        stream = cost.stream
        for parent in stream.read_parents:
            if row := self._sample.get(parent.name):
                stream.offer(parent, row)
        if not stream.contexts:
            cost.note = "depende dos registros de outros recursos"
            return
        sample = stream.contexts[-2:][0]  # where there is a future, the last but one is today's
        answer = stream.fetch(sample, 0)
        records = list(answer.records)
        each = answer.total if answer.total is not None else len(records)
        if records:
            self._sample[stream.name] = stream.table.convert(records[0], sample)
        owners = sum(self.costs[parent.name].rows for parent in stream.read_parents)
        shares = ceil(owners / stream.together / len(stream.read_parents)) if stream.parents else 1
        pages = max(1, ceil(each / stream.page_size)) if stream.paged else 1
        contexts = shares * len(stream.contexts)
        cost.rows, cost.first = each * contexts, pages * contexts
        if isinstance(stream, SiengeChildStream) and stream.follows_changes:
            cost.daily, cost.note = 0, "mais 1 por registro novo ou alterado"
        elif stream.modified_filter:
            cost.daily = shares
        elif stream.period:
            recent = self.tap.today - timedelta(days=self.tap.config["window_lookback_days"])
            cost.daily = pages * shares * len(stream.windows(recent))
        else:
            cost.daily = cost.first


def report(costs: list[Cost], per_minute: dict[str, int]) -> str:
    """Lay the costs out as a table in Portuguese, REST and BULK apart."""
    lines = [f"{'recurso':<56}{'linhas':>12}{'1ª vez':>10}{'por dia':>10}"]
    for cost in costs:
        numbers = f"{cost.rows:>12}{cost.first:>10}{cost.daily:>10}"
        lines.append(f"{cost.stream.name:<56}{numbers}  {cost.note}".rstrip())
    for kind in ("rest", "bulk"):
        some = [cost for cost in costs if cost.stream.kind == kind]
        first, daily = sum(cost.first for cost in some), sum(cost.daily for cost in some)
        minutes = ceil(first / per_minute[kind])
        lines.append(
            f"total {kind.upper()}: {first} requisições na primeira vez (cerca de {minutes} min), "
            f"{daily} por dia sem alterações; esta estimativa gastou {len(some)} ou menos"
        )
    return "\n".join(lines)
