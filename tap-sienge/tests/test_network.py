"""The tap in a company's network: certificates of its own, and a proxy to the internet."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from sienge_simulator.testing import UNLIMITED

from testing.simulator import Simulator, running_simulator
from tests.network import HERE, Authority, Relay, running

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from pathlib import Path

VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
READ = {"streams": ["companies", "bulk_income"]}
UNKNOWN = (
    "o certificado não é de uma autoridade conhecida; se a rede da empresa inspeciona o HTTPS, "
    "indique em ca_bundle (ou REQUESTS_CA_BUNDLE) o arquivo PEM com os certificados dela."
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("empresa"), "empresa")


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running_simulator(*UNLIMITED, "--rows=sales_contracts=10") as started:
        yield started


@pytest.fixture
def behind(simulator: Simulator) -> Iterator[Callable[[ssl.SSLContext], dict[str, Any]]]:
    """Put the simulator behind TLS; give the settings that read it there."""
    with ExitStack() as stack:

        def started(server: ssl.SSLContext) -> dict[str, Any]:
            target = simulator.root.removeprefix("http://")
            relay = stack.enter_context(running(Relay(target, server)))
            address = simulator.config["api_url"].replace(
                simulator.root, f"https://{HERE}:{relay.port}"
            )
            wanted = {"api_url": address, "start_date": "2026-01-01", "max_retries": 0}
            return simulator.config | wanted

        yield started


def environment(**changes: object) -> dict[str, str]:
    """Give an environment without what the machine itself says of certificates and proxies."""
    own = {*VARIABLES, "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"}
    env = {name: value for name, value in os.environ.items() if name.upper() not in own}
    return env | {name: str(value) for name, value in changes.items()}


def hashed(authority: Authority, folder: Path) -> Path:
    """Give a folder as OpenSSL wants it."""
    command = ["openssl", "x509", "-hash", "-noout", "-in", str(authority.path)]
    name = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    (folder / f"{name}.0").write_bytes(authority.pem)
    return folder


def assert_reads(run: Any) -> None:  # noqa: ANN401
    assert run.code == 0, run.stderr
    assert run.rows["companies"]
    assert run.rows["bulk_income"]


def sentence(run: Any) -> str:  # noqa: ANN401
    """Give the last line, with which a run ended."""
    assert run.code == 1
    assert "Traceback" not in run.stderr
    last: str = run.stderr.splitlines()[-1]
    return last


@pytest.mark.parametrize("way", ["ca_bundle", *VARIABLES])
def test_each_way_to_name_the_company_s_certificates_works(
    way: str,
    company: Authority,
    behind: Callable[..., dict[str, Any]],
    run_tap: Callable[..., Any],
    tmp_path: Path,
) -> None:
    config, path = behind(company.server()), company.path
    if way == "ca_bundle":
        return assert_reads(run_tap(config | {way: str(path)}, **READ, env=environment()))
    given = hashed(company, tmp_path) if way == "SSL_CERT_DIR" else path
    return assert_reads(run_tap(config, **READ, env=environment(**{way: given})))


def test_of_several_folders_one_that_exists_is_enough(
    company: Authority,
    behind: Callable[..., dict[str, Any]],
    run_tap: Callable[..., Any],
    tmp_path: Path,
) -> None:
    several = os.pathsep.join(["~ninguem/nada", "/nao/existe", str(hashed(company, tmp_path))])
    env = environment(SSL_CERT_DIR=several)
    assert_reads(run_tap(behind(company.server()), **READ, env=env))


@pytest.mark.parametrize("mode", [(), ("--test",), ("--estimate", "cadastros")])
def test_without_them_one_sentence_says_which_setting_to_use(
    company: Authority,
    behind: Callable[..., dict[str, Any]],
    run_tap: Callable[..., Any],
    mode: tuple[str, ...],
) -> None:
    said = sentence(run_tap(behind(company.server()), *mode, **READ, env=environment()))
    assert "Não consegui falar com https://" in said
    assert said.endswith(f": {UNKNOWN}")


def test_the_setting_counts_before_the_variables_and_these_in_their_order(
    company: Authority,
    behind: Callable[..., dict[str, Any]],
    run_tap: Callable[..., Any],
    tmp_path: Path,
) -> None:
    config, other = behind(company.server()), Authority(tmp_path, "outra").path
    rest = dict.fromkeys(VARIABLES, other)
    whole = config | {"ca_bundle": str(company.path)}
    assert_reads(run_tap(whole, **READ, env=environment(**rest)))
    for name in VARIABLES[:3]:
        assert UNKNOWN in sentence(run_tap(config, **READ, env=environment(**rest)))
        assert_reads(run_tap(config, **READ, env=environment(**rest | {name: company.path})))
        rest[name] = ""  # type: ignore[assignment]


def test_the_certificate_that_signs_is_enough(
    company: Authority,
    behind: Callable[..., dict[str, Any]],
    run_tap: Callable[..., Any],
    tmp_path: Path,
) -> None:
    filial = Authority(tmp_path, "filial", issuer=company)
    config = behind(filial.server()) | {"ca_bundle": str(filial.path)}
    assert_reads(run_tap(config, **READ, env=environment()))


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ({"name": "outro.exemplo"}, "o certificado é de outro endereço; confira api_url."),
        ({"days": 0}, "o certificado venceu; confira também o relógio desta máquina."),
    ],
    ids=["outro endereço", "vencido"],
)
def test_another_fault_of_the_certificate_is_told_as_what_it_is(
    company: Authority,
    behind: Callable[..., dict[str, Any]],
    run_tap: Callable[..., Any],
    server: dict[str, Any],
    expected: str,
) -> None:
    config = behind(company.server(**server)) | {"ca_bundle": str(company.path)}
    assert sentence(run_tap(config, **READ, env=environment())).endswith(f": {expected}")


@pytest.mark.parametrize("way", ["ca_bundle", *VARIABLES])
@pytest.mark.parametrize("mode", [(), ("--test",)])
def test_a_path_that_leads_nowhere_is_told_before_any_request(
    way: str, mode: tuple[str, ...], run_tap: Callable[..., Any], simulator: Simulator
) -> None:
    asked = len(simulator.requests)
    config = simulator.config | ({way: "/nao/existe.pem"} if way == "ca_bundle" else {})
    env = environment() if way == "ca_bundle" else environment(**{way: "/nao/existe.pem"})
    assert sentence(run_tap(config, *mode, env=env)) == (
        f"Configuração {way}: esperado um arquivo de certificados no formato PEM, "
        "mas /nao/existe.pem não existe."
    )
    assert len(simulator.requests) == asked


def test_a_file_without_certificates_is_told(
    run_tap: Callable[..., Any], simulator: Simulator, tmp_path: Path
) -> None:
    der = tmp_path / "empresa.cer"
    der.write_bytes(b"0\x82\x01\x00 not PEM")
    said = sentence(run_tap(simulator.config | {"ca_bundle": str(der)}, env=environment()))
    assert said.endswith(f"{der} não traz nenhum.")


# Proxies


def test_the_company_s_proxy_is_used_also_for_streamed_answers(
    company: Authority, behind: Callable[..., dict[str, Any]], run_tap: Callable[..., Any]
) -> None:
    config = behind(company.server()) | {"ca_bundle": str(company.path)}
    place = config["api_url"].split("/")[2]
    with running(Relay(user="maria:s3nha")) as proxy:
        address = f"http://maria:s3nha@{HERE}:{proxy.port}"
        assert_reads(run_tap(config, **READ, env=environment(HTTPS_PROXY=address)))
        assert set(proxy.asked) == {place}
        proxy.asked.clear()
        without = environment(HTTPS_PROXY=address, NO_PROXY=HERE)
        assert_reads(run_tap(config, **READ, env=without))
        assert proxy.asked == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"user": "maria:s3nha"}, "o proxy da rede pede usuário e senha; ponha-os em HTTPS_PROXY"),
        ({"said": "403 Forbidden"}, "o proxy da rede recusou a conexão; peça que libere o"),
        # Which of the two ends notices first is chance.
        (
            {"said": "200 Oi"},
            r"(falha de TLS; confira api_url|a conexão foi interrompida; confira)",
        ),
        (None, "não consegui usar o proxy da rede; confira HTTPS_PROXY e NO_PROXY."),
    ],
    ids=["pede senha", "recusa", "não passa adiante", "não existe"],
)
def test_a_proxy_that_does_not_let_through_is_told(
    company: Authority,
    behind: Callable[..., dict[str, Any]],
    run_tap: Callable[..., Any],
    options: dict[str, Any] | None,
    expected: str,
) -> None:
    config = behind(company.server()) | {"ca_bundle": str(company.path)}
    with running(Relay(**options or {})) as proxy:
        port = 9 if options is None else proxy.port
        env = environment(HTTPS_PROXY=f"http://joao:segredo@{HERE}:{port}")
        said = sentence(run_tap(config, **READ, env=env))
    assert re.search(f"Não consegui falar com https://.*: {expected}", said)
    assert "segredo" not in said


@pytest.mark.parametrize("proxy", ["http://joao:segredo@", "http://joao:segredo@:x", "joao"])
def test_a_proxy_s_address_that_is_none_is_told(
    behind: Callable[..., dict[str, Any]],
    company: Authority,
    run_tap: Callable[..., Any],
    proxy: str,
) -> None:
    config = behind(company.server()) | {"ca_bundle": str(company.path)}
    run = run_tap(config, **READ, env=environment(HTTPS_PROXY=proxy))
    assert run.code == 1
    assert "HTTPS_PROXY" in run.stderr
    assert "inesperado" not in run.stderr
    assert "segredo" not in run.stderr


def test_an_answer_that_leads_elsewhere_is_not_followed(
    run_tap: Callable[..., Any],
) -> None:
    asked: list[str] = []

    class Redirecting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/entrar")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((HERE, 0), Redirecting)
    Thread(target=server.serve_forever, daemon=True).start()
    config = {"subdomain": "x", "username": "x", "password": "s3nha", "max_retries": 0}
    address = {"api_url": f"http://{HERE}:{server.server_port}", "start_date": "2026-01-01"}
    run = run_tap(config | address, streams=["companies"], env=environment())
    server.shutdown()
    assert "a resposta leva a outro endereço (302); confira a configuração api_url" in run.stderr
    assert asked
    assert "/entrar" not in asked
