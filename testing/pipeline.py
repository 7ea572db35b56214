"""The whole line: a simulated Sienge, Meltano and a database of their own."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg.rows import dict_row
from sienge_simulator.testing import UNLIMITED

from demo.__main__ import environment
from demo.postgres import Postgres
from testing.simulator import Simulator, assert_discreet, running_simulator
from testing.warm import Warm
from transform.manifest import DBT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.truth import Row

ROOT = Path(__file__).parent.parent
TRANSFORM = ROOT / "transform"

MELTANO = ("meltano.cli", "alembic.command", "psycopg", "sqlalchemy.dialects.postgresql.psycopg")
"""What a call of Meltano needs to be imported."""

FEWER = (
    "--rows=sales_contracts=120", "--rows=units=160", "--rows=customers=250", "--rows=bills=250",
)  # fmt: skip
"""Options of a simulator with enough rows for every case, a quarter of the demonstration's."""


@cache
def meltano() -> Warm:
    """Give the interpreter that has imported Meltano; it ends with this one."""
    return Warm(sys.executable, *MELTANO)


@cache
def dbt() -> Warm:
    """Give the interpreter that knows the models; it ends with this one."""
    return Warm(DBT.with_name("python"), "testing.models:parse")


def meltano_project(folder: Path) -> Path:
    """Make a project of the plugins that `make install` installed.

    Two runs in one project would share their files. To Meltano the plugins are installed only if
    their definitions name the same paths.
    """
    for name in ("requirements.lock", "tap-sienge", "transform", "bi"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "meltano.yml").write_bytes((ROOT / "meltano.yml").read_bytes())
    for file in (ROOT / "plugins").glob("*/*.*"):
        copy = folder / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(file.read_text().replace("$MELTANO_PROJECT_ROOT", str(ROOT)))
    for venv in (ROOT / ".meltano").glob("*/*/venv"):
        plugin = folder / venv.relative_to(ROOT).parent
        plugin.mkdir(parents=True)
        (plugin / "venv").symlink_to(venv)
    return folder


class Line:
    """The simulated Sienge, Meltano and a database of its own."""

    def __init__(self, simulator: Simulator, server: Postgres, project: Path) -> None:
        self.simulator = simulator
        self.server = server
        self.project = project

    @property
    def database(self) -> str:
        return self.server.url

    def start(
        self, *options: str, plugin: str = "tap-sienge", **settings: str
    ) -> subprocess.Popen[str]:
        """Start a run; whoever does must wait for it."""
        meltano = str(Path(sys.executable).parent / "meltano")
        return subprocess.Popen(
            [meltano, "--environment=demo", "run", *options, plugin, "target-postgres"],
            cwd=self.project,
            env=self.environment | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(
        self, *options: str, plugin: str = "tap-sienge", succeeds: bool = True, **settings: str
    ) -> str:
        """Run to the end, which must be as expected; give what was said."""
        command = ("run", *options, plugin, "target-postgres")
        said = self.meltano(*command, succeeds=succeeds, **settings)
        states = self.query("select * from meltano.state") if succeeds else []
        assert_discreet(said + str(states), self.environment | settings)
        return said

    @property
    def environment(self) -> dict[str, str]:
        found = environment(self.simulator.url, self.database)
        limits = {f"TAP_SIENGE_{kind}REQUESTS_PER_MINUTE": "1000000" for kind in ("", "BULK_")}
        return found | limits | {"TAP_SIENGE_QUOTA_DB": str(self.simulator.quota_db)}

    def dbt(self, *options: str, transform: Path | None = None, **settings: str) -> str:
        """Call dbt, not by Meltano; it must succeed; give what was said.

        The models are read only where they are others than the repository's, or go elsewhere.
        """
        folder = transform or self.project / "transform"
        usual = folder.resolve() == TRANSFORM and "TARGET_POSTGRES_DATABASE" not in settings
        own = self.project / "dbt" / folder.parent.name
        paths = [f"--{kind}-dir={folder}" for kind in ("project", "profiles")]
        paths += [f"--{kind}-path={own / kind}" for kind in ("target", "log")]
        code, said = dbt().run(
            f"testing.models:{'known' if usual else 'read'}",
            [*options, *paths],
            self.environment | settings,
        )
        assert code == 0, said[-30000:]
        return said

    def meltano(self, *command: str, succeeds: bool = True, **settings: str) -> str:
        """Call Meltano, which must end as expected; give what was said."""
        arguments = ["--environment=demo", *command]
        env = self.environment | settings
        code, said = meltano().run("meltano.cli:main", arguments, env, self.project)
        assert (code == 0) == succeeds, said[-30000:]
        return said

    def query(self, sql: str) -> list[Row]:
        with psycopg.connect(self.database, row_factory=dict_row) as connection:
            return connection.execute(sql).fetchall()

    def landed(self, stream: str) -> list[Row]:
        return self.query(f"select * from sienge.{stream} where _sdc_deleted_at is null")


@contextmanager
def running_line(folder: Path, *options: str, durable: bool = False) -> Iterator[Line]:
    """Start a simulator without limits and an empty database; stop both in the end."""
    server = Postgres(folder, durable=durable)
    project = folder / "projeto"
    project.mkdir()
    try:
        with running_simulator(*UNLIMITED, *options) as simulator:
            server.start()
            with psycopg.connect(server.url) as connection:
                connection.execute("create schema meltano")
            yield Line(simulator, server, meltano_project(project))
    finally:
        server.remove()
