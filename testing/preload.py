"""What need not be done again in each process that ``testing/warm.py`` forks."""

from __future__ import annotations

from sienge_simulator import spec
from sienge_simulator.api import Api, Settings
from sienge_simulator.clock import Clock
from sienge_simulator.world import World
from tap_sienge.tap import TapSienge


def simulator() -> None:
    """Read the descriptions, and load what making an API of them needs."""
    specs = spec.load()
    world = World(specs, dict.fromkeys(specs, 1), 1, "2026-01-01", "construtora")
    Api(world, Clock(), Settings("construtora", "ninguem", "nenhuma"), "")


def tap() -> None:
    """Compile the schemas."""
    tap = TapSienge(
        config={"subdomain": "construtora", "username": "ninguem", "password": "nenhuma"}
    )
    tap.streams.keys()
