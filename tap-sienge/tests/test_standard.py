"""The SDK's standard tests against the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from singer_sdk.testing import SuiteConfig, get_tap_test_class
from tap_sienge.tap import TapSienge

from conftest import running_simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

# The class is made while tests are collected, the simulator's port is known when they run.
CONFIG = {"subdomain": "a", "username": "a", "password": "a"}


@pytest.fixture(scope="module", autouse=True)
def _simulator() -> Iterator[None]:
    with running_simulator() as simulator:
        CONFIG.update(simulator.config)
        yield


TestTapSienge = get_tap_test_class(
    TapSienge, config=CONFIG, suite_config=SuiteConfig(max_records_limit=50)
)
