"""How the API is reached: whose certificates are trusted, how long and large an answer may be."""

from __future__ import annotations

import os
import ssl
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from singer_sdk.exceptions import FatalAPIError
from typing_extensions import override
from urllib3.exceptions import ReadTimeoutError
from urllib3.util.ssl_ import create_urllib3_context

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from urllib3 import HTTPResponse

VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""What other programs call the certificates to trust; the first that is set counts."""

SILENCES = 10
"""How many times the timeout, which bounds each silence within an answer, a whole one may take."""

LARGEST = {False: 2**28, True: 2**35}
"""Bytes of an answer at most, by whether it is kept on disk as it comes."""

BLOCK = 2**16
"""Bytes of an answer that are taken at once, at most."""


def ca_bundle(config: Mapping[str, Any]) -> tuple[str, Path] | None:
    """Give the setting or variable that says which certificates to trust, and where they are."""
    given = {name: os.environ.get(name) for name in VARIABLES}
    for name, path in ({"ca_bundle": config.get("ca_bundle")} | given).items():
        if path:
            places = path.split(os.pathsep) if name == "SSL_CERT_DIR" else [path]  # as OpenSSL does
            whole = [os.path.expanduser(place) for place in places]  # noqa: PTH111, of nobody too
            return name, Path(next(filter(os.path.exists, whole), whole[0]))
    return None


def problem(config: Mapping[str, Any]) -> str | None:
    """Say what is wrong with the certificates to trust."""
    if not (found := ca_bundle(config)):
        return None
    name, path = found
    try:
        if path.is_dir():
            return None
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except FileNotFoundError:
        reason = "não existe"
    except ssl.SSLError:
        reason = "não traz nenhum"
    except OSError as error:
        reason = f"não pode ser lido ({error.strerror})"
    else:
        return None
    return (
        f"Configuração {name}: esperado um arquivo de certificados no formato PEM, mas {path} "
        f"{reason}."
    )


class Adapter(HTTPAdapter):
    """Sends requests, and bounds how long and how large their answers may be.

    Where a company names its certificates, it takes them as they are: Python 3.13 refuses what many
    companies' inspecting proxies issue for lack of an extension, and before it only a root was
    trusted, not the intermediate that signs.
    """

    def __init__(self, connections: int, *, own_certificates: bool) -> None:
        self._context: ssl.SSLContext | None = None
        if own_certificates:
            self._context = create_urllib3_context()
            self._context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
            self._context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        super().__init__(pool_maxsize=connections)

    @override
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **options)

    @override
    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        return super().proxy_manager_for(*args, ssl_context=self._context, **options)

    @override
    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        try:
            return super().get_connection_with_tls_context(*args, **options)
        except TypeError as error:  # a proxy with user and password, but without a host
            raise requests.exceptions.InvalidProxyURL from error

    @override
    def send(self, *args: Any, **options: Any) -> requests.Response:
        response = super().send(*args, **options)
        _, silence = options["timeout"]
        end, largest = monotonic() + SILENCES * silence, LARGEST[options["stream"]]
        response.raw.stream = partial(_blocks, response.raw, end, largest)  # type: ignore[method-assign]
        return response


def _blocks(
    raw: HTTPResponse, end: float, largest: int, *_: object, **__: object
) -> Iterator[bytes]:
    """Give an answer's bytes as they come, where urllib3 waits until a block is full.

    Raises:
        requests.ReadTimeout: It falls silent, or is not whole at ``end`` (monotonic clock).
        FatalAPIError: It is larger than ``largest`` bytes.
    """
    try:
        while block := raw.read1(BLOCK, decode_content=True):
            largest -= len(block)
            if largest < 0:
                raise FatalAPIError("a resposta é grande demais para ser de verdade")
            if monotonic() > end:
                raise requests.ReadTimeout
            yield block
    except ReadTimeoutError as error:
        raise requests.ReadTimeout from error


def session(config: Mapping[str, Any]) -> requests.Session:
    """Give an HTTP session with one connection per thread.

    It finds HTTPS_PROXY and NO_PROXY by itself, but not the certificates: requests heeds their
    variables only where it builds the request too.
    """
    made, found = requests.Session(), ca_bundle(config)
    adapter = Adapter(config["max_connections"], own_certificates=found is not None)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    if found:
        made.verify = str(found[1])
    return made
