"""Which of Sienge's events a change of rows is, as `events.yaml` says."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from .children import Children

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .rows import Record
    from .store import Store


@dataclass(frozen=True)
class Family:
    """The events of one resource's rows; `events.yaml` tells what the fields mean."""

    prefix: str
    ids: dict[str, str]
    created_ids: dict[str, str] = field(default_factory=dict)
    created: str = "CREATED"
    updated: str = "UPDATED"
    deleted: str = "REMOVED"
    restored: str = "CREATED"
    when: dict[str, dict[Any, str]] = field(default_factory=dict)

    def event(self, change: str, values: Record) -> str:
        """The name of a change; `values` are the fields that an update set."""
        named = [
            name
            for changed, names in self.when.items()
            for value, name in names.items()
            if change == "updated" and changed in values and values[changed] == value
        ]
        return f"{self.prefix}_{named[0] if named else getattr(self, change)}"

    def body(self, change: str, store: Store, row: int) -> Record:
        """The ids of a row."""
        ids = self.ids | (self.created_ids if change == "created" else {})
        return {member: store.value(row, name) for member, name in ids.items()}


class Events:
    """The events of every resource."""

    def __init__(self, stores: Mapping[str, Store]) -> None:
        text = files(__package__).joinpath("events.yaml").read_text("utf-8")
        self.families = {name: Family(**raw) for name, raw in yaml.safe_load(text).items()}
        self.beneath: dict[str, dict[str, Children]] = {}
        """The children of a resource that have events, or whose own children have some."""
        for name in self.families:
            store = stores[name]
            while isinstance(store, Children):
                self.beneath.setdefault(store.parents.spec.name, {})[store.spec.name] = store
                store = store.parents

    def of(
        self, store: Store, change: str, rows: Iterable[int], values: Record, wanted: set[str]
    ) -> Iterator[tuple[str, Record]]:
        """The wanted events of a change (`created`, `updated`…) of rows: names and bodies."""
        for changed in rows:
            touched = (
                [self._whole(store, changed)]
                if change == "updated"
                else self._with_children(store, changed)
            )
            for owner, row in touched:
                if family := self.families.get(owner.spec.name):
                    event = family.event(change, values)
                    if event in wanted:
                        yield event, family.body(change, owner, row)

    def _whole(self, store: Store, row: int) -> tuple[Store, int]:
        """The row with events of its own that a row is part of, or is."""
        while store.spec.name not in self.families and isinstance(store, Children):
            store, row = store.parents, row // store.table.most
        return store, row

    def _with_children(self, store: Store, row: int) -> Iterator[tuple[Store, int]]:
        """A row and those that come and go with it."""
        yield store, row
        for children in self.beneath.get(store.spec.name, {}).values():
            for index in children.within(row):
                yield from self._with_children(children, index)
