"""How a test or an estimate ended: a word for programs, and the sentence for people."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager, redirect_stdout
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


@dataclass
class Verdict:
    """What ``--json`` prints on standard output, in place of everything else."""

    as_json: bool = False
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
