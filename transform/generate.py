"""The staging models, drawn from what the tap tells of its streams: ``make models``.

Each table has one, and each list of objects in it. Names come from the Portuguese titles: "Código
da empresa" is the column ``codigo_empresa``.
"""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from tap_sienge.row_schema import RowSchema, json_type, load_schema
from tap_sienge.streams import DOMAINS, declared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = Path(__file__).parent / "models" / "staging"
NOTE = "gerado por {}; não edite"
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
CONTROL = ["sync_log", "rejected_rows"]
FRESHNESS = {
    "loaded_at_query": "{{ ultima_leitura(this.identifier) }}",
    "freshness": {
        "warn_after": {"count": 48, "period": "hour"},
        "error_after": {"count": 7, "period": "day"},
    },
}
"""From when on ``dbt source freshness`` takes a table for late."""

UNKNOWN = ("_extra", "record")
"""Fields with whatever Sienge sent: what no schema describes, and rows that were refused."""

FREE_TEXT = re.compile("observac|historico|clausula")
"""Columns in which people write, among other things, names and telephones."""

SMALL = 10
"""Fields of an object that become columns; a larger one has a model of its own."""


class Column(NamedTuple):
    """A column in Portuguese, and where its values are."""

    name: str
    path: str
    type_: str
    title: str
    values: tuple[str, ...] = ()
    """The codes that are documented or were seen, if it is of codes."""
    personal: bool = False
    """Whether it may hold personal data."""


Step = tuple[str, str]
"""What a list is called, and the path to it."""


@dataclass
class Model:
    """A view of the schema ``staging``."""

    name: str
    description: str
    columns: dict[str, str]
    """Columns and what they are."""
    sql: str
    codes: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """The codes of columns that have them."""
    personal: frozenset[str] = frozenset()
    """Columns that may hold personal data."""

    def yaml(self) -> Field:
        """Give its properties for dbt."""
        return {
            "name": self.name,
            "description": self.description,
            "columns": [
                {"name": name, "description": title} | self._mark(name) | self._tests(name)
                for name, title in self.columns.items()
            ],
        }

    def _mark(self, column: str) -> Field:
        return {"config": {"meta": {"pessoal": True}}} if column in self.personal else {}

    def _tests(self, column: str) -> Field:
        if not (codes := self.codes.get(column)):
            return {}
        return {"data_tests": [{"accepted_values": {"arguments": {"values": [*codes]}}}]}


def named(title: str) -> str:
    """Give the name for a title: without accents, small words and explanations."""
    short = re.split("[:,]", title.lower().replace("e-mail", "email").replace("²", "2"))[0]
    if "percentual" not in short:
        short = short.replace("%", "percentual")
    letters = unicodedata.normalize("NFKD", short).encode("ascii", "ignore").decode()
    return "_".join(re.findall("[a-z0-9]+", SMALL_WORDS.sub(" ", letters)))


def listed(columns: Iterable[Column]) -> str:
    """Write columns as an argument in a model: one text, which dbt reads faster than a list."""
    return "".join(f"\n    {column.name} {column.path} {column.type_}" for column in columns)


def leaves(fields: Field, before: str = "", around: str = "") -> Iterator[tuple[str, str, Field]]:
    """Give each field's path, the title of the object around and the field itself.

    In the place of a small object come its fields, as ``address.city``.
    """
    for name, field in fields.items():
        inner = [*leaves(field.get("properties", {}), f"{before}{name}.", field["title"])]
        if 0 < len(inner) <= SMALL:
            yield from inner
        elif name != "links":
            yield before + name, around, field


def within(field: Field) -> Field:
    """Give the fields of what has a model of its own: a list of objects or a large object."""
    found: Field = field.get("properties") or field.get("items", {}).get("properties", {})
    return found


def columns_of(fields: Field, title: str = "", keys: Iterable[Column] = ()) -> list[Column]:
    """Give the columns of fields; a name that is taken gets the title of what is around."""
    found: list[Column] = []
    for path, around, field in leaves(fields, around=title):
        if within(field):
            continue
        name = path[1:] if path[0] == "_" else named(field["title"])
        if name in {column.name for column in (*keys, *found)}:
            name = f"{named(around)}_{name}"
        # Personal data may land masked.
        personal = "x-personal" in field or path in UNKNOWN
        values = () if personal else tuple(map(str, field.get("x-enum", ())))
        personal = personal or bool(FREE_TEXT.match(name))
        found.append(Column(name, path, TYPES[json_type(field)], field["title"], values, personal))
    return found


def personal_of(columns: Iterable[Column]) -> frozenset[str]:
    """Give the names of the columns that may hold personal data."""
    return frozenset(column.name for column in columns if column.personal)


def codes_of(columns: list[Column]) -> dict[str, tuple[str, ...]]:
    """Give the codes of the columns that have them."""
    return {c.name: c.values for c in columns if c.values and c.type_ == "text"}


def whole(name: str, stream: str, schema: Field, columns: list[Column]) -> Model:
    """Draw the model of a table, without what has a model of its own."""
    return Model(
        name=name,
        description=f"{schema['title']} (sienge.{stream}). {schema['description']}",
        columns={column.name: column.title for column in columns}
        | {"lido_em": "Quando a linha foi lida do Sienge (UTC)"},
        sql=f"{{{{ preparada('{stream}', '{listed(columns)}\n') }}}}\n",
        codes=codes_of(columns),
        personal=personal_of(columns),
    )


def unfolded(
    table: str, stream: str, keys: list[Column], fields: Field, above: tuple[Step, ...] = ()
) -> Iterator[Model]:
    """Draw the models of what has one of its own in a table with these keys, at any depth."""
    for path, _, field in leaves(fields):
        if not (inner := within(field)):
            continue
        steps = (*above, (named(field["title"]), path))
        orders = {f"ordem_{step}": f"Posição na lista {name}" for step, name in above}
        orders["ordem"] = "Posição na lista"
        lists = [list(pair) for pair in zip(orders, (step for _, step in steps), strict=True)]
        columns = columns_of(inner, field["title"], keys)
        yield Model(
            name="_".join([table, *(step for step, _ in steps[-2:])]),
            description=f"{field['title']}: uma linha por item da lista "
            f"sienge.{stream}.{'.'.join(step for _, step in steps)}.",
            columns={key.name: key.title for key in keys}
            | orders
            | {column.name: column.title for column in columns},
            sql=f"{{{{ desdobrada('{stream}', {lists}, '{listed(keys)}\n', "
            f"'{listed(columns)}\n') }}}}\n",
            codes=codes_of(columns),
            personal=personal_of([*keys, *columns]),
        )
        yield from unfolded(table, stream, keys, inner, steps)


def models_of(name: str, stream: str, catalog: Field) -> Iterator[Model]:
    """Draw the models of a stream, as the tap tells of it."""
    fields = catalog["schema"]["properties"]
    if stream not in CONTROL:
        fields |= RowSchema(load_schema(stream)).described
    columns = columns_of(fields)
    yield whole(name, stream, catalog["schema"], columns)
    keys = [column for column in columns if column.path in catalog["key_properties"]]
    yield from unfolded(name, stream, keys, fields)


def drawn() -> dict[Path, str]:
    """Give all files of the folder."""
    command = [sys.executable, "-m", "tap_sienge", "--discover"]
    catalog = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    streams = {stream["tap_stream_id"]: stream for stream in catalog["streams"]}
    domains = {
        domain: [stream.name for module in modules for stream in declared(module)]
        for domain, modules in DOMAINS.items()
    }
    tables: set[str] = set()
    files: dict[Path, str] = {}
    sources = []
    for domain, names in (domains | {"controle": CONTROL}).items():
        models: list[Model] = []
        for stream in names:
            title = streams[stream]["schema"]["title"]
            name = named(title) if named(title) not in tables else f"{named(title)}_{domain}"
            tables.add(name)
            models += models_of(name, stream, streams[stream])
            sources.append({"name": stream, "description": title})
        folder = FOLDER / domain
        files |= {
            folder / f"{m.name}.sql": f"-- {NOTE.format('make models')}\n{m.sql}" for m in models
        }
        files[folder / f"_{domain}.yml"] = told({"models": [m.yaml() for m in models]})
    schema_name = "{{ env_var('TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA', 'sienge') }}"
    source = {"name": "sienge", "schema": schema_name, "config": FRESHNESS, "tables": sources}
    files[FOLDER / "_sienge.yml"] = told({"sources": [source]})
    return files


def told(content: Field, by: str = "make models") -> str:
    """Write YAML, with what makes it."""
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    return f"# {NOTE.format(by)}\n{text}"


if __name__ == "__main__":
    files = drawn()
    shutil.rmtree(FOLDER, ignore_errors=True)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
