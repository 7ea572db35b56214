"""To tell Sienge where to call: the only writes of this project, made when a person says so."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

import requests

from sienge_panel import quota
from sienge_panel.credentials import name_of
from sienge_panel.hooks.keys import CHALLENGE, PATH, Keys, same
from sienge_panel.known_causes import KNOWN
from sienge_panel.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PATIENCE = 30
"""Seconds for an answer."""

PAGE, MOST_PAGES = 200, 20
"""Webhooks that a page has at most, and pages, each of which costs a request."""

ERROR_WORDS = (
    "developerMessage", "clientMessage", "errors", "error", "errorMessage", "message",
)  # fmt: skip
"""Fields of the API's error body, and of those of what stands before it: with status 200, too."""

BY_HAND = (
    "tente de novo mais tarde e, se continuar assim, faça-o no painel de integrações do Sienge, "
    "com o endereço e o token desta página."
)

REFUSALS = {
    HTTPStatus.UNAUTHORIZED: KNOWN["password"].sentence,
    HTTPStatus.FORBIDDEN: "O usuário de API não tem permissão para os webhooks (403): libere o "
    "recurso no painel de integrações do Sienge e tente de novo.",
    HTTPStatus.NOT_FOUND: "O Sienge não conhece os webhooks deste Subdomínio (404): confira-o, e "
    "se o contrato inclui webhooks.",
    HTTPStatus.METHOD_NOT_ALLOWED: "O Sienge não aceita registrar webhooks pela API (405): faça-o "
    "no painel de integrações do Sienge, com o endereço e o token desta página.",
    HTTPStatus.TOO_MANY_REQUESTS: "A cota ou o limite por minuto do Sienge acabou (429): tente de "
    "novo mais tarde.",
}


class Hooks:
    """The webhooks of a company, at the API; each question is counted as one of the tap's."""

    def __init__(self, env: Mapping[str, str]) -> None:
        """Take the environment of a child, which has the credentials."""
        self._env = env
        self._session = requests.Session()
        self._session.auth = (env[name_of("username")], env[name_of("password")])

    def ours(self, origin: str) -> dict[str, dict[str, Any]]:
        """Give those that lead to our address, whatever secret was in it, by their ids.

        Raises:
            ProblemError: They cannot all be known, or one has no id by which to remove it.
        """
        found = [
            hook for hook in self._all() if str(hook.get("url", "")).startswith(f"{origin}{PATH}/")
        ]
        if not all(map(_id, found)):
            raise ProblemError(
                "O Sienge mostra um webhook deste painel sem o código com que se remove, e nada "
                "foi mudado lá: remova-o no painel de integrações do Sienge e tente de novo."
            )
        return {_id(hook): hook for hook in found}

    def _all(self) -> list[dict[str, Any]]:
        """Give every webhook of the company; one that is missed would go on calling us.

        A page may be shorter than was asked for without being the last.
        """
        found: dict[str, dict[str, Any]] = {}
        offset = 0
        for _ in range(MOST_PAGES):
            page, count = _page(self._ask("GET", f"/v1/hooks?limit={PAGE}&offset={offset}"))
            offset += len(page)
            new = {_id(hook) or str(hook): hook for hook in page}
            if not new.keys() <= found.keys():
                found |= new
            elif len(found) >= count:
                return [*found.values()]
            else:
                raise ProblemError(
                    f"O Sienge diz que há {count} webhooks e só mostrou {len(found)}, e nada foi "
                    f"mudado lá: {BY_HAND}"
                )
        raise ProblemError(
            f"O Sienge mostrou mais de {MOST_PAGES} páginas de webhooks, e nada foi mudado lá: "
            "remova no painel de integrações do Sienge os que não servem mais e tente de novo."
        )

    def register(self, origin: str, keys: Keys, events: Iterable[str]) -> None:
        """Let Sienge tell us of these events; what led here before is removed after.

        What is registered already stays, so that a second try only removes what a first could not.

        Raises:
            ProblemError: Sienge refused, or calls us twice, as only the removal failed.
        """
        hook = {"url": origin + keys.path, "token": keys.token, "events": [*events]}
        before = self.ours(origin)
        stays = next((id_ for id_, old in before.items() if _is(old, hook)), None)
        if stays is None:
            _check_done(self._ask("POST", "/v1/hooks", hook))
        try:
            self._remove(id_ for id_ in before if id_ != stays)
        except ProblemError as error:
            raise ProblemError(
                "O webhook novo está registrado, mas um antigo ainda não foi removido, e o Sienge "
                "avisa em dobro; ao tentar de novo, só falta remover o antigo. Motivo: "
                f"{error}"
            ) from None

    def remove(self, origin: str) -> int:
        """Let Sienge no longer call us; give how many webhooks there were."""
        found = self.ours(origin)
        self._remove(found)
        return len(found)

    def _remove(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            answer = self._ask("DELETE", f"/v1/hooks/{quote(id_, safe='')}")
            if answer.status_code != HTTPStatus.NOT_FOUND:
                _check_done(answer)

    def _ask(self, method: str, path: str, body: object = None) -> requests.Response:
        """Ask the API; that what is to be deleted is gone is no error.

        Raises:
            ProblemError: It refused, or did not answer.
        """
        limit, used = quota.limits(self._env)["rest"], quota.counted(self._env)["rest"]
        if limit is not None and used >= limit:
            raise ProblemError("A cota de requisições de hoje acabou: tente de novo amanhã.")
        if not quota.count(self._env, PATIENCE):
            raise ProblemError(
                "Uma sincronização usa agora todas as requisições deste minuto: tente de novo "
                "daqui a um ou dois minutos."
            )
        url = quota.api_url(self._env) + path
        try:
            answer = self._session.request(
                method, url, json=body, timeout=PATIENCE, allow_redirects=False
            )
        except requests.RequestException:
            raise ProblemError(KNOWN["network"].sentence) from None
        status = answer.status_code
        if (method, status) == ("DELETE", HTTPStatus.NOT_FOUND) and _parsed(answer) is not None:
            return answer  # of a path that it does not know it says so in HTML
        if status in REFUSALS:
            raise ProblemError(REFUSALS[HTTPStatus(status)])
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise ProblemError(f"O Sienge recusou o pedido ({status}){_said(answer)}: {BY_HAND}")
        return answer


def _page(answer: requests.Response) -> tuple[list[dict[str, Any]], int]:
    """Give a page's webhooks, and how many there are in all by its word; 0 if it does not say.

    As of other collections, production may leave out what is around the list (FACTS), or answer
    204 where there is nothing.

    Raises:
        ProblemError: It is no list of webhooks, as an error with status 200 is none.
    """
    if answer.status_code == HTTPStatus.NO_CONTENT:
        return [], 0
    body, count = _parsed(answer), ""
    if isinstance(body, dict) and not _tells_error(body):
        metadata = body.get("resultSetMetadata")
        count = str(metadata.get("count", "")) if isinstance(metadata, dict) else ""
        body = body.get("results")
    if isinstance(body, list) and all(isinstance(hook, dict) and "url" in hook for hook in body):
        return body, int(count) if count.isdecimal() else 0
    raise ProblemError(
        f"O Sienge não mostrou a lista dos webhooks como a documenta{_said(answer)}, e nada foi "
        f"mudado lá: {BY_HAND}"
    )


def _check_done(answer: requests.Response) -> None:
    """Take no error with status 200, and no page of another program, for a change that was made.

    Raises:
        ProblemError: The answer is neither empty nor the webhook.
    """
    body = _parsed(answer)
    shows = isinstance(body, dict) and ("id" in body or "url" in body) and not _tells_error(body)
    if body != {} and not shows:
        raise ProblemError(f"O Sienge não confirmou a mudança{_said(answer)}: {BY_HAND}")


def _tells_error(body: dict[str, Any]) -> bool:
    return any(body.get(name) for name in ERROR_WORDS)


def _id(hook: Mapping[str, Any]) -> str:
    """Give the id of a webhook; empty if it has none."""
    id_ = hook.get("id")
    return str(id_) if isinstance(id_, str | int) else ""


def _is(hook: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a webhook already calls where and for what is wanted."""
    events = hook.get("events")
    if not isinstance(events, list) or {*map(str, events)} != {*wanted["events"]}:
        return False
    return all(hook.get(name) == wanted[name] for name in ("url", "token"))


def _parsed(answer: requests.Response) -> Any:  # noqa: ANN401
    """Give the body of an answer: an empty object if it has none, nothing if it is no JSON."""
    try:
        return answer.json() if answer.content else {}
    except ValueError:
        return None


def _said(answer: requests.Response) -> str:
    """Give the API's own words, if it has any for people."""
    body = _parsed(answer)
    words = body.get("clientMessage") if isinstance(body, dict) else None
    return f": {str(words)[:200]}" if words else ""


def reach(origin: str, keys: Keys) -> str:
    """Ask our own public address who is there; give what is wrong, or nothing.

    Only who knows the token can answer as the receiver does. That this machine reaches it does not
    prove that Sienge does: the name may lead elsewhere from outside.
    """
    nonce = uuid4().hex
    headers = {
        "Authorization": f"Bearer {keys.token}",
        "x-sienge-tenant": keys.tenant,
        "x-sienge-event": CHALLENGE,
        "x-sienge-id": nonce,
    }
    try:
        answer = requests.post(
            origin + keys.path, json={}, headers=headers, timeout=10, allow_redirects=False
        )
    except requests.exceptions.SSLError:
        return (
            "O certificado do endereço não é de confiança, e o Sienge também o recusaria: confira "
            "o HTTPS do proxy."
        )
    except requests.RequestException:
        return (
            "Ninguém respondeu no endereço: confira se o nome leva a este servidor, e se o proxy "
            "ou o túnel está no ar."
        )
    body = _parsed(answer)
    proof = body.get("resposta") if isinstance(body, dict) else None
    if answer.ok and isinstance(proof, str) and same(proof, keys.proof(nonce)):
        return ""
    return (
        "Quem respondeu no endereço não é o receptor deste painel (resposta "
        f"{answer.status_code}): confira se ele está ligado e se o proxy ou o túnel leva à porta "
        "dele."
    )
