"""The project for Power BI as one file to download, with the address of this server in it."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PROJECT = Path("bi", "powerbi")
"""Where the project is, in the installation's."""

PARAMETERS = "Sienge.SemanticModel/definition/expressions.tmdl"


def archive(folder: Path, server: str, database: str) -> bytes:
    """Give the project in ``folder`` as a ZIP that asks for nothing but user and password.

    The same project gives the same bytes.
    """
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as file:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name, text = path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
            if name == PARAMETERS:
                text = _filled(_filled(text, "Servidor", server), "Banco", database)
            entry = ZipInfo(f"Sienge/{name}", (2000, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            file.writestr(entry, text)
    return content.getvalue()


def _filled(text: str, parameter: str, value: str) -> str:
    """Put a value into a parameter of the query language, where a quote is written twice."""
    before, after = text.split(f'expression {parameter} = "', 1)
    escaped = value.replace('"', '""')
    return f'{before}expression {parameter} = "{escaped}"{after.split(chr(34), 1)[1]}'
