"""The DAG factory, parsed and run by a real Airflow: two companies into two databases, one refused.

Needs `make test-airflow`, which installs Airflow apart. What the pods and containers would be is
compared, not started.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import psycopg
import pytest
import requests
from sienge_simulator.testing import UNLIMITED

from demo.postgres import Postgres, free_port
from deploy.databases import create
from deploy.tenants import File
from testing.pipeline import ROOT
from testing.simulator import running_simulator
from tests.charts import objects, pod, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

AIRFLOW = ROOT / ".airflow" / "bin"
COMPANIES = ("alfa", "beta", "gama")
"""Gama's password is wrong; beta is late as soon as its time has come."""

KUBE = """
{apiVersion: v1, kind: Config, current-context: x, users: [{name: x, user: {token: x}}],
contexts: [{name: x, context: {cluster: x, user: x}}],
clusters: [{name: x, cluster: {server: "http://127.0.0.1:9"}}]}"""

pytestmark = pytest.mark.skipif(
    not (AIRFLOW / "airflow").exists(), reason="falta o Airflow: make test-airflow"
)


RUNNERS = ("kubernetes", "docker", "bash")
CREDENTIALS = {
    "username": "usuario-secreto",
    "password": "senha-secreta",
    "carga-password": "outra",
}


class Parsed(NamedTuple):
    """What Airflow makes of a tenants' file for each of the runners."""

    folder: Path
    files: dict[str, Path]
    dags: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Parsed:
    folder = tmp_path_factory.mktemp("dags")
    tenants: dict[str, Any] = {"alfa": {"env": {"TAP_SIENGE_PLAN": "start"}}, "Beta.Norte": {}}
    pull = [{"name": "registro"}]
    common = {"namespace": "dados", "secrets": str(folder / "segredos")}
    files = {
        runner: write(
            folder / f"{runner}.yaml",
            tenants,
            imagePullSecrets=pull,
            airflow=common | {"runner": runner},
        )
        for runner in RUNNERS
    }
    for tenant in File.read(files["bash"]).tenants:
        here = folder / "segredos" / tenant.secret
        here.mkdir(parents=True)
        for name, secret in CREDENTIALS.items():
            (here / name).write_text(secret)
    (folder / "kube").write_text(KUBE)
    script = ROOT / "tests" / "airflow" / "inspect_dags.py"
    done = subprocess.run(
        [AIRFLOW / "python", "-Wignore", script, ROOT / "deploy" / "airflow", *files.values()],
        capture_output=True,
        text=True,
        env=os.environ | {"AIRFLOW_HOME": str(folder), "KUBECONFIG": str(folder / "kube")},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    found = json.loads(done.stdout.splitlines()[-1])
    return Parsed(folder, files, dict(zip(RUNNERS, found, strict=True)))


def test_a_pod_is_the_one_that_the_chart_would_start(parsed: Parsed) -> None:
    values, dags = parsed.files["kubernetes"], parsed.dags["kubernetes"]
    found = objects(values)
    file = File.read(values)
    assert dags.keys() == {tenant.name for tenant in file.tenants}
    for tenant in file.tenants:
        job = found["CronJob", tenant.name]
        assert dags[tenant.name]["schedule"] == [job["spec"]["schedule"], job["spec"]["timeZone"]]
        for step in ("carga", "modelos"):
            task = dags[tenant.name]["tasks"][step]
            assert task["operator"] == "KubernetesPodOperator"
            assert task["pod"]["metadata"]["namespace"] == "dados"
            started, charted = task["pod"]["spec"], deepcopy(pod(job))
            (container,), (expected,) = started.pop("containers"), charted.pop("containers")
            asked = {one["name"]: one for one in container.pop("env")}
            assert asked.pop("SYNC_ONLY")["value"] == step
            assert asked == {one["name"]: one for one in expected.pop("env")}
            assert (container.pop("args"), expected.pop("args")[0]) == (
                ["sincroniza"],
                "sincroniza",
            )
            assert {name: container[name] for name in expected} == expected
            assert {name: started[name] for name in charted} == charted


@pytest.mark.parametrize("runner", RUNNERS)
def test_no_secret_is_in_what_airflow_keeps_or_shows(parsed: Parsed, runner: str) -> None:
    assert not [
        secret for secret in CREDENTIALS.values() if secret in json.dumps(parsed.dags[runner])
    ]
    for dag in parsed.dags[runner].values():
        load, models = dag["tasks"]["carga"], dag["tasks"]["modelos"]
        assert (load["pool"], load["retries"], dag["runs"]) == ("sienge", 3, 1)
        assert (models["upstream"], models["rule"]) == (["carga"], "TriggerRule.ALL_DONE")
        assert dag["tasks"]["fim"]["upstream"] == ["carga", "modelos"]


def test_a_container_finds_its_secrets_in_files(parsed: Parsed) -> None:
    said = json.dumps(parsed.dags["docker"]["sienge-alfa"]["tasks"]["carga"]["rendered"])
    assert f"'Source': '{parsed.folder}/segredos/sienge-alfa'" in said
    for name, file in (("TAP_SIENGE_PASSWORD", "password"), ("CARGA_PASSWORD", "carga-password")):
        assert f"'{name}_FILE': '/run/secrets/{file}'" in said


class Airflow:
    """A running Airflow, and what a person sees of it."""

    def __init__(self, url: str, process: subprocess.Popen[bytes]) -> None:
        self.url, self.process = url, process
        self.session = requests.Session()
        self.session.trust_env = False

    def ask(self, path: str, body: Any = None, method: str = "") -> Any:  # noqa: ANN401
        method = method or ("GET" if body is None else "POST")
        answer = self.session.request(method, f"{self.url}{path}", json=body, timeout=300)
        answer.raise_for_status()
        return answer.json()

    def answers(self) -> bool:
        """Whether all of it is there and knows the DAGs."""
        assert self.process.poll() is None, "o Airflow terminou"
        try:
            token = self.session.get(f"{self.url}/auth/token", timeout=60).json()["access_token"]
            self.session.headers["Authorization"] = f"Bearer {token}"
            return bool(self.ask("/api/v2/dags")["total_entries"] == len(COMPANIES))
        except (OSError, ValueError, KeyError):
            return False

    def start(self, dag: str) -> None:
        """Switch a DAG on, as the page does: it makes up at once for the last time that passed."""
        self.ask(f"/api/v2/dags/{dag}", {"is_paused": False}, "PATCH")

    def state(self, dag: str) -> str:
        """Give the state of its only run."""
        runs = self.ask(f"/api/v2/dags/{dag}/dagRuns")["dag_runs"]
        return str(runs[0]["state"]) if len(runs) == 1 else ""

    def tasks(self, dag: str) -> dict[str, dict[str, Any]]:
        found = self.ask(f"/api/v2/dags/{dag}/dagRuns/~/taskInstances")["task_instances"]
        return {one["task_id"]: one for one in found}


class Alerts:
    """Where the alerts arrive."""

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.texts: list[str] = []
        alerts = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                alerts.titles.append(said["title"])
                alerts.texts.append(said["message"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def wait(what: str, happened: Callable[[], object], seconds: int = 300) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"não aconteceu em {seconds} s: {what}"
        time.sleep(1)


def address(server: Postgres, database: str) -> str:
    return f"{server.url.rpartition('/')[0]}/{database}"


@contextmanager
def running_airflow(
    folder: Path, server: Postgres, values: Path, alerts: Alerts
) -> Iterator[Airflow]:
    """Start it on PostgreSQL, with one place in the pool."""
    port = free_port()
    with psycopg.connect(server.url, autocommit=True) as owner:
        owner.execute("create database airflow")
    connection = {
        "conn_type": "apprise",
        "extra": {"config": {"path": f"json://127.0.0.1:{alerts.port}", "tag": "all"}},
    }
    database = address(server, "airflow").replace("postgresql://", "postgresql+psycopg2://")
    env = os.environ | {
        "PATH": f"{AIRFLOW}:{os.environ['PATH']}",
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "deploy" / "airflow"),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__CORE__PARALLELISM": "3",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "true",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",  # a busy machine is no failure
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
        "AIRFLOW_CONN_SIENGE_ALERTAS": json.dumps(connection),
        "SIENGE_TENANTS": str(values),
    }
    command = [AIRFLOW / "airflow"]
    for arguments in (["db", "migrate"], ["pools", "set", "sienge", "1", "um por vez"]):
        subprocess.run([*command, *arguments], env=env, check=True, capture_output=True)
    with (folder / "airflow.txt").open("wb") as log:
        process = subprocess.Popen(
            [*command, "standalone"], env=env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            airflow = Airflow(f"http://127.0.0.1:{port}", process)
            wait("Airflow no ar", airflow.answers, 900)
            yield airflow
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            with suppress(ProcessLookupError):  # what it started may outlive it
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_two_companies_land_and_who_fails_or_is_late_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, alerts = Postgres(tmp_path, durable=False), Alerts()
    with ExitStack() as stack:
        stack.callback(server.remove)
        stack.enter_context(server)
        place = urlsplit(server.url)
        rows = {"alfa": 7, "beta": 9, "gama": 5}
        tenants: dict[str, Any] = {}
        for name in COMPANIES:
            options = (f"--subdomain={name}", f"--username={name}-api", "--password=senha-certa-77")
            simulator = stack.enter_context(
                running_simulator(*UNLIMITED, *options, f"--rows=companies={rows[name]}")
            )
            tenants[name] = {"env": {"TAP_SIENGE_API_URL": simulator.url}}
        tenants["beta"]["lateAfterHours"] = 0.0001
        values = write(
            tmp_path / "empresas.yaml",
            tenants,
            database={"host": "127.0.0.1", "port": place.port, "sslmode": "disable"},
            defaults={
                "env": {"TAP_SIENGE__SELECT": ["companies.*", "sync_log.*"]},
                "lateAfterHours": 1000,
            },
            airflow={
                "runner": "bash",
                "retries": 1,
                "retryMinutes": 0.05,
                "secrets": str(tmp_path / "segredos"),
                "state": str(tmp_path / "andamento"),
            },
        )
        monkeypatch.setenv("PATH", f"{server.psql.parent}:{os.environ['PATH']}")
        monkeypatch.setenv("PGUSER", str(place.username))
        monkeypatch.setenv("PGPASSWORD", str(place.password))
        file = File.read(values)
        list(create(file, tmp_path / "segredos"))
        for tenant in file.tenants:
            folder = tmp_path / "segredos" / tenant.secret
            (folder / "username").write_text(f"{tenant.subdomain}-api")
            wrong = "senha-errada-88"
            (folder / "password").write_text(
                wrong if tenant.subdomain == "gama" else "senha-certa-77"
            )
        monkeypatch.delenv("PGUSER")
        monkeypatch.delenv("PGPASSWORD")

        home = tmp_path / "airflow"
        home.mkdir()
        airflow = stack.enter_context(running_airflow(home, server, values, alerts))
        dags = {tenant.subdomain: tenant.name for tenant in file.tenants}
        for dag in dags.values():
            airflow.start(dag)
        ended = {"success", "failed"}
        wait("fim", lambda: {airflow.state(dag) for dag in dags.values()} <= ended, 1500)
        assert {name: airflow.state(dag) for name, dag in dags.items()} == {
            "alfa": "success",
            "beta": "success",
            "gama": "failed",
        }
        tasks = {name: airflow.tasks(dag) for name, dag in dags.items()}
        assert {
            one["task_id"]: (one["state"], one["try_number"]) for one in tasks["gama"].values()
        } == {
            "carga": ("failed", 2),
            "modelos": ("success", 1),
            "fim": ("upstream_failed", 0),
        }
        spans = sorted(
            (one["start_date"], one["end_date"])
            for found in tasks.values()
            for one in found.values()
            if one["task_id"] != "fim"
        )
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))

        for tenant in file.tenants[:2]:
            with psycopg.connect(address(server, tenant.database)) as database:
                count = "select count(*) from sienge.companies"
                assert database.execute(count).fetchone() == (rows[tenant.subdomain],)
                count = "select count(*) from marts.dim_empresa"
                assert database.execute(count).fetchone() == (rows[tenant.subdomain],)

        wait("avisos", lambda: len(alerts.titles) == 2, 60)
        assert sorted(alerts.titles) == ["Sienge de beta: atrasado", "Sienge de gama: falhou"]

        shown = "".join(
            json.dumps(one["rendered_fields"]) for found in tasks.values() for one in found.values()
        )
        assert "sincroniza" in shown
        with psycopg.connect(address(server, "airflow")) as database:
            tables = (
                "select table_name from information_schema.tables where table_schema = 'public'"
            )
            for (table,) in database.execute(tables).fetchall():
                shown += str(database.execute(f'select * from "{table}"'.encode()).fetchall())
        files = [path for path in home.rglob("*") if path.is_file()]
        shown += "".join(path.read_text(errors="replace") for path in files)
        assert "companies" in shown, "the logs of the runs are among it"
        secret = {p.read_text() for p in (tmp_path / "segredos").glob("*/*password")}
        assert len(secret) == 8
        assert not [one for one in secret if one in shown]
