"""Which events one run of the tap answers, and what came of each."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sienge_panel.hooks.families import REMOVED, MalformedError, Object, family, objects

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

MOST = 500
"""Objects that one run reads at most, so that a person or the schedule need not wait for long. What
is beyond waits for the next run. Not fewer, as the tap finds many of one table in a few pages of
its list, which otherwise cost a request each."""

UNKNOWN = "tipo de aviso desconhecido: foi guardado, e nada foi lido"
UNREAD = "a tabela não está entre as escolhidas"
UNTOLD = "a leitura não disse o que foi feito do registro"


@dataclass
class Batch:
    """The events, by what is to be done with them."""

    read: dict[int, list[Object]] = field(default_factory=dict)
    """By the event's id, the objects to read."""
    closed: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """By result and reason, events that ask for nothing."""
    _days: list[str] = field(default_factory=list)
    """Since when what is read may have changed, by each event; empty of what is gone."""

    @classmethod
    def of(cls, events: Iterable[Mapping[str, Any]], chosen: Collection[str]) -> Batch:
        """Sort events, the oldest first; ``chosen`` are the tables that are read at all.

        An event that failed before shares its run with ever fewer others, so that one that breaks
        every run keeps only itself from landing.
        """
        batch, wanted, most = cls(), set[Object](), MOST
        for event in events:
            if (known := family(event["type"])) is None:
                batch._close("desconhecido", UNKNOWN, event)
                continue
            try:
                asked = objects(known, event["ids"])
            except MalformedError as error:
                batch._close("separado", str(error), event)
                continue
            asked = [found for found in asked if found[0] in chosen]
            if not asked:
                batch._close("não lido", UNREAD, event)
                continue
            allowed = max(MOST >> 2 * event["attempts"], 1)
            more = len(wanted.union(asked))
            if batch.read and more > min(most, allowed):
                continue
            wanted, most = wanted.union(asked), min(most, allowed)
            batch.read[event["id"]] = asked
            batch._days.append("" if event["type"].endswith(REMOVED) else str(event["since"]))
        return batch

    def _close(self, result: str, reason: str, event: Mapping[str, Any]) -> None:
        self.closed.setdefault((result, reason), []).append(event["id"])

    @property
    def since(self) -> str:
        """The day before which nothing that is read has changed.

        Empty where a record is gone: the API must say so of it, whatever else still shows it.
        """
        return min(self._days, default="")

    @property
    def only(self) -> str:
        """The tap's setting: the ids to read of each table, none for a whole one."""
        ids: dict[str, list[Any]] = {}
        for table, id_ in dict.fromkeys(found for asked in self.read.values() for found in asked):
            ids.setdefault(table, []).extend([[*id_]] if id_ else [])
        return json.dumps(ids)

    def results(self, lines: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[int]]:
        """Give the events by what the tap told of their objects: a status and its reason.

        The worst of an event's objects counts.
        """
        known = {
            (line["stream"], line["id"] or ""): (line["status"], line["error"] or "")
            for line in lines
        }
        found: dict[tuple[str, str], list[int]] = {}
        for event, asked in self.read.items():
            ways = [known.get((table, "/".join(id_)), ("failed", UNTOLD)) for table, id_ in asked]
            found.setdefault(min(ways, key=lambda way: WORST.index(way[0])), []).append(event)
        return found


WORST = ("failed", "postponed", "removed", "ok")
