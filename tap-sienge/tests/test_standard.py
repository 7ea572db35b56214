"""The SDK's standard tests against the simulator."""

from __future__ import annotations

import pytest
from singer_sdk.testing import SuiteConfig, get_tap_test_class
from tap_sienge.tap import TapSienge

from conftest import running_simulator

CONFIG: dict[str, object] = {}


@pytest.fixture(scope="module", autouse=True)
def _simulator() -> object:
    with running_simulator() as simulator:
        CONFIG.update(simulator.config)
        yield


TestTapSienge = get_tap_test_class(
    TapSienge, config=CONFIG, suite_config=SuiteConfig(max_records_limit=50)
)
