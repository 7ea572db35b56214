"""The schedule of a container: what supercronic keeps to, and what is due when it begins."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sienge_panel import last
from sienge_panel.problem import ProblemError
from sienge_panel.runner import TRIGGER, WHOLE
from sienge_panel.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def due(env: Mapping[str, str]) -> str:
    """Give what it is time for, as planned in the panel: a run's trigger, or nothing.

    Raises:
        ProblemError: What the panel keeps cannot be read.
    """
    from sienge_panel import schedule
    from sienge_panel.vault import Vault

    found = Settings.read(env)
    return schedule.due(found, Vault(found))


def overdue(noted: Path) -> bool:
    """Whether a run was cut off or missed, as when the server was off at two in the morning."""
    ended = last.read(noted).get("fim")
    return not ended or datetime.fromisoformat(ended) < datetime.now().astimezone() - timedelta(1)


def crontab(env: Mapping[str, str], template: Path, file: Path) -> None:
    """Write what supercronic keeps to.

    Raises:
        ProblemError: A schedule is none.
    """
    text = template.read_text(encoding="utf-8")
    usual = "*/5 * * * *" if env.get("PANEL_KEY") else "0 2 * * *"
    for name, default in (("SYNC_CRON", usual), ("SYNC_ROUNDS_CRON", "#")):
        when = env.get(name) or default
        file.write_text(f"{when} true\n", encoding="utf-8")
        tried = subprocess.run(["supercronic", "-test", file], capture_output=True, check=False)
        if tried.returncode and when != default:
            raise ProblemError(
                f"{name}: esperado um horário no formato do cron, como 0 2 * * *, mas veio "
                f"{when!r}."
            )
        text = text.replace(f"${name} ", f"{when} ")
    file.write_text(text, encoding="utf-8")


def begin(
    env: Mapping[str, str], template: Path, noted: Path, say: Callable[[str], None]
) -> NoReturn:
    """Become supercronic; catch up at once with what is overdue.

    Raises:
        ProblemError: A schedule is none.
    """
    file = Path("/tmp/crontab")  # noqa: S108, a file system of this container alone
    crontab(env, template, file)
    when = env.get("SYNC_CRON") or "nos horários escolhidos no painel, ou às 02:00"
    if rounds := env.get("SYNC_ROUNDS_CRON"):
        when += f", com rodadas {rounds}"
    say(f"Sincronização agendada: {when} ({env.get('TZ')}).")
    late = env.get("SYNC_ON_START", "true") == "true" and overdue(noted)
    first = f"{TRIGGER}={WHOLE} sienge sincroniza &" if late else ""  # an orphan, reaped by init
    if env.get("PANEL_KEY") and not env.get("SYNC_CRON"):
        # So that the panel knows of this schedule at once; what became due meanwhile is done.
        only_asking = "sienge-panel exec --na-hora -- true 2> /dev/null"
        first += f" sienge {only_asking if late else 'sincroniza --na-hora'} &"
    subprocess.run(["sh", "-c", first], check=True)
    os.execvp("supercronic", ["supercronic", "-quiet", "-no-reap", "-passthrough-logs", str(file)])
