"""What is in a table: its columns, first rows, history, and all of it as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any

import psycopg
from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import StreamingResponse

from sienge_panel import again, catalog, download, history, preview
from sienge_panel.answers import Started
from sienge_panel.catalog import Relation
from sienge_panel.choice import TABLES
from sienge_panel.deps import Deps, Panel
from sienge_panel.preview import Op, Wish
from sienge_panel.problem import ProblemError
from sienge_panel.table_answers import About, Changes, History, Personal, Rows
from sienge_panel.trust import model_rows

router = APIRouter()

PATIENCE, LONG = 3, 1_800
"""Seconds that the first rows, and a whole table, may take."""

MODELS = "select tabela, modelo from marts.cobertura order by 1, 2"

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Make = Callable[["psycopg.Connection[Any]", Relation], Iterator[bytes]]


def known(table: str) -> str:
    """Let only the tap's tables be asked for.

    Raises:
        HTTPException: 404.
    """
    if table not in TABLES:
        raise HTTPException(404, "O painel não conhece esta tabela.")
    return table


Table = Annotated[str, Depends(known)]
Name = Annotated[str, Query(max_length=100)]


@router.get("/tables/{table}/about")
def get_about(table: Table, panel: Deps) -> About:
    """Tell what a table is; of one that is not in the database yet, what the tap says."""
    try:
        with catalog.reading(panel.settings, PATIENCE) as connection:
            columns = _relation(connection, panel, table).columns
    except ProblemError:
        columns = ()
    models = [row["modelo"] for row in model_rows(panel.vault, "cobertura", MODELS)
              if row["tabela"] == table]  # fmt: skip
    fields = [{name: getattr(column, name) for name in FIELDS} for column in columns]
    about = {**TABLES[table], "table": table, "paths": catalog.DOCUMENTED[table]["paths"]}
    return About.model_validate(about | {"columns": fields or _described(table), "models": models})


FIELDS = ("name", "title", "kind", "personal", "hidden", "indexed")


def _described(table: str) -> list[dict[str, Any]]:
    """Give the columns in the tap's words alone."""
    personal = catalog.DOCUMENTED[table]["personal"]
    return [
        {"name": name, "title": title, "kind": kind, "personal": name in personal}
        | {"hidden": name in personal, "indexed": False}
        for name, (kind, title) in catalog.DOCUMENTED[table]["columns"].items()
    ]


@router.get("/tables/{table}/rows")
def get_first_rows(
    table: Table,
    panel: Deps,
    column: Name = "",
    op: Op = "contains",
    value: Annotated[str, Query(max_length=200)] = "",
    sort: Name = "",
    down: bool = False,
) -> Rows:
    """Give the first rows that a filter finds, in an order."""
    with catalog.reading(panel.settings, PATIENCE) as connection:
        relation = _relation(connection, panel, table)
        wish = Wish(
            filter=relation.column(column, "filtrar") if column else None,
            op=op,
            value=value.replace("\0", ""),
            sort=relation.column(sort, "ordenar") if sort else None,
            down=down,
        )
        found, whole = preview.rows(connection, relation, wish)
    names = [column.name for column in relation.columns]
    return Rows(columns=names, rows=found, whole=whole, sample=preview.SAMPLE)


@router.get("/tables/{table}/history")
def get_history(table: Table, panel: Deps) -> History:
    """Tell of the reads of thirty days."""
    found = history.reads(panel.settings, table)
    if not catalog.shows_personal(panel.vault):
        found["rejected"] = [row | {"record": None} for row in found["rejected"]]
    return History.model_validate(found)


@router.get("/tables/{table}/changes")
def get_changes(table: Table, panel: Deps) -> Changes:
    """Tell how many rows came and went each day, once they are counted."""
    last = history.reads(panel.settings, table)["reads"][-1:]
    found = panel.row_changes.of(table, last[0]["at"] if last else None)
    return Changes.model_validate({"days": found})


@router.post("/tables/{table}/again", status_code=202)
def read_again(table: Table, panel: Deps) -> Started:
    """Empty a table and read it as a whole."""
    return Started(run=again.start(panel, table))


@router.get("/tables/{table}/data.csv", response_class=StreamingResponse)
def get_csv(table: Table, panel: Deps) -> StreamingResponse:
    """Give the whole table for Excel as people here have it."""
    return _file(panel, table, "csv", "text/csv; charset=utf-8", download.csv)


@router.get("/tables/{table}/data.xlsx", response_class=StreamingResponse)
def get_xlsx(table: Table, panel: Deps) -> StreamingResponse:
    """Give the whole table as a spreadsheet."""
    download.check_turn()
    make = partial(download.xlsx, folder=panel.settings.logs)
    return _file(panel, table, "xlsx", XLSX, make)


def _file(panel: Panel, table: str, ending: str, kind: str, make: Make) -> StreamingResponse:
    """Send a file while it is made; what is wrong from the beginning is said before."""
    with catalog.reading(panel.settings, PATIENCE) as connection:
        relation = _relation(connection, panel, table)

    def pieces() -> Iterator[bytes]:
        with catalog.reading(panel.settings, LONG) as connection:
            yield from make(connection, relation)

    attachment = {"Content-Disposition": f'attachment; filename="{table}.{ending}"'}
    return StreamingResponse(pieces(), headers=attachment, media_type=kind)


def _relation(connection: psycopg.Connection[Any], panel: Panel, table: str) -> Relation:
    shows = catalog.shows_personal(panel.vault)
    return catalog.relation(connection, panel.settings, table, shows=shows)


@router.get("/personal")
def get_personal(panel: Deps) -> Personal:
    """Tell whether personal data may be seen."""
    return Personal(shown=catalog.shows_personal(panel.vault))


@router.put("/personal")
def put_personal(given: Personal, panel: Deps) -> Personal:
    """Let personal data be seen in the panel, or no more."""
    panel.vault.keep(catalog.PERSONAL, True if given.shown else None)
    return get_personal(panel)
