"""Assets."""

from __future__ import annotations

from tap_sienge.stream import SiengeStream


class PatrimonyFixed(SiengeStream):
    """Real estate of the company."""

    name = "patrimony_fixed"
    path = "/v1/patrimony/fixed"
    primary_keys = ("patrimony_id",)


class PatrimonyMovable(SiengeStream):
    """Movable assets."""

    name = "patrimony_movable"
    path = "/v1/patrimony/movable"
    primary_keys = ("patrimony_id",)
