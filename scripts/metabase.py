"""Makes Metabase know the database: a connection, foreign keys and ten questions.

    METABASE_PASSWORD=… LEITURA_PASSWORD=… python3 scripts/metabase.py URL E-MAIL LUGAR [BANCO]

The place is server:port, as Metabase reaches the database. Run again, it only adds what is
missing. It needs nothing but Python.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
RELATIONS = ROOT / "bi/powerbi/Sienge.SemanticModel/definition/relationships.tmdl"
NAME = "Sienge"

QUESTIONS = {
    "indicadores": "table",
    "vendas_por_mes": "table",
    "velocidade_vendas": "bar",
    "estoque_por_tipo": "table",
    "inadimplencia_por_idade": "table",
    "maiores_devedores": "table",
    "contas_a_pagar_30_dias": "table",
    "fluxo_caixa_12_meses": "line",
    "custo_das_obras": "bar",
    "dre_do_ano": "table",
}
"""Ready questions, and how Metabase shows each."""


class MetabaseError(Exception):
    """Something that the user should read, in one sentence."""


@dataclass
class Metabase:
    """A Metabase, by its HTTP interface."""

    url: str
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
        """Send a request and give the answer.

        Raises:
            MetabaseError: It refused, or did not answer.
        """
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url.rstrip("/") + path, data, self.headers, method=method)  # noqa: S310
        try:
            with urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            reason = (
                "confira o e-mail e a senha" if error.code in {401, 403} else "confira o pedido"
            )
            raise MetabaseError(
                f"O Metabase recusou {method} {path} ({error.code}): {reason}."
            ) from None
        except (URLError, ValueError):
            raise MetabaseError(f"O Metabase não respondeu em {self.url}.") from None

    def listed(self, path: str) -> list[dict[str, Any]]:
        """Give a list, which newer versions wrap."""
        found = self.ask("GET", path)
        rows: list[dict[str, Any]] = found["data"] if isinstance(found, dict) else found
        return rows

    def enter(self, email: str, password: str) -> None:
        """Log in."""
        told = self.ask("POST", "/api/session", {"username": email, "password": password})
        self.headers["X-Metabase-Session"] = told["id"]


def connected(metabase: Metabase, place: str, name: str, password: str) -> int:
    """Give the database's number, adding the database where it is missing."""
    for known in metabase.listed("/api/database"):
        if known["name"] == NAME:
            return int(known["id"])
    host, _, port = place.rpartition(":")
    details = {
        "host": host,
        "port": int(port),
        "dbname": name,
        "user": os.environ.get("LEITURA_USER") or "leitura",
        "password": password,
        "ssl": True,
        "ssl-mode": "require",
        "schema-filters-type": "inclusion",
        "schema-filters-patterns": "marts,staging",
    }
    body = {"engine": "postgres", "name": NAME, "details": details}
    return int(metabase.ask("POST", "/api/database", body)["id"])


def columns(metabase: Metabase, database: int, tries: int = 60) -> dict[tuple[str, str], int]:
    """Wait until Metabase has read the tables, and give the number of each column of `marts`.

    Raises:
        MetabaseError: It found none.
    """
    metabase.ask("POST", f"/api/database/{database}/sync_schema")
    for _ in range(tries):
        found = metabase.ask("GET", f"/api/database/{database}/metadata")
        known = {
            (table["name"], column["name"]): int(column["id"])
            for table in found["tables"]
            if table["schema"] == "marts"
            for column in table["fields"]
        }
        if ("dim_data", "data") in known and ("fato_vendas", "codigo_cliente") in known:
            return known
        time.sleep(2)
    raise MetabaseError("O Metabase não achou as tabelas de marts: os modelos já foram feitos?")


def relate(metabase: Metabase, known: dict[tuple[str, str], int]) -> int:
    """Say which columns are foreign keys; give how many."""
    text = RELATIONS.read_text(encoding="utf-8")
    found = re.findall(r"fromColumn: (\w+)\.(\w+)\s+toColumn: (\w+)\.(\w+)", text)
    related = 0
    for table, column, dimension, key in found:
        if (table, column) in known and (dimension, key) in known:
            target = known[dimension, key]
            body = {"semantic_type": "type/FK", "fk_target_field_id": target}
            metabase.ask("PUT", f"/api/field/{known[table, column]}", body)
            related += 1
    return related


def collected(metabase: Metabase) -> int:
    """Give the collection's number, adding it where it is missing."""
    for known in metabase.listed("/api/collection"):
        if known["name"] == NAME:
            return int(known["id"])
    return int(metabase.ask("POST", "/api/collection", {"name": NAME})["id"])


def question(metabase: Metabase, database: int, collection: int, name: str, display: str) -> None:
    """Add a ready question."""
    told, sql = (ROOT / "bi/consultas" / f"{name}.sql").read_text(encoding="utf-8").split("\n", 1)
    query = {"type": "native", "native": {"query": sql}, "database": database}
    body = {
        "name": told.removeprefix("-- "),
        "dataset_query": query,
        "display": display,
        "visualization_settings": {},
        "collection_id": collection,
    }
    metabase.ask("POST", "/api/card", body)


def main(url: str, email: str, place: str, name: str = "sienge") -> None:
    """Do all of it.

    Raises:
        MetabaseError: A password or the port is missing, or Metabase refused something.
    """
    for variable in ("METABASE_PASSWORD", "LEITURA_PASSWORD"):
        if not os.environ.get(variable):
            raise MetabaseError(f"Falta {variable} no ambiente.")
    if not re.fullmatch(r".+:\d+", place):
        raise MetabaseError(f"Esperado servidor:porta, como 192.168.0.10:5432, mas veio {place}.")
    if not url.startswith(("https://", "http://")):
        raise MetabaseError(f"Esperado o endereço do Metabase, com https://, mas veio {url}.")
    metabase = Metabase(url)
    metabase.enter(email, os.environ["METABASE_PASSWORD"])
    database = connected(metabase, place, name, os.environ["LEITURA_PASSWORD"])
    related = relate(metabase, columns(metabase, database))
    collection = collected(metabase)
    known = {card["name"] for card in metabase.listed(f"/api/collection/{collection}/items")}
    for question_name, display in QUESTIONS.items():
        path = ROOT / "bi/consultas" / f"{question_name}.sql"
        if path.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("-- ") not in known:
            question(metabase, database, collection, question_name, display)
    print(f"Banco {NAME}, {related} chaves estrangeiras e {len(QUESTIONS)} perguntas.")


if __name__ == "__main__":
    if len(sys.argv) not in {4, 5}:
        sys.exit("Use: python3 scripts/metabase.py URL E-MAIL SERVIDOR:PORTA [BANCO]")
    try:
        main(*sys.argv[1:])
    except MetabaseError as error:
        sys.exit(str(error))
