"""The role that only reads, with which Power BI is tried on the demonstration's database."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from psycopg.sql import SQL, Identifier

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg

READER = """
do $$ begin
  if not exists (select from pg_roles where rolname = 'leitura') then
    create role leitura login;
  end if;
end $$;
alter role leitura set default_transaction_read_only = on;
alter role leitura set search_path = marts, staging, sienge;
revoke all on schema public from public;
"""

READABLE = """
create schema if not exists {0};
grant usage on schema {0} to leitura;
grant select on all tables in schema {0} to leitura;
alter default privileges in schema {0} grant select on tables to leitura
"""


def reader(connection: psycopg.Connection[Any], file: Path) -> str:
    """Make the role that only reads, as the installation's docker/db/papeis.sql does.

    Returns:
        Its password, which stays the same.
    """
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(12))
    password = file.read_text()
    connection.execute(READER)
    connection.execute(SQL("alter role leitura password {}").format(password))
    for schema in ("sienge", "staging", "marts"):
        connection.execute(SQL(READABLE).format(Identifier(schema)))
    return password
