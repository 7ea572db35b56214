"""One clear sentence for each setting that is missing or malformed."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import click
from platformdirs import user_state_path
from singer_sdk.typing import DEFAULT_JSONSCHEMA_VALIDATOR, extend_validator_with_defaults

from tap_sienge import network
from tap_sienge.limits import PLANS, SIENGE, Api
from tap_sienge.settings_schema import PER_MINUTE, SETTINGS

DAY = re.compile(r"(19|20)\d\d-\d\d-\d\d(T|$)")

NAMES = tuple(SETTINGS["properties"])
"""The settings of this tap; the SDK adds its own to ``SETTINGS``."""

CREDENTIALS = ("username", "password", "personal_data_key")
"""Texts that others choose, with any character in them."""

EXPECTED = {
    "subdomain": "só o nome que vem antes de .sienge.com.br, como minhaconstrutora, sem pontos nem "
    "endereço",
    "username": "o usuário de API criado no painel de integrações do Sienge",
    "password": "a senha do usuário de API",
    "api_url": f"um endereço http(s) sem usuário nem senha, como {SIENGE['api_url']}",
    "ca_bundle": "o caminho de um arquivo de certificados no formato PEM",
    "start_date": "uma data até hoje no formato AAAA-MM-DD, como 2020-01-31",
    "user_agent": "um texto",
    "bulk_mode": "auto, sync ou async",
    "plan": f"um dos planos do Sienge ({', '.join(PLANS)})",
    "quota_db": "o caminho de um arquivo",
    "progress_file": "o caminho de um arquivo",
    "full_refresh_days": 'os dias de cada recurso, como {"cities": 30, "customers": 7}',
    "round": "true ou false",
    "only": 'registros de recursos, como {"customers": [12, 34]}',
    "only_since": "uma data até hoje no formato AAAA-MM-DD, como 2020-01-31",
    "parameter_ids": "códigos separados por vírgulas, como 12,1207",
    "personal_data": "keep, mask ou drop",
    "personal_data_key": "um segredo de 16 caracteres ou mais, exigido por mask e drop",
}


class SettingsError(click.ClickException):
    """A setting is missing or malformed; click shows the sentence and exits with 1."""

    def show(self, file: Any = None) -> None:  # noqa: ANN401
        """Print the sentence on standard error."""
        click.echo(self.format_message(), err=True, file=file)


Validator = extend_validator_with_defaults(DEFAULT_JSONSCHEMA_VALIDATOR)


def fill(config: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """Complete ``config`` with the defaults of ``schema``; give what does not fit, as sentences.

    An empty optional setting, as ``.env`` files have them, counts as not given.
    """
    for name in NAMES:
        setting = SETTINGS["properties"][name]
        if config.get(name) == "":
            del config[name]
        elif "integer" in setting["type"] and str(config.get(name)).strip().isdigit():
            config[name] = int(config[name])
        elif "string" in setting["type"] and type(config.get(name)) in {int, float}:
            config[name] = str(config[name])  # Meltano reads digits as a number
    errors = [_problem(config, name) for name in NAMES]
    errors = errors if any(errors) else [_quota_problem(config), network.problem(config)]
    others = Validator(schema).iter_errors(config)
    return [error for error in errors if error] + [
        f"Configuração {error.json_path.removeprefix('$.')}: {error.message}."
        for error in others
        if error.path and error.path[0] not in NAMES
    ]


def _problem(config: dict[str, Any], name: str) -> str | None:
    setting = dict(SETTINGS["properties"][name])
    if name in PER_MINUTE and "sienge.com.br" in str(config.get("api_url", "sienge.com.br")):
        setting["maximum"] = PER_MINUTE[name]
    expected = EXPECTED.get(name) or (
        f"um número inteiro de {setting.get('minimum')} a {setting.get('maximum')}"
    )
    if (value := config.get(name)) is None:
        missing = name in SETTINGS["required"] or (
            name == "personal_data_key" and config.get("personal_data") in {"mask", "drop"}
        )
        return f"Falta a configuração {name}: informe {expected}." if missing else None
    if _valid(value, setting):
        return None
    given = "" if setting.get("secret") else f", mas veio {value!r}"
    return f"Configuração {name}: esperado {expected}{given}."


def quotas(config: dict[str, Any]) -> dict[Api, int | None]:
    """Give how many requests of each kind a day may have; None where no setting says."""
    plan = PLANS.get(config.get("plan", ""), {})

    def left(api: Api, limit: str, reserve: str | None) -> int | None:
        allowed: int | None = config.get(limit, plan.get(api))
        return None if allowed is None else allowed - (config.get(reserve, 0) if reserve else 0)

    return {api: left(api, **rule) for api, rule in SIENGE["per_day"].items()}


def quota_db(config: dict[str, Any]) -> Path:
    """Give the file in which requests are counted."""
    chosen = config.get("quota_db")
    return Path(chosen).expanduser() if chosen else user_state_path("tap-sienge") / "quota.db"


def _quota_problem(config: dict[str, Any]) -> str | None:
    left = quotas(config)["rest"]
    if left is None or left > 0:
        return None
    return (
        "Configuração quota_reserve: esperado menos que a cota do dia, senão nada pode ser lido, "
        f"mas veio {config['quota_reserve']}."
    )


def records(text: str) -> Any:  # noqa: ANN401
    """Read what ``--only`` gives; what is no JSON stays as it is, to be refused."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _valid(value: Any, setting: dict[str, Any]) -> bool:  # noqa: ANN401
    if setting.get("format") == "date":
        try:
            day = date.fromisoformat(value[:10])
        except (TypeError, ValueError):
            return False
        return bool(DAY.match(value)) and day <= date.today()
    return bool(DEFAULT_JSONSCHEMA_VALIDATOR(setting).is_valid(value))
