"""The HTTP interface as an OpenAPI document, of which the page's types are made; not published."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI

from sienge_panel.app import private, public


def document() -> dict[str, Any]:
    """Give it."""
    app = FastAPI(title="Painel")
    app.include_router(public)
    app.include_router(private)
    return app.openapi()


if __name__ == "__main__":
    print(json.dumps(document(), ensure_ascii=False, indent=1))
