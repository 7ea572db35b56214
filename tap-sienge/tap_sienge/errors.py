"""What an answer of the API means for the run: skip the resource, try again, fail it, or stop."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import time
from typing import TYPE_CHECKING, Any

from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import (
    InvalidProxyURL,
    InvalidSchema,
    ProxyError,
    RequestException,
    SSLError,
    Timeout,
)
from singer_sdk.exceptions import RetriableAPIError

from tap_sienge.privacy import without_persons

if TYPE_CHECKING:
    import requests

UNAVAILABLE = {
    HTTPStatus.FORBIDDEN: "o usuário de API não tem permissão para este recurso",
    HTTPStatus.NOT_FOUND: "o recurso não existe ou não foi contratado",
    HTTPStatus.METHOD_NOT_ALLOWED: "o módulo não está disponível neste Sienge",
}
"""Status codes by which Sienge says that this tenant may not read a resource (FACTS)."""

UNAUTHORIZED = (
    "O Sienge recusou o usuário ou a senha (401). Confira subdomain, username e password: é "
    "preciso um usuário de API, criado no painel de integrações do Sienge, e não o login de uma "
    "pessoa."
)


class Unavailable(Exception):  # noqa: N818
    """The tenant may not read this resource (403, 404, 405)."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{UNAVAILABLE[HTTPStatus(status)]} ({status})")
        self.status = status


class Unauthorized(Exception):  # noqa: N818
    """User or password are wrong (401): nothing can be read."""

    def __init__(self) -> None:
        super().__init__(UNAUTHORIZED)


class MalformedError(RetriableAPIError):
    """An answer that was kept whole turned out not to be JSON while it was read."""


class QuotaSpent(Exception):  # noqa: N818
    """The API refuses requests until the next day (429 that outlives the minute's window)."""

    def __init__(self) -> None:
        super().__init__("a cota diária de requisições acabou; o restante continua amanhã")


def retry_after(response: requests.Response) -> float | None:
    """Seconds that a 429 or 503 answer asks to wait, None if it does not say."""
    value = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value)
    try:
        return max(parsedate_to_datetime(value).timestamp() - time(), 0.0)
    except (TypeError, ValueError):
        return None


def reason(response: requests.Response) -> str:
    """One line on why the API refused, from its documented error body if there is one."""
    try:
        body: Any = response.json()
    except ValueError:
        body = None
    text = ""
    if isinstance(body, dict):
        fields = [
            f"{error.get('field')}: {error.get('message')}"
            for error in body.get("errors") or []
            if isinstance(error, dict)
        ]
        text = str(body.get("clientMessage") or body.get("developerMessage") or "")
        text = " ".join([text, *fields]).strip()
    return f"resposta {response.status_code}" + (f": {without_persons(text)[:300]}" if text else "")


TLS = (
    (r"mismatch|doesn't match", "o certificado é de outro endereço; confira api_url"),
    (r"expired|not yet valid", "o certificado venceu; confira também o relógio desta máquina"),
    (
        r"CERTIFICATE_VERIFY_FAILED|unknown ca",
        "o certificado não é de uma autoridade conhecida; se a rede da empresa inspeciona o HTTPS, "
        "indique em ca_bundle (ou REQUESTS_CA_BUNDLE) o arquivo PEM com os certificados dela",
    ),
    ("", "falha de TLS; confira api_url e, se houver, o proxy da rede"),
)
"""How a connection's encryption fails, the surest first, and what to do."""

PROXY = (
    (r"\b407\b", "o proxy da rede pede usuário e senha; ponha-os em HTTPS_PROXY"),
    (r"Tunnel connection failed", "o proxy da rede recusou a conexão; peça que libere o endereço"),
    ("", "não consegui usar o proxy da rede; confira HTTPS_PROXY e NO_PROXY"),
)
"""How a proxy fails, likewise."""

CONNECTION = (
    (
        r"not known|nodename nor servname|Temporary failure in name|getaddrinfo",
        "o endereço não foi encontrado",
    ),
    (r"refused", "a conexão foi recusada"),
    ("", "a conexão foi interrompida"),
)
"""How a connection fails otherwise."""


def explain(error: BaseException) -> str:
    """One Portuguese line on a failed request; never the URL's query or a credential."""
    if isinstance(error, RetriableAPIError):
        return str(error)
    if isinstance(error, SSLError):
        return _first(TLS, error)
    if isinstance(error, (ProxyError, InvalidProxyURL, InvalidSchema)):
        return _first(PROXY, error)
    if isinstance(error, Timeout):
        return "o Sienge não respondeu a tempo"
    if isinstance(error, RequestsConnectionError):
        return _first(CONNECTION, error)
    if isinstance(error, ValueError):  # as requests' InvalidURL and InvalidHeader are
        return "o pedido não pôde ser montado; confira as configurações api_url e user_agent"
    if isinstance(error, RequestException):
        return "a resposta chegou incompleta"
    return str(error)


def _first(meanings: tuple[tuple[str, str], ...], error: BaseException) -> str:
    return next(meaning for pattern, meaning in meanings if re.search(pattern, str(error)))


def unreachable(url: str, error: BaseException) -> str:
    """Say that nothing answers, and what to look at."""
    reason = explain(error)
    if ";" not in reason:
        reason += "; confira a internet desta máquina e a configuração api_url"
    return f"Não consegui falar com {url}: {reason}."
