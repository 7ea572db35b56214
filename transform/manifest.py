"""What dbt knows of the models: its manifest."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent
DBT = ROOT / ".meltano" / "utilities" / "dbt" / "venv" / "bin" / "dbt"


def parsed() -> dict[str, Any]:
    """Let dbt read the project, which needs no database."""
    with TemporaryDirectory() as folder:
        subprocess.run(
            [DBT, "parse", "--quiet", "--target-path", folder, "--log-path", folder],
            cwd=ROOT / "transform",
            check=True,
        )
        manifest: dict[str, Any] = json.loads(Path(folder, "manifest.json").read_bytes())
    return manifest


def relations(manifest: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Give the tested relationships: table, column, and those of the dimension that explains it."""
    return sorted(
        (
            manifest["nodes"][node["attached_node"]]["name"],
            node["column_name"],
            node["test_metadata"]["kwargs"]["to"].split("'")[1],
            node["test_metadata"]["kwargs"]["field"],
        )
        for node in manifest["nodes"].values()
        if node.get("test_metadata", {}).get("name") == "relationships"
    )
