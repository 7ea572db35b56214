"""The panel's passwords, which must not be easy to guess."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sienge_panel.problem import ProblemError
from sienge_panel.settings import OWNER, PASSWORDS
from sienge_panel.variables import variable

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST, FEWEST = 12, 6
"""Characters of a password, and different ones among them."""

OBVIOUS = ("senha", "sienge", "password", "12345", "qwerty", "admin", "painel")

COMMON = frozenset((Path(__file__).parent / "common.txt").read_text("ascii").split())
"""Passwords that many people have and that the rest of the rules would let pass."""


def read(env: Mapping[str, str]) -> dict[str, str]:
    """Give each role's password, which must not be easy to guess, or its argon2 hash.

    Raises:
        ProblemError: The owner has none, or one is weak.
    """
    found = {role: _password(env, name) for role, name in PASSWORDS.items()}
    if not found[OWNER]:
        raise ProblemError("Falta PANEL_PASSWORD: escolha a senha do painel.")
    return {role: given for role, given in found.items() if given}


def _password(env: Mapping[str, str], name: str) -> str:
    given = variable(env, name)
    if not given or given.startswith("$argon2"):
        return given
    obvious = [word for word in OBVIOUS if word in given.lower()]
    common = obvious or given.lower() in COMMON
    if len(given) < SHORTEST or len(set(given)) < FEWEST or common:
        raise ProblemError(
            f"{name} é fraca: use {SHORTEST} caracteres ou mais, {FEWEST} deles "
            f"diferentes, e nada óbvio como {obvious[0] if obvious else 'senha'}."
        )
    return given
