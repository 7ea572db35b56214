"""How many requests a run will cost, before it spends them (``--estimate``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

import requests
from singer_sdk.exceptions import FatalAPIError, RetriableAPIError

from tap_sienge import errors
from tap_sienge.bulk import SiengeBulkStream
from tap_sienge.children import SiengeChildStream, is_open

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tap_sienge.limits import Api
    from tap_sienge.run import Run
    from tap_sienge.stream import SiengeStream
    from tap_sienge.values import Record


ONE_DAY = timedelta(1)

ASYNCHRONOUS = 5
"""Requests of a BULK answer that is prepared apart, at least: order, questions and one chunk."""


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

    @property
    def as_json(self) -> dict[str, Any]:
        """The numbers, for a program."""
        told = {"kind": self.stream.api(), "rows": self.rows, "first": self.first}
        return told | {"daily": self.daily, "note": self.note}


class Estimate:
    """The costs of the selected streams, from one question to each."""

    def __init__(self, run: Run, streams: Iterable[SiengeStream]) -> None:
        """Take the run, and the selected streams in the order in which they are read."""
        self.run = run
        self.streams = streams
        self.costs: dict[str, Cost] = {}
        self._rows: dict[str, list[Record]] = {}
        """Some rows of each stream, from which the contexts of its children come."""

    def ask(self) -> list[Cost]:
        """Ask once for each stream and reckon its cost.

        Raises:
            errors.Unauthorized: User or password are wrong.
            requests.RequestException: Nothing answers.
        """
        for stream in self.streams:
            self.costs[stream.name] = cost = Cost(stream)
            try:
                self._reckon(cost)
            except errors.Unauthorized as error:
                if not self.run.answered:
                    raise
                cost.note = errors.explain(error)
            except errors.Unavailable as error:
                cost.note = str(error)
            except (errors.QuotaSpent, FatalAPIError, RetriableAPIError) as error:
                cost.note = errors.explain(error)
            except requests.RequestException as error:
                if not self.run.answered:
                    raise
                cost.note = errors.explain(error)
        return list(self.costs.values())

    def _reckon(self, cost: Cost) -> None:
        stream = cost.stream
        owners = self._owners(stream)
        contexts = stream.plan()
        sampled = contexts[-2:]
        if not sampled:
            cost.note = "depende dos registros de outros recursos"
            return
        all_contexts = owners * (len(contexts) // len(stream.owners()))
        recent = self.run.today - timedelta(days=self.run.config["window_lookback_days"])
        share = len(stream.windows(recent)) / len(stream.windows(None))
        if stream.recent_filter:
            start = date.fromisoformat(self.run.config["start_date"][:10])
            share = min(1.0, (self.run.today - recent) / max(self.run.today - start, ONE_DAY))
        if isinstance(stream, SiengeBulkStream):
            each = ASYNCHRONOUS if stream.prepared_apart(sampled[0]) else 1
            cost.first, cost.daily = each * all_contexts, all_contexts
            cost.note = "linhas: só lendo"
            return
        answer = stream.fetch(sampled[0], 0)  # where there is a future, the one before is today's
        records = list(answer.records)
        self._rows[stream.name] = [stream.row_schema.convert(row, sampled[0]) for row in records]
        rows = answer.total if answer.total is not None else len(records)
        pages = max(1, ceil((rows - 1) / answer.step)) if stream.paged else 1
        cost.rows, cost.first = rows * all_contexts, pages * all_contexts
        if isinstance(stream, SiengeChildStream) and stream.follows_changes:
            cost.note = "por dia, 1 por registro novo ou alterado"
            if stream.final_parent or stream.final_row:
                cost.daily = ceil(cost.first * self._open_share(stream))
                cost.note += "; aqui os abertos"
        elif stream.replication.refresh_days > 1 and not stream.tells_changes():
            cost.daily = 1 if stream.watched else 0
        else:
            cost.daily = owners if stream.modified_filter else ceil(cost.first * share)

    def _open_share(self, stream: SiengeChildStream) -> float:
        """Give the share of the sampled rows that are read every day, not being final."""
        rows = self._rows[stream.name] if stream.final_row else []
        for parent in stream.read_parents if stream.final_parent else []:
            rows = rows + self._rows.get(parent.name, [])
        final = {**stream.final_row, **stream.final_parent}
        return sum(is_open(row, final) for row in rows) / max(len(rows), 1)

    def _owners(self, stream: SiengeStream) -> int:
        """Offer the sampled rows of the parents, and reckon how many contexts all of them give."""
        if not stream.parents():
            return 1
        sampled = total = 0
        for parent in stream.read_parents:
            for row in self._rows.get(parent.name, []):
                sampled += 1
                stream.offer(parent, dict(row))
            total += self.costs[parent.name].rows
        given = len(stream.owners())
        if given * 2 > sampled:  # else few values that repeat, such as document codes
            given = ceil(given * total / sampled)
        return given


def report(costs: list[Cost], per_minute: dict[Api, int]) -> str:
    """Lay the costs out as a table in Portuguese, REST and BULK apart."""
    lines = [f"{'recurso':<56}{'linhas':>12}{'1ª vez':>10}{'por dia':>10}"]
    for cost in costs:
        numbers = f"{cost.rows:>12}{cost.first:>10}{cost.daily:>10}"
        lines.append(f"{cost.stream.name:<56}{numbers}  {cost.note}".rstrip())
    for api in per_minute:
        some = [cost for cost in costs if cost.stream.api() == api]
        first, daily = sum(cost.first for cost in some), sum(cost.daily for cost in some)
        minutes = ceil(first / per_minute[api])
        lines.append(
            f"total {api.upper()}: {first} requisições na primeira vez (cerca de {minutes} min), "
            f"{daily} por dia sem alterações; esta estimativa gastou {len(some)} ou menos"
        )
    return "\n".join(lines)
