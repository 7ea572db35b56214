"""Personal data: kept, masked or dropped, by the marks ``x-personal`` of the schemas.

A mask is a keyed hash. The same value has the same mask in every table and every run, so that
tables still join; without the key nobody finds the value by trying all that are possible.
"""

from __future__ import annotations

import logging
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2b, shake_256
from operator import xor
from typing import TYPE_CHECKING, Any

from tap_sienge.row_schema import EXTRA, json_type
from tap_sienge.values import Record, taxpayer

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

Hide = Callable[[Any], Any]

IN_TEXT = re.compile(
    r"(?<![\d.])\d{3}\.\d{3}\.\d{3}-\d\d(?!\d)|\(\d\d\) ?\d{4,5}-\d{4}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
)
"""What is personal in any text: CPF, phone and e-mail address, in their usual forms."""

IN_MESSAGE = re.compile(IN_TEXT.pattern + r"|(?<!\d)\d{11}(?!\d)")
"""The same in a message of the API, which may quote a CPF of its request."""

NONCE = 16
"""Bytes in front of what earlier versions sealed, which made no two texts alike."""

FIRST = datetime(1900, 1, 1)
CENTURY = 36_524
"""Days from which the masks of dates are taken."""


class Privacy:
    """What becomes of personal data, as the settings want it."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        """Take the tap's settings."""
        self.mode: str = config.get("personal_data", "keep")
        secret = "" if self.mode == "keep" else config.get("personal_data_key", "")
        self.key = blake2b(secret.encode()).digest() if secret else b""
        """Key of every hash by which someone could try out what is hidden."""
        self.fingerprint = self.mode + (
            blake2b(self.key, digest_size=4).hexdigest() if secret else ""
        )
        """By which the state tells how what was read was hidden; does not tell the key."""

    def rows(
        self, columns: Mapping[str, Record], keys: Collection[str]
    ) -> Callable[[Record], Record] | None:
        """Compile the fields of columns: a function from rows to what may be told; None for all.

        What is part of the key is masked also where the rest is dropped: rows need it.
        """
        if self.mode == "keep":
            return None
        hide = {column: self._field(field) for column, field in columns.items()}
        hide[EXTRA] = self.unknown
        if self.mode == "drop":
            marked = {column for column, field in columns.items() if "x-personal" in field}
            hide |= dict.fromkeys(marked.difference(keys), lambda _: None)

        def hidden(row: Record) -> Record:
            return {
                column: None if value is None else hide[column](value)
                for column, value in row.items()
            }

        return hidden

    def seal(self, content: bytes) -> bytes:
        """Encrypt what the state must hold, among it the CPF of customers still to ask for."""
        if not self.key:
            return content
        return urlsafe_b64decode(self._cipher.encrypt(content))

    def unseal(self, sealed: bytes) -> bytes:
        """Give what was sealed, by this version or an earlier one; with another key, nonsense."""
        from cryptography.fernet import InvalidToken

        if not self.key:
            return sealed
        try:
            return self._cipher.decrypt(urlsafe_b64encode(sealed))
        except InvalidToken:
            return self._unseal_older(sealed)

    @cached_property
    def _cipher(self) -> Fernet:
        from cryptography.fernet import Fernet  # costs much to import, and few need it

        key = blake2b(self.key, digest_size=32, person=b"state").digest()
        return Fernet(urlsafe_b64encode(key))

    def _unseal_older(self, sealed: bytes) -> bytes:
        """Read what versions before 0.2 sealed, with a key stream that follows a nonce."""
        nonce, content = sealed[:NONCE], sealed[NONCE:]
        return bytes(map(xor, content, shake_256(self.key + nonce).digest(len(content))))

    def _field(self, field: Record, *, personal: bool = False) -> Hide:
        """Compile a field; its mark is also that of what is nested in it."""
        personal = personal or "x-personal" in field
        of_type = json_type(field)
        if of_type == "array":
            item = self._field(field["items"], personal=personal)
            return lambda value: (
                [item(element) for element in value]
                if isinstance(value, list)
                else self.unknown(value)
            )
        if of_type == "object":
            return self._object(field["properties"], personal=personal)
        return (lambda value: self.mask(value, of_type)) if personal else self._unmarked

    def _object(self, properties: Record, *, personal: bool) -> Hide:
        fields = {name: self._field(field, personal=personal) for name, field in properties.items()}
        marked = {name for name, field in properties.items() if "x-personal" in field}
        dropped = marked if self.mode == "drop" else set()

        def hidden(value: Any) -> Any:  # noqa: ANN401
            if not isinstance(value, dict):
                return self.unknown(value)
            return {
                name: fields.get(name, self.unknown)(item)
                for name, item in value.items()
                if name not in dropped
            }

        return hidden

    def mask(self, value: Any, of_type: str = "string") -> str | int | None:  # noqa: ANN401
        """Give what stands for a value in a column of a type; truth cannot be masked."""
        if value is None or of_type == "boolean":
            return None
        text = str(value).removesuffix(".0")  # 10 and 10.0 are one number
        found = blake2b(text.encode(), key=self.key, digest_size=8)
        number = int.from_bytes(found.digest()[:6], "big")
        if of_type in {"integer", "number"}:
            return number + 1
        if of_type == "date":
            return (FIRST + timedelta(number % CENTURY)).date().isoformat()
        if of_type == "date-time":
            return (FIRST + timedelta(seconds=number % (CENTURY * 86_400))).isoformat()
        return found.hexdigest()

    def unknown(self, value: Any) -> Any:  # noqa: ANN401
        """Hide the values in what no schema describes, or describes otherwise; keep the names."""
        if isinstance(value, dict):
            return {name: self.unknown(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.unknown(item) for item in value]
        if self.mode == "keep" or isinstance(value, bool):
            return value
        return self.mask(value) if self.mode == "mask" else None

    def _unmarked(self, value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, str):
            return IN_TEXT.sub(self._found, value)
        return self.unknown(value) if isinstance(value, (dict, list)) else value

    def _found(self, match: re.Match[str]) -> str:
        return str(self.mask(taxpayer(match[0]))) if self.mode == "mask" else "…"


def without_persons(message: str) -> str:
    """Blank out what a message of the API tells of a person."""
    return IN_MESSAGE.sub("…", message)


def keep_out_of_logs() -> None:
    """Log no parameters of requests, which may be the CPF of a customer."""
    logging.getLogger("urllib3").setLevel(logging.INFO)  # below it tells whole addresses
    logging.getLogger("singer_sdk.metrics").addFilter(_without_context)


def _without_context(record: logging.LogRecord) -> bool:
    for point in record.args if isinstance(record.args, tuple) else ():
        getattr(point, "tags", {}).pop("context", None)
    return True
