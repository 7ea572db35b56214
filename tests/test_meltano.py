"""What a person does with Meltano: set, test, select, and be told plainly what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conftest import Simulator

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def meltano(
    *arguments: str, env: Mapping[str, str] | None = None, project: Path = ROOT
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
    for name, setting in told.items():
        assert defined[name]["label"] == setting["title"]
        assert defined[name]["description"] == setting["description"]
        assert defined[name].get("value") == setting.get("default")
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
    simulator: Simulator, changes: dict[str, str], expected: str
) -> None:
    done = meltano("config", "test", "tap-sienge", env=environment(simulator, **changes))
    assert done.returncode == 1
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_a_good_configuration_is_accepted(simulator: Simulator) -> None:
    done = meltano("config", "test", "tap-sienge", env=environment(simulator))
    assert done.returncode == 0, done.stderr
    assert "Plugin configuration is valid" in done.stdout


def test_credentials_come_from_meltano_s_settings_and_the_secret_from_dotenv(
    simulator: Simulator, tmp_path: Path
) -> None:
    for name in ("meltano.yml", "plugins", "requirements.lock", "tap-sienge", ".meltano"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "meltano.yml").unlink()
    (tmp_path / "meltano.yml").write_bytes((ROOT / "meltano.yml").read_bytes())
    for name, value in simulator.config.items():
        done = meltano("config", "set", "tap-sienge", name, value, project=tmp_path)
        assert done.returncode == 0, done.stderr
    assert simulator.config["password"] in (tmp_path / ".env").read_text()
    assert simulator.config["password"] not in (tmp_path / "meltano.yml").read_text()
    done = meltano("config", "test", "tap-sienge", project=tmp_path)
    assert done.returncode == 0, done.stderr


def test_streams_are_listed_and_the_schedule_is_at_two() -> None:
    done = meltano("select", "tap-sienge", "--list", "--all", env={"NO_COLOR": "1"})
    assert "customers.name" in done.stdout, done.stderr
    schedules = json.loads(meltano("schedule", "list", "--format=json").stdout)["schedules"]
    assert [job["interval"] for job in schedules["job"]] == ["0 2 * * *"]
    (task,) = [job["job"]["tasks"] for job in schedules["job"]]
    assert task == ["tap-sienge target-postgres"]
