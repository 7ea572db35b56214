"""The numbers of the page Indicadores, in its order."""

from __future__ import annotations

from sienge_panel.indicators.cash import CASH
from sienge_panel.indicators.definition import CONDITIONS, Indicator, Part
from sienge_panel.indicators.receivables import RECEIVABLES
from sienge_panel.indicators.sales import SALES
from sienge_panel.indicators.works import COSTS

INDICATORS = (*SALES, *RECEIVABLES, *CASH, *COSTS)

BY_ID = {indicator.id: indicator for indicator in INDICATORS}

__all__ = ["BY_ID", "CONDITIONS", "INDICATORS", "Indicator", "Part"]
