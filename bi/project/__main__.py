"""``make powerbi``: the project for Power BI, from the models of dbt and the files of `bi/`."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

from sienge_panel.powerbi import archive

from bi.project import model, report, sketch, source
from bi.project.source import BI
from bi.project.tmdl import tag
from transform.manifest import parsed

if TYPE_CHECKING:
    from pathlib import Path

FOLDER, SKETCHES = BI / "powerbi", BI.parent / "docs" / "imagens" / "powerbi"


def drawn(manifest: dict[str, Any]) -> dict[str, str]:
    """Give every file of the project, by path."""
    tables = source.tables(manifest)
    definition = model.written(tables, source.relations(manifest, tables))
    files = {f"Sienge.SemanticModel/definition/{path}": text for path, text in definition.items()}
    files["Sienge.Report/StaticResources/RegisteredResources/Sienge.json"] = (
        BI / "tema.json"
    ).read_text(encoding="utf-8")
    written = {f"Sienge.Report/definition/{path}": told for path, told in report.written().items()}
    written["Sienge.pbip"] = {
        "$schema": report.schema("pbip/pbipProperties/1.0.0"),
        "version": "1.0",
        "artifacts": [{"report": {"path": "Sienge.Report"}}],
        "settings": {"enableAutoRecovery": True},
    }
    written["Sienge.Report/definition.pbir"] = {
        "$schema": report.schema("item/report/definitionProperties/2.0.0"),
        "version": "4.0",
        "datasetReference": {"byPath": {"path": "../Sienge.SemanticModel"}},
    }
    written["Sienge.SemanticModel/definition.pbism"] = {
        "$schema": report.schema("item/semanticModel/definitionProperties/1.0.0"),
        "version": "4.2",
        "settings": {},
    }
    for item in ("Report", "SemanticModel"):
        written[f"Sienge.{item}/.platform"] = {
            "$schema": report.schema("gitIntegration/platformProperties/2.0.0"),
            "metadata": {"type": item, "displayName": "Sienge"},
            "config": {"version": "2.0", "logicalId": tag("item", item)},
        }
    return files | {
        path: json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        for path, told in written.items()
    }


def write(folder: Path, files: dict[str, str]) -> None:
    """Replace a folder's content."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Write the project and its sketches, and the ZIP for whoever opens it."""
    files = drawn(parsed())
    write(FOLDER, files)
    write(SKETCHES, sketch.pages(files))
    server = os.environ.get("SERVIDOR") or model.PARAMETERS["Servidor"]
    target = BI.parent / "dist" / "Sienge-PowerBI.zip"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(
        archive(FOLDER, server, os.environ.get("BANCO") or model.PARAMETERS["Banco"])
    )
    print(f"bi/powerbi e {target.relative_to(BI.parent)}, que se conecta a {server}.")


if __name__ == "__main__":
    main()
