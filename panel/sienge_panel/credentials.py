"""The credentials of Sienge: what the environment gives, else what the panel keeps."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING

from sienge_panel.problem import ProblemError
from sienge_panel.variables import variable

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS = ("subdomain", "username", "password", "plan", "start_date", "personal_data")
"""The tap's settings that the panel asks for."""

SECRET = ("password",)
"""Those that are never told again."""

EXACT = ("username", "password")
"""Those that are kept as they are typed, spaces too."""

LABELS = {
    "subdomain": "Subdomínio",
    "username": "Usuário de API",
    "password": "Senha de API",
    "plan": "Plano do Sienge",
    "start_date": "Data inicial",
    "personal_data": "Dados pessoais",
}
"""What the page calls them."""

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


def labelled(sentence: str) -> str:
    """Let one of the tap's sentences name the page's labels instead of its settings."""
    for field, label in LABELS.items():
        named = rf"(?:a configuração |[Cc]onfiguração )?\b(?:{field}|{name_of(field)})\b"
        sentence = re.sub(named, f"«{label}»", sentence)
    return sentence


ADDRESS = re.compile(
    r"(?:https?://)?(?:api\.sienge\.com\.br/(?P<path>[\w-]+)|(?P<host>[\w-]+)\.sienge\.com\.br).*",
    re.IGNORECASE,
)


def cleaned(given: Mapping[str, str]) -> dict[str, str]:
    """Take what people paste and type: an address for its subdomain, a day as 31/01/2020.

    Raises:
        ProblemError: A date is none.
    """
    found = {field: value if field in EXACT else value.strip() for field, value in given.items()}
    if address := ADDRESS.fullmatch(found.get("subdomain", "")):
        found["subdomain"] = (address["path"] or address["host"]).lower()
    if typed := found.get("start_date"):
        found["start_date"] = _day(typed).isoformat()
    return found


def _day(typed: str) -> date:
    form = "%d/%m/%Y" if "/" in typed else "%Y-%m-%d"
    with suppress(ValueError):
        return datetime.strptime(typed, form).date()
    raise ProblemError(
        f"«{LABELS['start_date']}»: esperada uma data como 31/01/2020, mas veio {typed}."
    )
