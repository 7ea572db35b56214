"""Word to people who do not look at the panel: at most one a day for each cause."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from apprise import Apprise

from sienge_panel import choice, targets
from sienge_panel.changed_settings import tell
from sienge_panel.environment import for_child
from sienge_panel.models import failed as failed_models
from sienge_panel.problem import ProblemError
from sienge_panel.quota import SAO_PAULO, limits
from sienge_panel.sending import PRIVATE, TAKEN, send

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sienge_panel.runs import Runs
    from sienge_panel.settings import Settings
    from sienge_panel.status import Status
    from sienge_panel.vault import Vault

URLS, HOURS = "alertas", "alerta_horas"
DEFAULT_HOURS = 26
"""A day, and two hours for a late or long run."""

MOST = 20
"""Addresses that are told at most."""

FEW = 10
"""Tables that a message names at most."""

DAY = timedelta(1)

CLAIM = """
insert into painel.alerta (causa, dia, texto)
select %(cause)s, %(day)s, %(text)s
where not exists (select from painel.alerta where causa = %(cause)s and texto = %(text)s)
on conflict do nothing returning causa
"""
"""Also never the same words twice, as of a run that failed before midnight."""

SENT = "select causa as cause, enviado as sent, texto as text from painel.alerta order by 2 desc"


class Alerts:
    """The addresses, and what is worth telling them."""

    def __init__(self, settings: Settings, vault: Vault, status: Status, runs: Runs) -> None:
        """Take where to look."""
        self._settings, self._vault, self._status, self._runs = settings, vault, status, runs

    @property
    def _urls(self) -> list[str]:
        if URLS in self._vault.lost():
            raise ProblemError(
                "Os endereços de alerta foram cifrados com outra chave: acrescente-a a PANEL_KEY, "
                "depois da nova, ou informe-os de novo."
            )
        found: list[str] = json.loads(self._vault.read().get(URLS, "[]"))
        return found

    @property
    def hours(self) -> int:
        """Age from which on data are old."""
        found: int = self._vault.kept(HOURS) or DEFAULT_HOURS
        return found

    def status(self) -> dict[str, Any]:
        """Give everything but what is secret in the addresses."""
        shown = [{"id": _id(url), **_shown(url)} for url in self._urls]
        return {"targets": shown, "hours": self.hours, "sent": self._vault.rows(SENT)[:20]}

    def add(self, kind: str, given: Mapping[str, str]) -> None:
        """Keep an address.

        Raises:
            ProblemError: It is none, or there are too many.
        """
        url = targets.address(kind, given, self._settings.alerts_private)
        known = [] if URLS in self._vault.lost() else self._urls
        if len(known) >= MOST:
            raise ProblemError(f"Já há {MOST} endereços: tire antes um deles.")
        self._vault.write({URLS: json.dumps(list(dict.fromkeys([*known, url])))})
        shown = _shown(url)
        tell("endereço de alerta", None, f"{shown['service']} {shown['url']}")

    def remove(self, identity: str) -> None:
        """Forget an address."""
        left = [url for url in self._urls if _id(url) != identity]
        for url in {*self._urls} - {*left}:
            shown = _shown(url)
            tell("endereço de alerta", f"{shown['service']} {shown['url']}", None)
        self._vault.write({URLS: json.dumps(left)})

    def test(self) -> list[str]:
        """Send word to all addresses; give the services that did not take it."""
        return self._send("Este é um teste: os alertas do painel chegam aqui.")

    def check(self) -> None:
        """Send what is worth telling and was not told today."""
        if not self._urls:
            return
        today = datetime.now(SAO_PAULO).date()
        for cause, text in self._causes():
            claim = {"cause": cause, "day": today, "text": text}
            if self._vault.rows(CLAIM, claim) and len(self._send(text)) == len(self._urls):
                self._vault.rows(  # nobody heard: again the next time
                    "delete from painel.alerta where causa = %(cause)s and dia = %(day)s"
                    " returning causa",
                    claim,
                )

    def _send(self, text: str) -> list[str]:
        failed = []
        for url in self._urls:
            done = send(url, "Sienge: alerta do painel", text, self._settings.alerts_private)
            if done != TAKEN:
                where = " (é da rede interna)" if done == PRIVATE else ""
                failed.append(_shown(url)["service"] + where)
        return failed

    def _causes(self) -> Iterator[tuple[str, str]]:
        env, now = for_child(self._settings, self._vault), datetime.now(SAO_PAULO)
        tables = self._status.tables()
        runs = self._runs.known.latest(10, partial=False)
        last = next((run for run in runs if run["state"] not in {"running", "idle"}), None)
        if (
            last
            and last["state"] != "success"
            and now - last["started"] < DAY
            and not last["cancelled"]
        ):
            start = f"A sincronização de {_moment(last['started'])} não terminou bem"
            yield "falha", f"{start}. {last['cause'].sentence}"
        for run in self._runs.known.rounds():
            if run["cause"] and now - run["started"] < DAY:
                start = f"A rodada de {_moment(run['started'])} não terminou bem"
                yield "rodada", f"{start}. {run['cause'].sentence}"
        if models := failed_models(self._settings.docs.parent):
            yield "modelos", _sentence("Os modelos para o Power BI não foram todos feitos", models)
        chosen, oldest = choice.names(env), self.hours
        old = [
            _named(table, f"desde {_moment(table['good'])}")
            for table in tables
            if table["table"] in chosen
            and table["good"]
            and now - table["good"] > timedelta(hours=oldest)
        ]
        if old:
            yield (
                "atraso",
                _sentence(f"Em {_moment(now)}, há dados com mais de {oldest} horas", old),
            )
        used = self._status.used(env)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        spare = self._runs.known.log.requests(self._runs.known.log.partial(midnight))
        for kind, limit in limits(env).items():
            # Rounds and events take what is left of a day: that they took it is no news.
            if limit and used[kind] - sum(run[kind] for run in spare) >= 0.9 * limit:
                spent = f"{used[kind]} das {limit} requisições {kind.upper()}"
                yield f"cota {kind}", f"Em {now:%d/%m/%Y} já foram usadas {spent} do dia."


def _shown(url: str) -> dict[str, str]:
    """Give the service and where it is; what follows in an address may be a secret."""
    service = Apprise.instantiate(url)
    if not service:
        return {"service": "desconhecido", "url": ""}
    place = urlsplit(service.url(privacy=True))  # type: ignore[no-untyped-call]
    shown = f"{place.scheme}://{place.netloc}"
    if place.scheme in {"mailto", "mailtos"}:
        shown = ", ".join(address for _, address in getattr(service, "targets", []))
    return {"service": str(service.service_name), "url": shown}


def _id(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:12]


def _moment(when: datetime) -> str:
    return f"{when.astimezone(SAO_PAULO):%d/%m/%Y %H:%M}"


def _named(table: dict[str, Any], reason: str | None) -> str:
    title: str = table["title"]
    return f"{title} ({reason})" if reason else title


def _sentence(start: str, tables: list[str]) -> str:
    more = f" e mais {len(tables) - FEW}" if len(tables) > FEW else ""
    return f"{start}{': ' if tables else ''}{', '.join(tables[:FEW])}{more}."
