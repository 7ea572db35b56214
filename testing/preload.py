"""What need not be done again in each process that ``testing/warm.py`` forks."""

from __future__ import annotations

from importlib import import_module

from sienge_simulator import spec
from sienge_simulator.api import Api, Settings
from sienge_simulator.clock import Clock
from sienge_simulator.world import World
from tap_sienge.tap import TapSienge

BY_NAME = ("anyio._backends._asyncio", "uvicorn.lifespan.off", "uvicorn.protocols.http.h11_impl")
"""Modules that are imported by their name when a server starts."""


def simulator() -> None:
    """Read the descriptions, and load what making and serving an API of them needs."""
    for name in BY_NAME:
        import_module(name)
    specs = spec.load(None)  # as the command line calls it: what is cached is found by that
    world = World(specs, dict.fromkeys(specs, 1), 1, "2026-01-01", "construtora")
    Api(world, Clock(), Settings("construtora", "ninguem", "nenhuma"), "")


def tap() -> None:
    """Compile the schemas."""
    tap = TapSienge(
        config={"subdomain": "construtora", "username": "ninguem", "password": "nenhuma"}
    )
    tap.streams.keys()
