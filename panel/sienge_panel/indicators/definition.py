"""What an indicator is: a query of the models, its definition and its drawing.

The query that is shown is the one that runs: filters are written into it as constants.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from typing_extensions import LiteralString

Kind = Literal["mes", "data", "texto", "reais", "inteiro", "percentual"]

By = Literal["company", "development", "period"]

COMPANY, WORK = "company", "development"

CONDITIONS: dict[By, LiteralString] = {
    "company": "codigo_empresa = {company}",
    "development": "codigo_empreendimento = {development}",
    "period": "mes between {since} and {until}",
}


@dataclass(frozen=True)
class Part:
    """A column of the answer."""

    name: str
    title: str
    kind: Kind


@dataclass(frozen=True)
class Number:
    """The number above the drawing: a sum of columns, or what a part is of another (%)."""

    title: str
    kind: Kind
    of: tuple[str, ...]
    over: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """One of them; ``drawn``: the columns that are drawn, over the first one."""

    id: str
    title: str
    definition: str
    models: tuple[str, ...]
    query: LiteralString
    columns: tuple[Part, ...]
    chart: Literal["bars", "stack", "lines", "rows"]
    drawn: tuple[str, ...]
    number: Number
    by: tuple[By, ...] = ("company", "development")
    period: LiteralString = CONDITIONS["period"]


MONTH = Part("mes", "Mês", "mes")

WORKS = Part("empreendimento", "Empreendimento", "texto")
