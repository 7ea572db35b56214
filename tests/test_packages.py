"""What is published: each package built, installed from its wheel in an empty place, and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from scripts import hub, release

if TYPE_CHECKING:
    from testing.simulator import Simulator

ROOT = Path(__file__).parent.parent
UV = Path(sys.executable).parent / "uv"
PACKAGES = {
    "tap-sienge": ("tap-sienge", "--about", "--format=json"),
    "simulator": ("sienge-simulator", "--help"),
    "panel": ("sienge-panel", "chave"),
    "assistente": ("sienge-mcp", "--help"),
    "plugins/loaders/target-postgres-sienge": ("target-postgres-sienge", "--about"),
}
LOCKS = {"plugins/loaders/target-postgres-sienge": "plugins/loaders/target-postgres--sienge.txt"}


def run(*command: str | Path, stdin: str = "") -> str:
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "TAP_SIENGE"))
    }
    done = subprocess.run(
        command,
        input=stdin,
        env=env | {"UV_SYSTEM_CERTS": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def installed(package: str, folder: Path) -> Path:
    """Build a package's wheel, through its source archive, and install it alone."""
    lock = ROOT / "requirements.lock"
    run(UV, "build", "-q", "--build-constraint", lock, "-o", folder / "dist", ROOT / package)
    (wheel,) = (folder / "dist").glob("*.whl")
    run(UV, "venv", "-q", "--python", sys.executable, folder / "venv")
    versions = ROOT / LOCKS.get(package, "requirements.lock")
    python = folder / "venv" / "bin" / "python"
    run(UV, "pip", "install", "-q", "--python", python, "--constraint", versions, wheel)
    return python.parent


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_runs_from_its_wheel(package: str, tmp_path: Path) -> None:
    programs = installed(package, tmp_path)
    program, *arguments = PACKAGES[package]
    assert run(programs / program, *arguments).strip()
    name = next((tmp_path / "dist").glob("*.whl")).name.split("-py3")[0]
    (licence,) = (tmp_path / "venv").rglob(f"{name}.dist-info/licenses/LICENSE")
    assert licence.read_text() == (ROOT / "LICENSE").read_text()


def test_the_tap_from_its_wheel_reads_the_simulator(simulator: Simulator, tmp_path: Path) -> None:
    tap = installed("tap-sienge", tmp_path) / "tap-sienge"
    config, catalog = tmp_path / "config.json", tmp_path / "catalog.json"
    config.write_text(json.dumps(simulator.config))
    found: dict[str, Any] = json.loads(run(tap, "--config", config, "--discover"))
    for stream in found["streams"]:
        (whole,) = (entry for entry in stream["metadata"] if not entry["breadcrumb"])
        whole["metadata"]["selected"] = stream["tap_stream_id"] in {"companies", "customers"}
    catalog.write_text(json.dumps(found))
    messages = map(json.loads, run(tap, "--config", config, "--catalog", catalog).splitlines())
    read = [message["stream"] for message in messages if message["type"] == "RECORD"]
    for stream in ("companies", "customers"):
        assert read.count(stream) == simulator.counts[stream]


def test_everything_has_one_version() -> None:
    assert len(release.versions()) == 1


@pytest.mark.parametrize(
    ("version", "said"),
    [("", "Diga a versão"), ("0.2", "Diga a versão"), ("0.2.0; rm", "Diga a versão")],
)
def test_a_release_without_a_version_is_refused(version: str, said: str) -> None:
    assert said in release.problem(version)


def test_a_release_changes_nothing_unless_told_and_then_everything(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    run("git", "clone", "--quiet", ROOT, clone)
    for name, value in (("name", "Ana"), ("email", "ana@exemplo.com.br")):
        run("git", "-C", clone, "config", f"user.{name}", value)
    make = ("make", "--no-print-directory", "-C", clone, "release", "VERSION=7.8.9")
    assert "Nada foi alterado" in run(*make)
    assert run("git", "-C", clone, "status", "--porcelain") == ""
    assert "v7.8.9" in run(*make, "DO=1")
    assert run("git", "-C", clone, "describe").strip() == "v7.8.9"
    for file in release.PLACES:
        assert "7.8.9" in (clone / file).read_text()
    assert "\n## [7.8.9] - 20" in (clone / "CHANGELOG.md").read_text()
    again = subprocess.run(make, capture_output=True, text=True, check=False)
    assert again.returncode
    assert "já existe" in again.stderr


def test_meltano_takes_the_definitions_for_the_hub(tmp_path: Path) -> None:
    """Each is added as it is published, but for the place of the package."""
    project = tmp_path / "projeto"
    meltano = Path(sys.executable).parent / "meltano"
    run(meltano, "init", "--no-usage-stats", project)
    for lock in hub.PLUGINS:
        definition = hub.definition(lock, "https://github.com/Construtora/tap-sienge")
        assert definition["variant"] == "construtora"
        assert definition["pip_url"] in {"tap-sienge", "target-postgres-sienge"}
        file = tmp_path / f"{definition['name']}.yml"
        file.write_text(yaml.safe_dump(definition))
        kind = lock.split("s/")[0]
        run(
            meltano,
            f"--cwd={project}",
            "add",
            "--no-install",
            "--from-ref",
            file,
            kind,
            definition["name"],
        )
    added = yaml.safe_load((project / "meltano.yml").read_text())["plugins"]
    assert [plugin["name"] for plugin in added["extractors"]] == ["tap-sienge"]
    said = run(meltano, f"--cwd={project}", "config", "list", "--all", "tap-sienge")
    assert "TAP_SIENGE_QUOTA_RESERVE" in said
