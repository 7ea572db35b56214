"""The credentials of Sienge: what the environment gives, else what the panel keeps."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sienge_panel.settings import variable

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS = ("subdomain", "username", "password", "plan", "start_date", "personal_data")
"""The tap's settings that the panel asks for."""

KEY = "personal_data_key"
"""What the tap needs besides to mask or drop personal data; the panel draws it."""

REQUIRED = FIELDS[:3]
ESSENTIAL = (*REQUIRED, "personal_data")
"""What cannot be taken for not said when it was lost: masked data would come in clear."""


def name_of(field: str) -> str:
    """Give the variable of a setting of the tap."""
    return f"TAP_SIENGE_{field.upper()}"


def from_environment(env: Mapping[str, str]) -> dict[str, str]:
    """Give what the environment says, which wins."""
    found = {field: variable(env, name_of(field)) for field in (*FIELDS, KEY)}
    return {field: value for field, value in found.items() if value}


def changed(stored: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Give what is to be kept after a change; an empty value takes an old one away."""
    kept = {field: value for field, value in {**stored, **given}.items() if value}
    if kept.get("personal_data") in {"mask", "drop"}:
        kept.setdefault(KEY, secrets.token_urlsafe(32))
    return kept


def effective(env: Mapping[str, str], stored: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of a child, with the credentials that count."""
    chosen = {**stored, **from_environment(env)}
    known = {name_of(field): chosen[field] for field in (*FIELDS, KEY) if field in chosen}
    return {**env, **known}


def complete(env: Mapping[str, str]) -> bool:
    """Whether a child's environment has all that the tap needs."""
    return all(env.get(name_of(field)) for field in REQUIRED)
