"""The tap's settings, and one clear sentence for each that is missing or malformed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import click
from platformdirs import user_state_path
from singer_sdk import typing as th
from singer_sdk.typing import DEFAULT_JSONSCHEMA_VALIDATOR, extend_validator_with_defaults

from tap_sienge import network
from tap_sienge.limits import PLANS, SIENGE, Kind

PAGE_SIZE = 200
"""Records a page at most (FACTS: default 100, maximum 200)."""


PER_MINUTE: dict[str, int] = {
    "requests_per_minute": SIENGE["per_minute"]["rest"],
    "bulk_requests_per_minute": SIENGE["per_minute"]["bulk"],
}
"""What Sienge itself allows; another address, such as a simulator's, may allow more."""

DAY = re.compile(r"(19|20)\d\d-\d\d-\d\d(T|$)")


class SettingsError(click.ClickException):
    """A setting is missing or malformed; click shows the sentence and exits with 1."""

    def show(self, file: Any = None) -> None:  # noqa: ANN401
        """Print the sentence on standard error."""
        click.echo(self.format_message(), err=True, file=file)


def _whole(minimum: int, maximum: int) -> th.CustomType:
    return th.CustomType({"type": "integer", "minimum": minimum, "maximum": maximum})


SETTINGS = th.PropertiesList(
    th.Property(
        "subdomain",
        th.CustomType({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]*$"}),
        required=True,
        title="Subdomínio",
        description="O nome que vem antes de .sienge.com.br no endereço do seu Sienge.",
    ),
    th.Property(
        "username",
        th.CustomType({"type": "string", "minLength": 1}),
        required=True,
        secret=True,  # so that Meltano keeps it in .env: in meltano.yml any $ would be replaced
        title="Usuário de API",
        description="Usuário de API criado no painel de integrações do Sienge.",
    ),
    th.Property(
        "password",
        th.CustomType({"type": "string", "minLength": 1}),
        required=True,
        secret=True,
        title="Senha de API",
        description="Senha do usuário de API.",
    ),
    th.Property(
        "api_url",
        th.CustomType({"type": "string", "pattern": r"^https?://[^\s@?#]+$"}),
        default=SIENGE["api_url"],
        title="Endereço da API",
        description="Base dos endereços; {subdomain} é trocado pelo subdomínio.",
    ),
    th.Property(
        "ca_bundle",
        th.CustomType({"type": "string", "minLength": 1}),
        title="Certificados da rede",
        description="Arquivo (PEM) ou pasta com os certificados em que confiar, nas redes que "
        "inspecionam o HTTPS; sem ele valem REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE e SSL_CERT_FILE.",
    ),
    th.Property(
        "start_date",
        th.CustomType({"type": "string", "format": "date"}),
        default="2015-01-01",
        title="Data inicial",
        description="Primeiro dia lido nos recursos que exigem período (títulos, extratos).",
    ),
    th.Property(
        "page_size",
        _whole(1, PAGE_SIZE),
        default=PAGE_SIZE,
        title="Registros por página",
        description="Quantos registros pedir por requisição; a API aceita até 200.",
    ),
    th.Property(
        "max_connections",
        _whole(1, 64),
        default=8,
        title="Conexões simultâneas",
        description="Quantas requisições podem estar em andamento ao mesmo tempo.",
    ),
    th.Property(
        "requests_per_minute",
        _whole(1, 1_000_000),
        default=PER_MINUTE["requests_per_minute"],
        title="Requisições REST por minuto",
        description="Limite em qualquer intervalo de 60 segundos; o Sienge permite 200.",
    ),
    th.Property(
        "bulk_requests_per_minute",
        _whole(1, 1_000_000),
        default=PER_MINUTE["bulk_requests_per_minute"],
        title="Requisições BULK por minuto",
        description="Limite em qualquer intervalo de 60 segundos; o Sienge permite 20.",
    ),
    th.Property(
        "plan",
        th.CustomType({"type": "string", "enum": list(PLANS)}),
        title="Plano do Sienge",
        description="Plano contratado, que dá a cota de requisições por dia; sem ele e sem "
        "daily_request_limit, só o próprio Sienge limita o dia.",
    ),
    th.Property(
        "daily_request_limit",
        _whole(1, 1_000_000),
        title="Requisições REST por dia",
        description="Nunca fazer mais que isto em um dia, no lugar da cota do plano.",
    ),
    th.Property(
        "daily_bulk_limit",
        _whole(0, 1_000_000),
        title="Requisições BULK por dia",
        description="Nunca fazer mais que isto em um dia, no lugar da cota do plano.",
    ),
    th.Property(
        "quota_reserve",
        _whole(0, 1_000_000),
        default=0,
        title="Reserva da cota",
        description="Quantas requisições REST por dia deixar para outras integrações da empresa.",
    ),
    th.Property(
        "quota_db",
        th.CustomType({"type": "string", "minLength": 1}),
        title="Arquivo da cota",
        description="Onde contar as requisições de todos os processos desta máquina; por padrão, "
        "na pasta do usuário.",
    ),
    th.Property(
        "progress_file",
        th.CustomType({"type": "string", "minLength": 1}),
        title="Arquivo do andamento",
        description="Onde contar a outro programa, como linhas de JSON, o que já foi lido.",
    ),
    th.Property(
        "request_timeout",
        _whole(1, 3600),
        default=60,
        title="Tempo limite da requisição",
        description="Segundos sem resposta até tentar de novo.",
    ),
    th.Property(
        "bulk_timeout",
        _whole(1, 3600),
        default=900,
        title="Tempo limite de uma resposta BULK",
        description="Segundos sem que nada chegue até desistir de uma resposta BULK, que o Sienge "
        "leva minutos para preparar.",
    ),
    th.Property(
        "bulk_chunk_kb",
        _whole(0, 1_048_576),
        default=4096,
        title="Tamanho das partes BULK",
        description="KB de cada parte de uma resposta BULK preparada à parte; 0 pede uma só.",
    ),
    th.Property(
        "max_retries",
        _whole(0, 20),
        default=5,
        title="Novas tentativas",
        description="Quantas vezes repetir uma requisição que falhou por erro passageiro.",
    ),
    th.Property(
        "user_agent",
        th.CustomType({"type": "string", "minLength": 1}),
        title="User-Agent",
        description="Como o tap se identifica à API; por padrão, nome e versão do programa.",
    ),
    th.Property(
        "lookback_days",
        _whole(0, 3650),
        default=2,
        title="Dias de sobreposição",
        description="Quantos dias antes da última leitura as alterações são pedidas de novo.",
    ),
    th.Property(
        "window_lookback_days",
        _whole(0, 36500),
        default=90,
        title="Dias de períodos relidos",
        description="Quantos dias para trás os recursos lidos por período (títulos, extratos) são "
        "relidos entre duas leituras completas.",
    ),
    th.Property(
        "bulk_mode",
        th.CustomType({"type": "string", "enum": ["auto", "sync", "async"]}),
        default="auto",
        title="Modo BULK",
        description="Como ler os recursos BULK: sync, em uma resposta por ano; async, preparada "
        "pelo Sienge e lida em partes; auto, async só quando o período é longo.",
    ),
    th.Property(
        "parameter_ids",
        th.CustomType({"type": "string", "pattern": r"^\d+(\s*,\s*\d+)*$"}),
        title="Parâmetros do Sienge",
        description="Códigos dos parâmetros a ler no recurso parameters, separados por vírgulas; "
        "a API não os lista.",
    ),
    th.Property(
        "full_refresh_days",
        th.CustomType({"type": "object", "additionalProperties": _whole(0, 3650).to_dict()}),
        default={},
        title="Dias entre leituras completas",
        description="De quantos em quantos dias um recurso é lido por inteiro, para perceber "
        'exclusões, como em {"cities": 30}; * vale para todos, 0 é sempre. O padrão de cada '
        "recurso está em docs/recursos.md.",
    ),
    th.Property(
        "personal_data",
        th.CustomType({"type": "string", "enum": ["keep", "mask", "drop"]}),
        default="keep",
        title="Dados pessoais",
        description="O que fazer com dados pessoais (LGPD): keep, deixar como estão; mask, trocar "
        "por códigos que se repetem para o mesmo valor; drop, deixar vazio.",
    ),
    th.Property(
        "personal_data_key",
        th.CustomType({"type": "string", "minLength": 16}),
        secret=True,
        title="Chave dos dados pessoais",
        description="Segredo do qual se calculam os códigos de mask, e em drop os das chaves; "
        "outro segredo dá outros códigos.",
    ),
).to_dict()

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
    "parameter_ids": "códigos separados por vírgulas, como 12,1207",
    "personal_data": "keep, mask ou drop",
    "personal_data_key": "um segredo de 16 caracteres ou mais, exigido por mask e drop",
}


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


def quotas(config: dict[str, Any]) -> dict[Kind, int | None]:
    """Give how many requests of each kind a day may have; None where no setting says."""
    plan = PLANS.get(config.get("plan", ""), {})

    def left(kind: Kind, limit: str, reserve: str | None) -> int | None:
        allowed: int | None = config.get(limit, plan.get(kind))
        return None if allowed is None else allowed - (config.get(reserve, 0) if reserve else 0)

    return {kind: left(kind, **rule) for kind, rule in SIENGE["per_day"].items()}


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


def _valid(value: Any, setting: dict[str, Any]) -> bool:  # noqa: ANN401
    if setting.get("format") == "date":
        try:
            day = date.fromisoformat(value[:10])
        except (TypeError, ValueError):
            return False
        return bool(DAY.match(value)) and day <= date.today()
    return bool(DEFAULT_JSONSCHEMA_VALIDATOR(setting).is_valid(value))
