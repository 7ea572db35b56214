"""The streams, one or more modules per business domain."""

from __future__ import annotations

from inspect import isclass
from typing import TYPE_CHECKING

from tap_sienge.children import SiengeChildStream
from tap_sienge.stream import SiengeStream
from tap_sienge.streams import (
    bulk,
    cadastros,
    comercial,
    contabil,
    contratos,
    engenharia,
    estoque,
    financeiro,
    fiscal,
    patrimonio,
    recebiveis,
    suprimentos,
)

if TYPE_CHECKING:
    from types import ModuleType

DOMAINS: dict[str, tuple[ModuleType, ...]] = {
    "cadastros": (cadastros,),
    "financeiro": (financeiro, recebiveis, fiscal),
    "comercial": (comercial,),
    "suprimentos": (suprimentos, estoque, contratos),
    "engenharia": (engenharia,),
    "contabil": (contabil,),
    "patrimonio": (patrimonio,),
    "bulk": (bulk,),
}
"""Modules by domain, each a preset of ``meltano.yml``."""


def declared(module: ModuleType) -> list[type[SiengeStream]]:
    """Give the stream classes of a module, in the order in which it declares them."""
    return [
        stream
        for stream in vars(module).values()
        if isclass(stream)
        and issubclass(stream, SiengeStream)
        and stream.__module__ == module.__name__
        and "name" in vars(stream)
    ]


STREAMS: list[type[SiengeStream]] = [
    stream for modules in DOMAINS.values() for module in modules for stream in declared(module)
]
"""Every stream class of every domain."""


def presets() -> dict[str, list[str]]:
    """Names of the streams of each preset of ``meltano.yml``.

    A domain is all of it but what costs much, asked for one by one; ``padrao`` is what is selected
    by default, ``tudo`` everything.
    """
    by_domain = {
        domain: [stream for module in modules for stream in declared(module)]
        for domain, modules in DOMAINS.items()
    }
    chosen = {
        "padrao": [stream for stream in STREAMS if stream.selected_by_default],
        **{
            domain: [
                stream
                for stream in streams
                if stream.selected_by_default or not issubclass(stream, SiengeChildStream)
            ]
            for domain, streams in by_domain.items()
        },
        "tudo": STREAMS,
    }
    return {name: [stream.name for stream in streams] for name, streams in chosen.items()}
