"""The SDK's standard tests against the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from singer_sdk.testing import SuiteConfig, get_tap_test_class
from tap_sienge.streams import STREAMS
from tap_sienge.tap import TapSienge

from testing.simulator import running_simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

# The class is made while tests are collected, the simulator's port is known when they run.
CONFIG: dict[str, Any] = {
    "subdomain": "a",
    "username": "a",
    "password": "a",
    "parameter_ids": "12,845",
}


@pytest.fixture(scope="module", autouse=True)
def _simulator() -> Iterator[None]:
    with running_simulator("--requests-per-minute", "10000") as simulator:
        CONFIG.update(simulator.config, requests_per_minute=10000)
        yield


# The SDK's dry run leaves out what is asked for by the rows of a parent, and asks for the last
# year only, in which no business budget may begin.
CHILDREN = [stream.name for stream in STREAMS if stream.parent_stream_type]
EMPTY = [*CHILDREN, "bulk_business_budget", "rejected_rows"]

CATALOG = TapSienge(config=CONFIG).catalog_dict
for entry in CATALOG["streams"]:
    for metadata in entry["metadata"]:
        if not metadata["breadcrumb"]:
            metadata["metadata"]["selected"] = True

TestTapSienge = get_tap_test_class(
    TapSienge,
    config=CONFIG,
    catalog=CATALOG,
    suite_config=SuiteConfig(max_records_limit=50, ignore_no_records_for_streams=EMPTY),
)
