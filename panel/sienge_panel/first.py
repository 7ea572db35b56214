"""How far the first visit is, so that it goes on where it stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sienge_panel.vault import Vault

KEPT, OVER = "primeira_visita", -1

STEPS = 5
"""Credentials, test, tables, first read, Power BI."""


def step(vault: Vault, *, configured: bool, last: bool) -> int | None:
    """Give the step that is next; None once it is over, or where all was there before it."""
    kept = vault.kept(KEPT)
    if kept is None:
        return None if configured and last else int(configured)
    return None if kept == OVER else int(kept)


def go(vault: Vault, to: int | None) -> None:
    """Keep the step that is next; None ends the visit."""
    vault.keep(KEPT, OVER if to is None else to)
