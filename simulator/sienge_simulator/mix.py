"""Deterministic bits: everything the simulator invents is a function of (seed, resource, index)."""

from __future__ import annotations

from hashlib import blake2b

MASK = (1 << 64) - 1


def salt(text: str) -> int:
    """A fixed odd 64-bit number for a text, to keep the fields of one row apart."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") | 1


def mix(value: int) -> int:
    """Spread a counter over 64 bits (the finaliser of splitmix64)."""
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def _check_digit(digits: list[int], weights: range) -> int:
    rest = sum(d * (2 + w % 8) for d, w in zip(reversed(digits), weights, strict=False)) % 11
    return 0 if rest < 2 else 11 - rest


def cnpj(number: int) -> str:
    """A valid CNPJ, 14 digits, whose first eight come from `number`; head office (0001)."""
    digits = [int(c) for c in f"{number % 10**8:08d}0001"]
    for _ in range(2):
        digits.append(_check_digit(digits, range(12 + 2)))
    return "".join(map(str, digits))


def cpf(number: int) -> str:
    """A valid CPF, 11 digits, whose first nine come from `number`."""
    a = number % 10**9
    digits = f"{a:09d}"
    first = second = 0
    for place, char in enumerate(digits):
        digit = ord(char) - 48
        first += digit * (10 - place)
        second += digit * (11 - place)
    one = 11 - first % 11
    one = 0 if one > 9 else one
    two = 11 - (second + 2 * one) % 11
    two = 0 if two > 9 else two
    return f"{digits}{one}{two}"


def masked(document: str) -> str:
    """The document with its usual punctuation; anything of another length is left alone."""
    d = document
    if len(d) == 11:
        return f"{d[:3]}.{d[3:6]}.{d[6:9]}-{d[9:]}"
    if len(d) == 14:
        return f"{d[:2]}.{d[2:5]}.{d[5:8]}/{d[8:12]}-{d[12:]}"
    return d
