"""The star schema, drawn from what dbt knows of the models: ``make docs``."""

from __future__ import annotations

from typing import Any

from transform.manifest import parsed, relations

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


def drawn(manifest: dict[str, Any]) -> str:
    """Give the page for a manifest of dbt."""
    found = relations(manifest)
    return TEXT.format(
        edges="\n".join(
            f"    {dimension} ||--o{{ {table} : {column}" for table, column, dimension, _ in found
        ),
        rows="\n".join(f"| `{'` | `'.join(relation)}` |" for relation in found),
    )


if __name__ == "__main__":
    print(drawn(parsed()), end="")
