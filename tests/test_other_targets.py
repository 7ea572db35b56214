"""The loader that docs/escala.md shows, in place of target-postgres."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from demo.__main__ import environment
from testing.pipeline import ROOT, meltano_project

if TYPE_CHECKING:
    from testing.simulator import Simulator

BIN = Path(sys.executable).parent
COUNT = "import duckdb; print(duckdb.connect('dados.duckdb').sql('{}').fetchall())"


def test_the_documented_loader_takes_postgres_place(simulator: Simulator, tmp_path: Path) -> None:
    project = meltano_project(tmp_path)
    documented = re.findall(
        r"```yaml\n(.*?)```", (ROOT / "docs" / "escala.md").read_text(), re.DOTALL
    )
    (loaders,) = (found for text in documented if "loader" not in (found := yaml.safe_load(text)))
    settings = yaml.safe_load((project / "meltano.yml").read_text())
    settings["plugins"]["loaders"] += loaders
    (project / "meltano.yml").write_text(yaml.safe_dump(settings))
    env = environment(simulator.url, "postgresql://nobody@127.0.0.1:9/nada") | {
        "MELTANO_DATABASE_URI": f"sqlite:///{tmp_path}/meltano.db",
        "TAP_SIENGE_QUOTA_DB": str(simulator.quota_db),
        "TAP_SIENGE__SELECT": '["companies.*", "customers.*", "sync_log.*"]',
        "UV_SYSTEM_CERTS": "true",
    }

    def run(*command: str | Path) -> str:
        done = subprocess.run(
            command, cwd=project, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(BIN / "meltano", "install", "loader", "target-duckdb")
    python = project / ".meltano" / "loaders" / "target-duckdb" / "venv" / "bin" / "python"
    for _ in range(2):
        run(BIN / "meltano", "run", "tap-sienge", "target-duckdb")
        for table in ("companies", "customers"):
            sql = f"select count(*), count(distinct id) from sienge.{table}"
            assert run(python, "-c", COUNT.format(sql)).strip() == str(
                [(simulator.counts[table],) * 2]
            )
