"""What an answer of the API means for the run: skip the resource, try again, fail it, or stop."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import time
from typing import TYPE_CHECKING, Any

from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import RequestException, Timeout
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


def explain(error: BaseException) -> str:
    """One Portuguese line on a failed request; never the URL's query or a credential."""
    if isinstance(error, RetriableAPIError):
        return str(error)
    if isinstance(error, Timeout):
        return "o Sienge não respondeu a tempo"
    if isinstance(error, RequestsConnectionError):
        cause = re.search(
            r"(not known|nodename nor servname|Temporary failure in name|getaddrinfo)"
            r"|(refused)|(certificate|SSL)",
            str(error),
        )
        known = ("o endereço não foi encontrado", "a conexão foi recusada", "falha de TLS")
        return known[(cause.lastindex or 1) - 1] if cause else "a conexão foi interrompida"
    if isinstance(error, ValueError):  # as requests' InvalidURL and InvalidHeader are
        return "o pedido não pôde ser montado; confira as configurações api_url e user_agent"
    if isinstance(error, RequestException):
        return "a resposta chegou incompleta"
    return str(error)
