"""Why a run did not go well: a code, the sentence that says what to do, and where it is done.

The codes come from words for programs, in this order: Meltano's own error of the run, the statuses
in ``sync_log``, the code with which the tap ended, and the steps that the runner noted. What
Meltano, PostgreSQL and the disk say is known only by the last lines of the log.
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
        re.compile(
            r"OperationalError|InterfaceError|AdminShutdown|connection (failed|refused)"
            "|O banco de dados não respondeu como devia"  # the loader's own sentence
        ),
        "database",
    ),
)
"""What PostgreSQL and its driver call a failure of the loader, the surest first."""

NOT_BEGUN = (
    (re.compile(r"No space left on device"), "disk"),
    (re.compile(r"is not a valid choice for"), "settings"),
)
"""What Meltano says where the tap could not begin."""

CHOICE = re.compile(r"'([^']*)' is not a valid choice for '(\w+)'")
"""Meltano's sentence on a setting."""

FORBIDDEN = (
    "O usuário de API não pode ler estas tabelas, e as outras foram lidas: libere os recursos no "
    "Sienge e confira de novo, ou deixe de lê-las."
)


def of_code(code: str, **changes: Any) -> Cause:  # noqa: ANN401, whatever a cause has
    """Give what is said of a code; one that nobody knows is a failure."""
    known = KNOWN.get(code, KNOWN["failed"])
    return Cause(**{"code": code, **known._asdict(), "tables": [], **changes})


def of_run(
    run: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    ended: Mapping[str, str],
    log: Iterable[str],
) -> Cause | None:
    """Give why a run did not go well; None if it did, or goes on.

    ``rows`` are what ``sync_log`` says of its tables that are not ``ok``, ``ended`` is the code and
    the sentence with which the tap ended, if it did not end well, and ``log`` what the run said.
    """
    state = run["state"]
    if state in {"running", "idle"}:
        return None
    if run["cancelled"]:
        return of_code("cancelled")
    if state == "lost":
        return of_code("lost")
    if state != "success":
        return _of_failed(run, rows, ended, log)
    return of_tables(rows) or (of_code("models") if run["steps"].get(BUILD) else None)


def _of_failed(
    run: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    ended: Mapping[str, str],
    log: Iterable[str],
) -> Cause:
    lines = list(log)
    if "oader" in (run["error"] or ""):  # Meltano: "Loader failed", "Extractor and loader failed"
        return of_code(_first(LOADER, lines) or "loader")
    failed = any(row["status"] == "failed" for row in rows)
    if failed and run["answered"]:
        return of_tables(rows) or of_code("failed")
    code = ended.get("code", "failed")
    if code in {"failed", "ok"}:  # ok: all but a given record was read
        code = "down" if failed else _first(NOT_BEGUN, lines) or "failed"
    if code == "settings":
        said = labelled(ended.get("sentence", "")) or next(filter(None, map(choice, lines)), "")
        known = {"sentence": f"{said} Corrija o valor e sincronize de novo."} if said else {}
        return of_code(code, **known)
    if code == "down" and not failed:
        return of_code("network")
    return of_code(code)


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
            return of_code(code, tables=names)
        if code == "forbidden":
            return of_code(code, tables=names, title=without(count), sentence=FORBIDDEN)
        what = "não pôde ser lida" if status == "failed" else "veio incompleta"
        whats = "não puderam ser lidas" if status == "failed" else "vieram incompletas"
        listed = ", ".join(title(name) for name in names[:FEW])
        more = f" e mais {count - FEW}" if count > FEW else ""
        return of_code(
            code,
            tables=names,
            title=_attention(count),
            sentence=f"{listed}{more} {what if count == 1 else whats}: "
            f"{found[0]['error'] or 'o registro diz o motivo'}. O que foi lido está salvo; "
            "sincronize de novo só o que falta.",
        )
    return None


def choice(said: str) -> str:
    """Give a sentence on the setting that Meltano complains of, by its label; empty if none."""
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
