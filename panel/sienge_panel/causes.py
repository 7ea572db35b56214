"""Why a run did not go well: a code, the sentence that says what to do, and where it is done.

The codes come from words for programs, in this order: Meltano's own error of the run, the statuses
and HTTP codes in ``sync_log``, and the steps that the runner noted. Only a run that ended before it
could write any of them, as with a wrong password, is told by the last lines of its log.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sienge_panel.choice import title
from sienge_panel.credentials import labelled
from sienge_panel.known_causes import KNOWN
from sienge_panel.quota import SAO_PAULO
from sienge_panel.run_answers import Cause
from sienge_panel.runner import BUILD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

FEW = 5
"""Tables that a sentence names at most."""


LOADER = (
    (re.compile(r"No space left on device|DiskFull|could not extend file"), "disk"),
    (re.compile(r"Undefined(Table|Column)|InvalidSchemaName|does not exist"), "missing"),
    (
        re.compile(r"OperationalError|InterfaceError|AdminShutdown|connection (failed|refused)"),
        "database",
    ),
)
"""What PostgreSQL and its driver call a failure of the loader, the surest first."""

ENDED = (
    (re.compile(r"No space left on device"), "disk"),
    (re.compile(r"\(401\)"), "password"),
    (re.compile(r"Outra sincronização deste Sienge"), "busy"),
    (re.compile(r"Não consegui falar com "), "network"),
    (re.compile(r"Configuração |Falta a configuração|is not a valid choice for"), "settings"),
    (re.compile(r"Nenhum recurso pôde ser lido.*\(404\)"), "subdomain"),
    (re.compile(r"Nenhum recurso pôde ser lido"), "permission"),
)
"""The tap's last words where it ended before it could write ``sync_log``."""

SETTING = re.compile(r"(?:Configuração|Falta a configuração) \w+: [^│]*?\.(?=\s|$)")
"""The tap's sentence on a setting."""

CHOICE = re.compile(r"'([^']*)' is not a valid choice for '(\w+)'")
"""Meltano's, which ends before the tap begins."""

FORBIDDEN = (
    "O usuário de API não pode ler estas tabelas, e as outras foram lidas: libere os recursos no "
    "Sienge e confira de novo, ou deixe de lê-las."
)

SAME = {"401": "password", "503": "maintenance"}
"""What is wrong where all tables had the same answer."""

STATUS = re.compile(r"\b(?:resposta |\()([1-5]\d\d)\b")


def told(code: str, **changes: Any) -> Cause:  # noqa: ANN401, whatever a cause has
    """Give what is said of a code; one that nobody knows is a failure."""
    known = KNOWN.get(code, KNOWN["failed"])
    return Cause(**{"code": code, **known._asdict(), "tables": [], **changes})


def of_run(
    run: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], log: Iterable[str]
) -> Cause | None:
    """Give why a run did not go well; None if it did, or goes on.

    ``rows`` are what ``sync_log`` says of its tables that are not ``ok``, and ``log`` what it said.
    """
    state = run["state"]
    if state in {"running", "idle"}:
        return None
    if run["cancelled"]:
        return told("cancelled")
    if state == "lost":
        return told("lost")
    if state != "success":
        return _of_failed(run, rows, log)
    return of_tables(rows) or (told("models") if run["steps"].get(BUILD) else None)


def _of_failed(
    run: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], log: Iterable[str]
) -> Cause:
    lines = [line for line in log if "nova tentativa em" not in line]
    if "oader" in (run["error"] or ""):  # Meltano: "Loader failed", "Extractor and loader failed"
        return told(_first(LOADER, lines) or "loader")
    failed = [row for row in rows if row["status"] == "failed"]
    if failed and not run["answered"]:
        found = {match[1] for row in failed if (match := STATUS.search(row["error"] or ""))}
        return told(SAME.get("".join(found), "down"))
    if failed:
        return of_tables(rows) or told("failed")
    code = _first(ENDED, lines) or "failed"
    if code == "settings" and (said := next(filter(None, map(setting, lines)), "")):
        return told(code, sentence=f"{said} Corrija o valor e sincronize de novo.")
    return told(code)


def of_round(cause: Cause, began: datetime) -> Cause | None:
    """Give what is said of a round: at night everything is read, so none of it is grave.

    That the day's quota ended, or that another run had begun, is no failure of a round.
    """
    if cause.code in {"quota", "busy", "forbidden", "cancelled"}:
        return None
    title = f"A rodada das {began.astimezone(SAO_PAULO):%H:%M} não terminou bem"
    return cause.model_copy(update={"tone": "warn", "title": title})


def of_tables(rows: Sequence[Mapping[str, Any]]) -> Cause | None:
    """Give what is wrong with tables of which a run otherwise ended well, the worst first."""
    for status, code in (
        ("failed", "tables"),
        ("postponed", "quota"),
        ("incomplete", "incomplete"),
        ("skipped", "forbidden"),
    ):
        found = [row for row in rows if row["status"] == status]
        if not found:
            continue
        names, count = [row["stream"] for row in found], len(found)
        if code == "quota":
            return told(code, tables=names)
        if code == "forbidden":
            return told(code, tables=names, title=without(count), sentence=FORBIDDEN)
        what = "não pôde ser lida" if status == "failed" else "veio incompleta"
        whats = "não puderam ser lidas" if status == "failed" else "vieram incompletas"
        listed = ", ".join(title(name) for name in names[:FEW])
        more = f" e mais {count - FEW}" if count > FEW else ""
        return told(
            code,
            tables=names,
            title=_attention(count),
            sentence=f"{listed}{more} {what if count == 1 else whats}: "
            f"{found[0]['error'] or 'o registro diz o motivo'}. O que foi lido está salvo; "
            "sincronize de novo só o que falta.",
        )
    return None


def setting(said: str) -> str:
    """Give a sentence on the setting that a program complains of, by its label; empty if none."""
    if found := SETTING.search(said):
        return labelled(found[0])
    if found := CHOICE.search(said):
        return labelled(f"Configuração {found[2]}: o valor {found[1]} não existe.")
    return ""


def without(count: int) -> str:
    """Say how many tables may not be read."""
    return f"{count} {'tabela' if count == 1 else 'tabelas'} sem permissão"


def _attention(count: int) -> str:
    return "1 tabela precisa de atenção" if count == 1 else f"{count} tabelas precisam de atenção"


def _first(marks: Iterable[tuple[re.Pattern[str], str]], lines: Sequence[str]) -> str:
    return next((code for mark, code in marks if any(map(mark.search, lines))), "")
