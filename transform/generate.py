"""The staging models, drawn from what the tap tells of its streams: ``make models``.

Each table of the default preset has one, and each list of objects in it. Names come from the
Portuguese titles: "Código da empresa" is the column ``codigo_empresa``.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from tap_sienge.rows import load_schema
from tap_sienge.streams import DOMAINS, declared
from tap_sienge.values import Table, kind

if TYPE_CHECKING:
    from collections.abc import Collection

FOLDER = Path(__file__).parent / "models" / "staging"
NOTE = "gerado por make models; não edite"
SMALL_WORDS = re.compile(r"\b(a|o|as|os|e|d[aeo]s?|em|n[ao]s?|por|pel[ao]s?|para|com|ao)\b")
TYPES = {
    "string": "text",
    "integer": "bigint",
    "number": "numeric",
    "boolean": "boolean",
    "date": "date",
    "date-time": "timestamp",
    "array": "jsonb",
    "object": "jsonb",
}
Field = dict[str, Any]
Column = tuple[str, str, str]
"""Portuguese name, landed name, PostgreSQL type."""


@dataclass
class Model:
    """A view of the schema ``staging``."""

    name: str
    description: str
    columns: dict[str, str]
    """Columns and what they are."""
    sql: str

    def yaml(self) -> Field:
        """Give its properties for dbt."""
        return {
            "name": self.name,
            "description": self.description,
            "columns": [
                {"name": name, "description": title} for name, title in self.columns.items()
            ],
        }


def named(title: str) -> str:
    """Give the name for a title: without accents, small words and explanations."""
    short = re.split("[:,]", title.lower().replace("e-mail", "email").replace("²", "2"))[0]
    if "percentual" not in short:
        short = short.replace("%", "percentual")
    letters = unicodedata.normalize("NFKD", short).encode("ascii", "ignore").decode()
    return "_".join(re.findall("[a-z0-9]+", SMALL_WORDS.sub(" ", letters)))


def listed(columns: list[Column]) -> str:
    """Write columns as an argument in a model."""
    return "".join(f"\n    {list(column)}," for column in columns)


def titled(columns: list[Column], fields: Field) -> dict[str, str]:
    """Give what the columns are.

    Raises:
        ValueError: Two have the same name.
    """
    found = {name: fields[field]["title"] for name, field, _ in columns}
    if len(found) < len(columns):
        raise ValueError(columns)
    return found


def column(name: str, field: Field) -> Column:
    """Give the column of a field; a name such as ``_extra`` is its own."""
    return named(field["title"]) if name[0] != "_" else name[1:], name, TYPES[kind(field)]


def whole(stream: str, schema: Field, nested: Collection[str]) -> Model:
    """Draw the model of a table, without the lists that have models of their own."""
    fields = schema["properties"]
    columns = [column(n, field) for n, field in fields.items() if n not in {"links", *nested}]
    return Model(
        name=named(schema["title"]),
        description=f"{schema['title']} (sienge.{stream}). {schema['description']}",
        columns=titled(columns, fields) | {"lido_em": "Quando a linha foi lida do Sienge (UTC)"},
        sql=f"{{{{ preparada('{stream}', [{listed(columns)}\n]) }}}}\n",
    )


def unfolded(table: str, stream: str, key: Field, name: str, of: Field) -> Model:
    """Draw the model of a list of objects in a table with that key."""
    keys = [column(field, told) for field, told in key.items()]
    fields = {n: field for n, field in of["items"]["properties"].items() if n != "links"}
    columns = [column(*field) for field in fields.items()]
    return Model(
        name=f"{table}_{named(of['title'])}",
        description=f"{of['title']}: uma linha por item da lista sienge.{stream}.{name}.",
        columns=titled(keys, key) | {"ordem": "Posição na lista"} | titled(columns, fields),
        sql=f"{{{{ desdobrada('{stream}', '{name}', [{listed(keys)}\n], "
        f"[{listed(columns)}\n]) }}}}\n",
    )


def lists(stream: str) -> dict[str, Field]:
    """Give the columns of a stream that are lists of objects."""
    described = Table(load_schema(stream)).described
    return {
        name: field
        for name, field in described.items()
        if kind(field) == "array" and name != "links" and "properties" in field["items"]
    }


def drawn() -> dict[Path, str]:
    """Give all files of the folder."""
    command = [sys.executable, "-m", "tap_sienge", "--discover"]
    catalog = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    streams = {stream["tap_stream_id"]: stream for stream in catalog["streams"]}
    domains = {
        domain: [
            vars(stream)["name"]
            for module in modules
            for stream in declared(module)
            if stream.selected_by_default
        ]
        for domain, modules in DOMAINS.items()
    }
    files: dict[Path, str] = {}
    sources = []
    for domain, names in (domains | {"controle": ["sync_log", "rejected_rows"]}).items():
        models = []
        for stream in names:
            schema = streams[stream]["schema"]
            key = {name: schema["properties"][name] for name in streams[stream]["key_properties"]}
            nested = {} if domain == "controle" else lists(stream)
            model = whole(stream, schema, nested)
            models.append(model)
            models += [unfolded(model.name, stream, key, *each) for each in nested.items()]
            sources.append({"name": stream, "description": schema["title"]})
        folder = FOLDER / domain
        files |= {folder / f"{m.name}.sql": f"-- {NOTE}\n{m.sql}" for m in models}
        files[folder / f"_{domain}.yml"] = told({"models": [m.yaml() for m in models]})
    schema_name = "{{ env_var('TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA', 'sienge') }}"
    source = {"name": "sienge", "schema": schema_name, "tables": sources}
    files[FOLDER / "_sienge.yml"] = told({"sources": [source]})
    return files


def told(content: Field) -> str:
    """Write YAML."""
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    return f"# {NOTE}\n{text}"


if __name__ == "__main__":
    files = drawn()
    shutil.rmtree(FOLDER, ignore_errors=True)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
