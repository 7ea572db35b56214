"""To read a table again as a whole, by the way of the README: empty it and read it twice."""

from __future__ import annotations

import logging
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

import psycopg
from psycopg.sql import SQL, Identifier

from sienge_panel import history
from sienge_panel.choice import TABLES
from sienge_panel.problem import ProblemError
from sienge_panel.quota import limits
from sienge_panel.runner import BusyError
from sienge_panel.runs import RUNNING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sienge_panel.deps import Panel

logger = logging.getLogger("uvicorn.error")


def start(panel: Panel, table: str) -> str:
    """Empty a table and read it; give the run, after which a second one follows if need be.

    Raises:
        ProblemError: A run is under way, the quota does not suffice, or the database refuses.
    """
    env = panel.env()
    _check_quota(panel, env, table)
    try:
        with panel.runs.runner.claim():
            if panel.runs.known.running():
                raise ProblemError(RUNNING)
            _empty(panel, table)
    except BusyError:
        raise ProblemError(RUNNING) from None
    first = panel.runs.start(env, [table])
    Thread(target=_finish, args=[panel, env, table, first], daemon=True).start()
    return first


def _check_quota(panel: Panel, env: Mapping[str, str], table: str) -> None:
    """Make sure that the quota of today suffices: an emptied table would stay empty.

    Raises:
        ProblemError: It does not.
    """
    kind = TABLES[table]["kind"]
    limit, used = limits(env)[kind], panel.status.used(env)[kind]
    cost = history.reads(panel.settings, table)["full_cost"] or 1
    if limit is not None and limit - used < cost:
        raise ProblemError(
            f"Ler a tabela por inteiro custa cerca de {cost} requisições, e da cota de hoje restam "
            f"{max(limit - used, 0)}: tente de novo amanhã."
        )


def _empty(panel: Panel, table: str) -> None:
    place = Identifier(panel.settings.default_schema, table)
    try:
        with panel.vault.connect() as connection:
            connection.execute("set local lock_timeout = '5s'")
            connection.execute(SQL("truncate {}").format(place))
    except psycopg.errors.UndefinedTable:
        raise ProblemError("Esta tabela ainda não está no banco: sincronize-a.") from None
    except psycopg.errors.LockNotAvailable:
        raise ProblemError(
            "Outro programa está lendo a tabela, como o Power BI: espere que termine e tente de "
            "novo."
        ) from None
    except psycopg.ProgrammingError:
        raise ProblemError(
            f"O banco não deixou o painel esvaziar a tabela: rode nele, como dono, truncate "
            f"{panel.settings.default_schema}.{table}; e sincronize duas vezes."
        ) from None


def _finish(panel: Panel, env: Mapping[str, str], table: str, first: str) -> None:
    """Read a second time where the first only found that the table was empty."""
    while panel.runs.live(first):
        sleep(1)
    found = history.reads(panel.settings, table)["reads"]
    if panel.runs.runner.cancelled(first) or not found or found[-1]["status"] != "incomplete":
        return
    try:
        panel.runs.start(env, [table])
    except ProblemError as problem:  # the next one will read it
        logger.warning("Segunda leitura de %s: %s", table, problem)
