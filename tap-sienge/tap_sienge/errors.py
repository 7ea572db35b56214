"""What an answer of the API means for the run: skip the resource, try again, fail it, or stop."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from math import ceil
from pathlib import Path
from time import time
from traceback import extract_tb
from typing import TYPE_CHECKING

from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import (
    InvalidProxyURL,
    InvalidSchema,
    ProxyError,
    RequestException,
    SSLError,
    Timeout,
)
from singer_sdk.exceptions import FatalAPIError, RetriableAPIError

if TYPE_CHECKING:
    import requests

UNAVAILABLE = {
    HTTPStatus.NO_CONTENT: "o Sienge respondeu sem conteúdo",
    HTTPStatus.FORBIDDEN: "o usuário de API não tem permissão para este recurso",
    HTTPStatus.NOT_FOUND: "o recurso não existe ou não foi contratado",
    HTTPStatus.METHOD_NOT_ALLOWED: "o módulo não está disponível neste Sienge",
}
"""Status codes by which Sienge says that this tenant may not read a resource (FACTS)."""

REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}
"""Those that are said of a resource, not of one of its records."""

UNAUTHORIZED = (
    "O Sienge recusou o usuário ou a senha (401). Confira subdomain, username e password: é "
    "preciso um usuário de API, criado no painel de integrações do Sienge, e não o login de uma "
    "pessoa. A senha também pode ter expirado (marque «Nunca expira» ao criá-la) ou o usuário "
    "estar desativado."
)

UNAUTHORIZED_HERE = (
    "o Sienge recusou o usuário ou a senha só neste recurso (401): confira se ele está liberado "
    "para o usuário de API no painel de integrações do Sienge"
)

UNCONFIRMED = "a resposta (404) não é da própria API"

UNDOCUMENTED = "a resposta não tem o formato documentado"


class Unavailable(Exception):  # noqa: N818
    """The tenant may not read this resource (204, 403, 404, 405)."""

    def __init__(self, status: int, *, by_api: bool = False) -> None:
        """Take whether the API says so in its own words, as it does of a record that is gone."""
        super().__init__(f"{UNAVAILABLE[HTTPStatus(status)]} ({status})")
        self.status, self.by_api = status, by_api


class Unauthorized(Exception):  # noqa: N818
    """User or password are wrong (401): nothing can be read."""

    def __init__(self) -> None:
        super().__init__(UNAUTHORIZED)


class MalformedError(RetriableAPIError):
    """An answer that was kept whole turned out not to be JSON while it was read."""


class QuotaSpent(Exception):  # noqa: N818
    """The API refuses requests until the next day, or for long."""

    def __init__(self, seconds: float | None = None) -> None:
        """Take the seconds that the API asks to wait; None where it is until the next day."""
        if seconds is None:
            text = "a cota diária de requisições acabou; o restante continua amanhã"
        else:
            hours, minutes = divmod(ceil(seconds / 60), 60)
            text = (
                f"o Sienge pede para esperar {hours} h {minutes:02d} min antes da próxima "
                "requisição; o restante continua na primeira sincronização depois disso"
            )
        super().__init__(text)


def retry_after(response: requests.Response) -> float | None:
    """Seconds that an answer asks to wait; None if it does not say, or names a past moment."""
    value = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", value):
        seconds = float(value)
    else:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time()
        except (TypeError, ValueError, OverflowError):
            return None
    return seconds if seconds > 0 else None


def timed_out(error: BaseException) -> bool:
    """Whether an answer did not come, or not go on, in time."""
    return isinstance(error, Timeout)


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
    if isinstance(error, Unauthorized):  # others were answered
        return UNAUTHORIZED_HERE
    if isinstance(error, (RetriableAPIError, Unavailable, FatalAPIError, QuotaSpent)):
        return str(error)
    if isinstance(error, SSLError):
        return _first(TLS, error)
    if isinstance(error, (ProxyError, InvalidProxyURL, InvalidSchema)):
        return _first(PROXY, error)
    if timed_out(error):
        return "o Sienge não respondeu a tempo"
    if isinstance(error, RequestsConnectionError):
        return _first(CONNECTION, error)
    if isinstance(error, RequestException):
        if isinstance(error, ValueError):  # as InvalidURL and InvalidHeader are
            return (
                "o pedido não pôde ser montado; confira as configurações api_url e user_agent e, "
                "se houver, HTTPS_PROXY"
            )
        return "a resposta chegou incompleta"
    return unexpected(error)


def status(error: BaseException) -> int:
    """Give the status code that an error tells of; 0 if there was no answer."""
    return getattr(getattr(error, "response", None), "status_code", 0)


def unexpected(error: BaseException) -> str:
    """One line on an error that nobody foresaw: kind and place; its words may be people's data."""
    frames = [frame for frame in extract_tb(error.__traceback__) if "tap_sienge" in frame.filename]
    place = f" em {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"erro inesperado ({type(error).__name__}{place}); avise quem mantém o tap-sienge"


def _first(meanings: tuple[tuple[str, str], ...], error: BaseException) -> str:
    return next(meaning for pattern, meaning in meanings if re.search(pattern, str(error)))


def unreachable(url: str, error: BaseException) -> str:
    """Say that nothing answers, and what to look at."""
    reason = explain(error)
    if ";" not in reason:
        reason += "; confira a internet desta máquina e a configuração api_url"
    return f"Não consegui falar com {url}: {reason}."
