"""Who may come in: the owner or a reader, slowed guesses, sessions in a signed cookie."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, TimestampSigner

from sienge_panel.problem import ProblemError
from sienge_panel.settings import OWNER, READER
from sienge_panel.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sienge_panel.vault import Vault

COOKIE = "painel"
LIFETIME, IDLE = 12 * 3600, 3600
"""Seconds after which a session ends in any case, and without a request."""


class Session(NamedTuple):
    """Somebody who is in."""

    id: str
    role: str


class Login:
    """The door of the panel."""

    def __init__(self, passwords: Mapping[str, str], key: str, vault: Vault) -> None:
        """Keep a hash of each role's password; its sessions end when it or the key changes.

        Raises:
            ProblemError: A password is given as a malformed hash, or both are the same.
        """
        self._hasher, self._vault, self._throttle = PasswordHasher(), vault, Throttle()
        self._lock, self._began = Lock(), time.monotonic()
        self._used: dict[str, float] = {}
        self._hashes, self._signers = {}, {}
        for role, password in passwords.items():
            signing = hmac.digest(key.encode(), f"sessão {role} {password}".encode(), "sha256")
            self._signers[role] = TimestampSigner(
                signing, salt="painel", digest_method=hashlib.sha256
            )
            hashed = password.startswith("$argon2")
            self._hashes[role] = password if hashed else self._hasher.hash(password)
            self._check(role)
        own, reader = passwords[OWNER], passwords.get(READER)
        if reader and (own == reader or self._is(OWNER, reader) or self._is(READER, own)):
            raise ProblemError("PANEL_READER_PASSWORD deve ser outra que não PANEL_PASSWORD.")

    def enter(self, password: str, address: str) -> tuple[str, str] | None:
        """Give the role and the cookie of a new session, or None if the password is wrong."""
        role = self.verify(password, address)
        if role is None:
            return None
        session = f"{role}.{secrets.token_urlsafe(24)}"
        with self._lock:
            now = time.monotonic()
            self._used = {s: u for s, u in [*self._used.items()] if now - u < LIFETIME}
            self._used[session] = now
        return role, self._signers[role].sign(session).decode()

    def verify(self, password: str, address: str) -> str | None:
        """Give the role whose password this is, None if it is nobody's.

        Raises:
            SlowedError: The address guessed wrong too often, so that nothing was compared.
        """
        self._throttle.begin(address)
        with self._lock:  # one at a time, as each comparison takes much memory
            role = next((role for role in self._hashes if self._is(role, password)), None)
        if role:
            self._throttle.right(address)
        return role

    def session(self, cookie: str) -> Session | None:
        """Give the session of a cookie, unless it is forged, too old, unused for long or ended."""
        role = cookie.partition(".")[0]
        if role not in self._signers:
            return None
        try:
            found = self._signers[role].unsign(cookie, max_age=LIFETIME).decode()
        except (BadSignature, UnicodeDecodeError):
            return None
        if self._vault.session_ended(found):
            return None
        now = time.monotonic()
        if now - self._used.get(found, self._began) > IDLE:
            self.leave(found)
            return None
        self._used[found] = now
        return Session(found, role)

    def leave(self, session: str) -> None:
        """End a session, wherever its cookie was copied to."""
        self._used.pop(session, None)
        self._vault.end_session(session, LIFETIME)

    def _is(self, role: str, password: str) -> bool:
        try:
            return self._hasher.verify(self._hashes[role], password)
        except (VerificationError, InvalidHashError):
            return False

    def _check(self, role: str) -> None:
        name = "PANEL_PASSWORD" if role == OWNER else "PANEL_READER_PASSWORD"
        try:
            self._hasher.check_needs_rehash(self._hashes[role])
        except InvalidHashError:
            raise ProblemError(f"{name} não é um hash argon2 válido.") from None
