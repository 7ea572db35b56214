"""What an answer of the API means for the run: skip the resource, try again, fail it, or stop."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from math import ceil
from pathlib import Path
from time import time
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import (
    InvalidProxyURL,
    InvalidSchema,
    ProxyError,
    RequestException,
    SSLError,
    Timeout,
    TooManyRedirects,
)
from singer_sdk.exceptions import FatalAPIError, RetriableAPIError

from tap_sienge.privacy import without_persons
from tap_sienge.values import whole

if TYPE_CHECKING:
    from collections.abc import Collection

    import requests

    from tap_sienge.values import Record

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

OWN_WORDS = {"developerMessage", "clientMessage"}
"""Fields of the documented error body, which no other program has."""

OTHERS_WORDS = re.compile("err|fault|fail|falh|exce")
"""What the fields have in their name, in small letters, in which others tell an error."""

CODES = ("status", "code", "httpstatus", "statuscode")
"""Fields, in small letters, in which an error tells its HTTP status; records have all but the
first, too."""

VERDICTS = ("success", "sucesso", "ok")
"""Fields, in small letters, that tell whether all went well."""

WELL = {"", "ok", "success", "sucesso", "true", "none", "complete", "completed", "finished"}
"""Words, in small letters, that may stand in any of these beside an empty list."""

NOTHING: tuple[Any, ...] = (None, "", [], {})
"""Values of fields that tell nothing."""

MESSAGES = ("clientMessage", "developerMessage", "errorMessage", "error", "message")
"""Fields that say what went wrong, the plainest first."""

LACKING = "a resposta (404) não é da própria API"

UNDOCUMENTED = "a resposta não tem o formato documentado"


class Unavailable(Exception):  # noqa: N818
    """The tenant may not read this resource (204, 403, 404, 405)."""

    def __init__(self, status: int, *, told: bool = False) -> None:
        """Take whether the API says so in its own words, as it does of a record that is gone."""
        super().__init__(f"{UNAVAILABLE[HTTPStatus(status)]} ({status})")
        self.status, self.told = status, told


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


def is_told(response: requests.Response) -> bool:
    """Whether an error is answered in the API's own words.

    A resource that the tenant lacks is 404 with HTML (FACTS), or with the JSON of what stands in
    front of the API: other words than the documented.
    """
    try:
        body = response.json()
    except ValueError:
        return False
    return isinstance(body, dict) and not OWN_WORDS.isdisjoint(body)


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


def refuse(answer: Any, known: Collection[str] = (), *, empty: bool = False) -> None:  # noqa: ANN401
    """Take no error for data: the API's own error body comes with status 200, too (FACTS).

    ``known`` are the fields that the documents give the answer; ``empty`` says that its list has no
    record, beside which also the words of others tell an error.

    Raises:
        MalformedError: The answer tells an error.
    """
    if not isinstance(answer, dict):
        return
    fields = {name.lower(): value for name, value in answer.items() if name not in known}
    told = {name: value for name, value in fields.items() if value not in NOTHING}
    codes = [whole(told.get(name)) or 0 for name in (CODES[:1] if known else CODES)]
    words = {name.lower() for name in OWN_WORDS}
    failed = max(codes) >= HTTPStatus.BAD_REQUEST
    failed |= any(str(told.get(name)).lower() == "false" for name in VERDICTS)
    if empty:
        if "resultsetmetadata" not in fields and HTTPStatus.OK not in codes:
            words |= {"message", "mensagem"}
        failed |= any(value and OTHERS_WORDS.search(name) for name, value in told.items())
        failed |= any(
            whole(told.get(name)) is None and str(told.get(name, "")).lower() not in WELL
            for name in CODES
        )
    if failed or told.keys() & words:
        number = f" {max(codes)}" if max(codes) else ""
        raise MalformedError(f"resposta de erro{number} com status 200{_told(answer)}")


def tells_error(answer: Record) -> bool:
    """Whether an answer has an error in the words of others, whatever else it brings."""
    return any(answer.get(name) not in NOTHING for name in OTHERS_WORDS)


def reason(response: requests.Response) -> str:
    """One line on why the API refused, from its documented error body if there is one."""
    try:
        body: Any = response.json()
    except ValueError:
        body = None
    return f"resposta {response.status_code}{_told(body)}"


def _told(body: Any) -> str:  # noqa: ANN401
    """Give what an error body says, behind a colon."""
    return f": {text}" if (text := words(body)) else ""


def words(body: Any) -> str:  # noqa: ANN401
    """Give what an error body says, without personal data; empty if it is none."""
    return without_persons(_said(body, levels=5))[:300]


def _said(value: Any, levels: int) -> str:  # noqa: ANN401
    """Give the texts in a value that tell an error, so many levels deep."""
    if isinstance(value, str):
        return value.strip()
    if not levels:
        return ""
    if isinstance(value, list):
        return " ".join(filter(None, (_said(item, levels - 1) for item in value)))
    if not isinstance(value, dict):
        return ""
    texts = (_said(value.get(name), levels - 1) for name in MESSAGES)
    field, listed = (_said(value.get(name), levels - 1) for name in ("field", "errors"))
    text = ": ".join(filter(None, (field, next(filter(None, texts), ""))))
    return " ".join(filter(None, (text, listed)))


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
    if isinstance(error, RetriableAPIError):
        return str(error)
    if isinstance(error, SSLError):
        return _first(TLS, error)
    if isinstance(error, (ProxyError, InvalidProxyURL, InvalidSchema)):
        return _first(PROXY, error)
    if timed_out(error):
        return "o Sienge não respondeu a tempo"
    if isinstance(error, RequestsConnectionError):
        return _first(CONNECTION, error)
    if isinstance(error, TooManyRedirects):
        return "a resposta leva sempre a outro endereço; confira a configuração api_url"
    if isinstance(error, RequestException):
        if isinstance(error, ValueError):  # as InvalidURL and InvalidHeader are
            return (
                "o pedido não pôde ser montado; confira as configurações api_url e user_agent e, "
                "se houver, HTTPS_PROXY"
            )
        return "a resposta chegou incompleta"
    if isinstance(error, (Unavailable, FatalAPIError, QuotaSpent)):
        return str(error)
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
