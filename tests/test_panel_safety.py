"""The panel and the requirements of OWASP ASVS 4.0.3, level 1, that concern it.

A docstring begins with the number of its requirement. What other files show:

- 2.1.1, 2.1.7 weak passwords; 3.3.1 logout; 3.3.3 twelve hours; 4.1.1 no session; 4.2.2 Origin;
  5.1.5 Host and redirects; 14.4.3 and 14.4.7 the page's policy: test_panel.py
- 2.2.1 behind a proxy, 3.4.1 Secure, 9.1.1 HTTPS: test_panel_proxy.py
- 5.3.3 what Sienge sends is text: test_panel.py, test_panel_page.py
- 4.1.2, 4.1.3 roles, and 7.1.3 the log of who changed what: test_panel_roles.py
- 5.2.6 where alerts go: test_panel_alerts_where.py
- 6.2.1, 8.3.4 secrets are encrypted and never told: test_panel.py, test_panel_alerts.py

Not applicable: 2.1.5 and 2.1.6 (the password is a setting), 2.5 and 2.7 (no recovery), 12 (nothing
is uploaded), 13.2.5 (JSON only), 14.2 (`make lint`).
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from testing.pipeline import running_line
from tests.panel import Panel, running_panel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KB = 1024
HUGE = 60 * KB * KB


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    folder = tmp_path_factory.mktemp("guarda")
    page = folder / "pagina"
    (page / "_next" / "static").mkdir(parents=True)
    (page / "index.html").write_text("<title>Painel</title>")
    (page / "404.html").write_text("<title>Esta página não existe</title>")
    (folder / "segredo.txt").write_text("segredo")
    with running_line(folder) as line:
        (line.project / "transform").unlink()
        own = {"PANEL_WEB": str(page), "PANEL_PROXY": "127.0.0.9"}
        with running_panel(line, folder / "painel.log", **own) as started:
            yield started


def connected(panel: Panel, source: str = "127.0.0.1") -> socket.socket:
    host, port = panel.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=60, source_address=(source, 0))


def sent(panel: Panel, head: Iterable[str], parts: Iterable[bytes]) -> tuple[int, str]:
    """Send a request as it is, as far as the panel takes it; give the answer's status and text."""
    with connected(panel) as connection:
        host = panel.url.removeprefix("http://")
        lines = [*head, f"Host: {host}", f"Origin: {panel.url}", "", ""]
        connection.sendall("\r\n".join(lines).encode())
        with suppress(ConnectionError):
            for part in parts:
                connection.sendall(part)
        found = http.client.HTTPResponse(connection)
        found.begin()
        return found.status, found.read().decode()


def memory(panel: Panel) -> int:
    """Give the most memory that the panel has ever had, in bytes."""
    status = Path(f"/proc/{panel.process.pid}/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * KB


def chunked(size: int) -> Iterator[bytes]:
    for _ in range(size // (64 * KB)):
        yield b"10000\r\n" + b"x" * 64 * KB + b"\r\n"
    yield b"0\r\n\r\n"


# Bounds


@pytest.mark.parametrize("path", ["/api/login", "/api/credentials", "/docs", "/nada", "/healthz"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_a_large_body_is_refused_before_it_comes(panel: Panel, method: str, path: str) -> None:
    """12.1.1: large bodies do not fill the memory; here none was even begun."""
    status, said = sent(panel, [f"{method} {path} HTTP/1.1", f"Content-Length: {64 * KB + 1}"], [])
    assert status == 413
    assert json.loads(said) == {"detail": "Pedido grande demais: o painel aceita até 64 KB."}


def test_bodies_that_lie_about_their_length_take_no_memory(panel: Panel) -> None:
    """12.1.1: nor do those of unknown or false length, also many at once."""
    panel.browser()
    before = memory(panel)
    said: list[int] = []

    def send(*head: str) -> None:
        said.append(sent(panel, ["POST /api/login HTTP/1.1", *head], chunked(HUGE))[0])

    chunks = "Transfer-Encoding: chunked"
    kinds = [(chunks,), (chunks,), (chunks, "Content-Length: 10"), (f"Content-Length: {HUGE}",)]
    threads = [threading.Thread(target=send, args=kind) for kind in kinds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [413] * 4
    assert memory(panel) - before < 20 * KB * KB
    panel.browser()


def test_a_body_of_64_kb_is_read(panel: Panel) -> None:
    body = json.dumps({"password": "x" * (64 * KB - 16)}).ljust(64 * KB)
    browser = panel.browser(login=False)
    headers = {"Content-Type": "application/json"}
    assert browser.ask("POST", "/api/login", data=body, headers=headers).status_code == 422
    assert browser.ask("POST", "/api/login", data=f"{body} ", headers=headers).status_code == 413


def test_slow_clients_are_cut_off(panel: Panel) -> None:
    """11.1.4: a few slow clients do not take the panel from the others."""
    host = panel.url.removeprefix("http://")
    heads = [
        "",
        "POST /api/login HTTP/1.1\r\nHost: x",
        f"POST /api/login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\n",
        f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\nGET /",
    ]
    connections = [connected(panel) for _ in heads]
    for connection, head in zip(connections, heads, strict=True):
        connection.sendall(head.encode())
    cut: list[bytes] = []

    def drip(connection: socket.socket) -> None:
        connection.settimeout(0.5)
        found = b""
        while True:
            try:
                connection.send(b"a")
                part = connection.recv(KB)
            except TimeoutError:
                continue
            except OSError:
                part = b""
            found += part
            if not part:
                cut.append(found)
                return

    threads = [threading.Thread(target=drip, args=(found,), daemon=True) for found in connections]
    for thread in threads:
        thread.start()
    panel.browser()
    for thread in threads:
        thread.join(60)
    assert len(cut) == len(heads)
    assert any(b"HTTP/1.1 408" in text for text in cut)
