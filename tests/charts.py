"""The Helm chart rendered. Needs helm, or Go to build it."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

CHART = Path(__file__).parent.parent / "deploy" / "kubernetes"
HELM = "helm.sh/helm/v3/cmd/helm@v3.22.0"
FAST = ["-gcflags=all=-N -l -dwarf=false", "-ldflags=-s -w"]
"""A helm that is built in half the time; that it is slower does not matter here."""

Object = dict[str, Any]


@cache
def helm() -> str:
    """Give the program; skip the test where there is none."""
    if not (found := shutil.which("helm") or shutil.which("helm", path=Path.home() / "go/bin")):
        if not (go := shutil.which("go")):
            pytest.skip("faltam o helm e o Go para construí-lo")
        built = subprocess.run(
            [go, "install", *FAST, HELM],
            capture_output=True,
            text=True,
            env=os.environ | {"CGO_ENABLED": "0"},
            check=False,
        )
        if built.returncode:
            pytest.skip(f"o helm não pôde ser construído: {built.stderr[-300:]}")
        found = str(Path.home() / "go" / "bin" / "helm")
    return found


def render(values: Path) -> subprocess.CompletedProcess[str]:
    """Render it for a tenants' file."""
    command = [helm(), "template", "teste", str(CHART), "--kube-version=1.31", f"--values={values}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def write(path: Path, tenants: Mapping[str, Any], **values: Any) -> Path:  # noqa: ANN401
    """Write a tenants' file, with a database unless told otherwise."""
    path.write_text(
        yaml.safe_dump({"database": {"host": "banco"}, **values, "tenants": dict(tenants)})
    )
    return path


def objects(values: Path) -> dict[tuple[str, str], Object]:
    """Render it; give what it makes, by kind and name."""
    done = render(values)
    assert done.returncode == 0, done.stderr
    found = list(filter(None, yaml.safe_load_all(done.stdout)))
    named = {(item["kind"], item["metadata"]["name"]): item for item in found}
    assert len(named) == len(found), "two objects of one name"
    return named


def pod(job: Object) -> Object:
    """Give the pod of a CronJob."""
    found: Object = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return found
