"""The tap's settings: what each is, what it may be, and what it is by default."""

from __future__ import annotations

from singer_sdk import typing as th

from tap_sienge.limits import PLANS, SIENGE

PAGE_SIZE = 200
"""Records a page at most (FACTS: default 100, maximum 200)."""

PER_MINUTE: dict[str, int] = {
    "requests_per_minute": SIENGE["per_minute"]["rest"],
    "bulk_requests_per_minute": SIENGE["per_minute"]["bulk"],
}
"""What Sienge itself allows; another address, such as a simulator's, may allow more."""


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
        "round",
        th.BooleanType,
        default=False,
        title="Só uma rodada",
        description="Pedir só o que a API sabe dizer que mudou, para rodadas durante o dia; o mais "
        "e as exclusões ficam para a leitura seguinte sem isto.",
    ),
    th.Property(
        "only",
        th.CustomType({"type": "object", "additionalProperties": {"type": "array"}}),
        title="Só estes registros",
        description='Ler só registros dados, como em {"customers": [12, 34]}, com o que a API dá '
        "deles um por um, sem mudar nada do que as outras leituras já sabem; uma lista vazia lê a "
        "do recurso.",
    ),
    th.Property(
        "only_since",
        th.CustomType({"type": "string", "format": "date"}),
        title="Desde quando mudaram",
        description="Dia antes do qual nenhum dos registros de only mudou. Com ele, os títulos de "
        "que vêm parcelas e que não estão entre os alterados desde então não são pedidos um a um.",
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
