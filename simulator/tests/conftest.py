"""Starts real simulators on free ports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sienge_simulator.testing import UNLIMITED, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def start_any() -> Iterator[Callable[..., Simulator]]:
    started: list[Simulator] = []

    def start(*options: str) -> Simulator:
        started.append(Simulator(*options))
        return started[-1]

    yield start
    for simulator in started:
        if simulator.process.poll() is None:
            simulator.stop()


@pytest.fixture
def start(start_any: Callable[..., Simulator]) -> Callable[..., Simulator]:
    """Starts a simulator of the test's own."""
    return start_any


@pytest.fixture(scope="session")
def shared(start_any: Callable[..., Simulator]) -> Simulator:
    """One simulator for the tests which change nothing."""
    return start_any(*UNLIMITED)


@pytest.fixture(scope="session")
def plain(start_any: Callable[..., Simulator]) -> Simulator:
    """One without quirks."""
    return start_any(*UNLIMITED, "--no-quirks")


@pytest.fixture
def own(start_any: Callable[..., Simulator]) -> Iterator[Simulator]:
    """A small one for a single test to change."""
    simulator = start_any(
        "--requests-per-minute",
        "100000",
        "--rows",
        "customers=450",
        "--rows",
        "bills=60",
        "--rows",
        "accounts_statements=60",
    )
    yield simulator
    simulator.stop()
