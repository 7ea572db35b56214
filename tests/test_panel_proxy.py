"""The panel behind the proxies that docs/exemplos shows, and behind one that was set up badly."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import pytest
import requests
from cryptography.fernet import Fernet

from demo.postgres import free_port
from testing.pipeline import ROOT, Line, running_line
from tests.network import HERE, Authority
from tests.panel import COMMAND, PASSWORD, Browser, Panel, panel_env, running_panel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = Fernet.generate_key().decode()
EXAMPLES = ROOT / "docs" / "exemplos"
NAME = "sienge.minhaconstrutora.com.br"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
CADDY = shutil.which("caddy")
HOST = "        proxy_set_header Host $http_host;\n"

needs_nginx = pytest.mark.skipif(not NGINX, reason="falta o nginx (make proxies)")
needs_caddy = pytest.mark.skipif(not CADDY, reason="falta o Caddy (make proxies)")


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("linha")
    with running_line(folder, "--rows", "patrimony_movable=450") as started:
        (started.project / "transform").unlink()
        yield started


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    found = Authority(tmp_path_factory.mktemp("empresa"), "empresa")
    found.server(HERE)
    return found


@contextmanager
def running(command: list[str], url: str, authority: Path, log: Path) -> Iterator[None]:
    """Start a proxy and wait until it answers."""
    with (
        log.open("ab") as output,
        subprocess.Popen(
            command, stdout=output, stderr=output, env={"HOME": str(log.parent)}
        ) as it,
    ):
        try:
            for _ in range(600):
                assert it.poll() is None, log.read_text()
                try:
                    requests.get(url, verify=str(authority), timeout=5)
                except requests.ConnectionError:
                    time.sleep(0.1)
                else:
                    break
            yield
        finally:
            it.terminate()


Proxied = tuple[Panel, Browser]
Start = Callable[[str, dict[str, str]], AbstractContextManager[Proxied]]


@pytest.fixture
def nginx(line: Line, company: Authority, tmp_path: Path) -> Start:
    """Start nginx with the text of an example, and the panel behind it."""

    @contextmanager
    def started(example: str, own: dict[str, str]) -> Iterator[Proxied]:
        port = free_port()
        own = {name: value.replace("PORT", str(port)) for name, value in own.items()}
        own["PANEL_KEY"] = KEY  # what one panel keeps the next one reads
        with running_panel(line, tmp_path / "painel.log", **own) as panel:
            site = tmp_path / "sienge.conf"
            text = adapted(example, panel, company)
            site.write_text(text.replace("listen 443 ", f"listen {HERE}:{port} "))
            main = tmp_path / "nginx.conf"
            paths = " ".join(
                f"{kind}_temp_path {tmp_path}/{kind};"
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            main.write_text(
                f"daemon off; pid {tmp_path}/pid; error_log stderr; events {{}}\n"
                f"http {{ access_log off; {paths} include {site}; }}\n"
            )
            command = [str(NGINX), "-e", "stderr", "-c", str(main), "-p", str(tmp_path)]
            url = f"https://{HERE}:{port}"
            with running(command, url, company.path, tmp_path / "nginx.log"):
                yield panel, visitor(url, company)

    return started


def adapted(example: str, panel: Panel, company: Authority) -> str:
    """Give an example with this machine's addresses and files."""
    server = company.folder / f"{company.name}-{HERE}.server.pem"
    for shown, real in {
        NAME: HERE,
        "127.0.0.1:3000": panel.url.removeprefix("http://"),
        "/etc/ssl/empresa.crt": str(server),
        "/etc/ssl/empresa.key": str(server),
    }.items():
        assert shown in example
        example = example.replace(shown, real)
    return example


def visitor(url: str, company: Authority) -> Browser:
    browser = Browser(url)
    browser.verify = str(company.path)
    browser.headers["Sec-Fetch-Site"] = "same-origin"
    return browser


def assert_works(panel: Panel, browser: Browser) -> None:
    """Come in, run, watch the run while it goes on, and leave."""
    answer = browser.post("/api/login", {"password": PASSWORD})
    assert answer.status_code == 204, answer.text
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")
    config = panel.line.simulator.config
    given = {name: config[name] for name in ("subdomain", "username", "password")}
    assert browser.ask("PUT", "/api/credentials", json=given).ok
    run = browser.post("/api/sync", {"tables": ["patrimony_movable"]}).json()["run"]
    events = f"{browser.url}/api/runs/{run}/events"
    with browser.get(events, stream=True, timeout=300) as answer:
        lines = answer.iter_lines(chunk_size=1)
        assert next(lines) == b"event: begun"
        assert next(lines).startswith(b"data: ")
        assert browser.read("/api/status")["running"] == run, "it came only when the run had ended"
        *_, last = [line for line in lines if line.startswith(b"event")]
    assert last == b"event: end"
    assert browser.post("/api/logout").status_code == 204


@needs_nginx
def test_the_nginx_of_the_example_with_the_settings_of_the_docs(
    nginx: Start,
) -> None:
    own = {"PANEL_URL": f"https://{HERE}:PORT", "PANEL_PROXY": "127.0.0.1"}
    with nginx((EXAMPLES / "nginx.conf").read_text(), own) as (panel, browser):
        assert_works(panel, browser)


@needs_nginx
def test_nginx_with_its_own_host_works_if_the_panel_knows_its_address(
    nginx: Start,
) -> None:
    example = (EXAMPLES / "nginx.conf").read_text().replace(HOST, "")
    bare = example.replace("        proxy_buffering off;\n", "")
    with nginx(bare, {"PANEL_URL": f"https://{HERE}:PORT"}) as (panel, browser):
        assert HOST not in bare
        assert_works(panel, browser)
        elsewhere = {"Origin": "https://outro.exemplo"}
        assert (
            browser.post("/api/login", {"password": PASSWORD}, headers=elsewhere).status_code == 403
        )
        assert "Aviso: PANEL_URL sem PANEL_PROXY" in panel.log.read_text()


@needs_nginx
def test_nginx_with_its_own_host_is_told_what_to_set(
    nginx: Start,
) -> None:
    with nginx((EXAMPLES / "nginx.conf").read_text().replace(HOST, ""), {}) as (_, browser):
        assert browser.ask("GET", "/healthz").ok
        answer = browser.post("/api/login", {"password": PASSWORD})
        assert answer.status_code == 403
        said = answer.json()["detail"]
        assert f"ponha PANEL_URL={browser.url} no .env" in said
        assert "proxy_set_header Host $http_host;" in said


@needs_nginx
def test_a_foreign_name_of_the_proxy_is_told_what_to_set(
    nginx: Start,
) -> None:
    renamed = f"{HOST}".replace("$http_host", "painel.interno")
    example = (EXAMPLES / "nginx.conf").read_text().replace(HOST, renamed)
    with nginx(example, {}) as (_, browser):
        answer = browser.ask("GET", "/")
        assert answer.status_code == 400
        assert "não conhece o nome painel.interno; ponha em PANEL_URL" in answer.json()["detail"]


@needs_nginx
def test_the_guesses_of_one_do_not_make_the_others_wait(
    nginx: Start,
) -> None:
    own = {"PANEL_URL": f"https://{HERE}:PORT", "PANEL_PROXY": "127.0.0.1"}
    example = (EXAMPLES / "nginx.conf").read_text()
    sender = "proxy_set_header X-Forwarded-For $http_x_test;"  # there is one address here only
    shown = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"
    assert shown in example
    with nginx(example.replace(shown, sender), own) as (_, browser):

        def guess(password: str, address: str) -> int:
            headers = {"X-Test": address}
            answer = browser.post("/api/login", {"password": password}, headers=headers)
            return int(answer.status_code)

        assert 429 in [guess("errada", "10.0.0.1") for _ in range(12)]
        assert guess(PASSWORD, "10.0.0.2") == 204


@needs_caddy
def test_the_caddy_of_the_example_with_the_settings_of_the_docs(
    line: Line, company: Authority, tmp_path: Path
) -> None:
    port = free_port()
    url = f"https://{HERE}:{port}"
    own = {"PANEL_URL": url, "PANEL_PROXY": "127.0.0.1", "PANEL_KEY": KEY}
    with running_panel(line, tmp_path / "painel.log", **own) as panel:
        file = tmp_path / "Caddyfile"
        example = (
            (EXAMPLES / "Caddyfile")
            .read_text()
            .replace(f"\n{NAME} {{", f"\nhttps://{NAME}:{port} {{")
        )
        options = "{\n\tadmin off\n\tauto_https disable_redirects\n}\n"
        file.write_text(options + adapted(example, panel, company))
        command = [str(CADDY), "run", "--adapter", "caddyfile", "--config", str(file)]
        with running(command, url, company.path, tmp_path / "caddy.log"):
            assert_works(panel, visitor(url, company))


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"PANEL_URL": "sienge.exemplo.com.br"}, "PANEL_URL: esperado o endereço com que o"),
        ({"PANEL_URL": "https://x:y"}, "PANEL_URL: esperado o endereço com que o"),
        (
            {"PANEL_URL": "https://exemplo.com.br/sienge/"},
            "crie um nome como painel.exemplo.com.br",
        ),
        ({"PANEL_PROXY": "*"}, "PANEL_PROXY: esperado o endereço IP do proxy"),
        ({"PANEL_PROXY": "nginx"}, "PANEL_PROXY: esperado o endereço IP do proxy"),
    ],
    ids=str,
)
def test_a_bad_address_is_refused_at_the_start(
    line: Line, own: dict[str, str], expected: str
) -> None:
    done = subprocess.run(
        [*COMMAND, "serve"],
        cwd=line.project,
        env=panel_env(line, **own),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert expected in done.stderr
    assert len(done.stderr.splitlines()) == 1
