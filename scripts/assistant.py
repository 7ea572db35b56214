"""What the assistants' package carries: the ready queries and pages of the docs (``make docs``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sienge_mcp.guard import checked

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "assistente" / "sienge_mcp"
PAGES = ("docs/modelos.md", "docs/estrela.md", "transform/models/visao_geral.md")


def queries() -> dict[str, dict[str, Any]]:
    """Give the ready queries by name: question, SQL and the tables that they read."""
    found = {}
    for path in sorted((ROOT / "bi" / "consultas").glob("*.sql")):
        told, _, sql = path.read_text("utf-8").partition("\n")
        question = told.removeprefix("-- ")
        _, tables = checked(sql)
        found[path.stem] = {
            "pergunta": question,
            "tabelas": sorted(tables),
            "sql": sql.strip(),
        }
    return found


def carried() -> dict[Path, str]:
    """Give the files of the package that are made from others."""
    text = json.dumps(queries(), ensure_ascii=False, indent=1) + "\n"
    pages = {
        PACKAGE / "paginas" / Path(page).name: (ROOT / page).read_text("utf-8") for page in PAGES
    }
    return {PACKAGE / "consultas.json": text} | pages


if __name__ == "__main__":
    for path, text in carried().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
