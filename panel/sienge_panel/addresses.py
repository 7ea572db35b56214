"""The addresses that variables name: public ones, and networks."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sienge_panel.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable

HOME = ("localhost", "127.0.0.1", "::1")
"""Names of this machine, to which the panel answers besides those of PANEL_URL and PANEL_HOSTS."""


def origin(
    given: str,
    variable: str = "PANEL_URL",
    expected: str = "o endereço com que o navegador abre o painel",
) -> str:
    """Give a public address as a browser tells where a page is from: without a path or usual port.

    Raises:
        ProblemError: It is none, or a folder of another's.
    """
    try:
        parts = urlsplit(given)
        name, port = parts.hostname or "", parts.port
        usual = {"http": 80, "https": 443}[parts.scheme if name else ""]
    except (KeyError, ValueError):
        raise ProblemError(
            f"{variable}: esperado {expected}, como https://sienge.minhaconstrutora.com.br, mas "
            f"veio {given}."
        ) from None
    if parts.path.strip("/"):
        raise ProblemError(
            f"{variable}: o painel precisa de um nome só seu, e {given} é uma pasta de outro; crie "
            f"um nome como painel.{name} e aponte-o ao proxy."
        )
    place = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{place}" + (f":{port}" if port and port != usual else "")


def networks(name: str, whose: str) -> Callable[[list[str]], tuple[str, ...]]:
    """Make what gives the networks that a variable names, or says that one is none."""

    def found(given: list[str]) -> tuple[str, ...]:
        try:
            return tuple(str(ip_network(address, strict=False)) for address in given)
        except ValueError:
            raise ProblemError(
                f"{name}: esperado o endereço IP {whose}, ou a sua rede, como 172.16.0.0/12, mas "
                f"veio {', '.join(given)}."
            ) from None

    return found


def hooks_origin(given: str) -> str:
    """Give the public address of the receiver of events, to which a token travels.

    Raises:
        ProblemError: It is none, or anybody on the way could read the token.
    """
    found = urlsplit(origin(given, "PANEL_HOOKS_URL", "o endereço a que o Sienge avisa"))
    if found.scheme != "https" and found.hostname not in HOME:
        raise ProblemError(
            "PANEL_HOOKS_URL: o endereço precisa começar por https://, senão quem está no caminho "
            f"leria o token dos ganchos, mas veio {given}."
        )
    return found.geturl()


def each_origin(given: list[str]) -> tuple[str, ...]:
    """Give public addresses as a browser tells where a page is from.

    Raises:
        ProblemError: One is none.
    """
    return tuple(map(origin, given))
