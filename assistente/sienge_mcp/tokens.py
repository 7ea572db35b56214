"""Tokens of the HTTP transport: only their hashes are kept, and compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from typing import IO, TYPE_CHECKING

from mcp.server.auth.provider import AccessToken

from sienge_mcp.settings import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ABANDONED = 60
"""Seconds after which a change is that of a process which was killed."""


class Tokens:
    """The tokens in a file, read at every call: one that is revoked is refused at once."""

    def __init__(self, path: Path) -> None:
        """Take the file, which need not exist."""
        self.path = path

    def read(self) -> dict[str, dict[str, str]]:
        """Give hash and day of making by name."""
        try:
            found: dict[str, dict[str, str]] = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return found

    def make(self, name: str) -> str:
        """Make a token, which is shown this once.

        Raises:
            RefusedError: The name is taken.
        """
        token = secrets.token_urlsafe(32)
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        with self._changing() as kept:
            if name in kept:
                raise RefusedError(
                    f"Já há uma ficha {name}: revogue-a antes, ou escolha outro nome."
                )
            kept[name] = {"sha256": digest(token), "feita_em": now}
        return token

    def revoke(self, name: str) -> None:
        """Make a token worthless.

        Raises:
            RefusedError: There is none of that name.
        """
        with self._changing() as kept:
            if name not in kept:
                raise RefusedError(f"Não há uma ficha {name}.")
            del kept[name]

    @contextmanager
    def _changing(self) -> Iterator[dict[str, dict[str, str]]]:
        """Give what is kept, to be changed; meanwhile neither the panel nor a terminal changes it.

        Raises:
            RefusedError: Another process has been changing it for long.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self.path.with_name(f".{self.path.name}.part")
        with _claimed(part) as file:
            kept = self.read()
            yield kept
            json.dump(kept, file, ensure_ascii=False, indent=1)
        part.replace(self.path)

    async def verify_token(self, token: str) -> AccessToken | None:
        """Tell whose a token is; every hash is compared, so that time tells nothing."""
        given, owner = digest(token), None
        for name, kept in self.read().items():
            if hmac.compare_digest(kept["sha256"], given):
                owner = name
        return AccessToken(token="", client_id=owner, scopes=[]) if owner else None


@contextmanager
def _claimed(part: Path) -> Iterator[IO[str]]:
    """Open a file that only one process can have created; it is removed if what follows fails.

    The panel has the same, as neither package needs the other: a change is one of both.
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
        raise RefusedError("Outro programa está mudando as fichas: tente de novo em um minuto.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def digest(token: str) -> str:
    """Hash a token; it is random and long, so that no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
