"""``make powerbi``: the project for Power BI, from the models of dbt and the files of `bi/`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bi.project import model, source
from bi.project.source import BI
from transform.diagram import parsed


def main():
    manifest = json.loads(Path(sys.argv[1]).read_bytes()) if len(sys.argv) > 1 else parsed()
    tables = source.tables(manifest)
    relations = source.relations(manifest, tables)
    folder = BI / "powerbi" / "Sienge.SemanticModel" / "definition"
    for path, text in model.written(tables, relations).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")

main()
