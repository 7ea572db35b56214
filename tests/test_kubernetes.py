"""The Helm chart: rendered, and valid for Kubernetes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from deploy.tenants import File, ProblemError
from tests.charts import CHART, helm, objects, pod, render, write

if TYPE_CHECKING:
    from collections.abc import Mapping

VALIDATE = "kubernetes-validate==1.37.0"
VERSIONS = ("1.27", "1.37")
KINDS = "codigo,nome,recebimento,pagamento,situacao\n11,Por Bens,caixa,sem caixa,Quitada\n"

DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
LABEL = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
ODD = [
    "alfa.engenharia", "alfa-engenharia", "alfa_engenharia", "ALFA-ENGENHARIA", "Alfa-Engenharia",
    "alfa--engenharia", "-alfa", "alfa-", "___", "açaí & filhos", "postgres", "template1", "123",
    "x" * 45, "x" * 46, "x" * 253, "x" * 252 + "y", "grupo.do.norte." * 5 + "alfa",
]  # fmt: skip
"""Subdomains that are no names, or would be the same after cleaning."""


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


def variables(job: Mapping[str, Any]) -> dict[str, Any]:
    (container,) = pod(dict(job))["containers"]
    return {one["name"]: one.get("value", one.get("valueFrom")) for one in container["env"]}


def test_the_chart_passes_the_linter() -> None:
    values = CHART / "exemplos" / "consultoria.yaml"
    done = subprocess.run(
        [helm(), "lint", "--strict", str(CHART), f"--values={values}"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()


def test_fifty_companies_are_fifty_jobs_that_kubernetes_accepts(tmp_path: Path) -> None:
    tenants: dict[str, Any] = {f"construtora-{number:02}": {} for number in range(50)}
    tenants["construtora-07"] = {
        "env": {"TAP_SIENGE_PLAN": "business", "TAP_SIENGE_DAILY_REQUEST_LIMIT": 2_000_000},
        "schedule": "30 4 * * *",
        "user": "carregador",
        "database": "sete",
        "tiposBaixa": KINDS,
        "secret": "cofre-07",
    }
    values = write(
        tmp_path / "values.yaml", tenants, defaults={"env": {"TAP_SIENGE_PLAN": "start"}}
    )
    found = objects(values)
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(yaml.safe_dump_all(found.values()))
    valid(manifest)

    jobs = {name: item for (kind, name), item in found.items() if kind == "CronJob"}
    assert jobs.keys() == {name for kind, name in found if kind == "PersistentVolumeClaim"}
    assert len(jobs) == 50
    for job in jobs.values():
        assert job["spec"]["concurrencyPolicy"] == "Forbid"
        assert job["spec"]["timeZone"] == "America/Sao_Paulo"
        assert job["spec"]["startingDeadlineSeconds"] > 0
        (container,) = pod(job)["containers"]
        assert container["resources"]["limits"].keys() == {"cpu", "memory", "ephemeral-storage"}
        assert container["securityContext"]["readOnlyRootFilesystem"] is True

    usual, special = (variables(jobs[f"sienge-construtora-{n}"]) for n in ("01", "07"))
    assert usual["TAP_SIENGE_SUBDOMAIN"] == "construtora-01"
    assert usual["TAP_SIENGE_PASSWORD"] == {
        "secretKeyRef": {"name": "sienge-construtora-01", "key": "password"}
    }
    assert (usual["DB_NAME"], usual["CARGA_USER"]) == ("construtora_01", "carga_construtora_01")
    assert usual["TAP_SIENGE_PLAN"] == "start"
    assert (special["DB_NAME"], special["CARGA_USER"]) == ("sete", "carregador")
    assert special["CARGA_PASSWORD"]["secretKeyRef"]["name"] == "cofre-07"
    assert special["TAP_SIENGE_PLAN"] == "business"
    assert special["TAP_SIENGE_DAILY_REQUEST_LIMIT"] == "2000000"
    assert jobs["sienge-construtora-07"]["spec"]["schedule"] == "30 4 * * *"
    config = found["ConfigMap", "sienge-construtora-07"]
    assert config["data"] == {"tipos_baixa_empresa.csv": KINDS}
    (container,) = pod(jobs["sienge-construtora-07"])["containers"]
    mounts = {one["mountPath"]: one.get("subPath") for one in container["volumeMounts"]}
    file = "tipos_baixa_empresa.csv"
    assert mounts[f"/app/transform/empresa/{file}"] == file


def test_every_subdomain_has_names_of_its_own_that_kubernetes_takes(tmp_path: Path) -> None:
    values = write(tmp_path / "values.yaml", {subdomain: {} for subdomain in ODD})
    found = objects(values)
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(yaml.safe_dump_all(found.values()))
    valid(manifest)
    jobs = [item for (kind, _), item in found.items() if kind == "CronJob"]
    told = [variables(job) for job in jobs]
    assert {one["TAP_SIENGE_SUBDOMAIN"] for one in told} == {*ODD}
    for job in jobs:
        name = job["metadata"]["name"]
        assert DNS_LABEL.fullmatch(name), name
        assert len(name) <= 52
        for labels in (job["metadata"]["labels"], job["spec"]["jobTemplate"]["spec"]["template"]):
            for value in labels.get("metadata", {"labels": labels})["labels"].values():
                assert LABEL.fullmatch(value), value
    for what in ("DB_NAME", "CARGA_USER"):
        assert len({one[what] for one in told}) == len(ODD)
        assert all(re.fullmatch("[a-z0-9_]{1,63}", one[what]) for one in told)
    assert not {one["DB_NAME"] for one in told} & {"postgres", "template0", "template1"}
    assert "carga" not in {one["CARGA_USER"] for one in told}


def test_python_gives_the_chart_s_names_and_times(tmp_path: Path) -> None:
    tenants: dict[str, Any] = dict.fromkeys(ODD)
    tenants |= {
        "dois": {"database": "outro"},
        "tres": {"user": "terceiro", "schedule": "1 2 * * 3"},
    }
    env = {"A": True, "B": 1_000_000, "C": 0.5, "D": ["x.*", "bills.*"], "E": "01"}
    values = write(
        tmp_path / "values.yaml", tenants, defaults={"hour": 22, "window": 300, "env": env}
    )
    found = objects(values)
    for tenant in File.read(values).tenants:
        job = found["CronJob", tenant.name]
        told = variables(job)
        assert told["TAP_SIENGE_SUBDOMAIN"] == tenant.subdomain
        assert (told["DB_NAME"], told["CARGA_USER"]) == (tenant.database, tenant.user)
        assert told["CARGA_PASSWORD"]["secretKeyRef"]["name"] == tenant.secret
        assert {name: told[name] for name in env} == tenant.env
        assert job["spec"]["schedule"] == tenant.schedule


def test_a_company_more_moves_no_other(tmp_path: Path) -> None:
    def schedules(names: list[str]) -> dict[str, str]:
        found = objects(write(tmp_path / "values.yaml", {name: {} for name in names}))
        return {
            n: item["spec"]["schedule"] for (kind, n), item in found.items() if kind == "CronJob"
        }

    names = [f"construtora-{number}" for number in range(60)]
    before, after = schedules(names), schedules(["aaa", *names[:30], "construtora-3a", *names[30:]])
    assert before.items() <= after.items()
    starts = [int(cron.split()[1]) * 60 + int(cron.split()[0]) for cron in before.values()]
    assert all(120 <= start < 240 for start in starts)
    assert len({*starts}) > 40


def test_so_many_run_at_once_and_speak_to_so_few(tmp_path: Path) -> None:
    values = write(
        tmp_path / "values.yaml",
        {"alfa": {}},
        concurrent=7,
        database={"host": "banco", "port": 6432},
        networkPolicy={
            "database": [{"ipBlock": {"cidr": "10.1.2.3/32"}}],
            "egress": [{"ports": [{"protocol": "TCP", "port": 3128}]}],
        },
    )
    found = objects(values)
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(yaml.safe_dump_all(found.values()))
    valid(manifest)
    (quota,) = (item for (kind, _), item in found.items() if kind == "ResourceQuota")
    assert quota["spec"] == {"scopes": ["Terminating"], "hard": {"pods": "7"}}
    job = found["CronJob", "sienge-alfa"]
    assert pod(job)["activeDeadlineSeconds"] > 0, "the quota counts pods that have a deadline"

    (policy,) = (item["spec"] for (kind, _), item in found.items() if kind == "NetworkPolicy")
    labels = job["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
    assert policy["podSelector"]["matchLabels"].items() <= labels.items()
    assert (policy["policyTypes"], policy["ingress"]) == (["Ingress", "Egress"], [])
    ports = {port["port"]: rule.get("to") for rule in policy["egress"] for port in rule["ports"]}
    assert ports.keys() == {53, 6432, 443, 3128}
    assert ports[6432] == [{"ipBlock": {"cidr": "10.1.2.3/32"}}]
    assert "169.254.0.0/16" in ports[443][0]["ipBlock"]["except"]

    write(values, {"alfa": {}}, concurrent=0, networkPolicy={"enabled": False}, suspend=True)
    found = objects(values)
    assert {kind for kind, _ in found} == {"PersistentVolumeClaim", "CronJob"}
    assert found["CronJob", "sienge-alfa"]["spec"]["suspend"] is True


@pytest.mark.parametrize(
    ("tenants", "values", "said"),
    [
        ({"alfa": {}}, {"database": {}}, "Informe database.host"),
        ({"alfa": {}}, {"defaults": {"hour": "2,14"}}, "defaults.hour"),
        ({"alfa": {"user": "carga"}}, {}, "carga é o papel de uma instalação"),
        ({"a": {"user": "mesmo"}, "b": {"user": "mesmo"}}, {}, "dê a cada uma o seu"),
        ({"a": {"database": "b"}, "b": {}}, {}, "dê a cada uma o seu"),
        ({"a": {"database": "d" * 60}}, {}, "tem mais de 63 letras"),
        ({"a": {"secret": "s"}, "b": {"secret": "s"}}, {}, "dê a cada uma o seu"),
    ],
)
def test_what_lacks_or_is_shared_is_told(
    tmp_path: Path, tenants: dict[str, Any], values: dict[str, Any], said: str
) -> None:
    path = write(tmp_path / "values.yaml", tenants, **values)
    done = render(path)
    assert done.returncode != 0
    assert said in done.stderr
    if "database.host" not in said and "hour" not in said:
        with pytest.raises(ProblemError, match=said):
            File.read(path)
