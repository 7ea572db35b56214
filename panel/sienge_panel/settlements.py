"""Which settlements are money: what was said in the panel, kept where the models read it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sienge_panel.problem import ProblemError
from sienge_panel.trust import model_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sienge_panel.vault import Vault

KEPT = "tipos_baixa"
"""The name of the choice; `tipos_baixa_do_painel`, in transform/, reads it."""

Sense = Literal["caixa", "sem caixa", "estorno"]
CASH: Sense = "caixa"

KINDS = """
select distinct on (codigo, lower(nome)) codigo, nome, recebimento, pagamento, situacao, origem
from marts.tipos_baixa_vigentes
where origem <> 'Painel'
order by codigo, lower(nome), preferencia
"""

SEEN = """
select codigo_tipo_baixa as codigo, tipo_baixa as nome, tipo_conhecido as conhecido,
    count(*) as linhas, sum(valor_liquido) as valor
from marts.fato_baixas
where tipo_baixa <> 'Sem tipo'
group by 1, 2, 3
"""


class Key(NamedTuple):
    """What tells one kind from another; names compare without accents, capitals and blanks."""

    code: int | None
    name: str

    @classmethod
    def of(cls, kind: dict[str, Any]) -> Key:
        """Take it from a kind."""
        plain = unicodedata.normalize("NFD", (kind["nome"] or "").strip().lower())
        return cls(kind["codigo"], "".join(c for c in plain if not unicodedata.combining(c)))


def listed(vault: Vault) -> list[dict[str, Any]]:
    """Give every kind and what it means; those that nobody knows come first."""
    seen = model_rows(vault, "fato_baixas", SEEN)
    kinds = {Key.of(kind): kind for kind in model_rows(vault, "tipos_baixa_vigentes", KINDS)}
    unknown = {"recebimento": None, "pagamento": None, "situacao": None, "origem": None}
    for kind in seen:
        if not kind["conhecido"]:
            kinds.setdefault(
                Key.of(kind), {"codigo": kind["codigo"], "nome": kind["nome"], **unknown}
            )
    for kind in vault.kept(KEPT) or []:
        kinds[Key.of(kind)] = kind | {"origem": "Painel"}
    found = [kind | _seen(key, seen) for key, kind in kinds.items()]
    return sorted(found, key=lambda kind: (kind["origem"] is not None, -kind["linhas"]))


def _seen(key: Key, seen: list[dict[str, Any]]) -> dict[str, Any]:
    """Give how much of a kind there is."""
    rows = [row for row in seen if Key.of(row).name == key.name]
    return {
        "linhas": sum(row["linhas"] for row in rows),
        "valor": sum(row["valor"] or 0 for row in rows),
    }


def change(vault: Vault, wanted: Iterable[dict[str, Any]]) -> None:
    """Keep what some kinds mean, from the next build on; what is the default again is forgotten.

    Raises:
        ProblemError: One is not listed.
    """
    default = {Key.of(kind): kind for kind in model_rows(vault, "tipos_baixa_vigentes", KINDS)}
    known = {Key.of(kind): kind for kind in listed(vault)}
    kept = {Key.of(kind): kind for kind in vault.kept(KEPT) or []}
    for kind in wanted:
        key = Key.of(kind)
        if key not in known:
            raise ProblemError(
                f"O painel não conhece o tipo de baixa {kind['nome'] or kind['codigo']}: "
                "recarregue a página."
            )
        senses = {name: kind[name] for name in ("recebimento", "pagamento")}
        usual = default.get(key)
        if usual and senses == {name: usual[name] for name in senses}:
            kept.pop(key, None)
            continue
        state = (usual or {}).get("situacao") or (
            "Quitada" if CASH in senses.values() else "Baixada"
        )
        names = {"codigo": known[key]["codigo"], "nome": known[key]["nome"]}
        kept[key] = names | senses | {"situacao": state}
    vault.keep(KEPT, list(kept.values()) or None)
