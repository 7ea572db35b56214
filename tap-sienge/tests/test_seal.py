"""What the state holds of people is sealed; what earlier versions sealed stays readable."""

from __future__ import annotations

import zlib
from base64 import b64decode

import pytest
from tap_sienge.privacy import Privacy
from tap_sienge.state import pack, unpack

CONTEXTS = [{"cpf": "12345678909"}, {"cpf": "98765432100"}]
KEY = "segredo de dezesseis"
BY_C0AF6F6 = (
    "OFVkjIi+r7zcfXnfMFBBQGphGOsk01Qdis8gaufWnemDOk89ewC9s31sgBmFuCY92ipWCvJYKjOaoWhfvbxjmZk="
)


def masked(key: str = KEY) -> Privacy:
    return Privacy({"personal_data": "mask", "personal_data_key": key})


def test_sealed_contexts_come_back_with_the_same_key_only() -> None:
    packed = pack(CONTEXTS, masked())
    assert packed != pack(CONTEXTS, masked())
    assert unpack(packed, masked()) == CONTEXTS
    with pytest.raises((ValueError, zlib.error)):
        unpack(packed, masked("outro segredo, outros"))
    with pytest.raises(zlib.error):
        zlib.decompress(b64decode(packed))


def test_what_an_earlier_version_sealed_is_read() -> None:
    assert unpack(BY_C0AF6F6, masked()) == CONTEXTS
    with pytest.raises((ValueError, zlib.error)):
        unpack(BY_C0AF6F6, masked("outro segredo, outros"))


def test_without_a_key_nothing_is_sealed() -> None:
    keep = Privacy({})
    assert keep.unseal(keep.seal(b"abc")) == b"abc"
