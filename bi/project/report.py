"""The report: pages and visuals, in PBIR."""

from __future__ import annotations

import re
from typing import Any

from bi.project import source
from bi.project.model import MEASURES
from bi.project.tmdl import tag

SCHEMAS = "https://developer.microsoft.com/json-schemas/fabric/"
PAGE, VISUAL = "item/report/definition/page/2.0.0", "item/report/definition/visualContainer/2.4.0"
"""Not the newest versions: Power BI Desktop opens what is older than itself, not what is newer."""

WIDTH, HEIGHT, MARGIN, GAP, TOP = 1280, 720, 24, 12, 88
"""Pixels of a page, around it, between visuals and above them."""

KINDS = {
    "cartao": ("card", "Cartão"),
    "linhas": ("lineChart", "Gráfico de linhas"),
    "colunas": ("clusteredColumnChart", "Gráfico de colunas"),
    "pilhas": ("columnChart", "Gráfico de colunas empilhadas"),
    "barras": ("clusteredBarChart", "Gráfico de barras"),
    "tabela": ("tableEx", "Tabela"),
    "matriz": ("pivotTable", "Matriz"),
}

ROLES = {
    "card": {"valores": "Values"},
    "tableEx": {"linhas": "Values", "valores": "Values"},
    "pivotTable": {"linhas": "Rows", "colunas": "Columns", "valores": "Values"},
}
"""Where each part of a visual goes; a chart has an axis, series and values."""

CHART = {"eixo": "Category", "serie": "Series", "valores": "Y"}

SLICERS = {
    "empresa": "dim_empresa[nome_unico] Empresa",
    "empreendimento": "dim_empreendimento[nome_unico] Empreendimento",
    "periodo": "dim_data[data] Período",
}
"""What every page is filtered by; a choice stays from page to page."""

Json = dict[str, Any]


def written() -> dict[str, Json]:
    """Give the files of the report's definition, by path."""
    pages = source.read("paginas.yml")
    files: dict[str, Json] = {}
    for page in pages:
        folder = f"pages/{page['nome']}"
        files[f"{folder}/page.json"] = _page(page)
        for visual in _visuals(page):
            files[f"{folder}/visuals/{visual['name']}/visual.json"] = visual
    names = [page["nome"] for page in pages]
    files["pages/pages.json"] = {
        "$schema": schema("item/report/definition/pagesMetadata/1.0.0"),
        "pageOrder": names,
        "activePageName": names[0],
    }
    files["version.json"] = {
        "$schema": schema("item/report/definition/versionMetadata/1.0.0"),
        "version": "2.0.0",
    }
    files["report.json"] = {
        "$schema": schema("item/report/definition/report/3.0.0"),
        "themeCollection": {
            "customTheme": {
                "name": "Sienge.json",
                "reportVersionAtImport": {"visual": "2.4.0", "report": "3.0.0", "page": "2.0.0"},
                "type": "RegisteredResources",
            }
        },
        "resourcePackages": [
            {
                "name": "RegisteredResources",
                "type": "RegisteredResources",
                "items": [{"name": "Sienge.json", "path": "Sienge.json", "type": "CustomTheme"}],
            }
        ],
        "settings": {"useStylableVisualContainerHeader": True, "exportDataMode": "AllowSummarized"},
    }
    return files


def schema(of: str) -> str:
    """Give the address of a schema, which is how Power BI knows a file."""
    return f"{SCHEMAS}{of}/schema.json"


def field(told: str) -> tuple[Json, str, str]:
    """Give a field, how a query names it and how people do."""
    found = re.fullmatch(r"(\w+)\[(.+?)\] (.+)", told)
    kind, table, name = ("Column", found[1], found[2]) if found else ("Measure", MEASURES, told)
    given = {kind: {"Expression": {"SourceRef": {"Entity": table}}, "Property": name}}
    return given, f"{table}.{name}", found[3] if found else told


def _projection(told: str) -> Json:
    given, reference, shown = field(told)
    return {"field": given, "queryRef": reference, "nativeQueryRef": shown, "displayName": shown}


def _page(page: Json) -> Json:
    written: Json = {
        "$schema": schema(PAGE),
        "name": page["nome"],
        "displayName": page["titulo"],
        "displayOption": "FitToPage",
        "height": HEIGHT,
        "width": WIDTH,
    }
    if "detalhe" in page:  # reached by the right button on a row that has the field
        given, _, _ = field(page["detalhe"])
        filtered = tag("filter", page["nome"]).replace("-", "")[:20]
        written |= {
            "visibility": "HiddenInViewMode",
            "filterConfig": {
                "filters": [
                    {
                        "name": filtered,
                        "field": given,
                        "type": "Categorical",
                        "howCreated": "Drillthrough",
                    }
                ]
            },
            "pageBinding": {
                "name": f"detalhe_{page['nome']}",
                "type": "Drillthrough",
                "parameters": [
                    {"name": f"por_{page['nome']}", "boundFilter": filtered, "fieldExpr": given}
                ],
            },
        }
    return written


def _visuals(page: Json) -> list[Json]:
    found = [_heading(page), *(_slicer(page, at, name) for at, name in enumerate(SLICERS))]
    left, top = WIDTH - 2 * MARGIN, TOP
    rows = page["linhas"]
    whole = HEIGHT - TOP - MARGIN - GAP * (len(rows) - 1)
    for row in rows:
        height = round(whole * row["altura"] / sum(other["altura"] for other in rows))
        parts = [visual.get("largura", 1) for visual in row["visuais"]]
        x = MARGIN
        for visual, part in zip(row["visuais"], parts, strict=True):
            width = round((left - GAP * (len(parts) - 1)) * part / sum(parts))
            place = {"x": x, "y": top, "width": width, "height": height}
            found.append(_drawn(page, visual, len(found), place))
            x += width + GAP
        top += height + GAP
    return found


def _container(page: Json, order: int, place: Json, visual: Json) -> Json:
    return {
        "$schema": schema(VISUAL),
        "name": tag("visual", page["nome"], str(order)).replace("-", "")[:20],
        "position": {**place, "z": order, "tabOrder": order},
        "visual": visual,
    }


def _text(value: str) -> Json:
    return {"expr": {"Literal": {"Value": "'" + value.replace("'", "''") + "'"}}}


def _plain(value: str) -> Json:
    return {"expr": {"Literal": {"Value": value}}}


def _labels(title: str, told: str) -> Json:
    """Give the title that is seen and the text that a screen reader says."""
    shown = {"show": _plain("true"), "text": _text(title)} if title else {"show": _plain("false")}
    return {"title": [{"properties": shown}], "general": [{"properties": {"altText": _text(told)}}]}


def _heading(page: Json) -> Json:
    runs = [
        {
            "textRuns": [
                {"value": page["titulo"], "textStyle": {"fontWeight": "bold", "fontSize": "18pt"}}
            ]
        },
        {"textRuns": [{"value": page["pergunta"], "textStyle": {"fontSize": "11pt"}}]},
    ]
    visual = {
        "visualType": "textbox",
        "objects": {"general": [{"properties": {"paragraphs": runs}}]},
        "visualContainerObjects": _labels("", f"{page['titulo']}: {page['pergunta']}"),
        "drillFilterOtherVisuals": True,
    }
    return _container(page, 0, {"x": MARGIN, "y": 12, "width": 500, "height": 64}, visual)


def _slicer(page: Json, at: int, name: str) -> Json:
    _, _, shown = field(SLICERS[name])
    mode = "Between" if name == "periodo" else "Dropdown"
    visual = {
        "visualType": "slicer",
        "query": {"queryState": {"Values": {"projections": [_projection(SLICERS[name])]}}},
        "objects": {
            "data": [{"properties": {"mode": _text(mode)}}],
            "header": [{"properties": {"show": _plain("false")}}],
        },
        "visualContainerObjects": _labels(
            shown, f"Filtro de {shown.lower()}, que vale em todas as páginas"
        ),
        "syncGroup": {"groupName": name, "fieldChanges": True, "filterChanges": True},
        "drillFilterOtherVisuals": True,
    }
    width = 232
    place = {
        "x": WIDTH - MARGIN - (3 - at) * width - (2 - at) * GAP,
        "y": 12,
        "width": width,
        "height": 64,
    }
    return _container(page, at + 1, place, visual)


def _drawn(page: Json, given: Json, order: int, place: Json) -> Json:
    kind, called = KINDS[given["tipo"]]
    state: dict[str, Json] = {}
    for part, role in ROLES.get(kind, CHART).items():
        told = given.get(part, [])
        for one in [told] if isinstance(told, str) else told:
            state.setdefault(role, {"projections": []})["projections"].append(_projection(one))
    for axis in state.get("Category", {"projections": []})["projections"]:
        axis["active"] = True
    query: Json = {"queryState": state}
    if kind != "card":
        query["sortDefinition"] = {"sort": [_sort(given, kind)]}
    title = given.get("titulo") or given["valores"][0]
    visual: Json = {"visualType": kind, "query": query}
    if kind == "card":  # the title already says it
        visual["objects"] = {"categoryLabels": [{"properties": {"show": _plain("false")}}]}
    visual["visualContainerObjects"] = _labels(title, f"{called}: {title}. {_said(given)}")
    visual["drillFilterOtherVisuals"] = True
    return _container(page, order, place, visual)


def _sort(given: Json, kind: str) -> Json:
    """Sort months in time, anything else by the number, the largest first."""
    if kind in {"clusteredBarChart", "tableEx"}:
        return {"field": field(given["valores"][0])[0], "direction": "Descending"}
    first = given["eixo"] if "eixo" in given else given["linhas"][0]
    return {"field": field(first)[0], "direction": "Ascending"}


def _said(given: Json) -> str:
    """Say what a visual shows, without its numbers."""
    by = [given[part] for part in ("eixo", "serie") if part in given]
    by += given.get("linhas", []) + given.get("colunas", [])
    over = f" por {', '.join(field(told)[2].lower() for told in by)}" if by else ""
    return f"Mostra {', '.join(given['valores'])}{over}."
