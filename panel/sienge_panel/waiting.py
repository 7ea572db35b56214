"""What a container waits for before it begins."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import psycopg

from sienge_panel.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE = timedelta(minutes=2)
"""How long PostgreSQL may take to come back, as after the server's own restart."""


def for_database(env: Mapping[str, str]) -> None:
    """Wait for PostgreSQL.

    Raises:
        ProblemError: It refuses the password, or does not answer.
    """
    host, port = env["TARGET_POSTGRES_HOST"], env["TARGET_POSTGRES_PORT"]
    deadline = datetime.now() + PATIENCE
    while True:
        try:
            psycopg.connect(
                host=host,
                port=port,
                user=env["TARGET_POSTGRES_USER"],
                password=env["TARGET_POSTGRES_PASSWORD"],
                dbname=env["TARGET_POSTGRES_DATABASE"],
                connect_timeout=10,
            ).close()
        except psycopg.OperationalError as error:  # noqa: PERF203
            if "password" in str(error):
                raise ProblemError(
                    f"O PostgreSQL recusou a senha do usuário {env['TARGET_POSTGRES_USER']}: "
                    "confira CARGA_PASSWORD e rode make up, que põe a mesma senha nos dois lados."
                ) from None
            if datetime.now() > deadline:
                reason = str(error).strip().splitlines()[-1]
                raise ProblemError(
                    f"Não consegui falar com o PostgreSQL em {host}:{port}: {reason}."
                ) from None
            time.sleep(2)
        else:
            return
