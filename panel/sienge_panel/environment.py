"""The environment of what the panel starts: the credentials and the tables that count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sienge_panel import choice, credentials

if TYPE_CHECKING:
    from sienge_panel.settings import Settings
    from sienge_panel.vault import Vault


def for_child(settings: Settings, vault: Vault) -> dict[str, str]:
    """Give it; the environment's own word wins over what the panel keeps."""
    env = credentials.effective(settings.env, vault.read())
    return choice.applied(env, choice.Choice.kept(vault))
