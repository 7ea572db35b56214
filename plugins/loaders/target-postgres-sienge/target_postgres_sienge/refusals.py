"""What PostgreSQL refuses, as one sentence for the user: which table, why, and what to do."""

from __future__ import annotations

import re
from typing import Protocol

import click
from psycopg import DataError, Error, errors


class TableError(Exception):
    """A table cannot be what its stream needs, or take what came; one sentence for the user."""


class Named(Protocol):
    """What a sentence names of a sink: all quoted but the schema."""

    schema_name: str | None

    @property
    def table(self) -> str:
        """The table's name."""

    @property
    def user(self) -> str:
        """The name of the user as whom the loader writes."""

    def quote(self, name: str) -> str:
        """Quote a name."""


GENERAL = ("08", "53", "57P", "58", "XX")
"""How the codes of errors begin that are the server's, whatever the table."""

WAIT = "espere que termine quem usa a tabela"
BY_TRIGGER = "corrija o gatilho que as recusa, ou rode `alter table {table} disable trigger user`,"
DROP = "rode `alter table {table} drop constraint {constraint}`"
REMEDIES: dict[type, str] = {
    errors.NotNullViolation: "rode `alter table {table} alter column {column} drop not null`",
    errors.CheckViolation: DROP,
    errors.ExclusionViolation: DROP,
    errors.ForeignKeyViolation: DROP,
    errors.UniqueViolation: f"{DROP}, ou `drop index` se for só um índice,",
    errors.RaiseException: BY_TRIGGER,
    errors.InsufficientPrivilege: (
        "como administrador do banco, rode `create schema if not exists {schema};"
        " grant all on schema {schema} to {user};"
        " grant all on all tables in schema {schema} to {user}`"
    ),
    errors.ReadOnlySqlTransaction: (
        "como administrador do banco, rode"
        " `alter role {user} set default_transaction_read_only = off`"
    ),
    errors.LockNotAvailable: WAIT,
    errors.DeadlockDetected: WAIT,
    errors.QueryCanceled: f"{WAIT}, ou aumente o statement_timeout do usuário {{user}},",
    errors.UntranslatableCharacter: "ligue a opção sanitize_null_text_characters do loader",
    DataError: "dê à coluna, no banco, um tipo em que caiba o valor que veio do Sienge,",
    Error: "desfaça no banco o que o impede",
}
"""What to do, by the kind of error; the more special one counts."""

BY_POLICY = (
    "como administrador do banco, rode `create policy carga on {table} to {user} using (true)`"
)


def is_general(error: Error) -> bool:
    """Whether an error is the server's, whatever the table."""
    return not error.sqlstate or error.sqlstate.startswith(GENERAL)


def refusal(error: Exception, what: str, sink: Named) -> TableError | click.ClickException:
    """Give the error that tells what PostgreSQL refused, such as to take rows, and the remedy.

    ``what`` is the sentence's beginning. A fault that is not the table's is a
    ``click.ClickException``, which ends the run: no other stream would fare better.
    """
    if not isinstance(error, Error):  # a name that no table or column can have
        return TableError(f"{what} ({error}).")
    told = error.diag
    reason = told.message_primary or next(iter(str(error).splitlines()), type(error).__name__)
    if isinstance(error, DataError):
        reason = re.sub('"[^"]*"', '"…"', reason)  # the value, which may be a person's
    if is_general(error):
        return click.ClickException(
            f"O banco de dados não respondeu como devia ({reason}): confira o servidor, o disco e a"
            " conexão, e sincronize de novo"
        )
    remedy = next(REMEDIES[kind] for kind in type(error).__mro__ if kind in REMEDIES)
    if remedy == DROP and not told.constraint_name:
        remedy = "crie uma partição da tabela {table} em que elas caibam"
    if "PL/pgSQL function" in (told.context or "") and not told.table_name:
        remedy = BY_TRIGGER
    if told.source_function == "ExecWithCheckOptions":
        remedy = BY_POLICY
    # A trigger may write to another table, another may refer to this one; and the original's way
    # is by a temporary one.
    is_named = told.table_name and not (told.schema_name or "").startswith("pg_temp")
    named = [sink.quote(name) for name in (told.schema_name, told.table_name) if name]
    remedy = remedy.format(
        table=".".join(named) if is_named else sink.table,
        schema=sink.quote(sink.schema_name or "public"),
        user=sink.user,
        column=sink.quote(told.column_name or ""),
        constraint=sink.quote(told.constraint_name or ""),
    )
    return TableError(f"{what} ({reason}): {remedy} e sincronize de novo")
