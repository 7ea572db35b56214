"""What a run said in its log, and what the tap told of it, read while the files grow."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sienge_panel.log_filter import IGNORED_LINES
from sienge_panel.quota import SAO_PAULO

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Echo = Callable[[str], object]

COLOUR = re.compile(r"\x1b\[[\d;]*m")
STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[\d.]*Z")


class Followed:
    """What a run said, and told of how far it is: each time what came since the last."""

    def __init__(self, log: Path, progress: Path) -> None:
        """Begin at the beginning."""
        self._log, self._progress = Tail(log), Tail(progress)

    def lines(self, *, live: bool = False) -> list[str]:
        """Give the lines of the log that tell something.

        Of a run that goes on, what is not a whole line yet is left for later.
        """
        return list(filter(None, map(readable, self._log.read(live=live))))

    def events(self, *, live: bool = False) -> list[dict[str, Any]]:
        """Give what was told of how far it is."""
        return _events(self._progress, live=live)

    def tell(self, echo: Echo | None, *, live: bool = False) -> None:
        """Pass the lines on."""
        if echo:
            for line in self.lines(live=live):
                echo(line)


class Tail:
    """A file that grows, and may not be there yet."""

    def __init__(self, path: Path) -> None:
        """Begin at the beginning."""
        self._path, self._place = path, 0

    def read(self, *, live: bool) -> list[str]:
        """Give the lines that came; a part of one only if no more is to come."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._place)
            came = file.read()
        if live:
            came = came[: came.rfind(b"\n") + 1]
        self._place += len(came)
        return came.decode(errors="replace").splitlines()


def _events(progress: Tail, *, live: bool) -> list[dict[str, Any]]:
    return [json.loads(line) for line in progress.read(live=live) if line.endswith("}")]


def tap_end(progress: Path) -> dict[str, str]:
    """Give the code and the sentence with which the tap ended; empty if it ended well.

    ``progress`` is the file of the tap's setting ``progress_file``.
    """
    events = _events(Tail(progress), live=False)
    return next((event for event in reversed(events) if event["event"] == "end"), {})


def readable(line: str) -> str:
    """Give a line of Meltano's log with São Paulo's time; nothing if it tells nothing."""
    text = COLOUR.sub("", line).rstrip()
    if IGNORED_LINES.search(text):
        return ""
    if stamp := STAMP.match(text):
        moment = datetime.fromisoformat(f"{stamp[1]}+00:00").astimezone(SAO_PAULO)
        return f"{moment:%Y-%m-%d %H:%M:%S}{text[stamp.end() :]}"
    return text
