"""Texts of a `.env` file from which its reader, python-dotenv, has taken a ``${…}`` away."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

REFERENCE = re.compile(r"\$\{([^}:]*)\}")


def restore(config: dict[str, Any], names: tuple[str, ...], prefix: str) -> None:
    """Give settings that came from Meltano's `.env` file the text that is written there.

    ``meltano config set`` writes a password between single quotes, and yet ``a${b}c`` comes out of
    the file as ``ac``. A ``${NAME}`` was meant to be replaced only if there is such a variable.
    """
    file = Path(os.environ.get("MELTANO_PROJECT_ROOT", ""), ".env")
    if not file.is_file():
        return
    written, read = (dotenv_values(file, interpolate=meant) for meant in (False, True))
    for name in names:
        variable = f"{prefix}{name.upper()}"
        text = written.get(variable) or ""
        absent = {*REFERENCE.findall(text)} - {*os.environ, *written}
        if absent and config.get(name, "") == read[variable]:
            config[name] = text
