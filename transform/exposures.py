"""Who reads the models, for dbt: the ready questions, Power BI and the panel (``make docs``)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transform.generate import told

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parent.parent
FILE = Path(__file__).parent / "models" / "exposicoes.yml"
MODEL = re.compile(r"\b(?:marts|staging)\.(\w+)")
IMPORTED = re.compile(r'Item = "(\w+)"')
TABLES = ROOT / "bi" / "powerbi" / "Sienge.SemanticModel" / "definition" / "tables"
KEPT = "objetos_guardados"
"""A table of ``marts`` that is no model."""


def drawn() -> str:
    """Give the file; dbt refuses one that names a model which does not exist."""
    questions = [
        exposure(
            f"consulta_{path.stem}",
            "analysis",
            text.splitlines()[0].removeprefix("-- "),
            MODEL.findall(text),
        )
        for path in sorted((ROOT / "bi" / "consultas").glob("*.sql"))
        for text in [path.read_text("utf-8")]
    ]
    imported = "".join(path.read_text("utf-8") for path in sorted(TABLES.iterdir()))
    panel = "".join(
        path.read_text("utf-8") for path in sorted((ROOT / "panel" / "sienge_panel").rglob("*.py"))
    )
    programs = [
        exposure("power_bi", "dashboard", "O projeto de bi/powerbi.", IMPORTED.findall(imported)),
        exposure(
            "painel", "application", "O painel: conferências e dúvidas.", MODEL.findall(panel)
        ),
    ]
    return told({"exposures": [*questions, *programs]}, by="make docs")


def exposure(name: str, kind: str, description: str, models: Iterable[str]) -> dict[str, Any]:
    """Describe one reader."""
    return {
        "name": name,
        "type": kind,
        "description": description,
        "owner": {"name": "tap-sienge"},
        "depends_on": [f"ref('{model}')" for model in sorted({*models} - {KEPT})],
    }


if __name__ == "__main__":
    FILE.write_text(drawn(), encoding="utf-8")
