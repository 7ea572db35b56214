"""From the bytes of an answer to its values, whatever they hold."""

from __future__ import annotations

import json
import re
from codecs import getincrementaldecoder
from math import isfinite
from typing import IO, TYPE_CHECKING, Any

import msgspec

from tap_sienge import error_body, errors
from tap_sienge.mending import may_need_mending, mended
from tap_sienge.values import BIGINT, DEEPEST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tap_sienge.values import Record, WarningCounter

BLOCK = 1 << 20

TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
BLANK = re.compile(r"\s*")
SEPARATOR = re.compile(r"[\s,]*")
HEAD = re.compile(r'\{\s*"[^"\\]*"\s*:')
"""How an object starts, its first field included."""

CUT, UNTERMINATED = 12, "Unterminated string"
"""Characters from the end in which an error may mean that more is to come; one that always may."""


def _real(text: str) -> float | str:
    """Keep as text a number beyond the type, which would become infinite: ``1e400``."""
    value = float(text)
    return value if isfinite(value) else text


def _whole(text: str) -> int | str:
    """Keep as text a number beyond 64 bits, which targets round or refuse."""
    if len(text) < len(str(BIGINT)):
        return int(text)
    return int(text) if len(text) < 21 and -BIGINT <= int(text) < BIGINT else text


DECODER = json.JSONDecoder(parse_float=_real, parse_int=_whole, parse_constant=str, strict=False)


def text_of(content: bytes) -> str:
    """Read UTF-8; other bytes become halves of surrogate pairs, which ``mended`` replaces."""
    return content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")


def decoded(content: bytes) -> tuple[Any, bool]:
    """Give the value of a JSON text, and whether there may be something to mend in it.

    Raises:
        ValueError: It is none.
    """
    try:
        if rb"\u0000" not in content:
            return msgspec.json.decode(content), False
    except (ValueError, RecursionError):
        pass  # it may hold what JSON forbids and Sienge sends
    text = text_of(content)
    return parse(text), may_need_mending(text)


def parse(text: str) -> Any:  # noqa: ANN401
    """Give the value of a JSON text.

    Raises:
        ValueError: It is none.
    """
    try:
        return DECODER.decode(text)
    except RecursionError:
        return DECODER.decode(_shallow(text)[0])


def _shallow(text: str, start: int = 0) -> tuple[str, int]:
    """Make texts of what is nested too deeply for Python; tell where the value ends."""
    depth, done, parts = 0, start, []
    for token in TOKEN.finditer(text, start):
        if token[0] in "[{":
            depth += 1
            if depth == DEEPEST:
                parts.append(text[done : token.start()])
                done = token.start()
        elif token[0] in "]}":
            if depth == DEEPEST:
                parts.append(json.dumps(text[done : token.end()]))
                done = token.end()
            depth -= 1
            if depth == 0:
                return "".join([*parts, text[done : token.end()]]), token.end()
    raise json.JSONDecodeError(UNTERMINATED, text, start)


class _Text:
    """The text of a file, of which only a part is in memory."""

    def __init__(self, body: IO[bytes]) -> None:
        body.seek(0)
        self._body = body
        self._decoder = getincrementaldecoder("utf-8")("surrogateescape")
        self.part, self.at = "", 0
        self._bare = False
        self._careful = 0
        """Until where elements are read one by one."""
        self.may_need_mending = False
        """Whether there may be something to mend."""
        self.grow()
        self.part = self.part.removeprefix("\ufeff")

    def grow(self) -> bool:
        """Forget what lies before ``at`` and read on, if there is more."""
        block = self._body.read(max(BLOCK, len(self.part) - self.at))
        self.part = self.part[self.at :] + self._decoder.decode(block, final=not block)
        self._careful -= self.at
        self.at = 0
        self.may_need_mending = self.may_need_mending or may_need_mending(self.part)
        return bool(block)

    def until(self, names: Collection[str]) -> tuple[Record, bool]:
        """Go into the list of one of these names; give the fields in front, and if it is there.

        Only a field of the answer itself counts, not of an object inside of it. A bare array is
        the list.

        Raises:
            ValueError: The answer is neither an object nor an array.
        """
        fields: Record = {}
        if self._next("["):
            self._bare = True
            return fields, True
        if not self._next("{"):
            raise ValueError(self.part[:CUT])
        while not self._next("}"):
            name = self._name()
            if name in names and self._next("["):
                return fields, True
            fields[name] = self.element()
            self._next(",")
        return fields, False

    def rest(self) -> Record:
        """Give the fields behind the list, to the end of the answer.

        Raises:
            ValueError: They break off, are no JSON, or are followed by anything.
        """
        fields: Record = {}
        closed = self._next("]")
        while not self._bare and self._next(","):
            name = self._name()
            fields[name] = self.element()
        if not (closed and (self._bare or self._next("}"))):
            raise ValueError(UNTERMINATED)
        self.end()
        return fields

    def end(self) -> None:
        """Raise ValueError if anything follows: an error does, on what was written before it."""
        if self._skip(BLANK):
            raise ValueError(self.part[self.at : self.at + CUT])

    def _name(self) -> str:
        """Give the name of the field that comes next, and go to its value."""
        self._skip(BLANK)
        name = self.element()
        if not self._next(":"):
            raise ValueError(UNTERMINATED)
        self._skip(BLANK)
        return str(name)

    def _next(self, mark: str) -> bool:
        """Go behind a mark if it comes next."""
        found = self._skip(BLANK) == mark
        self.at += found
        return found

    def next_element(self) -> bool:
        """Go on to the next element of the list; tell whether there is one."""
        return self._skip(SEPARATOR) != "]"

    def _skip(self, pattern: re.Pattern[str]) -> str:
        """Go behind what matches; give the character that comes then, empty at the end."""
        while True:
            self.at = pattern.match(self.part, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.part) or not self.grow():
                return self.part[self.at : self.at + 1]

    def clean(self) -> list[Any]:
        """Give the elements from here on that are whole, up to the last that starts like this one.

        None of them if they may hold what JSON forbids and Sienge sends: ``element`` reads that.
        """
        head = HEAD.match(self.part, self.at)
        if self.may_need_mending or self.at < self._careful or head is None:
            return []
        end = self.part.rfind(head[0], self.at)
        text = self.part[self.at : end].rstrip()
        try:  # a head inside of an element leaves brackets open
            found: list[Any] = msgspec.json.decode(f"[{text.removesuffix(',')}]")
        except (ValueError, RecursionError):
            self._careful = end
            return []
        self.at = end
        return found

    def element(self) -> Any:  # noqa: ANN401
        """Give the element that starts here.

        Raises:
            ValueError: It breaks off, or is no JSON.
        """
        while True:
            try:
                value, end = self._decode()
                if end < len(self.part):  # else a number may go on
                    self.at = end
                    return value
            except json.JSONDecodeError as error:
                if error.pos < len(self.part) - CUT and not error.msg.startswith(UNTERMINATED):
                    raise
            if not self.grow():
                raise ValueError(UNTERMINATED)

    def _decode(self) -> tuple[Any, int]:
        try:
            return DECODER.raw_decode(self.part, self.at)
        except RecursionError:
            text, end = _shallow(self.part, self.at)
            return DECODER.decode(text), end


def elements(body: IO[bytes], warnings: WarningCounter, names: Collection[str]) -> Iterator[Any]:
    """Read a file's documented list, one element after the other, to the end of the answer.

    Raises:
        errors.MalformedError: It is not JSON, breaks off, has no such list, or tells an error.
    """
    text = _Text(body)
    try:
        fields, found = text.until(names)
        error_body.refuse(fields, empty=not found)
        if not found:
            text.end()
            if any(fields.get(name, "") is None for name in names):
                return  # an empty list, told as null
            raise errors.MalformedError(errors.UNDOCUMENTED)
        empty = True
        while text.next_element():
            empty = False
            yield from text.clean()
            element = text.element()
            yield mended(element, warnings) if text.may_need_mending else element
        rest = text.rest()
        fields |= rest
        error_body.refuse(fields, empty=empty)
        if rest.keys() & {*names} or error_body.tells_error_beside_rows(fields):
            raise errors.MalformedError(error_body.words(fields) or errors.UNDOCUMENTED)
    except ValueError as error:
        raise errors.MalformedError("a resposta não é JSON") from error
