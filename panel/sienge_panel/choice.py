"""Which tables are read: presets and single ones, unless the environment says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sienge_panel.vault import Vault

_listing: dict[str, Any] = json.loads(Path(__file__).with_name("tables.json").read_text("utf-8"))
TABLES: dict[str, dict[str, Any]] = _listing["tables"]
"""Every table that the tap can read, in its own words; `make docs` writes the file."""

PRESETS: dict[str, list[str]] = _listing["presets"]
"""Their usual combinations, as `meltano.yml` has them too."""

DEFAULT = "padrao"
TITLES = {
    DEFAULT: "Padrão: o que uma construtora média quer todo dia",
    "cadastros": "Cadastros: empresas, clientes, credores, empreendimentos",
    "financeiro": "Financeiro: títulos, extratos, saldos e notas fiscais",
    "comercial": "Comercial: unidades, vendas, comissões e locações",
    "suprimentos": "Suprimentos: solicitações, cotações, pedidos, contratos e estoque",
    "engenharia": "Engenharia: orçamentos, planejamento e diários de obra",
    "contabil": "Contábil: plano de contas, lançamentos e saldos",
    "patrimonio": "Patrimônio: bens móveis e imóveis",
    "bulk": "BULK: os recursos com limite próprio de requisições",
    "tudo": "Tudo, também o que é lido um por um (caro)",
}

SELECT = "TAP_SIENGE__SELECT"
FIXED = (SELECT, "SYNC_PRESET")
"""Variables by which the environment itself chooses."""

ALWAYS = ("rejected_rows", "sync_log")
"""Tables in which a run tells of itself."""


def title(table: str) -> str:
    """Give what people call a table."""
    return str(TABLES.get(table, {}).get("title", table))


@dataclass(frozen=True)
class Choice:
    """What the panel keeps; nothing chosen means the default."""

    presets: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()

    @classmethod
    def kept(cls, vault: Vault) -> Choice:
        """Take what was chosen, but for what a newer version may no longer know."""
        found = vault.kept("tabelas") or {}
        return cls(
            tuple(name for name in found.get("presets", ()) if name in PRESETS),
            tuple(name for name in found.get("tables", ()) if name in TABLES),
        )

    def __bool__(self) -> bool:
        return bool(self.presets or self.tables)

    @property
    def names(self) -> list[str]:
        """The tables that it comes to."""
        presets = self.presets if self else (DEFAULT,)
        return list(dict.fromkeys([name for p in presets for name in PRESETS[p]] + [*self.tables]))


def selecting(tables: Iterable[str]) -> dict[str, str]:
    """Give the variable by which Meltano reads just these tables."""
    return {SELECT: json.dumps([f"{table}.*" for table in (*tables, *ALWAYS)])}


def fixed(env: Mapping[str, str]) -> str:
    """Give the variable by which the environment chooses; empty if it does not."""
    return next((name for name in FIXED if env.get(name)), "")


def applied(env: dict[str, str], choice: Choice) -> dict[str, str]:
    """Give the environment of a child, with the tables that count."""
    return env if fixed(env) or not choice else env | selecting(choice.names)


def in_rounds(tables: Iterable[str]) -> list[str]:
    """Give those of which a round asks for what changed."""
    return [name for name in tables if TABLES.get(name, {}).get("round")]


def names(env: Mapping[str, str]) -> list[str]:
    """Give the tables that a run of everything reads in such an environment."""
    if selected := env.get(SELECT):
        found = re.findall(r'"([\w*]+)\.', selected)
        return [name for name in TABLES if name in found or "*" in found]
    return PRESETS.get(env.get("SYNC_PRESET") or DEFAULT, [])
