"""Which settlements are money."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from sienge_panel import settlements
from sienge_panel.deps import Deps
from sienge_panel.settlements import Sense

router = APIRouter(prefix="/settlements")


class Meaning(BaseModel, extra="forbid"):
    """What a kind of settlement means for what is received and for what is paid."""

    code: int | None = Field(ge=0, lt=2**63)
    name: str | None = Field(max_length=200)
    receipts: Sense
    payments: Sense


class Kind(BaseModel):
    """A kind, and who said what it means: nobody, if it is unknown."""

    code: int | None
    name: str | None
    receipts: Sense | None
    payments: Sense | None
    said_by: str | None
    rows: int
    value: float


class Wanted(BaseModel, extra="forbid"):
    """The kinds to change."""

    kinds: list[Meaning] = Field(max_length=500)


@router.get("")
def get_settlements(panel: Deps) -> list[Kind]:
    """List the kinds, the unknown ones first."""
    return [
        Kind(
            code=kind["codigo"],
            name=kind["nome"],
            receipts=kind["recebimento"],
            payments=kind["pagamento"],
            said_by=kind["origem"],
            rows=kind["linhas"],
            value=kind["valor"],
        )
        for kind in settlements.listed(panel.vault)
    ]


@router.put("")
def put_settlements(given: Wanted, panel: Deps) -> list[Kind]:
    """Change some, from the next build on."""
    settlements.change(
        panel.vault,
        [
            {
                "codigo": kind.code,
                "nome": kind.name,
                "recebimento": kind.receipts,
                "pagamento": kind.payments,
            }
            for kind in given.kinds
        ],
    )
    return get_settlements(panel)
