"""The night of 500 companies: computed from what one costs, and rehearsed with the simulator.

``make night`` measures a small company and a rehearsal of several at once, computes the night
minute by minute for the three sizes of docs/escala.md, and writes its section there.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import psutil
import psycopg
import yaml
from sienge_simulator.testing import UNLIMITED, USER

from benchmarks.measure import Cost, measured
from benchmarks.report import machine
from demo.postgres import Postgres
from deploy.databases import create
from deploy.tenants import DEFAULTS, File, Tenant
from testing.pipeline import ROOT
from testing.simulator import running_simulator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DOCUMENT = ROOT / "docs" / "escala.md"
START, END = "<!-- make night -->", "<!-- fim -->"
COMPANIES = 500
AT_ONCE = (5, 10, 20, 40)
REHEARSED, TOGETHER = 6, 3
MODELS = 20
"""Seconds of the models of a small company, alone on a machine: docs/desempenho.md."""


class Size(NamedTuple):
    """What a company of a size costs, alone on a machine: the table of docs/escala.md."""

    name: str
    companies: int
    first: float
    """Seconds of the first reading."""
    seconds: float
    """The same, on a usual night."""
    requests: int
    megabytes: int

    @property
    def times(self) -> float:
        """How much more is read on a usual night than of a small one."""
        return self.seconds / SMALL.seconds


SMALL = Size("pequena", 350, 45, 15, 46, 65)
SIZES = (
    SMALL,
    Size("média", 120, 271, 60, 98, 475),
    Size("grande (calculada: dez médias)", 30, 2700, 480, 600, 4750),
)


class Work(NamedTuple):
    """One company's night: the reading and the models."""

    seconds: float
    processor: float
    """Seconds of the pod's processors."""
    database: float
    """Seconds of the database's."""


class Measure(NamedTuple):
    """What a small company costs, as measured here."""

    read: Cost
    models: Cost
    database: float
    connections: int


class Night(NamedTuple):
    """How a night went."""

    ends: float
    """Seconds after its first start."""
    waited: float
    processors: float
    """The most that were busy."""
    databases: float
    """The same, of the database's."""


def night(jobs: Iterable[tuple[float, Work]], at_once: int, processors: float) -> Night:
    """Go through a night: whoever finds no place waits; busy processors slow all down alike."""
    coming = deque(sorted(jobs))
    began = coming[0][0]
    waiting: deque[tuple[float, Work]] = deque()
    running: list[tuple[Work, float]] = []
    now, waited, busiest, database = began, 0.0, 0.0, 0.0
    while coming or waiting or running:
        while coming and coming[0][0] <= now:
            waiting.append(coming.popleft())
        while waiting and len(running) < at_once:
            came, work = waiting.popleft()
            waited = max(waited, now - came)
            running.append((work, work.seconds))
        wanted = sum(work.processor / work.seconds for work, _ in running)
        speed = min(1.0, processors / wanted) if wanted else 1.0
        busiest = max(busiest, wanted * speed)
        database = max(database, speed * sum(w.database / w.seconds for w, _ in running))
        ends = [now + min(left for _, left in running) / speed] if running else []
        after = min(ends + [came for came, _ in list(coming)[:1]])
        passed = (after - now) * speed
        running = [(w, left - passed) for w, left in running if left - passed > 1e-6]
        now = after
    return Night(now - began, waited, busiest, database)


class Watch(threading.Thread):
    """Counts the connections of the companies, and the time of the server's processors."""

    def __init__(self, server: Postgres) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self._server, self._ended = server, threading.Event()
        self._before = self._spent()

    def _spent(self) -> float:
        postmaster = psutil.Process(self._server.pid)
        times = postmaster.cpu_times()
        alive = [child.cpu_times() for child in postmaster.children()]
        return times.children_user + times.children_system + sum(t.user + t.system for t in alive)

    def run(self) -> None:
        """Look until told to end."""
        query = "select count(*) from pg_stat_activity where usename like 'carga\\_%'"
        with psycopg.connect(self._server.url, autocommit=True) as connection:
            while not self._ended.wait(0.2):
                self.most = max(self.most, *(connection.execute(query).fetchone() or (0,)))

    def end(self) -> tuple[float, int]:
        """Give the seconds of the processors, and the most connections at one time."""
        self._ended.set()
        self.join()
        return self._spent() - self._before, self.most


class Companies:
    """Small companies, each with a simulator and a database of its own."""

    def __init__(self, folder: Path, server: Postgres, stack: ExitStack, number: int) -> None:
        tenants = {}
        for index in range(number):
            name = f"construtora-{index}"
            simulator = stack.enter_context(running_simulator(*UNLIMITED, f"--subdomain={name}"))
            tenants[name] = {"env": {"TAP_SIENGE_API_URL": simulator.url}}
        place = urlsplit(server.url)
        database = {"host": "127.0.0.1", "port": place.port, "sslmode": "disable"}
        self.path = folder / "empresas.yaml"
        self.path.write_text(yaml.safe_dump({"database": database, "tenants": tenants}))
        os.environ |= {"PGUSER": str(place.username), "PGPASSWORD": str(place.password)}
        os.environ["PATH"] = f"{server.psql.parent}:{os.environ['PATH']}"
        self.folder, self.file = folder, File.read(self.path)
        list(create(self.file, folder / "segredos"))
        for tenant in self.file.tenants:
            for name, value in zip(("username", "password"), USER, strict=True):
                (folder / "segredos" / tenant.secret / name).write_text(value)

    def run(self, tenant: Tenant, step: str) -> Cost:
        """Read a company, or build its models."""
        command = [sys.executable, "-m", "deploy", "sincroniza", str(self.path), tenant.key]
        folders = [f"--{name}={self.folder / name}" for name in ("segredos", "andamento")]
        return measured([*command, f"--so={step}", *folders], os.environ, ROOT)


def measure() -> tuple[Measure, float, float]:
    """Run one company twice, then several at once; also give the rehearsal's time and forecast."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        server = Postgres(Path(folder), durable=False)
        stack.callback(server.remove)
        stack.enter_context(server)
        companies = Companies(Path(folder), server, stack, REHEARSED)
        first, *others = companies.file.tenants
        companies.run(first, "carga")
        companies.run(first, "modelos")
        watch = Watch(server)
        watch.start()
        read, models = companies.run(first, "carga"), companies.run(first, "modelos")
        found = Measure(read, models, *watch.end())
        fresh = companies.run(others[0], "carga")
        work = Work(fresh.seconds, fresh.processor, 0)
        began = time.perf_counter()
        with ThreadPoolExecutor(TOGETHER) as pool:
            list(pool.map(lambda tenant: companies.run(tenant, "carga"), others[1:]))
        took = time.perf_counter() - began
    jobs = [(0.0, work)] * len(others[1:])
    return found, took, night(jobs, TOGETHER, os.cpu_count() or 1).ends


def jobs(found: Measure, *, first: bool = False) -> Iterator[tuple[float, Work]]:
    """Give the companies, each at its minute of the chart's own window; all is read at first."""
    defaults = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))["defaults"]
    index = 0
    for size in SIZES:
        more = (size.first if first else size.seconds) / SMALL.seconds
        models = size.times**0.5
        work = Work(
            SMALL.seconds * more + MODELS * models,
            found.read.processor * more + found.models.processor * models,
            found.database * more,
        )
        for _ in range(size.companies):
            minute, hour, *_ = Tenant(f"construtora-{index}", defaults).schedule.split()
            yield (int(hour) * 60 + int(minute)) * 60.0, work
            index += 1


def hours(went: Night) -> str:
    """Give its length as people here write it."""
    return f"{went.ends / 3600:.1f} h".replace(".", ",")


def section(found: Measure, took: float, forecast: float, load: float) -> str:
    """Give it as Markdown."""
    rows = [
        f"| {size.name} | {size.companies} | {size.requests} | {size.seconds} s | "
        f"{size.companies * size.megabytes / 1000:.0f} GB |"
        for size in SIZES
    ]
    nights = []
    for at_once in AT_ONCE:
        went = night(jobs(found), at_once, processors=at_once)
        nights.append(
            f"| {at_once} | {hours(went)} | {went.waited / 60:.0f} min | "
            f"{went.processors:.0f} | {went.databases:.0f} | {at_once * found.connections + 10} |"
        )
    whole = hours(night(jobs(found, first=True), at_once=20, processors=20))
    disk = sum(size.companies * size.megabytes for size in SIZES) / 1000
    read, models = found.read, found.models
    return f"""
Uma noite comum de {COMPANIES} construtoras, cada uma no seu minuto da janela do chart (`defaults`):

| construtora | quantas | requisições cada uma | leitura de cada uma | disco de todas |
|---|---|---|---|---|
{chr(10).join(rows)}

| `concurrent` | a noite leva | maior espera | processadores dos pods | do banco | conexões |
|---|---|---|---|---|---|
{chr(10).join(nights)}

O banco precisa de {disk:.0f} GB para todas (o dobro, com WAL, índices próprios e folga) e de um
`max_connections` acima da última coluna. Não é o Sienge que limita: a cota e as 200 requisições por
minuto são de cada empresa. A primeira noite, em que tudo é lido, levaria {whole} com 20 de uma vez:
inicie as empresas em grupos, ao longo de dias.

Medido: uma pequena, no segundo dia, gasta {read.processor:.0f} s de processador para ler,
{models.processor:.0f} s para os modelos e {found.database:.0f} s no banco, com até
{found.connections} conexões. As outras são calculadas a partir dela. Ensaio com o simulador:
{REHEARSED - 2} pequenas, {TOGETHER} de uma vez, lidas pela primeira vez em {took:.0f} s; a mesma
conta previa {forecast:.0f} s. Antes dele, {load:.0f} programas já disputavam os processadores, o
que o alonga. {machine()}.
"""


def main() -> None:
    """Measure, compute and write."""
    load = os.getloadavg()[0]
    told = section(*measure(), load)
    print(told)
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{START}\n{told}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
