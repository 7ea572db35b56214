"""The project for Power BI, to download."""

from __future__ import annotations

from fastapi import APIRouter, Response

from sienge_panel.deps import Deps
from sienge_panel.powerbi import PROJECT, archive
from sienge_panel.problem import ProblemError

router = APIRouter(prefix="/bi")


class Zip(Response):
    """A ZIP to download."""

    media_type = "application/zip"


@router.get("/Sienge.zip", response_class=Zip)
def get_project(panel: Deps) -> Zip:
    """Give the project, with the address of this database in it.

    Raises:
        ProblemError: It did not come with this installation.
    """
    place = panel.reader.connection()
    folder = panel.settings.project / PROJECT
    if not folder.is_dir():
        raise ProblemError("O projeto do Power BI não veio com esta instalação: atualize-a.")
    content = archive(folder, f"{place['host']}:{place['port']}", place["database"])
    attachment = {"Content-Disposition": 'attachment; filename="Sienge.zip"'}
    return Zip(content, headers=attachment)
