"""The Helm chart: rendered, and valid for Kubernetes. Needs helm, or Go to build it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

CHART = Path(__file__).parent.parent / "deploy" / "kubernetes"
HELM = "helm.sh/helm/v3/cmd/helm@v3.22.0"
FAST = ["-gcflags=all=-N -l -dwarf=false", "-ldflags=-s -w"]
"""A helm that is built in half the time; that it is slower does not matter here."""

VALIDATE = "kubernetes-validate==1.37.0"
VERSIONS = ("1.27", "1.37")
KINDS = "codigo,nome,recebimento,pagamento,situacao\n11,Por Bens,caixa,sem caixa,Quitada\n"


@pytest.fixture(scope="module")
def helm() -> str:
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


def render(helm: str, values: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [helm, "template", "teste", str(CHART), "--kube-version=1.31", f"--values={values}"]
    return subprocess.run([*command, *options], capture_output=True, text=True, check=False)


def valid(manifest: Path) -> None:
    tool = [str(Path(sys.executable).parent / "uv"), "tool", "run", f"--from={VALIDATE}"]
    for version in VERSIONS:
        done = subprocess.run(
            [*tool, "kubernetes-validate", "--strict", "-k", version, str(manifest)],
            capture_output=True,
            text=True,
            env=os.environ | {"UV_SYSTEM_CERTS": "true"},
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_chart_passes_the_linter(helm: str) -> None:
    values = CHART / "exemplos" / "consultoria.yaml"
    done = subprocess.run(
        [helm, "lint", "--strict", str(CHART), f"--values={values}"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()


def test_fifty_companies_are_fifty_jobs_that_kubernetes_accepts(helm: str, tmp_path: Path) -> None:
    tenants: dict[str, Any] = {
        f"construtora-{number:02}": {"secret": f"sienge-{number:02}"} for number in range(50)
    }
    tenants["construtora-07"] |= {
        "env": {"TAP_SIENGE_PLAN": "business", "SYNC_PRESET": "tudo"},
        "schedule": "30 4 * * *",
        "user": "carga_07",
        "database": "sete",
        "tiposBaixa": KINDS,
    }
    values = tmp_path / "values.yaml"
    defaults = {"env": {"TAP_SIENGE_PLAN": "start"}}
    values.write_text(
        yaml.safe_dump({"database": {"host": "banco"}, "defaults": defaults, "tenants": tenants})
    )
    done = render(helm, values)
    assert done.returncode == 0, done.stderr
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(done.stdout)
    valid(manifest)

    found = list(yaml.safe_load_all(done.stdout))
    jobs = {item["metadata"]["name"]: item["spec"] for item in found if item["kind"] == "CronJob"}
    assert (
        len(jobs) == len([item for item in found if item["kind"] == "PersistentVolumeClaim"]) == 50
    )
    assert {job["concurrencyPolicy"] for job in jobs.values()} == {"Forbid"}
    assert {job["timeZone"] for job in jobs.values()} == {"America/Sao_Paulo"}
    assert len({job["schedule"] for job in jobs.values()}) > 40

    def settings(name: str) -> dict[str, Any]:
        (container,) = jobs[name]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        return {one["name"]: one.get("value", one.get("valueFrom")) for one in container["env"]}

    usual, special = settings("sienge-construtora-01"), settings("sienge-construtora-07")
    assert usual["TAP_SIENGE_SUBDOMAIN"] == "construtora-01"
    assert usual["TAP_SIENGE_PASSWORD"] == {
        "secretKeyRef": {"name": "sienge-01", "key": "password"}
    }
    assert (usual["DB_NAME"], usual["CARGA_USER"]) == ("construtora_01", "carga")
    assert usual["TAP_SIENGE_PLAN"] == "start"
    assert (special["DB_NAME"], special["CARGA_USER"]) == ("sete", "carga_07")
    assert (special["TAP_SIENGE_PLAN"], special["SYNC_PRESET"]) == ("business", "tudo")
    assert jobs["sienge-construtora-07"]["schedule"] == "30 4 * * *"
    (config,) = [item for item in found if item["kind"] == "ConfigMap"]
    assert config["data"] == {"tipos_baixa_empresa.csv": KINDS}
    pod = jobs["sienge-construtora-07"]["jobTemplate"]["spec"]["template"]["spec"]
    name = config["metadata"]["name"]
    assert {"name": "empresa", "configMap": {"name": name}} in pod["volumes"]
    (container,) = pod["containers"]
    mounts = {one["mountPath"]: one.get("subPath") for one in container["volumeMounts"]}
    file = "tipos_baixa_empresa.csv"
    assert mounts[f"/app/transform/empresa/{file}"] == file


@pytest.mark.parametrize("lacking", ["database", "secret"])
def test_what_lacks_is_asked_for(helm: str, tmp_path: Path, lacking: str) -> None:
    tenant = {} if lacking == "secret" else {"secret": "s"}
    database = {} if lacking == "database" else {"host": "banco"}
    values = tmp_path / "values.yaml"
    values.write_text(yaml.safe_dump({"database": database, "tenants": {"alfa": tenant}}))
    done = render(helm, values)
    assert done.returncode != 0
    assert "Informe" in done.stderr
