"""The star schema, drawn from what dbt knows of the models: ``make docs``."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent
DBT = ROOT / ".meltano" / "utilities" / "dbt" / "venv" / "bin" / "dbt"

TEXT = """# O esquema estrela

<!-- Gerado por make docs dos testes `relationships` de transform/; não edite. -->

No meio, os fatos e os resumos; em volta, as dimensões, que se repetem entre eles. Cada linha liga
uma coluna ao cadastro que a explica: é o relacionamento a criar no Power BI, de um (dimensão) para
muitos. O que cada número quer dizer está em [`modelos.md`](modelos.md).

```mermaid
erDiagram
{edges}
```

| tabela | coluna | dimensão | coluna da dimensão |
|---|---|---|---|
{rows}
"""


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


def drawn(manifest: dict[str, Any]) -> str:
    """Give the page for a manifest of dbt."""
    relations = sorted(
        (
            manifest["nodes"][node["attached_node"]]["name"],
            node["column_name"],
            node["test_metadata"]["kwargs"]["to"].split("'")[1],
            node["test_metadata"]["kwargs"]["field"],
        )
        for node in manifest["nodes"].values()
        if node.get("test_metadata", {}).get("name") == "relationships"
    )
    return TEXT.format(
        edges="\n".join(
            f"    {dimension} ||--o{{ {table} : {column}"
            for table, column, dimension, _ in relations
        ),
        rows="\n".join(f"| `{'` | `'.join(relation)}` |" for relation in relations),
    )


if __name__ == "__main__":
    print(drawn(parsed()), end="")
