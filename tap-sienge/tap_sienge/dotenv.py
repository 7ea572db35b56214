"""Texts of a `.env` file from which its reader, python-dotenv, has taken a ``${…}`` away."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

REFERENCE = re.compile(r"\$\{([^}:]+)\}")


def restore(config: dict[str, Any], names: tuple[str, ...], prefix: str) -> None:
    """Give settings that came from the `.env` file the text that is written there.

    ``meltano config set`` writes a password between single quotes, and yet ``a${b}c`` comes out of
    the file as ``ac``. Only a text that is nothing but ``${NAME}``, of a variable that there is,
    was meant to be replaced.
    """
    file = Path(os.environ.get("MELTANO_PROJECT_ROOT", ""), ".env")
    if not file.is_file():
        return
    written, read = (dotenv_values(file, interpolate=meant) for meant in (False, True))
    for name in names:
        variable = f"{prefix}{name.upper()}"
        text, value = written.get(variable), read.get(variable)
        only = REFERENCE.fullmatch(text or "")
        meant = only is not None and (only[1] in os.environ or only[1] in written)
        if text != value and not meant and config.get(name, "") == value:
            config[name] = text
