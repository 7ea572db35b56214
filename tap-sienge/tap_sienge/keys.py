"""What identifies a row: keys seen, and keys calculated where the API gives none."""

from __future__ import annotations

import json
from array import array
from collections import Counter, defaultdict
from functools import partial
from hashlib import blake2b
from typing import Any

KEY = "_key"
"""Column of the calculated key."""


class DistinctKeys:
    """Which different keys were seen, in eight bytes a key."""

    def __init__(self, dumped: bytes = b"") -> None:
        """Start with none, or with what ``dump`` gave."""
        self._buckets: defaultdict[int, array[int]] = defaultdict(partial(array, "q"))
        for number in array("q", dumped):
            self._buckets[number & 255].append(number)

    def add(self, key: tuple[Any, ...]) -> None:
        """See a key, perhaps again."""
        number = _number(key)
        self._buckets[number & 255].append(number)

    def clear(self) -> None:
        """Forget them all."""
        self._buckets.clear()

    def update(self, other: DistinctKeys) -> None:
        """See all keys that another saw."""
        for bucket, numbers in other._buckets.items():
            self._buckets[bucket].extend(numbers)

    def __contains__(self, key: tuple[Any, ...]) -> bool:
        number = _number(key)
        return number in self._buckets[number & 255]

    def __len__(self) -> int:
        return sum(len(set(bucket)) for bucket in self._buckets.values())

    def dump(self) -> bytes:
        """Give the keys as bytes that compress well."""
        return array(
            "q", sorted({n for bucket in self._buckets.values() for n in bucket})
        ).tobytes()


def _number(key: tuple[Any, ...]) -> int:
    """Give 64 bits for a key: the id itself, else a hash that is the same in every run."""
    if len(key) == 1 and type(key[0]) is int:
        return key[0]
    hashed = blake2b(repr(key).encode(), digest_size=8).digest()
    return int.from_bytes(hashed, "big", signed=True)


def digest(content: Any, key: bytes = b"") -> bytes:  # noqa: ANN401
    """Hash values as JSON gives them; the same in every run and on every machine."""
    encoded = json.dumps(content, sort_keys=True, default=str).encode()
    return blake2b(encoded, digest_size=12, key=key).digest()


class ContentKeys:
    """Keys made of content: equal rows are told apart by counting them, so that none is lost."""

    def __init__(self) -> None:
        """Start with no row met."""
        self._met: Counter[bytes] = Counter()

    def key(self, content: Any) -> bytes:  # noqa: ANN401
        """Give the key of the next row with this content."""
        found = digest(content)
        self._met[found] += 1
        again = self._met[found]
        return found if again == 1 else digest([found.hex(), again])

    def surrogate_key(self, content: Any) -> dict[str, int | str]:  # noqa: ANN401
        """Give a key for a row that came without, by type: numbers below all of Sienge's."""
        found = self.key(content)
        number = int.from_bytes(found[:8], "big") >> 1
        return {"integer": -number - 1, "string": f"sem-codigo-{found.hex()}"}
