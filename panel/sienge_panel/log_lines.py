"""How grave a line of a run's log is; Meltano writes all of the plugins' own lines as `info`."""

from __future__ import annotations

import re
from typing import Literal

Level = Literal["info", "warning", "error"]

ERROR = re.compile(
    r"\[(error|critical) |Traceback \(most recent call last\)|^\w*Error: | Error: "
    r"|tap-sienge +(Recurso falhou|falhou: |Não foi possível|Não consegui|Nenhum recurso"
    r"|O Sienge recusou|Configuração |Falta a configuração|Outra sincronização)"
    r"|\b(FAIL|ERROR)\b"
)
WARNING = re.compile(
    r"\[warning |\bWARN(ING)?\b"
    r"|tap-sienge +(Recurso|Tentativa \d|incompleto: |indisponível: |adiado: )"
)


def level(line: str) -> Level:
    """Give it."""
    if ERROR.search(line):
        return "error"
    return "warning" if WARNING.search(line) else "info"
