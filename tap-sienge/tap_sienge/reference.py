"""The Portuguese reference of the streams: ``python -m tap_sienge.reference``.

Everything comes from the streams' own declarations; only what is not read is told here. With
``json`` it gives what a program needs that lets people choose among them, with ``columns`` what
one needs that shows their tables.
"""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

from tap_sienge.bulk import SiengeBulkStream
from tap_sienge.children import SiengeChildStream
from tap_sienge.partitions import PATH
from tap_sienge.row_schema import load_schema
from tap_sienge.streams import DOMAINS, STREAMS, declared, presets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_sienge.stream import SiengeStream

REPEATS = "repete, um por um, o que a coleção já traz: "
FILE = "gera um arquivo (PDF ou boleto), não dados"

NOT_READ: dict[str, str] = {
    "/v1/accountancy/accounts/{id}": REPEATS + "accountancy_accounts",
    "/v1/accountancy/entries/async/status": "acompanha um envio de lançamentos, não dados",
    "/v1/accountancy/entry-generator/entry-batches/{id}": REPEATS + "accountancy_entry_batches",
    "/v1/accountancy/entry-generator/entry-batches/{id}/entries": REPEATS
    + "accountancy_entry_generator_entries",
    "/v1/accountancy/entry-generator/entry-batches/{id}/entries/{entryId}": REPEATS
    + "accountancy_entry_generator_entries",
    "/v1/bills/{billId}": REPEATS + "bills",
    "/v1/building-cost-estimations/{buildingId}/resources/{id}": REPEATS
    + "building_cost_estimations_resources",
    "/bulk-data/v1/bank-movement/by-movements": REPEATS + "bulk_bank_movement",
    "/v1/collections-notification-history/{collectionNotificationHistoryId}": "a API só o lê pelo "
    "código, e nenhum recurso dá os códigos",
    "/v1/companies/{companyId}": REPEATS + "companies",
    "/v1/cost-databases/{costDatabaseId}/resources/{resourceId}": REPEATS
    + "cost_databases_resources",
    "/v1/creditor-report/pdf": FILE,
    "/v1/creditors/{creditorId}": REPEATS + "creditors",
    "/v1/current-debit-balance/pdf": FILE,
    "/v1/customer-financial-statements/pdf": FILE,
    "/v1/customers/{customerId}": REPEATS + "customers",
    "/v1/departments/{departmentId}": REPEATS + "departments",
    "/v1/hooks/{hookId}": REPEATS + "hooks",
    "/v1/nfes/{nfeKey}": REPEATS + "nfes",
    "/v1/payment-categories/{paymentCategoriesId}": REPEATS + "payment_categories",
    "/v1/payment-slip-notification": FILE,
    "/v1/professions/{professionId}": REPEATS + "professions",
    "/v1/property-types/{propertyTypeId}": REPEATS + "property_types",
    "/v1/purchase-invoices/{sequentialNumber}": REPEATS + "purchase_invoices",
    "/v1/purchase-orders/{purchaseOrderId}": REPEATS + "purchase_orders",
    "/v1/purchase-orders/{purchaseOrderId}/items/{itemNumber}": REPEATS + "purchase_orders_items",
    "/v1/purchase-quotations/comparison-map/pdf": FILE,
    "/v1/sales-contracts/{salesContractId}": REPEATS + "sales_contracts",
    "/v1/sales-contracts/{salesContractId}/guarantors/{guarantorId}": REPEATS
    + "sales_contracts_guarantors",
    "/v1/supply-categories/{categoryId}": REPEATS + "supply_categories",
    "/v1/units/{unitId}": REPEATS + "units",
    "/v1/units/{unitId}/groupings": "já vem em units.groupings",
}
"""GET operations of the vendor's specification 1.15.0 that no stream reads, and why."""

TYPES = {
    "string": "texto",
    "integer": "inteiro",
    "number": "número",
    "boolean": "sim/não",
    "date": "data",
    "date-time": "data e hora",
    "array": "jsonb",
    "object": "jsonb",
}

INTRODUCTION = """# Recursos

Gerado por `make docs` a partir do próprio tap; não edite à mão.

Cada recurso é uma tabela do esquema `sienge` com o mesmo nome. **Padrão** diz se ele é lido sem que
ninguém o escolha; os demais vêm com uma predefinição (veja o README) ou um por um, com
`meltano select`. Quem depende dos registros de outro recurso traz esse outro junto.

Em **requisições**, *linhas* são as da tabela e as páginas têm 200. Os recursos lidos por período
vão de `start_date` até o presente (ou o futuro, quando há vencimentos); entre duas leituras
completas, só os últimos `window_lookback_days` dias são relidos. «Um por um» é pedido só para
registros novos ou alterados do recurso de que depende. «Depois da primeira leitura» diz o que se
lê a cada execução e de quantos em quantos dias se lê tudo, que é quando se percebem exclusões; a
configuração `full_refresh_days` muda esses dias.

As colunas `_extra`, `_key` e `_sdc_*` estão explicadas no README. A coluna `_key` existe onde a API
não dá um código: é um resumo (hash) das colunas indicadas na chave.
"""


def paths(stream: type[SiengeStream]) -> list[str]:
    """Give the paths that a stream reads."""
    return [path for path in (stream.path, stream.changes.get(PATH)) if path]


def key(stream: type[SiengeStream]) -> str:
    """Give the key, and the columns of which a calculated one is made."""
    if stream.content_key is None:
        return ", ".join(f"`{name}`" for name in stream.primary_keys)
    columns = ", ".join(f"`{name}`" for name in stream.content_key) or "todas as colunas"
    return f"`_key`, de {columns}"


def replication(stream: type[SiengeStream]) -> str:
    """Say how the stream goes on after its first read."""
    days = stream.usual_days()
    return _between(stream) + (f"; tudo a cada {days} dias" if days else "")


def _between(stream: type[SiengeStream]) -> str:
    if issubclass(stream, SiengeChildStream) and stream.follows_changes:
        return "um por um: só registros novos ou alterados"
    if stream.modified_filter:
        return f"incremental por `{stream.modified_filter}`"
    if stream.period:
        return "posição do dia" if stream.period.size == "today" else "por período"
    if stream.recent_filter:
        return f"só o recente, por `{stream.recent_filter}`"
    if stream.watched:
        return "só se a primeira página mudou"
    return "nada" if stream.usual_days() else "tudo, sempre"


def requests(stream: type[SiengeStream]) -> str:
    """Give the number of requests of a whole read as a formula."""
    each = "⌈linhas ÷ 200⌉" if stream.paged else "1"
    if issubclass(stream, SiengeBulkStream):
        each = "1 (ou 2 + partes, se assíncrona)" if stream.period else "1"
    factors = []
    if stream.parents():
        names = " e ".join(vars(parent)["name"] for parent in stream.parents())
        factors.append(
            f"por {stream.together} registros" if stream.together > 1 else "por registro"
        )
        factors[-1] += f" de `{names}`"
    if stream.period and not issubclass(stream, SiengeBulkStream):
        size = {"year": "por ano", "month": "por mês"}.get(stream.period.size)
        factors += [size] if size else []
    factors += [f"× {len(values)} valores de `{name}`" for name, values in stream.choices.items()]
    factors += [f"por código de `{setting}`" for setting in stream.chosen_by.values()]
    return " ".join([each, *factors])


def filters(stream: type[SiengeStream]) -> str:
    """Give the query parameters that the stream fills in."""
    names = [*stream.params, *stream.choices, *stream.chosen_by]
    names += [name for name in (stream.period or ())[:2] if name]
    names += [name for name in stream.parent_keys if f"{{{name}}}" not in paths(stream)[0]]
    return ", ".join(f"`{name}`" for name in names)


def section(stream: type[SiengeStream]) -> Iterator[str]:
    """Give the lines on one stream."""
    row_schema = stream.compile_schema()
    yield f"### {stream.name}\n"
    yield f"**{row_schema.schema['title']}.** {row_schema.schema['description']}\n"
    family = re.split(r"/v\d/", paths(stream)[0])[1].split("/")[0]
    facts = {
        "família": family,
        "caminho": ", ".join(f"`{path}`" for path in paths(stream)),
        "chave": key(stream),
        "depois da primeira leitura": replication(stream),
        "filtros": filters(stream),
        "depende de": ", ".join(f"`{vars(parent)['name']}`" for parent in stream.parents()),
        "requisições": requests(stream),
        "padrão": "sim" if stream.selected_by_default else "não",
    }
    yield from (f"- {label}: {text}" for label, text in facts.items() if text)
    yield "\n<details><summary>Colunas</summary>\n"
    yield "| coluna | tipo | o que é |\n|---|---|---|"
    for column, field in row_schema.schema["properties"].items():
        if column in row_schema.json_types:
            codes = row_schema.described.get(column, {}).get("x-enum", ())
            values = ", ".join(f"`{code}`" for code in codes)
            words = field["title"] + (f": {values}" if values else "")
            words += " *(dado pessoal)*" if column in row_schema.personal else ""
            yield f"| `{column}` | {TYPES[row_schema.json_types[column]]} | {words} |"
    yield "\n</details>\n"


def document() -> str:
    """Write the reference."""
    lines = [INTRODUCTION]
    lines += ["## Predefinições\n", "| predefinição | recursos |\n|---|---|"]
    lines += [f"| `{name}` | {len(streams)} |" for name, streams in presets().items()]
    for domain, modules in DOMAINS.items():
        lines.append(f"\n## {domain}\n")
        for module in modules:
            for stream in declared(module):
                lines += section(stream)
    lines += ["## O que não é lido\n"]
    lines += [
        "Escritas (POST, PUT, PATCH, DELETE), o conteúdo de anexos e e-mails ficam de fora: o tap",
        "só lê dados. Das leituras que a API documenta, estas não têm recurso próprio:\n",
        "| caminho | por quê |\n|---|---|",
    ]
    lines += [f"| `{path}` | {reason} |" for path, reason in NOT_READ.items()]
    return "\n".join(lines) + "\n"


def listing() -> str:
    """Write presets and streams as data, for a program that lets people choose."""
    streams: dict[str, Any] = {}
    for domain, modules in DOMAINS.items():
        for stream in (stream for module in modules for stream in declared(module)):
            schema = load_schema(stream.name)
            streams[stream.name] = {
                "title": schema["title"],
                "description": schema["description"],
                "domain": domain,
                "path": paths(stream)[0],
                "kind": "bulk" if issubclass(stream, SiengeBulkStream) else "rest",
                "requests": requests(stream),
                "daily": replication(stream),
                "round": stream.fits_rounds(),
            }
    return json.dumps({"presets": presets(), "tables": streams}, ensure_ascii=False, indent=1)


def columns() -> str:
    """Write what the tables hold as data, a line a table, for a program that shows them."""
    lines = []
    for stream in STREAMS:
        row_schema = stream.compile_schema()
        told = {
            "paths": paths(stream),
            "columns": {
                column: [TYPES[row_schema.json_types[column]], field["title"]]
                for column, field in row_schema.schema["properties"].items()
                if column in row_schema.json_types
            },
            "personal": sorted(row_schema.personal),
        }
        lines.append(f"{json.dumps(stream.name)}: {json.dumps(told, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}"


WAYS = {"": document, "json": listing, "columns": columns}

if __name__ == "__main__":
    print(WAYS[" ".join(sys.argv[1:])](), end="\n" if sys.argv[1:] else "")
