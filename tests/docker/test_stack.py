"""The images and the stack as a company runs them. The tests build on each other, in this order."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest
import requests

from demo.postgres import free_port
from tests.assistente.server import asked
from tests.charts import objects, pod, write
from tests.docker.stack import VERSION, Stack, docker, kill_engine, missing, wait

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MISSING = missing()
pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)

IMAGES = (f"tap-sienge:{VERSION}", f"sienge-simulator:{VERSION}")
KINDS = (("container", "--all"), ("volume",), ("network",))
SIZE = 900_000_000
TABLES = ("customers", "creditors", "sales_contracts", "bills", "units", "accounts_statements")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    started = Stack(tmp_path_factory.mktemp("empresa"))
    try:
        started.up()
        yield started
    finally:
        started.remove()


def right_tables(stack: Stack) -> None:
    counts = stack.simulator("/counts?" + "&".join(f"resource={table}" for table in TABLES))
    assert {table: stack.landed(table) for table in TABLES} == {t: counts[t] for t in TABLES}


def last_statuses(stack: Stack) -> set[str]:
    sql = """select status from sienge.sync_log
        where run_id = (select run_id from sienge.sync_log order by started_at desc limit 1)"""
    return {status for (status,) in stack.query(sql)}


def test_the_first_start_waits_for_its_time(stack: Stack) -> None:
    wait("agenda no registro", lambda: stack.sentence("Sincronização agendada: .*ou às 02:00"))
    assert not stack.sentence("Sincronização iniciada")


def test_rows_land_through_the_scheduled_run(stack: Stack) -> None:
    stack.set(SYNC_CRON="* * * * *")
    stack.up()
    wait("primeira sincronização", lambda: stack.sentence("Sincronização concluída"))
    stack.set(SYNC_CRON=None)
    stack.up()
    assert last_statuses(stack) == {"ok"}
    right_tables(stack)


def test_a_second_run_is_incremental(stack: Stack) -> None:
    stack.simulator("/change", {"resource": "customers", "create": 3, "update": 2})
    said = stack.make("sync")
    assert "Sincronização concluída" in said
    right_tables(stack)
    sql = """select extent, rows from sienge.sync_log where stream = 'customers'
        order by started_at desc limit 1"""
    ((extent, rows),) = stack.query(sql)
    assert extent == "changes"
    assert 5 <= rows < 100


def test_the_image_holds_nothing_but_what_runs() -> None:
    sizes = {}
    for image in IMAGES:
        found = json.loads(docker("image", "inspect", image))[0]
        sizes[image] = found["Size"]
        assert found["Config"]["User"] == "sienge"
        assert found["Config"]["Healthcheck"]
        assert found["Config"]["Labels"]["org.opencontainers.image.title"]
        tools = "for t in gcc make go uv git; do command -v $t; done; true"
        assert docker("run", "--rm", "--entrypoint=sh", image, "-c", tools) == ""
    assert max(sizes.values()) < SIZE, sizes


def test_no_secret_is_in_the_image_or_in_the_logs(stack: Stack) -> None:
    secrets = [value for name, value in stack.env.items() if "PASSWORD" in name or "_KEY" in name]
    assert len(secrets) == 8
    patterns = "\n".join(secrets)
    for image in IMAGES:
        history = docker("history", "--no-trunc", image)
        assert not [secret for secret in secrets if secret in history]
        search = 'grep -rlF -e "$1" / --exclude-dir=proc --exclude-dir=sys 2> /dev/null; true'
        run = ["run", "--rm", "--user=0", "--entrypoint=sh", image, "-c", search, "sh", patterns]
        # The simulator's own default password is in its program, and in the example of an `.env`.
        own = ("sienge_simulator", ".env.example")
        found = docker(*run).splitlines()
        assert [file for file in found if not any(name in file for name in own)] == []
    for service in ("db", "sync", "panel", "simulator"):
        assert not [secret for secret in secrets if secret in stack.logs(service)]
    assert stack.env["POSTGRES_PASSWORD"] not in json.dumps(stack.state("sync"))
    assert (stack.folder / ".env").stat().st_mode & 0o077 == 0


def test_make_env_never_overwrites(stack: Stack) -> None:
    before = stack.env
    assert "não foi alterado" in stack.make("env")
    assert stack.env == before
    strong = [before[f"{role}_PASSWORD"] for role in ("POSTGRES", "CARGA", "LEITURA")]
    assert len({*strong}) == 3
    assert min(map(len, strong)) >= 32


@pytest.mark.parametrize("service", ["db", "sync", "panel", "simulator"])
def test_containers_have_no_more_rights_than_they_need(stack: Stack, service: str) -> None:
    host = stack.state(service)["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert not host["Privileged"]
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0
    assert host["RestartPolicy"]["Name"] == "always"
    assert stack.execute(service, "id", "-u").strip() != "0"
    for folder in ("/", "/app", "/usr/local/bin", "/etc"):
        said = stack.execute(
            service, "sh", "-c", f"test ! -d {folder} || : > {folder}/x", check=False
        )
        assert not said or "Read-only file system" in said or "Permission denied" in said
    assert stack.execute(service, "sh", "-c", "test ! -e /x && test ! -e /app/x") == ""


def test_ports_are_published_on_loopback_alone(stack: Stack) -> None:
    for service, inside, port in (("db", 5432, stack.port), ("panel", 3000, stack.panel_port)):
        ports = stack.state(service)["HostConfig"]["PortBindings"]
        assert ports == {f"{inside}/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}
    for service in ("sync", "simulator"):
        assert not stack.state(service)["HostConfig"]["PortBindings"]


def test_events_arrive_at_a_port_that_serves_nothing_else(stack: Stack) -> None:
    port, profiles = str(free_port()), stack.env["COMPOSE_PROFILES"]
    stack.set(
        COMPOSE_PROFILES=f"{profiles},ganchos",
        PANEL_HOOKS_PORT=port,
        PANEL_HOOKS_URL="https://ganchos.exemplo.com.br",
    )
    stack.up()
    wait("receptor saudável", lambda: stack.health("ganchos") == "healthy")
    ports = stack.state("ganchos")["HostConfig"]["PortBindings"]
    assert ports == {"3001/tcp": [{"HostIp": "127.0.0.1", "HostPort": port}]}
    for method, path in (("GET", "/"), ("GET", "/api/status"), ("POST", "/ganchos/outro")):
        answer = requests.request(method, f"http://127.0.0.1:{port}{path}", timeout=60)
        assert answer.status_code == requests.codes.not_found

    ask = stack.panel()
    address = ask("GET", "/api/hooks").json()["address"]
    token = ask("POST", "/api/hooks/token", {"password": stack.env["PANEL_PASSWORD"]}).json()
    hook = {
        "url": f"http://ganchos:3001{urlsplit(address).path}",
        "token": token["token"],
        "events": ["CUSTOMER_UPDATED"],
    }
    user = [stack.env[f"TAP_SIENGE_{name}"] for name in ("USERNAME", "PASSWORD")]
    code = (
        "import sys; from base64 import b64encode; from urllib.request import Request, urlopen; "
        "key = 'Basic ' + b64encode(':'.join(sys.argv[1:3]).encode()).decode(); "
        "head = {'Authorization': key, 'Content-Type': 'application/json'}; "
        "urlopen(Request(sys.argv[3], sys.argv[4].encode(), head))"
    )
    api = f"http://127.0.0.1:8000/{stack.env['TAP_SIENGE_SUBDOMAIN']}/public/api/v1/hooks"
    stack.execute("simulator", "python3", "-c", code, *user, api, json.dumps(hook))
    stack.simulator(
        "/change", {"resource": "customers", "ids": [1], "update": 1, "set": {"name": "Avisado"}}
    )
    name = "select name from sienge.customers where id = 1"
    wait("cliente mudado", lambda: stack.query(name) == [("Avisado",)])
    stack.set(COMPOSE_PROFILES=profiles, PANEL_HOOKS_PORT=None, PANEL_HOOKS_URL=None)
    docker("rm", "--force", stack.container("ganchos"))
    stack.up()


def test_an_assistant_asks_with_a_token_that_the_owner_made(stack: Stack) -> None:
    port, profiles = str(free_port()), stack.env["COMPOSE_PROFILES"]
    password = "senha:do@assistente/?%41"
    stack.set(
        COMPOSE_PROFILES=f"{profiles},assistente",
        ASSISTENTE_PASSWORD=password,
        ASSISTENTE_PORT=port,
    )
    stack.up()
    wait("assistente saudável", lambda: stack.health("assistente") == "healthy")
    ports = stack.state("assistente")["HostConfig"]["PortBindings"]
    assert ports == {"8765/tcp": [{"HostIp": "127.0.0.1", "HostPort": port}]}

    ask, url = stack.panel(), f"http://127.0.0.1:{port}/mcp"
    token = ask("POST", "/api/assistant/tokens", {"name": "n8n"}).json()["token"]
    sql = "select count(*) as clientes from marts.dim_cliente"
    told = asked(url, token, sql).structuredContent
    assert told["linhas"] == [list(row) for row in stack.query(sql)]
    (call,) = ask("GET", "/api/assistant").json()["calls"]
    assert (call["who"], call["sql"]) == ("n8n", sql)
    assert "Dados pessoais" in str(asked(url, token, "select cpf_cnpj from marts.dim_cliente"))
    assert ask("DELETE", "/api/assistant/tokens/n8n").ok
    head = {"Authorization": f"Bearer {token}"}
    refused = requests.post(url, json={}, headers=head, timeout=60)
    assert refused.status_code == requests.codes.unauthorized
    said = stack.logs("assistente") + stack.logs("panel") + stack.logs("db")
    assert (token in said, password in said) == (False, False)
    stack.set(COMPOSE_PROFILES=profiles, ASSISTENTE_PASSWORD=None, ASSISTENTE_PORT=None)
    docker("rm", "--force", stack.container("assistente"))
    stack.up()


def test_the_database_speaks_tls_and_scram(stack: Stack) -> None:
    with stack.connect("leitura") as connection:
        assert connection.pgconn.ssl_in_use
    with stack.connect("sienge") as owner:
        kinds = owner.execute(
            "select distinct left(rolpassword, 13) from pg_authid where rolcanlogin"
        )
        assert kinds.fetchall() == [("SCRAM-SHA-256",)]
    with pytest.raises(psycopg.OperationalError):
        stack.connect("leitura", "outra-senha")


def test_the_reader_reads_and_nothing_else(stack: Stack) -> None:
    with stack.connect("carga") as loader:  # as the loader and dbt will do
        loader.execute("create table sienge.depois as select 1 as um")
        loader.execute("create table marts.depois as select 1 as um")
    with stack.connect("leitura") as reader:
        assert reader.execute("select um from sienge.depois").fetchone() == (1,)
        assert reader.execute("select um from marts.depois").fetchone() == (1,)
        reader.execute("set default_transaction_read_only = off")
        for sql in (
            "insert into sienge.depois values (2)",
            "delete from sienge.customers",
            "drop table sienge.depois",
            "create table sienge.meu (a int)",
            "create table public.meu (a int)",
            "create schema meu",
            "create temporary table meu (a int)",
            "select * from meltano.runs",
            "select rolpassword from pg_authid",
            "copy sienge.depois to program 'cat'",
            "select lo_create(0)",
            "select lo_from_bytea(0, 'x')",
            "select lo_import('/etc/passwd')",
            "alter role leitura connection limit -1",
            "alter role leitura set temp_file_limit = -1",
            "set temp_file_limit = -1",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(sql.encode())
    for other in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            stack.connect("leitura", database=other)
    with stack.connect("carga") as loader:
        loader.execute("drop table sienge.depois, marts.depois")
        for sql in ("create schema meu", "create role meu", "select rolpassword from pg_authid"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                loader.execute(sql.encode())


def test_what_the_reader_changes_in_itself_does_not_last(stack: Stack) -> None:
    with stack.connect("leitura") as reader:
        reader.execute("set default_transaction_read_only = off")
        reader.execute("alter role leitura set statement_timeout = 0")
        reader.execute("alter role leitura in database sienge set work_mem = '900MB'")
        reader.execute("alter role leitura password 'mudada-pela-leitura'")

    def back() -> bool:
        try:
            shown = "select current_setting('statement_timeout'), current_setting('work_mem')"
            return stack.query(shown) == [("15min", "16MB")]
        except psycopg.OperationalError:
            return False

    assert not back()
    wait("limites de volta", back)


def test_two_runs_at_once_are_one(stack: Stack) -> None:
    before = stack.runs()
    first = subprocess.Popen(["make", "sync"], cwd=stack.folder, stdout=-3, stderr=-3)
    wait(
        "início", lambda: '"fim"' not in stack.execute("sync", "cat", "/var/lib/sienge/ultima.json")
    )
    assert "Já há uma sincronização em andamento" in stack.make("sync")
    assert first.wait(300) == 0
    assert stack.runs() == before + 1


def test_the_panel_keeps_the_credentials_and_starts_runs(stack: Stack) -> None:
    fields = ("subdomain", "username", "password")
    given = {field: stack.env[f"TAP_SIENGE_{field.upper()}"] for field in fields}
    stack.set(**{f"TAP_SIENGE_{field.upper()}": None for field in fields})
    stack.up()
    assert "Informe-as no painel" in stack.make("sync")
    ask = stack.panel()
    assert ask("PUT", "/api/credentials", given).json()["outcome"] == "ok"
    stack.simulator("/change", {"resource": "customers", "create": 2, "update": 1})
    assert ask("POST", "/api/sync", {}).status_code == 202
    assert "Já há uma sincronização em andamento" in stack.make("sync")
    assert ask("POST", "/api/sync", {}).status_code == 409
    wait("sincronização do painel", lambda: not ask("GET", "/api/status").json()["running"], 600)
    assert ask("GET", "/api/status").json()["last"]["state"] == "success"
    assert last_statuses(stack) == {"ok"}
    right_tables(stack)
    assert ask("GET", "/api/schedule").json()["active"]
    assert "fato_vendas" in ask("GET", "/api/docs").text
    assert "Sincronização concluída" in stack.make("sync")
    latest = ask("GET", "/api/runs").json()[0]["id"]
    assert "Run completed" in ask("GET", f"/api/runs/{latest}/log").text
    for service in ("panel", "sync"):
        assert given["password"] not in stack.logs(service)
    assert stack.query("select to_regnamespace('painel') is not null") == [(True,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        stack.query("select * from painel.segredo")
    with stack.connect("sienge") as owner:  # the other tests give theirs in .env
        owner.execute("delete from painel.segredo")
    stack.set(**{f"TAP_SIENGE_{field.upper()}": given[field] for field in fields})
    stack.up()


@pytest.mark.parametrize("service", ["sync", "db", "simulator"])
def test_a_kill_in_the_middle_of_a_run_costs_nothing(stack: Stack, service: str) -> None:
    with stack.connect("sienge") as owner:  # so that everything has to be read again
        owner.execute("truncate meltano.state")
    stack.simulator("/change", {"resource": "customers", "create": 2, "delete": 1})
    asked = len(stack.simulator("/requests"))
    run = subprocess.Popen(["make", "sync"], cwd=stack.folder, stdout=-3, stderr=-3)
    wait("requisições", lambda: len(stack.simulator("/requests")) > asked + 20)
    docker("kill", stack.container(service))
    if service == "simulator":
        time.sleep(2)
    stack.start(service)
    run.wait(600)
    if service == "simulator":  # which forgot what had been changed in it
        with stack.connect("sienge") as owner:
            owner.execute("truncate meltano.state")
    wait("banco saudável", lambda: stack.health("db") == "healthy")
    assert "Sincronização concluída" in stack.make("sync")
    right_tables(stack)


def test_a_run_that_was_cut_off_is_made_up_for_at_the_next_start(stack: Stack) -> None:
    stack.set(SYNC_ON_START="true")
    stack.up()
    assert not stack.sentence("Sincronização iniciada")
    run = subprocess.Popen(["make", "sync"], cwd=stack.folder, stdout=-3, stderr=-3)
    wait(
        "início", lambda: '"fim"' not in stack.execute("sync", "cat", "/var/lib/sienge/ultima.json")
    )
    docker("kill", stack.container("sync"))
    run.wait(60)
    stack.start("sync")
    wait("sincronização", lambda: stack.sentence("Sincronização concluída"))
    stack.set(SYNC_ON_START="false")
    stack.up()
    right_tables(stack)


@pytest.mark.skipif(
    os.environ.get("KILL_ENGINE") != "1",
    reason="mata o Docker desta máquina: KILL_ENGINE=1 make test-docker",
)
def test_all_comes_back_after_the_engine_itself_is_killed(stack: Stack) -> None:
    stack.set(SYNC_ON_START="true")
    stack.up()
    with stack.connect("sienge") as owner:
        owner.execute("truncate meltano.state")
    asked = len(stack.simulator("/requests"))
    run = subprocess.Popen(["make", "sync"], cwd=stack.folder, stdout=-3, stderr=-3)
    wait("requisições", lambda: len(stack.simulator("/requests")) > asked + 20)
    kill_engine()
    run.wait(60)
    for service in ("db", "panel", "simulator"):
        wait(f"{service} de volta", lambda: stack.health(service) == "healthy", 300)  # noqa: B023
    wait("sincronização", lambda: len(stack.sentence("Sincronização concluída")) > 0, 600)
    stack.set(SYNC_ON_START="false")
    stack.up()
    right_tables(stack)


def test_data_survive_down_and_up(stack: Stack) -> None:
    before = {table: stack.landed(table) for table in TABLES}
    stack.make("down")
    stack.up()
    assert {table: stack.landed(table) for table in TABLES} == before


def test_a_backup_brings_back_rows_and_progress(stack: Stack) -> None:
    before = {table: stack.landed(table) for table in TABLES}
    said = stack.make("backup")
    (copy,) = (stack.folder / "backups").iterdir()
    assert copy.name in said
    assert copy.stat().st_mode & 0o077 == 0
    with stack.connect("carga") as loader:
        loader.execute("truncate sienge.customers, sienge.bills")
        loader.execute("create table sienge.nova as select 1 as um")
    for _ in range(2):
        said = stack.make("restore", f"FILE={copy.relative_to(stack.folder)}")
        assert "sienge_antes_" in said
        time.sleep(1)
    with stack.connect("sienge", database="postgres") as owner:
        kept = [
            name
            for (name,) in owner.execute(
                "select datname from pg_database where datname like 'sienge_antes_%' order by 1"
            )
        ]
        owner.execute(f"alter database {kept[0]} allow_connections true".encode())
    assert len(kept) == 2
    with stack.connect("sienge", database=kept[0]) as original:
        assert original.execute("select um from sienge.nova").fetchall() == [(1,)]
    assert {table: stack.landed(table) for table in TABLES} == before
    assert stack.query("select to_regclass('sienge.nova')") == [(None,)]
    assert "Sincronização concluída" in stack.make("sync")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        stack.query("select * from meltano.runs")


def test_a_broken_backup_changes_nothing(stack: Stack) -> None:
    before = stack.landed("customers")
    (stack.folder / "backups" / "cortada.dump").write_bytes(b"PGDMP nada")
    stack.make("restore", "FILE=backups/cortada.dump", check=False)
    assert stack.landed("customers") == before
    assert "Diga a cópia" in stack.make("restore", check=False)


def test_a_password_changed_in_env_is_changed_everywhere(stack: Stack) -> None:
    stack.set(CARGA_PASSWORD="uma-senha-nova-da-carga", LEITURA_PASSWORD="outra-senha-nova")
    stack.up()
    assert stack.query("select 1") == [(1,)]
    assert "Sincronização concluída" in stack.make("sync")


def test_a_wrong_database_password_is_said_in_one_sentence(stack: Stack) -> None:
    with stack.connect("sienge") as owner:
        owner.execute("alter role carga password 'trocada-por-fora'")
    said = stack.make("sync", check=False)
    assert "O PostgreSQL recusou a senha do usuário carga" in said
    assert "Traceback" not in said
    assert "recusou a senha" in stack.execute("sync", "sienge", "saude", check=False)
    stack.make("down")
    stack.up()  # sets the passwords of .env again
    assert "Sincronização concluída" in stack.make("sync")
    assert "terminou bem" in stack.execute("sync", "sienge", "saude")


def test_a_wrong_sienge_password_is_said_in_one_sentence_and_shown_as_unhealthy(
    stack: Stack,
) -> None:
    stack.set(TAP_SIENGE_PASSWORD="errada", SYNC_CRON="* * * * *")
    stack.up()
    wait("falha", lambda: stack.sentence("terminou com falhas"))
    assert len(stack.sentence("tap-sienge +O Sienge recusou o usuário ou a senha")) == 1
    assert not stack.sentence("Traceback")
    wait("contêiner doente", lambda: stack.health("sync") == "unhealthy", 300)
    stack.set(TAP_SIENGE_PASSWORD="'senha-demo'", SYNC_CRON=None)
    stack.up()
    assert "Sincronização concluída" in stack.make("sync")


def test_a_night_of_maintenance_is_made_up_for_when_sienge_answers_again(stack: Stack) -> None:
    stack.simulator("/faults", {"path": "/v1", "kind": "status", "count": 1_000_000})
    stack.set(
        SYNC_CRON="* * * * *",
        SYNC_RETRY_MINUTES="0.3",
        TAP_SIENGE_MAX_RETRIES="0",
        TAP_SIENGE__SELECT="""'["companies.*", "customers.*", "sync_log.*"]'""",
    )
    stack.up()
    wait("manutenção", lambda: len(stack.sentence("em manutenção .503.: pergunto de novo")) > 1)
    before = len(stack.sentence("Sincronização iniciada"))
    assert before == 1
    clear = "from urllib.request import *; urlopen(Request('http://127.0.0.1:8000/_admin/faults',"
    stack.execute("simulator", "python3", "-c", f"{clear} method='DELETE'))")
    wait("leitura", lambda: stack.sentence("Sincronização concluída"))
    assert last_statuses(stack) == {"ok"}
    assert "terminou bem" in stack.execute("sync", "sienge", "saude")
    stack.set(
        SYNC_CRON=None,
        SYNC_RETRY_MINUTES=None,
        TAP_SIENGE_MAX_RETRIES=None,
        TAP_SIENGE__SELECT=None,
    )
    stack.up()


def as_the_chart_starts_it(values: Path, secret: dict[str, str]) -> list[str]:
    """Give Docker's options for the pod of the only company of a tenants' file, and its command."""
    found = objects(values)
    (job,) = (item for (kind, _), item in found.items() if kind == "CronJob")
    (claim,) = (item for (kind, _), item in found.items() if kind == "PersistentVolumeClaim")
    started = pod(job)
    (container,) = started["containers"]
    user = started["securityContext"]["runAsUser"]
    size = {"claim": claim["spec"]["resources"]["requests"]["storage"]}
    size |= {
        volume["name"]: volume["emptyDir"]["sizeLimit"]
        for volume in started["volumes"]
        if "emptyDir" in volume
    }
    options = [f"--user={user}:{user}", "--read-only", "--cap-drop=ALL"]
    for mount in container["volumeMounts"]:
        quantity = size.get(mount["name"], size["claim"])
        limit = quantity.replace("Mi", "m").replace("Gi", "g")
        options.append(f"--tmpfs={mount['mountPath']}:size={limit},uid={user},gid={user}")
    for one in container["env"]:
        value = one["value"] if "value" in one else secret[one["valueFrom"]["secretKeyRef"]["key"]]
        options.append(f"--env={one['name']}={value}")
    return [*options, f"tap-sienge:{VERSION}", *container["args"]]


def test_a_single_run_loads_a_database_of_its_own_as_in_kubernetes(
    stack: Stack, tmp_path: Path
) -> None:
    """The steps of docs/escala.md, with a manager who is no superuser."""
    with stack.connect("sienge") as owner:
        owner.execute("create role gestor login createrole createdb password 'senha-do-gestor'")
        owner.execute("grant connect on database postgres to gestor")
    with stack.connect("gestor", "senha-do-gestor", "postgres") as manager:
        manager.execute("create database alfa")
    names = {
        "PGPASSWORD": "senha-do-gestor",
        "POSTGRES_USER": "gestor",
        "POSTGRES_PASSWORD": "senha-do-gestor",
        "POSTGRES_DB": "alfa",
        "CARGA_USER": "carga_alfa",
        "CARGA_PASSWORD": "senha da carga: @/?#",
        "LEITURA_USER": "leitura_alfa",
        "LEITURA_PASSWORD": "senha-da-leitura",
    }
    variables = [f"{name}={value}" for name, value in names.items()]
    psql = ["psql", "-q", "-h127.0.0.1", "-Ugestor", "-dalfa", "--set=ON_ERROR_STOP=1"]
    for _ in range(2):
        stack.execute("db", "env", *variables, *psql, "--file=/docker/papeis.sql")
    values = write(
        tmp_path / "empresas.yaml",
        {"construtora-demo": {"database": "alfa", "user": "carga_alfa"}},
        database={"host": "db", "sslmode": "disable"},
        defaults={
            "env": {
                "TAP_SIENGE_API_URL": stack.env["TAP_SIENGE_API_URL"],
                "SYNC_PRESET": "cadastros",
            }
        },
    )
    secret = {
        "username": "construtora-demo-api",
        "password": "senha-demo",
        "carga-password": names["CARGA_PASSWORD"],
    }
    network = f"--network={stack.name}_default"
    said = docker("run", "--rm", network, *as_the_chart_starts_it(values, secret))
    assert "Sincronização concluída" in said
    with stack.connect("leitura_alfa", names["LEITURA_PASSWORD"], "alfa") as reader:
        ((rows,),) = reader.execute("select count(*) from sienge.customers").fetchall()
    assert rows == stack.simulator("/counts?resource=customers")["customers"]
    with pytest.raises(psycopg.OperationalError):
        stack.connect("leitura_alfa", names["LEITURA_PASSWORD"], "sienge")


def test_secrets_may_be_files(stack: Stack) -> None:
    folder = stack.folder / "secrets"
    folder.mkdir()
    (folder / "sienge").write_text("senha-demo\n")
    (folder / "carga").write_text("senha-da-carga-em-arquivo\n")
    for file in folder.iterdir():
        file.chmod(0o444)
    override = {
        "services": {
            service: {"volumes": [f"{folder}:/run/secrets:ro"]}
            for service in ("db", "sync", "panel")
        }
    }
    (stack.folder / "docker-compose.override.yml").write_text(json.dumps(override))
    stack.set(
        TAP_SIENGE_PASSWORD=None,
        TAP_SIENGE_PASSWORD_FILE="/run/secrets/sienge",
        CARGA_PASSWORD=None,
        CARGA_PASSWORD_FILE="/run/secrets/carga",
    )
    stack.up()
    assert "Sincronização concluída" in stack.make("sync")
    stack.set(TAP_SIENGE_PASSWORD_FILE="/run/secrets/nada")
    assert "TAP_SIENGE_PASSWORD_FILE: não consegui ler" in stack.make("up", check=False)
    assert "Sincronização concluída" in stack.make("sync")  # with what was set before


def test_without_credentials_the_scheduled_run_warns_and_does_nothing(stack: Stack) -> None:
    before = stack.runs()
    stack.set(
        TAP_SIENGE_SUBDOMAIN=None,
        TAP_SIENGE_USERNAME=None,
        TAP_SIENGE_PASSWORD=None,
        TAP_SIENGE_PASSWORD_FILE=None,
        SYNC_CRON="* * * * *",
    )
    stack.up()
    wait("aviso", lambda: stack.sentence("Aviso: "))
    (warning,) = stack.sentence("Aviso: ")[:1]
    assert "TAP_SIENGE_SUBDOMAIN" in warning
    assert ".env" in warning
    stack.set(SYNC_CRON=None)
    assert not stack.sentence("iniciada|meltano")
    assert "terminou bem" in stack.execute("sync", "sienge", "saude")
    stack.make("sync")  # exits 0
    assert stack.runs() == before


def test_a_schedule_that_is_none_is_refused(stack: Stack) -> None:
    stack.set(SYNC_CRON="às duas")
    stack.make("up", check=False)
    wait("recusa", lambda: stack.sentence("SYNC_CRON: esperado um horário"))
    stack.set(SYNC_CRON=None)
    stack.up()


@pytest.mark.parametrize("password", ["", "postgres", "curta", "senha-do-banco"])
def test_a_weak_database_password_is_refused(stack: Stack, password: str) -> None:
    good = stack.env["LEITURA_PASSWORD"]
    before = stack.state("db")["Id"]
    stack.set(LEITURA_PASSWORD=password)
    assert "A senha LEITURA_PASSWORD" in stack.make("up", check=False)
    assert stack.state("db")["Id"] == before
    stack.set(LEITURA_PASSWORD=good)
    stack.up()
    assert stack.query("select 1") == [(1,)]


def test_a_weak_panel_password_is_told_by_make_up(stack: Stack) -> None:
    good = stack.env["PANEL_PASSWORD"]
    stack.set(PANEL_PASSWORD="curta")
    said = stack.make("up", check=False)
    assert "PANEL_PASSWORD é fraca" in said
    assert "Traceback" not in said
    stack.set(PANEL_PASSWORD=good)
    stack.up()
    stack.panel()


def test_a_creation_that_was_killed_begins_anew(stack: Stack) -> None:
    stack.make("down")
    docker("volume", "rm", f"{stack.name}_db")
    starting = subprocess.Popen(["make", "up"], cwd=stack.folder, stdout=-3, stderr=-3)
    version = ["cat", "/var/lib/postgresql/17/docker/PG_VERSION"]
    wait("criação em andamento", lambda: stack.execute("db", *version, check=False) == "17\n")
    docker("kill", stack.container("db"))
    starting.wait(120)
    volume = f"--volume={stack.name}_db:/v"
    docker("run", "--rm", volume, "--entrypoint=test", IMAGES[0], "-e", "/v/.criando")
    stack.up()
    assert stack.query("select 1") == [(1,)]


def test_the_documented_uninstall_leaves_nothing(stack: Stack) -> None:
    for image in (*IMAGES, f"sienge-db:17-{VERSION}"):
        docker("tag", image, image.replace(VERSION, "desinstalar"))
    stack.set(SIENGE_VERSION="desinstalar")
    stack.up()
    guide = (stack.folder / "docs" / "operacao.md").read_text()
    (down,) = re.findall(r"\$ docker compose (down --volumes .*--rmi all)", guide)
    modern = not subprocess.run(
        ["docker", "compose", "version"], capture_output=True, check=False
    ).returncode
    compose = ["docker", "compose"] if modern else ["docker-compose"]
    subprocess.run([*compose, *down.split()], cwd=stack.folder, capture_output=True, check=True)
    project = f"--filter=label=com.docker.compose.project={stack.name}"
    left = [docker(kind, "ls", "-q", *flag, project) for kind, *flag in KINDS]
    assert [*left, docker("images", "-q", "--filter=reference=*:*desinstalar")] == [""] * 4
