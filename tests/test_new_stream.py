"""A stream that nobody knows yet, added to a copy of the project as CONTRIBUTING.md says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
TOLD = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
NAME = "units_warranties"
BLOCK = re.compile(r"^(\d)\. (.*?)^   ```\w+\n(.*?)^   ```$", re.MULTILINE | re.DOTALL)
CONTROL = ("rejected_rows", "sync_log")


def blocks() -> dict[str, str]:
    """Give what each step with a block writes, by the file that it names first."""
    steps = re.split(r"^(?=\d\. )", TOLD.split("## Publicar")[0], flags=re.MULTILINE)
    found = [match for step in steps if (match := BLOCK.match(step))]
    return {
        re.findall(r"`([\w./-]+\.\w+)`", match[2])[0]: textwrap.dedent(match[3]) for match in found
    }


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the project and follow the steps."""
    folder = tmp_path_factory.mktemp("copia")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    for name, text in blocks().items():
        file = folder / name
        if name == "tests/documented.json":
            file.write_text(file.read_text().replace("{\n", "{\n" + text.strip() + ",\n", 1))
        else:
            apart = "\n\n" if file.suffix == ".py" else ""
            file.write_text((file.read_text() if file.exists() else "") + apart + text)
    make = (
        "make",
        "--dry-run",
        "--no-print-directory",
        "--old-file=install",
        f"BIN={Path(sys.executable).parent}",
    )
    for line in call(folder, *make, "docs", "models").splitlines():
        if "transform.diagram" not in line:  # dbt takes long, and a stream is not in its diagram
            call(folder, "sh", "-c", line)
    return folder


def call(folder: Path, *command: str | Path) -> str:
    """Run a command on the copy's own packages; it must succeed; give what it printed."""
    packages = [folder / name for name in ("tap-sienge", "simulator", "panel")]
    path = os.pathsep.join(map(str, [*packages, folder]))
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_the_steps_write_what_they_name() -> None:
    assert [*blocks()] == [
        "tests/documented.json",
        f"tap-sienge/tap_sienge/schemas/{NAME}.json",
        "tap-sienge/tap_sienge/streams/comercial.py",
        "simulator/sienge_simulator/resources/units-warranties.yaml",
        "simulator/tests/keys.yaml",
    ]


def test_every_mark_of_a_schema_is_explained() -> None:
    schemas = (ROOT / "tap-sienge" / "tap_sienge" / "schemas").glob("*.json")
    used = {mark for file in schemas for mark in re.findall(r'"(x-\w+)"', file.read_text("utf-8"))}
    assert used == set(re.findall(r"^\| `(x-\w+)`", TOLD, re.MULTILINE))


def test_the_new_stream_is_read(copy: Path, tmp_path: Path) -> None:
    tap = [sys.executable, "-m", "tap_sienge"]
    catalog: dict[str, Any] = json.loads(call(copy, *tap, "--discover"))
    for stream in catalog["streams"]:
        for metadata in stream["metadata"]:
            wanted = stream["tap_stream_id"] in {"units", NAME, *CONTROL}
            metadata["metadata"]["selected"] = wanted
    (tmp_path / "catalog.json").write_text(json.dumps(catalog))
    read = f"""
import json, subprocess, sys
from testing.simulator import running_simulator
with running_simulator("--rows", "units=20") as simulator:
    config = simulator.config | {{"personal_data": "keep"}}
    open({str(tmp_path / "config.json")!r}, "w").write(json.dumps(config))
    done = subprocess.run([*{tap!r}, "--config", {str(tmp_path / "config.json")!r}, "--catalog",
        {str(tmp_path / "catalog.json")!r}], capture_output=True, text=True, check=True)
    rows = [m["record"] for m in map(json.loads, done.stdout.splitlines())
        if m["type"] == "RECORD" and m["stream"] == {NAME!r}]
    print(json.dumps([rows, simulator.truth({NAME!r})]))
"""
    rows, truth = json.loads(call(copy, sys.executable, "-c", read))
    assert len(rows) == len(truth) > 0
    assert {(row["unit_id"], row["id"]) for row in rows} == {
        (row["unitId"], row["id"]) for row in truth
    }
    names = {(row["unit_id"], row["id"]): row["holder_name"] for row in rows}
    assert names == {(row["unitId"], row["id"]): row["holderName"] for row in truth}


def test_what_is_written_from_the_tap_knows_it(copy: Path) -> None:
    assert f"### {NAME}\n" in (copy / "docs" / "recursos.md").read_text("utf-8")
    listing = json.loads((copy / "panel" / "sienge_panel" / "tables.json").read_text("utf-8"))
    assert listing["tables"][NAME]["title"] == "Garantias das unidades"
    assert NAME in listing["presets"]["tudo"]
    models = copy / "transform" / "models" / "staging"
    assert [file for file in models.rglob("*.sql") if NAME in file.read_text("utf-8")]


def test_what_the_steps_write_is_lint_clean(copy: Path) -> None:
    files = [name for name in blocks() if name.endswith(".py")]
    call(copy, sys.executable, "-m", "ruff", "check", *files)
    call(copy, sys.executable, "-m", "ruff", "format", "--check", *files)
    call(copy, sys.executable, "-m", "mypy", *files)


def test_the_tests_of_the_copy_ask_for_nothing_more(copy: Path) -> None:
    files = ["tests/test_reference.py", "tests/test_schemas.py"]
    files += ["simulator/tests/test_all_resources.py"]
    options = ["-q", "-n0", "-p", "no:cacheprovider", "-k", f"{NAME} or test_reference"]
    said = call(copy, sys.executable, "-m", "pytest", *options, *files)
    assert int(re.findall(r"(\d+) passed", said)[0]) > 15
