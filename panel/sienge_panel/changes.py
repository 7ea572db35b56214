"""Who changed what, and who failed to come in: a log for the owner, kept for a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sienge_panel.vault import Vault

WRONG = "senha errada"

PAGE = 50

NOTE = """
insert into painel.mudanca (papel, endereco, acao, valores)
values (%(role)s, %(address)s, %(action)s, %(values)s) returning id
"""

CLEAN = """
delete from painel.mudanca
where quando < now() - interval '1 year'
   or (acao = %(action)s and id <= (
       select id from painel.mudanca where acao = %(action)s order by id desc offset 2000 limit 1))
returning id
"""
"""Also at most two thousand of one action: wrong passwords may come by the million."""

LATEST = """
select id, quando as when, papel as role, endereco as address, acao as action, valores as values
from painel.mudanca where %(before)s::bigint is null or id < %(before)s::bigint
order by id desc limit %(page)s
"""


class Changes:
    """The log."""

    def __init__(self, vault: Vault) -> None:
        """Take where it is kept."""
        self._vault = vault

    def note(
        self, role: str, address: str, action: str, values: Sequence[dict[str, Any]] = ()
    ) -> None:
        """Write a line, and forget the old ones."""
        line = {"role": role, "address": address[:64], "action": action}
        self._vault.rows(NOTE, {**line, "values": Jsonb(list(values))})
        self._vault.rows(CLEAN, line)

    def latest(self, before: int | None = None) -> list[dict[str, Any]]:
        """Give the newest lines, or those before one."""
        return self._vault.rows(LATEST, {"before": before, "page": PAGE})
