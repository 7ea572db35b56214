"""A sketch of each page, from its PBIR: where things are, not what they show."""

from __future__ import annotations

import json
from html import escape
from typing import Any

BARS = (0.5, 0.8, 0.35, 0.65, 0.9, 0.55)


def pages(files: dict[str, str]) -> dict[str, str]:
    """Give an SVG of each page of a project, by file name."""
    found: dict[str, str] = {}
    for path, text in files.items():
        if not path.endswith("/page.json"):
            continue
        page, folder = json.loads(text), path.removesuffix("page.json")
        visuals = [
            json.loads(other)
            for name, other in files.items()
            if name.startswith(folder) and name.endswith("/visual.json")
        ]
        found[f"{page['name']}.svg"] = _page(page, visuals)
    return found


def _page(page: dict[str, Any], visuals: list[dict[str, Any]]) -> str:
    width, height = page["width"], page["height"]
    drawn = "\n".join(map(_visual, visuals))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + 28}" '
        'font-family="sans-serif">\n'
        f"<title>Esboço da página {escape(page['displayName'])}</title>\n"
        f'<rect width="{width}" height="{height + 28}" fill="#f4f5f7"/>\n{drawn}\n'
        f'<text x="24" y="{height + 14}" font-size="14" fill="#5b5b5b">'
        "Esboço: onde fica cada coisa, sem números nem a aparência do Power BI.</text>\n</svg>\n"
    )


def _visual(container: dict[str, Any]) -> str:
    place, visual = container["position"], container["visual"]
    x, y, width, height = (place[name] for name in ("x", "y", "width", "height"))
    kind = visual["visualType"]
    if kind == "textbox":
        lines = visual["objects"]["general"][0]["properties"]["paragraphs"]
        title, question = (line["textRuns"][0]["value"] for line in lines)
        return (
            f'<text x="{x}" y="{y + 26}" font-size="24" font-weight="bold">{escape(title)}</text>\n'
            f'<text x="{x}" y="{y + 50}" font-size="15">{escape(question)}</text>'
        )
    title = visual["visualContainerObjects"]["title"][0]["properties"]["text"]["expr"]["Literal"][
        "Value"
    ]
    inside = _inside(kind, x + 12, y + 32, width - 24, height - 44)
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="4" '
        'fill="#fff" stroke="#c4c9d0"/>\n'
        f'<text x="{x + 10}" y="{y + 20}" font-size="13">{escape(title[1:-1])}</text>\n'
        f'<g fill="#0072B2" stroke="#0072B2">{inside}</g>'
    )


def _inside(kind: str, x: int, y: int, width: int, height: int) -> str:
    """Draw what tells one kind of visual from another."""
    if kind == "card":
        return f'<text x="{x}" y="{y + 30}" font-size="26" stroke="none">123</text>'
    if kind == "slicer":
        return f'<rect x="{x}" y="{y}" width="{width}" height="{max(height, 16)}" fill="none"/>'
    if kind == "lineChart":
        points = " ".join(
            f"{x + width * at / 5:.0f},{y + height * (1 - part):.0f}"
            for at, part in enumerate(BARS)
        )
        return f'<polyline points="{points}" fill="none" stroke-width="3"/>'
    if kind in {"tableEx", "pivotTable"}:
        lines = range(y, y + height, 22)
        return "".join(f'<path d="M{x} {at}h{width}" stroke-opacity=".35"/>' for at in lines)
    if kind == "clusteredBarChart":
        step = height / len(BARS)
        return "".join(
            f'<rect x="{x}" y="{y + at * step:.0f}" width="{width * part:.0f}" '
            f'height="{step * 0.7:.0f}"/>'
            for at, part in enumerate(sorted(BARS, reverse=True))
        )
    step = width / len(BARS)
    return "".join(
        f'<rect x="{x + at * step:.0f}" y="{y + height * (1 - part):.0f}" width="{step * 0.7:.0f}" '
        f'height="{height * part:.0f}"/>'
        for at, part in enumerate(BARS)
    )
