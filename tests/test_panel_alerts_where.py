"""Where the panel's alerts may go, what is asked for each kind, and what a refusal says."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from sienge_panel.sending import PRIVATE, public
from sienge_panel.targets import FORMS, FieldError, address

from testing.pipeline import running_line
from tests.panel import Browser, Panel, running_panel, running_receiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ALLOWED = "127.0.0.5"
SECRET = "segredoDoAviso9"
PRIVATE_HOSTS = (
    "127.0.0.1", "localhost", "[::1]", "2130706433", "0177.0.0.1", "0x7f000001", "127.1",
    "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "169.254.169.254", "10.0.0.1", "192.168.0.10",
    "172.16.0.1", "100.64.0.1", "[fe80::1]", "[fd00::1]", "0.0.0.1", "[::]",
)  # fmt: skip
MAIL = {
    "to": "ana@empresa.com.br, rui@empresa.com.br", "host": ALLOWED, "security": "insecure",
    "user": "", "password": SECRET, "sender": "sienge@empresa.com.br",
}  # fmt: skip


class Caught(HTTPServer):
    """A server that notes who asks for what, and may send them elsewhere."""

    to = ""

    def __init__(self) -> None:
        super().__init__((ALLOWED, 0), Redirect)
        self.asked: list[tuple[str, str | None]] = []


class Redirect(BaseHTTPRequestHandler):
    """Says where to go instead, if anywhere."""

    server: Caught

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers["Authorization"]))
        self.send_response(307 if self.server.to else 200)
        self.send_header("Location", self.server.to)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Letterbox(TCPServer):
    """Keeps the letters."""

    def __init__(self) -> None:
        super().__init__((ALLOWED, 0), Postman)
        self.letters: list[str] = []


class Postman(StreamRequestHandler):
    """Speaks as much SMTP as a letter needs."""

    server: Letterbox

    def handle(self) -> None:
        said, letter = "220 correio", False
        while said:
            self.wfile.write(f"{said}\r\n".encode())
            line = self.rfile.readline().decode()
            command = line[:4].upper()
            if command == "DATA":
                self.wfile.write(b"354 diga\r\n")
                letter = True
                lines = [*iter(self.rfile.readline, b".\r\n")]
                self.server.letters.append(b"".join(lines).decode())
            said = "" if not line or command == "QUIT" else "250 ok"
        assert letter or not self.server.letters


@pytest.fixture
def serve() -> Iterator[Callable[[TCPServer], None]]:
    with ExitStack() as stack:

        def started(server: TCPServer) -> None:
            thread = Thread(target=server.serve_forever)
            thread.start()
            stack.callback(server.server_close)
            stack.callback(thread.join)
            stack.callback(server.shutdown)

        yield started


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    folder = tmp_path_factory.mktemp("avisos")
    with running_line(folder) as line:
        (line.project / "transform").unlink()
        with running_panel(line, folder / "painel.log", PANEL_ALERTS_PRIVATE=ALLOWED) as started:
            yield started


@pytest.fixture(scope="module")
def browser(panel: Panel) -> Browser:
    return panel.browser()


@pytest.fixture
def adding(browser: Browser) -> Iterator[Callable[[str, dict[str, str]], Any]]:
    """Add addresses, and take them away in the end."""

    def added(kind: str, fields: dict[str, str]) -> Any:  # noqa: ANN401
        return browser.post("/api/alerts/targets", {"kind": kind, "fields": fields})

    yield added
    for target in browser.read("/api/alerts")["targets"]:
        assert browser.ask("DELETE", f"/api/alerts/targets/{target['id']}").ok


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("webhook", {"url": "http://HOST/caminho"}, "url"),
        ("other", {"url": "json://usuario:senha@HOST/"}, "url"),
        ("other", {"url": "mailto://u:s@empresa.com.br/?smtp=HOST"}, "url"),
        ("evolution", {"url": "http://HOST", "instance": "a", "key": "b", "phone": "5511999999999"},
         "url"),
        ("email", MAIL | {"host": "HOST"}, "host"),
    ],
    ids=["webhook", "json", "mailto", "evolution", "email"],
)  # fmt: skip
def test_no_form_leads_into_the_company_s_network(
    kind: str, fields: dict[str, str], field: str, host: str
) -> None:
    given = {name: value.replace("HOST", host) for name, value in fields.items()}
    with pytest.raises(FieldError) as refused:
        address(kind, given, [])
    assert refused.value.field == field


def test_every_other_address_is_reached() -> None:
    for host in ("8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"):
        assert public(host, [])
    assert public("10.1.2.3", ["10.1.0.0/16"])
    assert not public("10.2.2.3", ["10.1.0.0/16"])


@pytest.mark.parametrize(
    ("kind", "fields", "field", "said"),
    [
        ("email", MAIL | {"to": "ana"}, "to", "ana não é um endereço de e-mail"),
        ("email", MAIL | {"to": ""}, "to", "Falta preencher"),
        ("email", MAIL | {"port": "smtp"}, "port", "um número, como 587"),
        ("email", MAIL | {"sender": ""}, "sender", "de que endereço"),
        ("email", MAIL | {"security": "nenhuma"}, "security", "na lista"),
        ("teams", {"url": "https://exemplo.com/x"}, "url", "logic.azure.com"),
        ("slack", {"url": "hooks.slack.com/services/A"}, "url", "comece com https://"),
        ("slack", {"url": "https://hooks.slack.com.exemplo.com/x"}, "url", "hooks.slack.com"),
        ("telegram", {"token": "x", "chat": "1"}, "token", "BotFather"),
        ("whapi", {"token": "t", "phone": "(11) 9999"}, "phone", "só números"),
        ("webhook", {"url": "ftp://exemplo.com"}, "url", "comece com https://"),
        ("webhook", {"url": "http://127.0.0.1/"}, "url", "PANEL_ALERTS_PRIVATE"),
        ("other", {"url": "nada"}, "url", "não entende"),
        ("other", {"url": "syslog://"}, "url", "não entende"),
    ],
)
def test_what_is_refused_says_why_and_in_which_field(
    browser: Browser,
    adding: Callable[[str, dict[str, str]], Any],
    kind: str,
    fields: dict[str, str],
    field: str,
    said: str,
) -> None:
    answer = adding(kind, fields)
    assert (answer.status_code, answer.json()["field"]) == (409, field)
    assert said in answer.json()["detail"]
    assert browser.read("/api/alerts")["targets"] == []


def test_every_kind_has_a_form_that_apprise_understands(
    browser: Browser, adding: Callable[[str, dict[str, str]], Any]
) -> None:
    flow = "https://prod-1.brazilsouth.logic.azure.com:443/workflows/ab12/triggers/manual/paths/"
    flow += f"invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={SECRET}"
    phone = {"phone": "5511999999999"}
    filled = {
        "email": MAIL,
        "teams": {"url": flow},
        "slack": {"url": "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"},
        "telegram": {"token": f"123456789:{'a' * 35}", "chat": "-100123"},
        "evolution": {"url": f"https://{ALLOWED}", "instance": "obra", "key": SECRET, **phone},
        "whapi": {"token": SECRET, **phone},
        "whatsapp": {"token": SECRET, "source": "123456789012345", **phone},
        "webhook": {"url": f"https://{ALLOWED}/aviso", "token": SECRET},
        "other": {"url": f"json://u:{SECRET}@{ALLOWED}/"},
    }  # fmt: skip
    assert (
        filled.keys()
        == FORMS.keys()
        == {form["kind"] for form in browser.read("/api/alerts/forms")}
    )
    for number, (kind, fields) in enumerate(filled.items(), 1):
        answer = adding(kind, fields)
        assert answer.status_code == 201, (kind, answer.text)
        assert len(answer.json()["targets"]) == number
    told = browser.ask("GET", "/api/alerts").text
    assert "ana@empresa.com.br" in told
    for secret in (SECRET, "TIiajkdnlazkcOXrIdevi7FQ", "a" * 35):
        assert secret not in told
        assert secret not in browser.ask("GET", "/api/changes").text


def test_an_e_mail_arrives(
    browser: Browser,
    adding: Callable[[str, dict[str, str]], Any],
    serve: Callable[[TCPServer], None],
) -> None:
    box = Letterbox()
    serve(box)
    port = str(box.server_address[1])
    assert adding("email", MAIL | {"port": port, "password": ""}).status_code == 201
    answer = browser.post("/api/alerts/test").json()
    assert answer["outcome"] == "ok", answer
    letters = "\n".join(box.letters)
    assert "sienge@empresa.com.br" in letters
    assert "ana@empresa.com.br" in letters
    assert "rui@empresa.com.br" in letters


def test_a_webhook_is_called_as_it_was_written(
    browser: Browser,
    adding: Callable[[str, dict[str, str]], Any],
    serve: Callable[[TCPServer], None],
) -> None:
    server = Caught()
    serve(server)
    url = f"http://{ALLOWED}:{server.server_port}/aviso/aqui?chave=1%262"
    assert adding("webhook", {"url": url, "token": SECRET}).status_code == 201
    assert browser.post("/api/alerts/test").json()["outcome"] == "ok"
    assert server.asked == [("/aviso/aqui?chave=1%262", f"Bearer {SECRET}")]


def test_no_answer_leads_elsewhere(
    browser: Browser,
    adding: Callable[[str, dict[str, str]], Any],
    serve: Callable[[TCPServer], None],
) -> None:
    with running_receiver() as receiver:
        server = Caught()
        server.to = f"http://127.0.0.1:{receiver.server_port}/"
        serve(server)
        place = f"http://{ALLOWED}:{server.server_port}/"
        assert adding("webhook", {"url": place}).status_code == 201
        answer = browser.post("/api/alerts/test").json()
        assert answer["outcome"] == "failed"
        assert len(server.asked) == 1
        assert receiver.told == []


REBIND = """
import socket, sys
real, calls = socket.getaddrinfo, []
def rebinding(host, port, *rest, **more):
    if host == "mudou.exemplo.com":
        calls.append(host)
        host = "8.8.8.8" if len(calls) == 1 else "127.0.0.1"
    return real(host, port, *rest, **more)
socket.getaddrinfo = rebinding
from sienge_panel import sending
sys.exit(sending.main())
"""

FENCE = """
import socket, subprocess, sys
from sienge_panel.sending import Fence
fence = Fence([])
sys.addaudithook(fence)
def stopped(work):
    try:
        work()
    except PermissionError:
        return True
    except OSError:
        return False
    return False
udp, unix = socket.socket(type=socket.SOCK_DGRAM), socket.socket(socket.AF_UNIX)
assert stopped(lambda: open("/proc/self/environ"))
assert stopped(lambda: subprocess.run(["true"]))
assert stopped(lambda: udp.sendto(b"x", ("10.0.0.1", 514)))
assert stopped(lambda: unix.connect("/var/run/docker.sock"))
assert stopped(lambda: socket.socket().connect(("localhost", 5432)))
assert stopped(lambda: socket.create_connection(("::1", 5432)))
assert not stopped(lambda: udp.connect(("8.8.8.8", 53)))
import sienge_panel.quota
"""


def test_a_name_that_changes_its_meaning_leads_nowhere() -> None:
    with running_receiver() as receiver:
        url = f"json://mudou.exemplo.com:{receiver.server_port}/?retry=0"
        given = {"url": url, "title": "a", "body": "b", "allowed": []}
        done = subprocess.run(
            [sys.executable, "-c", REBIND], input=json.dumps(given), text=True, check=False
        )
        assert (done.returncode, receiver.told) == (PRIVATE, [])
        allowed = json.dumps(given | {"allowed": ["127.0.0.0/8"]})
        subprocess.run([sys.executable, "-c", REBIND], input=allowed, text=True, check=True)
        assert receiver.told == ["b"]


def test_the_process_that_sends_does_nothing_else() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FENCE], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
