"""The page: the files that `npm run build` leaves in ``web/out``."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from starlette.staticfiles import StaticFiles
from typing_extensions import override

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.responses import Response
    from starlette.types import Scope

INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def scripts(folder: Path) -> set[str]:
    """Give the digests of the scripts that the build wrote into the page: no others may run."""
    found: set[str] = set()
    for page in folder.rglob("*.html"):
        for script in INLINE.findall(page.read_text(encoding="utf-8")):
            found.add(base64.b64encode(hashlib.sha256(script.encode()).digest()).decode())
    return found


class Page(StaticFiles):
    """The files; those whose name tells their content may be kept by the browser."""

    @override
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if "location" in response.headers:  # without the name, which a proxy may have changed
            response.headers["location"] = f"/{path}/"
        if path.startswith("_next/static/"):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
