"""The panel and the requirements of OWASP ASVS 4.0.3, level 1, that concern it.

A docstring begins with the number of its requirement. What other files show:

- 2.1.1, 2.1.7 weak passwords; 3.3.1 logout; 3.3.3 twelve hours; 4.1.1 no session; 4.2.2 Origin;
  5.1.5 Host and redirects; 14.4.3 and 14.4.7 the page's policy: test_panel.py
- 2.2.1 behind a proxy, 3.4.1 Secure, 9.1.1 HTTPS: test_panel_proxy.py
- 5.3.3 what Sienge sends is text: test_panel.py, test_panel_page.py
- 4.1.2, 4.1.3 roles, and 7.1.3 the log of who changed what: test_panel_roles.py
- 5.2.6, 12.6.1 where alerts go: test_panel_alerts_where.py
- 6.2.1, 8.3.4 secrets are encrypted and never told: test_panel.py, test_panel_alerts.py

Not applicable: 2.1.5 and 2.1.6 (the password is a setting), 2.5 and 2.7 (no recovery), 12 (nothing
is uploaded), 13.2.5 (JSON only), 14.2 (`make lint`).
"""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sienge_panel import passwords
from sienge_panel.interface import document
from sienge_panel.login import Login
from sienge_panel.problem import ProblemError
from sienge_panel.settings import OWNER, PASSWORDS, READER, Settings
from sienge_panel.throttle import FREE, MOST, SlowedError, Throttle
from sienge_panel.vault import Vault

from testing.pipeline import running_line
from tests.panel import PASSWORD, READING, Panel, running_panel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KB = 1024
HUGE = 60 * KB * KB
PROXY, ALLOWED = "127.0.0.9", "127.0.0.5"


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    folder = tmp_path_factory.mktemp("guarda")
    page = folder / "pagina"
    (page / "_next" / "static").mkdir(parents=True)
    (page / "index.html").write_text("<title>Painel</title>")
    for ending, content in {
        "": b"inteiro",
        ".br": b"br",
        ".gz": gzip.compress(b"gz", mtime=0),
    }.items():
        (page / "_next" / "static" / f"a.js{ending}").write_bytes(content)
    (page / "404.html").write_text("<title>Esta página não existe</title>")
    (folder / "segredo.txt").write_text("segredo")
    with running_line(folder) as line:
        (line.project / "transform").unlink()
        own = {"PANEL_WEB": str(page), "PANEL_PROXY": PROXY, "PANEL_ALERTS_PRIVATE": ALLOWED}
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


# Sessions


def test_every_entry_gives_a_new_session_and_ends_the_old_one(panel: Panel) -> None:
    """3.2.1, 3.2.2, 3.2.3, 3.4.2, 3.4.3, 3.4.5: long, new, and in a cookie that no script reads."""
    browser = panel.browser()
    first = browser.cookies["painel"]
    answer = browser.post("/api/login", {"password": PASSWORD})
    second = browser.cookies["painel"]
    assert first != second
    assert len(second.split(".")[1]) >= 32
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {*answer.headers["Set-Cookie"].split("; ")}
    for cookie, status in ((first, 401), (second, 200)):
        thief = panel.browser(login=False)
        thief.cookies.set("painel", cookie)
        assert thief.ask("GET", "/api/session").status_code == status


def test_a_session_ends_after_an_hour_without_a_request(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """3.3.2: also if the browser stays open."""
    found = Settings.read(panel.env)
    login = Login({OWNER: PASSWORD}, found.keys[0], Vault(found))
    _, cookie = login.enter(PASSWORD, "") or ("", "")
    now = time.monotonic()
    for minutes, inside in ((50, True), (100, True), (170, False), (171, False)):
        monkeypatch.setattr(time, "monotonic", lambda later=now + minutes * 60: later)
        assert (login.session(cookie) is not None) == inside, minutes


def test_a_session_is_in_the_cookie_only(panel: Panel) -> None:
    """3.1.1, 8.3.1, 13.1.3: no address holds a session or a secret."""
    cookie = panel.browser().cookies["painel"]
    stranger = panel.browser(login=False)
    assert stranger.ask("GET", f"/api/session?painel={cookie}").status_code == 401
    bearer = {"Authorization": f"Bearer {cookie}"}
    assert stranger.ask("GET", "/api/session", headers=bearer).status_code == 401
    methods = [told for path in document()["paths"].values() for told in path.values()]
    names = {given["name"] for told in methods for given in told.get("parameters", [])}
    assert not [name for name in names if "password" in name or "token" in name]


# Passwords


@pytest.mark.parametrize("role", [OWNER, READER])
def test_long_passwords_of_any_letters_are_taken_and_weak_ones_not(panel: Panel, role: str) -> None:
    """2.1.1, 2.1.2, 2.1.4, 2.1.7, 2.1.9, 2.4: 12 letters or more, of any kind, and not common."""
    env = {**panel.env, "PANEL_PASSWORD": PASSWORD, "PANEL_READER_PASSWORD": READING}
    name = PASSWORDS[role]
    for good in ("x" * 64 + "çãõ 日本 🏗️", "correto cavalo bateria grampo"):
        assert passwords.read({**env, name: good})[role] == good
    for weak in (
        "curta",
        "aaaaaaaaaaaaa",
        "qwertyuiop12",
        "1q2w3e4r5t6y",
        "minhasenha123",
        "abcdef123456",
    ):
        with pytest.raises(ProblemError, match=f"{name} é fraca"):
            passwords.read({**env, name: weak})


def test_guesses_are_slowed_in_little_memory() -> None:
    """2.2.1: each address apart, and a network of IPv6 as one; many at once are not faster."""
    throttle = Throttle()
    for number in range(FREE):
        throttle.begin(f"2001:db8::{number}")
    with pytest.raises(SlowedError):
        throttle.begin("2001:db8::ffff")
    throttle.begin("2001:db8:0:1::1")
    throttle.right("2001:db8::1")
    throttle.begin("2001:db8::ffff")
    for number in range(MOST + 500):
        throttle.begin(f"{number}" * 100)
    assert len(throttle._wrong) == MOST


# What it answers


def test_an_error_tells_nothing_of_the_inside(panel: Panel) -> None:
    """7.4.1, 14.3.2: a sentence, no traces."""
    browser = panel.browser()
    malformed = browser.ask("PUT", "/api/alerts", data="{", headers={"Content-Type": "text/plain"})
    assert (malformed.status_code, malformed.json()) == (422, {"detail": "Pedido malformado."})
    missing = browser.ask("GET", "/api/nada")
    assert (missing.status_code, missing.json()["detail"]) == (404, "Não há nada neste endereço.")
    page = browser.ask("GET", "/nada")
    assert (page.status_code, "Esta página não existe" in page.text) == (404, True)


@pytest.mark.parametrize(
    "path",
    [
        "/../segredo.txt",
        "/%2e%2e/segredo.txt",
        "/..%2fsegredo.txt",
        "/_next/..%5c..%5csegredo.txt",
        "//etc/passwd",
    ],
)
def test_no_path_leads_out_of_the_page(panel: Panel, path: str) -> None:
    """12.3.1, 5.3.9: whatever way a path is written."""
    status, said = sent(panel, [f"GET {path} HTTP/1.1"], [])
    assert status == 404
    assert "segredo" not in said


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_not_answered(panel: Panel, method: str) -> None:
    """13.2.1, 14.5.1, 14.5.3: nor is another page allowed to read."""
    answer = panel.browser().ask(method, "/api/session", headers={"Origin": panel.url})
    assert answer.status_code in {400, 405}
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_every_kind_of_answer_carries_the_headers_that_protect(panel: Panel) -> None:
    """8.2.1, 14.4.1, 14.4.3, 14.4.4, 14.4.6, 14.4.7: also pages, files, errors and refusals."""
    browser = panel.browser()
    huge = {"data": "x" * (64 * KB + 1)}
    answers = [browser.ask("GET", path) for path in ("/", "/api/session", "/nada", "/api/nada")]
    answers += [browser.ask("POST", "/api/login", **huge), browser.ask("GET", "/_next/static/a.js")]
    answers += [browser.ask("GET", "/", headers={"Host": "outro"})]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert (
            "charset=utf-8" in answer.headers["Content-Type"]
            or "json" in answer.headers["Content-Type"]
        )
    assert [answer.headers["Cache-Control"] for answer in answers[:3]] == [
        "no-cache",
        *["no-store"] * 2,
    ]


def test_a_browser_that_came_by_https_stays_there(panel: Panel) -> None:
    """9.1.1, 14.4.5: if the proxy says so, and only then."""
    said = []
    for source in (PROXY, "127.0.0.1"):
        host = panel.url.removeprefix("http://")
        connection = http.client.HTTPConnection(host, source_address=(source, 0))
        connection.request("GET", "/", headers={"X-Forwarded-Proto": "https"})
        said.append(connection.getresponse().headers["Strict-Transport-Security"])
        connection.close()
    assert said == ["max-age=31536000", None]


def test_files_are_sent_small_and_kept(panel: Panel) -> None:
    stranger = panel.browser(login=False)
    path = "/_next/static/a.js"
    for accepted, text in (
        ("gzip", gzip.compress(b"gz", mtime=0)),
        ("br, gzip", b"br"),
        ("identity", b"inteiro"),
    ):
        headers = {"Accept-Encoding": accepted}
        answer = stranger.get(panel.url + path, headers=headers, stream=True, timeout=60)
        assert answer.raw.read(decode_content=False) == text
        assert answer.headers.get("Content-Encoding", "identity") in accepted
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        known = {"Accept-Encoding": accepted, "If-None-Match": answer.headers["ETag"]}
        assert stranger.ask("GET", path, headers=known).status_code == 304
