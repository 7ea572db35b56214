"""dbt in a process that has read the models before: for the interpreter that has dbt."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner

TRANSFORM = Path(__file__).parent.parent / "transform"

_known: list[Any] = []
"""The models as they are in the repository, in the database that every line has."""


def parse() -> None:
    """Read the models; what was read is kept, so that later only what changed is read anew."""
    os.environ["TARGET_POSTGRES_DATABASE"] = "sienge"
    target = TRANSFORM.parent / ".meltano" / "run" / "dbt-tests"
    options = [f"--{kind}-dir={TRANSFORM}" for kind in ("project", "profiles")]
    options += [f"--{kind}-path={target}" for kind in ("target", "log")]
    _known.append(dbtRunner().invoke(["--quiet", "parse", "--no-write-json", *options]).result)


def known() -> int:
    """Do what the command line says with these models."""
    return 0 if dbtRunner(manifest=_known[0]).invoke(sys.argv[1:]).success else 1


def read() -> int:
    """Do what the command line says with the models of the project that it names."""
    # The static parser's threads did not come along when this process was forked.
    return 0 if dbtRunner().invoke(["--no-static-parser", *sys.argv[1:]]).success else 1
