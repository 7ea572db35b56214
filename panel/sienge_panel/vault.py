"""The panel's own tables, in the schema ``painel``: secrets, encrypted at rest, and choices."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

import psycopg
from cryptography.fernet import InvalidToken
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from sienge_panel import migrations
from sienge_panel.changed_settings import tell
from sienge_panel.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from typing_extensions import LiteralString

    from sienge_panel.settings import Settings

WRITE = """
insert into painel.segredo (nome, valor) values (%s, %s)
on conflict (nome) do update set valor = excluded.valor, alterado = now()
"""

DRAW = "insert into painel.segredo (nome, valor) values (%s, %s) on conflict do nothing"

KEEP = """
insert into painel.ajuste values (%s, %s)
on conflict (nome) do update set valor = excluded.valor
"""

OPEN = {"subdomain", "plan", "start_date", "personal_data"}
"""Credentials that may be told."""


class Vault:
    """The panel's own tables."""

    def __init__(self, settings: Settings) -> None:
        """Make the tables, or bring them up to date."""
        self._url, self._fernet = settings.database, settings.fernet
        with self.connect() as connection:
            migrations.apply(connection)

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """Connect to the database."""
        return psycopg.connect(self._url, connect_timeout=10)

    def read(self) -> dict[str, str]:
        """Give the secrets in clear, without the lost ones."""
        return {name: value for name, value in self._opened().items() if value is not None}

    def lost(self) -> set[str]:
        """Give the names of the secrets that were encrypted with a key which is not given."""
        return {name for name, value in self._opened().items() if value is None}

    def _opened(self) -> dict[str, str | None]:
        with self.connect() as connection:
            rows = connection.execute("select nome, valor from painel.segredo").fetchall()
        return {str(name): self._clear(value) for name, value in rows}

    def written(self) -> dict[str, datetime]:
        """Give the names of the secrets and when each was saved."""
        with psycopg.connect(self._url, connect_timeout=10) as connection:
            return dict(connection.execute("select nome, alterado from painel.segredo").fetchall())

    def write(self, secrets: Mapping[str, str]) -> None:
        """Save secrets, all or none."""
        before = self.read()
        rows = [(name, self._fernet.encrypt(value.encode())) for name, value in secrets.items()]
        with self.connect() as connection:
            connection.cursor().executemany(WRITE, rows)
        for name, value in secrets.items():
            tell(name, before.get(name), value, secret=name not in OPEN)

    def draw(self, *names: str) -> None:
        """Make up secrets that are not there yet; of two that do so at once, the first counts."""
        rows = [(name, self._fernet.encrypt(token_urlsafe(32).encode())) for name in names]
        with self.connect() as connection:
            connection.cursor().executemany(DRAW, rows)

    def forget(self, names: Iterable[str]) -> None:
        """Delete secrets."""
        names, before = list(names), self.read()
        with self.connect() as connection:
            connection.execute("delete from painel.segredo where nome = any(%s)", [names])
        for name in names:
            tell(name, before.get(name), None, secret=name not in OPEN)

    def rotate(self) -> int:
        """Encrypt everything anew with the first key; give how many secrets there are.

        Raises:
            ProblemError: A secret was encrypted with a key that is not given.
        """
        with self.connect() as connection:
            query = "select nome, valor from painel.segredo for update"
            rows = connection.execute(query).fetchall()
            for name, value in rows:
                clear = self._clear(value)
                if clear is None:
                    raise ProblemError(
                        f"O segredo {name} foi cifrado com outra chave: acrescente-a a PANEL_KEY."
                    )
                connection.execute(
                    "update painel.segredo set valor = %s where nome = %s",
                    [self._fernet.encrypt(clear.encode()), name],
                )
        return len(rows)

    def kept(self, name: str) -> Any:  # noqa: ANN401, each has a shape of its own
        """Give a choice, None if none was made."""
        with self.connect() as connection:
            query = "select valor from painel.ajuste where nome = %s"
            found = connection.execute(query, [name]).fetchone()
        return found and found[0]

    def keep(self, name: str, value: object) -> None:
        """Keep a choice; None takes it away."""
        before = self.kept(name)
        with self.connect() as connection:
            if value is None:
                connection.execute("delete from painel.ajuste where nome = %s", [name])
            else:
                connection.execute(KEEP, [name, Jsonb(value)])
        tell(name, before, value)

    def rows(self, query: LiteralString, values: Mapping[str, object] = {}) -> list[dict[str, Any]]:
        """Give what a query finds or changes."""
        with psycopg.connect(self._url, connect_timeout=10, row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()

    def end_session(self, session: str, seconds: int) -> None:
        """Remember that a session ended before its time."""
        with self.connect() as connection:
            connection.execute("delete from painel.sessao_encerrada where expira < now()")
            connection.execute(
                "insert into painel.sessao_encerrada values (%s, now() + %s * interval '1 second')"
                " on conflict do nothing",
                [session, seconds],
            )

    def session_ended(self, session: str) -> bool:
        """Whether a session ended before its time."""
        query = "select 1 from painel.sessao_encerrada where sessao = %s"
        with self.connect() as connection:
            return connection.execute(query, [session]).fetchone() is not None

    def _clear(self, value: object) -> str | None:
        try:
            return self._fernet.decrypt(bytes(value)).decode()  # type: ignore[call-overload]
        except InvalidToken:
            return None
