"""Send one alert in a process of its own, which reaches only where alerts may go.

It reads ``{url, title, body, allowed}`` and ends with ``TAKEN``, ``PRIVATE`` or another status. The
check is made on each address at the moment it is called, so that a name may not change its meaning
in between, and whatever library calls it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import requests.sessions
from apprise import Apprise, NotifyBase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from ipaddress import IPv4Address

TAKEN, FAILED, PRIVATE = 0, 1, 3
PATIENCE = 60
"""Seconds that sending one alert may take."""

ENVIRONMENT = {
    "PATH", "LANG", "TZ", "SYSTEMROOT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
}  # fmt: skip
"""All that the process is told, by names in capitals."""

EMBEDDING = [ip_network("64:ff9b::/96"), ip_network("::/96")]
"""IPv6 networks in which an address of IPv4 is the last four bytes."""

CALLS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
NEVER = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "syslog.syslog"}


def send(url: str, title: str, body: str, allowed: Iterable[str]) -> int:
    """Send an alert from a new process; give how it went."""
    given = json.dumps({"url": url, "title": title, "body": body, "allowed": [*allowed]})
    env = {name: value for name, value in os.environ.items() if name.upper() in ENVIRONMENT}
    try:
        return subprocess.run(
            [sys.executable, "-I", "-m", "sienge_panel.sending"],
            input=given.encode(),
            env=env,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return FAILED


def public(address: str, allowed: Sequence[str]) -> bool:
    """Whether alerts may go to an address: all of the internet, and the networks that are named."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        last = ip_address(int(found) & 0xFFFFFFFF)
        embedded = last if any(found in network for network in EMBEDDING) else None
        found = found.ipv4_mapped or found.sixtofour or embedded or found
    if any(found in ip_network(network) for network in allowed):
        return True
    return found.is_global and not (found.is_multicast or getattr(found, "is_site_local", False))


def private(service: NotifyBase, allowed: Sequence[str]) -> str:
    """Give the host of a service that alerts may not reach, by all that its name means now."""
    templates: tuple[str, ...] = service.templates
    named = any("{host}" in template for template in templates)
    host = getattr(service, "smtp_host", "") or (service.host if named else "")
    try:
        found = socket.getaddrinfo(str(host).strip("[]"), None) if host else []
    except (OSError, UnicodeError):
        return ""  # with a proxy, names may mean nothing here
    return "" if all(public(str(place[0]), allowed) for *_, place in found) else str(host)


class Fence:
    """The audit hook that lets nothing out but to where alerts may go."""

    def __init__(self, allowed: Sequence[str]) -> None:
        """Also to the company's proxy, where there is one."""
        self.crossed = False
        self._allowed, self._proxies = allowed, set[tuple[Any, ...]]()
        self._folders = [Path(folder).resolve() for folder in (sys.prefix, sys.base_prefix)]
        self._folders += [Path(__file__).parent.resolve(), Path("/usr/share/zoneinfo")]
        for proxy in getproxies().values():
            place = urlsplit(proxy if "//" in proxy else f"//{proxy}")
            if place.hostname:
                found = socket.getaddrinfo(place.hostname, place.port or 80)
                self._proxies |= {tuple(address[:2]) for *_, address in found}

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Stop what may not be done."""
        if event in CALLS and not self._may_call(arguments[1]):
            self.crossed = True
            raise PermissionError("private")
        if event in NEVER or (event == "open" and not self._may_read(arguments[0])):
            raise PermissionError(event)

    def _may_call(self, address: object) -> bool:
        if address is None:  # where it is connected to already
            return True
        if not isinstance(address, tuple):
            return False
        try:
            return address[:2] in self._proxies or public(str(address[0]), self._allowed)
        except ValueError:  # a name: nobody knows yet what it means
            return False

    def _may_read(self, path: object) -> bool:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return True
        found = Path(os.fsdecode(path)).resolve()
        return any(folder in found.parents for folder in self._folders)


def main() -> int:
    """Send it."""
    given = json.load(sys.stdin)
    requests.sessions.DEFAULT_REDIRECT_LIMIT = 0
    service = Apprise.instantiate(given["url"])
    if not isinstance(service, NotifyBase):
        return FAILED
    if private(service, given["allowed"]):
        return PRIVATE
    fence = Fence(given["allowed"])
    sys.addaudithook(fence)
    sent = service.notify(title=given["title"], body=given["body"])
    return PRIVATE if fence.crossed else TAKEN if sent else FAILED


if __name__ == "__main__":
    sys.exit(main())
