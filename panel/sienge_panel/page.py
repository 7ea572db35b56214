"""The page: the files that `npm run build` leaves in ``web/out``."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from typing_extensions import override

from sienge_panel.guard import READING

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

FOUND = 400
"""Statuses below it are no failures."""

INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def scripts(folder: Path) -> set[str]:
    """Give the digests of the scripts that the build wrote into the page: no others may run."""
    found: set[str] = set()
    for page in folder.rglob("*.html"):
        for script in INLINE.findall(page.read_text(encoding="utf-8")):
            found.add(base64.b64encode(hashlib.sha256(script.encode()).digest()).decode())
    return found


ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""The compressed twins that `npm run build` leaves beside the files, the smallest first."""


class Page(StaticFiles):
    """The files; those whose name tells their content may be kept by the browser."""

    @override
    async def get_response(self, path: str, scope: Scope) -> Response:
        if path.startswith("api/") and scope["method"] in READING:
            raise HTTPException(404, "Não há nada neste endereço.")
        response = await super().get_response(path, scope)
        if "location" in response.headers:  # without the name, which a proxy may have changed
            response.headers["location"] = f"/{path}/"
        elif path.startswith("_next/static/"):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        elif response.status_code < FOUND:
            response.headers["Cache-Control"] = "no-cache"
        return response

    @override
    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        accepted = Headers(scope=scope).get("accept-encoding", "").replace(",", " ").split()
        for encoding, ending in ENCODINGS.items():
            twin = f"{os.fspath(full_path)}{ending}"
            if encoding in accepted and Path(twin).is_file():
                response = super().file_response(twin, Path(twin).stat(), scope, status_code)
                response.headers["Content-Encoding"] = encoding
                break
        else:
            response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Vary"] = "Accept-Encoding"
        return response
