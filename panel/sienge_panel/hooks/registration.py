"""To tell Sienge where to call: the only writes of this project, made when a person says so."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
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

PAGE = 200

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

    def ours(self, origin: str) -> list[dict[str, Any]]:
        """Give those that lead to our address, whatever secret was in it."""
        found: list[dict[str, Any]] = []
        while True:
            told = self._ask("GET", f"/v1/hooks?limit={PAGE}&offset={len(found)}")
            page = told if isinstance(told, list) else told.get("results") or []
            found += page
            if isinstance(told, list) or len(page) < PAGE:
                break
        return [hook for hook in found if str(hook.get("url", "")).startswith(f"{origin}{PATH}/")]

    def register(self, origin: str, keys: Keys, events: Iterable[str]) -> None:
        """Let Sienge tell us of these events; what led here before is removed after."""
        before = self.ours(origin)
        hook = {"url": origin + keys.path, "token": keys.token, "events": [*events]}
        self._ask("POST", "/v1/hooks", hook)
        self._remove(before)

    def remove(self, origin: str) -> int:
        """Let Sienge no longer call us; give how many webhooks there were."""
        found = self.ours(origin)
        self._remove(found)
        return len(found)

    def _remove(self, hooks: list[dict[str, Any]]) -> None:
        for hook in hooks:
            self._ask("DELETE", f"/v1/hooks/{hook['id']}")

    def _ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        """Ask the API.

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
        if answer.status_code in REFUSALS:
            raise ProblemError(REFUSALS[HTTPStatus(answer.status_code)])
        if not HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
            raise ProblemError(
                f"O Sienge recusou o pedido ({answer.status_code}){_said(answer)}: tente de novo "
                "mais tarde e, se continuar assim, registre no painel de integrações do Sienge o "
                "endereço e o token desta página."
            )
        return _parsed(answer)


def _parsed(answer: requests.Response) -> Any:  # noqa: ANN401
    try:
        return answer.json() if answer.content else {}
    except ValueError:
        return {}


def _said(answer: requests.Response) -> str:
    """Give the API's own words, if it has any for people."""
    told = _parsed(answer)
    words = told.get("clientMessage") if isinstance(told, dict) else None
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
    told = _parsed(answer)
    proof = told.get("resposta") if isinstance(told, dict) else None
    if answer.ok and isinstance(proof, str) and same(proof, keys.proof(nonce)):
        return ""
    return (
        "Quem respondeu no endereço não é o receptor deste painel (resposta "
        f"{answer.status_code}): confira se ele está ligado e se o proxy ou o túnel leva à porta "
        "dele."
    )
