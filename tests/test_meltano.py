"""What a person does with Meltano: set, test, select, and be told plainly what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from testing.pipeline import meltano_project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from testing.simulator import Simulator

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return meltano_project(tmp_path)


def meltano(
    project: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / "meltano"), "--log-level=warning", *arguments],
        cwd=project,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def environment(simulator: Simulator, **changes: str) -> dict[str, str]:
    """Give the variables that configure the tap for the simulator."""
    config = simulator.config | changes
    return {f"TAP_SIENGE_{name.upper()}": value for name, value in config.items()}


def test_the_plugin_definition_says_what_the_tap_says() -> None:
    path = ROOT / "plugins" / "extractors" / "tap-sienge--original.lock"
    lock: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "tap_sienge", "--about", "--format", "json"]
    about = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    from_sdk = {"stream_maps", "stream_map_config", "faker_config", "batch_config"}
    told = {
        name: setting
        for name, setting in about["settings"]["properties"].items()
        if name not in from_sdk and not name.startswith("flattening_")
    }
    defined = {setting["name"]: setting for setting in lock["settings"]}
    assert set(told) <= set(defined)
    assert {*lock["capabilities"]} == {*about["capabilities"], "test"}  # which only Meltano knows
    for name, setting in told.items():
        assert defined[name]["label"] == setting["title"]
        assert defined[name]["description"] == setting["description"]
        assert defined[name].get("value") == setting.get("default")
        assert (defined[name]["kind"] == "integer") == ("integer" in setting["type"]), name
        assert defined[name].get("sensitive", False) == setting.get("secret", False)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"password": "errada"}, "usuário de API"),
        ({"subdomain": "outra"}, "Confira o subdomínio"),
        ({"subdomain": "demo.sienge.com.br"}, "Configuração subdomain"),
        ({"api_url": "http://127.0.0.1:9"}, "Não consegui falar com"),
        ({"page_size": "500"}, "Configuração page_size"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_bad_configuration_is_refused_with_its_reason(
    simulator: Simulator, project: Path, changes: dict[str, str], expected: str
) -> None:
    done = meltano(project, "config", "test", "tap-sienge", env=environment(simulator, **changes))
    assert done.returncode == 1
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_a_good_configuration_is_accepted(simulator: Simulator, project: Path) -> None:
    done = meltano(project, "config", "test", "tap-sienge", env=environment(simulator))
    assert done.returncode == 0, done.stderr
    assert "Plugin configuration is valid" in done.stdout


def test_credentials_come_from_meltano_s_settings_and_the_secret_from_dotenv(
    simulator: Simulator, project: Path
) -> None:
    for name, value in simulator.config.items():
        done = meltano(project, "config", "set", "tap-sienge", name, value)
        assert done.returncode == 0, done.stderr
    assert simulator.config["password"] in (project / ".env").read_text()
    assert simulator.config["password"] not in (project / "meltano.yml").read_text()
    done = meltano(project, "config", "test", "tap-sienge")
    assert done.returncode == 0, done.stderr


def test_streams_are_listed_and_the_schedule_is_at_two(project: Path) -> None:
    done = meltano(project, "select", "tap-sienge", "--list", "--all", env={"NO_COLOR": "1"})
    assert "customers.name" in done.stdout, done.stderr
    schedules = json.loads(meltano(project, "schedule", "list", "--format=json").stdout)[
        "schedules"
    ]
    assert [job["interval"] for job in schedules["job"]] == ["0 2 * * *"]
    (task,) = [job["job"]["tasks"] for job in schedules["job"]]
    assert task == ["tap-sienge target-postgres", "dbt:build", "dbt:docs"]
