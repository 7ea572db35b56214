"""The assistants that ask the models (docs/assistente.md): their tokens, and what they asked.

Both are files of the assistants' server, which reads the tokens at every call: of a token it needs
the hash only, so that nobody can be told it again.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from sienge_panel.changed_settings import tell
from sienge_panel.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHOWN = 100
"""Calls."""

TAIL = 1_000_000
"""Bytes at the end of the log in which they are looked for."""

LONGEST = 20_000
"""Characters of a call's SQL."""

ABANDONED = 60
"""Seconds after which a change of the tokens is that of a process which was killed."""


@contextmanager
def _claimed(part: Path) -> Iterator[IO[str]]:
    """Open a file that only one process can have created; it is removed if what follows fails.

    The package sienge_mcp has the same, as neither needs the other: a change is one of both.
    """
    for _ in range(50):
        try:
            descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            break
        except FileExistsError:
            with suppress(FileNotFoundError):
                if time.time() - part.stat().st_mtime > ABANDONED:
                    part.unlink()
            time.sleep(0.1)
    else:
        raise ProblemError("Outro programa está mudando as fichas: tente de novo em um minuto.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
    except BaseException:
        part.unlink(missing_ok=True)
        raise


class Assistant:
    """The files of the assistants' server."""

    def __init__(self, tokens: Path, log: Path) -> None:
        """Take them; neither need exist."""
        self._tokens, self._log = tokens, log

    def tokens(self) -> dict[str, dict[str, str]]:
        """Give hash and moment of making by name."""
        try:
            found: dict[str, dict[str, str]] = json.loads(self._tokens.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            raise ProblemError(
                f"As fichas dos assistentes, em {self._tokens}, não puderam ser lidas: confira o "
                "arquivo e de quem ele é."
            ) from None
        return found

    def make(self, name: str) -> str:
        """Make a token, which is told this once.

        Raises:
            ProblemError: The name is taken.
        """
        token = secrets.token_urlsafe(32)
        with self._changing() as kept:
            if name in kept:
                raise ProblemError(
                    f"Já há uma ficha {name}: revogue-a antes, ou escolha outro nome."
                )
            digest = hashlib.sha256(token.encode()).hexdigest()
            now = datetime.now(timezone.utc).isoformat(timespec="seconds")
            kept[name] = {"sha256": digest, "feita_em": now}
        tell("ficha", None, name)
        return token

    def revoke(self, name: str) -> None:
        """Make a token worthless.

        Raises:
            ProblemError: There is none of that name.
        """
        with self._changing() as kept:
            if name not in kept:
                raise ProblemError(f"Não há uma ficha {name}.")
            del kept[name]
        tell("ficha", name, None)

    @contextmanager
    def _changing(self) -> Iterator[dict[str, dict[str, str]]]:
        """Give the tokens, to be changed; ``sienge-mcp ficha`` waits meanwhile, as this does.

        Raises:
            ProblemError: They cannot be written, or have long been in another process's change.
        """
        part = self._tokens.with_name(f".{self._tokens.name}.part")
        try:
            self._tokens.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _claimed(part) as file:
                kept = self.tokens()
                yield kept
                json.dump(kept, file, ensure_ascii=False, indent=1)
            part.replace(self._tokens)
        except OSError as error:
            raise ProblemError(
                f"As fichas dos assistentes não puderam ser gravadas em {self._tokens} "
                f"({error.strerror}): aponte ASSISTENTE_FICHAS a uma pasta deste servidor."
            ) from None

    def calls(self) -> list[dict[str, Any]]:
        """Give the latest calls, the last first."""
        return list(islice(self._lines(), SHOWN))

    def _lines(self) -> Iterator[dict[str, Any]]:
        try:
            with self._log.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(size - TAIL, 0))
                lines = file.read().splitlines()
        except OSError:  # nobody has asked yet, or it is elsewhere
            return
        for line in reversed(lines):
            try:
                call = json.loads(line)
            except ValueError:  # only the end of one
                continue
            arguments = call.get("argumentos", {})
            sql = call.get("sql") or arguments.get("sql")
            yield {
                "when": call["quando"],
                "who": call["quem"],
                "tool": call["ferramenta"],
                "arguments": {name: it for name, it in arguments.items() if name != "sql"},
                "sql": None if sql is None else str(sql)[:LONGEST],
                "ms": call.get("ms"),
                "rows": call.get("quantidade_linhas"),
                "cut": call.get("cortada"),
                "error": call.get("erro"),
            }
