"""Who may come in: one password, slowed guesses, sessions in a signed cookie."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from threading import Lock
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, TimestampSigner

from sienge_panel.settings import ProblemError

if TYPE_CHECKING:
    from sienge_panel.vault import Vault

COOKIE = "painel"
LIFETIME = 12 * 3600
FREE, LONGEST = 5, 300
"""Wrong guesses that cost no wait, and the seconds that one waits at most after more of them."""

FORGOTTEN = 3600
"""Seconds after which the wrong guesses of an address are forgotten."""


class SlowedError(Exception):
    """Too many wrong guesses; ``seconds`` to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = int(seconds) + 1


class Login:
    """The door of the panel."""

    def __init__(self, password: str, key: str, vault: Vault) -> None:
        """Keep a hash of the password; sessions end when the password or the key changes.

        Raises:
            ProblemError: The password is given as a malformed hash.
        """
        self._hasher, self._vault = PasswordHasher(), vault
        signing = hmac.digest(key.encode(), f"sessão {password}".encode(), "sha256")
        self._signer = TimestampSigner(signing, salt="painel", digest_method=hashlib.sha256)
        self._hash = password if password.startswith("$argon2") else self._hasher.hash(password)
        self._guesses: dict[str, tuple[int, float]] = {}
        self._lock = Lock()
        try:
            self._hasher.check_needs_rehash(self._hash)
        except InvalidHashError:
            raise ProblemError("PANEL_PASSWORD não é um hash argon2 válido.") from None

    def enter(self, password: str, address: str) -> str | None:
        """Give the cookie of a new session, or None if the password is wrong."""
        return self._new_session() if self.verify(password, address) else None

    def verify(self, password: str, address: str) -> bool:
        """Whether this is the password.

        Raises:
            SlowedError: The address guessed wrong too often, so that nothing was compared.
        """
        with self._lock:  # one guess at a time, so that many at once are not faster
            now = time.monotonic()
            self._guesses = {a: g for a, g in self._guesses.items() if now - g[1] < FORGOTTEN}
            wrong, last = self._guesses.get(address, (0, now))
            pause = min(2.0 ** (wrong - FREE), LONGEST) if wrong >= FREE else 0
            if (left := last + pause - now) > 0:
                raise SlowedError(left)
            try:
                self._hasher.verify(self._hash, password)
            except VerificationError:
                self._guesses[address] = (wrong + 1, time.monotonic())
                return False
            self._guesses.pop(address, None)
            return True

    def session(self, cookie: str) -> str | None:
        """Give the session of a cookie, unless it is forged, too old or ended."""
        try:
            session = self._signer.unsign(cookie, max_age=LIFETIME).decode()
        except (BadSignature, UnicodeDecodeError):
            return None
        return None if self._vault.session_ended(session) else session

    def leave(self, session: str) -> None:
        """End a session, wherever its cookie was copied to."""
        self._vault.end_session(session, LIFETIME)

    def _new_session(self) -> str:
        return self._signer.sign(secrets.token_urlsafe(24)).decode()
