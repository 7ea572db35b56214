"""How a run, a test or an estimate ended: a word for programs, and the sentence for people."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tap_sienge.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

Code = Literal[
    "ok",
    "settings",
    "password",
    "permission",
    "subdomain",
    "maintenance",
    "down",
    "quota",
    "busy",
    "failed",
]
"""What is wrong: ``maintenance``, all answers are 503; ``down``, all are errors or there are none;
``busy``, another run reads the same; ``failed``, anything else."""

PROGRESS_FILE = "TAP_SIENGE_PROGRESS_FILE"
"""Variable of the setting of that name, which is known also where a setting is wrong."""


@dataclass
class Verdict:
    """What ``--json`` prints on standard output, in place of everything else.

    Of a run it is the last event of the file in which a program watches how far that is.
    """

    as_json: bool = False
    progress_file: str = ""
    """The file, once the settings were read."""
    code: Code = "failed"
    sentence: str = "O programa terminou sem dizer por quê."
    streams: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was found out about each stream."""

    def reach(self, code: Code, sentence: str) -> None:
        """Set word and sentence."""
        self.code, self.sentence = code, sentence

    @contextmanager
    def printed(self) -> Iterator[None]:
        """Print it after the block, however that ends, if ``--json`` asked for it."""
        if not self.as_json:
            yield
            return
        try:
            with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
                yield
        except SettingsError as error:
            self.reach("settings", error.message)
            raise
        finally:
            verdict = "ok" if self.code == "ok" else "failed"
            told = {"verdict": verdict, "code": self.code, "sentence": self.sentence}
            print(json.dumps(told | {"streams": self.streams}, ensure_ascii=False))
            sys.stdout.flush()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Tell why the block ends the run, if a program watches it."""
        try:
            yield
        except SettingsError as error:
            self.reach("settings", error.message)
            self._tell_end()
            raise
        except SystemExit as error:
            if error.code:
                self._tell_end()
            raise

    def _tell_end(self) -> None:
        """Write it; a full disk is no reason to hide how the run ended."""
        event = {"event": "end", "code": self.code, "sentence": self.sentence}
        if path := self.progress_file or os.environ.get(PROGRESS_FILE):
            with suppress(OSError), Path(path).open("a", encoding="utf-8") as file:
                file.write(json.dumps(event) + "\n")
