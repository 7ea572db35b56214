"""The numbers of the page Indicadores."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Response

from sienge_panel import figures
from sienge_panel.deps import Deps
from sienge_panel.figures import Filters
from sienge_panel.indicator_answers import Figures, Indicators
from sienge_panel.indicators import BY_ID, INDICATORS, Indicator

router = APIRouter(prefix="/indicators")

Code = Annotated[int | None, Query(ge=0, lt=2**63)]
Month = Annotated[str, Query(pattern=r"^((19|20)\d\d-(0[1-9]|1[0-2]))?$")]


def known(name: str) -> Indicator:
    """Let only known indicators be asked for.

    Raises:
        HTTPException: 404.
    """
    if name not in BY_ID:
        raise HTTPException(404, "O painel não conhece este indicador.")
    return BY_ID[name]


def wanted(
    company: Code = None, development: Code = None, since: Month = "", until: Month = ""
) -> Filters:
    """Take the filters as asked for."""
    return Filters.of(company, development, since, until)


Known = Annotated[Indicator, Depends(known)]
Wanted = Annotated[Filters, Depends(wanted)]


@router.get("")
def get_indicators(panel: Deps) -> Indicators:
    """List the indicators, and the companies and developments by which they may be filtered."""
    listed = [
        {**vars(indicator), "columns": [vars(part) for part in indicator.columns]}
        | {"number": indicator.number.title, "kind": indicator.number.kind}
        for indicator in INDICATORS
    ]
    return Indicators.model_validate({"indicators": listed} | figures.choices(panel.vault))


@router.get("/{name}")
def get_figures(indicator: Known, filters: Wanted, panel: Deps) -> Figures:
    """Tell what one comes to."""
    return Figures.model_validate(figures.shown(panel.settings, indicator, filters))


@router.get("/{name}/data.csv", response_class=Response)
def get_csv(indicator: Known, filters: Wanted, panel: Deps) -> Response:
    """Give its rows for Excel as people here have it."""
    found = figures.shown(panel.settings, indicator, filters)
    return Response(
        figures.file(indicator.columns, found["rows"]),
        headers={"Content-Disposition": f'attachment; filename="{indicator.id}.csv"'},
        media_type="text/csv; charset=utf-8",
    )
