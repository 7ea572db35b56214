"""The streams, one module per business domain."""

from __future__ import annotations

from inspect import getmembers, isclass

from tap_sienge.client import SiengeStream
from tap_sienge.streams import cadastros, comercial, contabil, financeiro

DOMAINS = (cadastros, comercial, contabil, financeiro)

STREAMS: list[type[SiengeStream]] = [
    stream
    for domain in DOMAINS
    for _, stream in getmembers(domain, isclass)
    if issubclass(stream, SiengeStream) and stream is not SiengeStream
]
"""Every stream class of every domain."""
