"""What the second day costs, at the scale of a real company.

In a file of its own, named to be one of the first, as it takes a minute beside the others.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from testing.simulator import days_pass

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from testing.simulator import Simulator

    Start = Callable[..., Simulator]


def test_the_second_day_costs_a_quarter(start_simulator: Start, tmp_path: Path) -> None:
    unlimited = ("--requests-per-minute", "10000", "--bulk-per-minute", "10000")
    simulator = start_simulator(*unlimited)
    config = simulator.config | {"requests_per_minute": 10_000, "bulk_requests_per_minute": 10_000}
    config["page_size"] = 20  # as many requests as a tenant of tens of thousands of rows has

    def run(state: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        simulator.admin("/requests", method="DELETE")
        for name, content in {"config": config, "state": state}.items():
            (tmp_path / name).write_text(json.dumps(content))
        command = [sys.executable, "-m", "tap_sienge"]
        for name in ("config", "state"):
            command += [f"--{name}", str(tmp_path / name)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdout
            for line in process.stdout:
                if line.startswith(b'{"type":"STATE"'):
                    last = line
        assert process.returncode == 0
        found: dict[str, Any] = json.loads(last)["value"]
        return len(simulator.requests), found

    first, state = run({})
    second, _ = run(days_pass(1, simulator, state))
    assert first > 400
    assert second <= 0.25 * first
