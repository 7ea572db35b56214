"""The environment of what the panel starts: the credentials and the tables that count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sienge_panel import choice, credentials, schedule, share
from sienge_panel.pipeline import ROUND_ONLY
from sienge_panel.problem import ProblemError
from sienge_panel.run_log import RunLog
from sienge_panel.runner import ROUND, TRIGGER

if TYPE_CHECKING:
    from sienge_panel.settings import Settings
    from sienge_panel.vault import Vault


def for_child(settings: Settings, vault: Vault) -> dict[str, str]:
    """Give it; the environment's own word wins over what the panel keeps.

    Raises:
        ProblemError: What it cannot do without was encrypted with another key.
    """
    lost = vault.lost() - credentials.from_environment(settings.env).keys()
    if needed := [field for field in credentials.ESSENTIAL if field in lost]:
        labels = ", ".join(f"«{credentials.LABELS[field]}»" for field in needed)
        names = ", ".join(map(credentials.name_of, needed))
        raise ProblemError(
            "Os dados guardados foram cifrados com outra chave: acrescente-a a PANEL_KEY, depois "
            f"da nova, ou informe de novo {labels} no painel, ou {names} no .env."
        )
    env = credentials.effective(settings.env, vault.read())
    return choice.applied(env, choice.Choice.kept(vault))


def for_part(env: dict[str, str], settings: Settings, vault: Vault) -> dict[str, str]:
    """Give that of a run which leaves of the day's quota what everything will still take."""
    more = schedule.Schedule.read(settings, vault).more_today
    return share.for_the_day(env, settings, None if more else RunLog(settings).spent_today())


def for_round(settings: Settings, vault: Vault) -> dict[str, str]:
    """Give that of a round."""
    env = for_part(for_child(settings, vault), settings, vault)
    return env | {ROUND_ONLY: "true", TRIGGER: ROUND}
