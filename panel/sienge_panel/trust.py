"""What the models say of themselves: totals that must agree, unknown codes, tables not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import LiteralString

    from sienge_panel.vault import Vault

CHECKS = """
select modelo as model, conferencia as name, valor as value, valor_esperado as expected,
    diferenca as difference, chaves as keys, chaves_diferentes as different,
    string_to_array(exemplos, '; ') as examples
from marts.conferencia
order by chaves_diferentes = 0, modelo, conferencia
"""

DOUBTS = """
select tabela as table, campo as field, codigo as code, linhas as rows, valor as value,
    efeito as effect
from marts.codigos_desconhecidos
order by linhas desc
"""

GAPS = """
select tabela as table, situacao as status, motivo as reason,
    array_agg(modelo order by modelo) as models
from marts.cobertura
where situacao not in ('Completa', 'Dispensada')
group by tabela, situacao, motivo
order by situacao, tabela
"""


def checks(vault: Vault) -> list[dict[str, Any]]:
    """Give what was compared, the differences first."""
    return model_rows(vault, "conferencia", CHECKS)


def doubts(vault: Vault) -> list[dict[str, Any]]:
    """Give the codes that nobody knows."""
    return model_rows(vault, "codigos_desconhecidos", DOUBTS)


def gaps(vault: Vault) -> list[dict[str, Any]]:
    """Give the tables that models read and that are not whole, each with its models."""
    return model_rows(vault, "cobertura", GAPS)


def model_rows(vault: Vault, model: str, query: LiteralString) -> list[dict[str, Any]]:
    """Give what a query of a model finds; nothing if it was never built."""
    (found,) = vault.rows("select to_regclass('marts.' || %(model)s) as it", {"model": model})
    return vault.rows(query) if found["it"] else []
