"""The fixtures of every part's tests, and the order in which their files begin."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from testing.simulator import running_simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from testing.simulator import Simulator

LONGEST = (
    "test_soak", "test_controller", "test_all_streams", "test_transform", "test_a_real_minute",
    "test_company_network", "test_panel_data", "test_panel_why_page", "test_assistente",
    "test_end_to_end", "test_panel", "test_hooks", "test_trust", "test_more_marts", "test_waits",
    "test_panel_page", "test_kill", "test_panel_runs", "test_panel_safety", "test_kept_objects",
    "test_what_lands", "test_panel_why", "test_privacy", "test_unread", "test_tenants",
    "test_a_second_day", "test_records_land", "test_other_targets", "test_quota",
    "test_panel_proxy", "test_tables", "test_network", "test_standard", "test_streams",
)  # fmt: skip
"""Files that begin first, so that in the end no worker waits for another."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort them; the order within a file stays."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONGEST)))


@pytest.fixture
def start_simulator() -> Iterator[Callable[..., Simulator]]:
    """Start simulators with options of their own."""
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(running_simulator(*options))


@pytest.fixture
def simulator(start_simulator: Callable[..., Simulator]) -> Simulator:
    """Give a fresh simulator of demo scale."""
    return start_simulator()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests have to tell, wherever they ran."""
    for report in terminalreporter.getreports("passed"):
        for name, told in report.user_properties:
            terminalreporter.write_line(f"{name}: {told}")
