"""What came of given records (the setting ``only``): the records of the stream ``record_log``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_sdk import Stream
from typing_extensions import override

from tap_sienge.run_log import now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from singer_sdk import Tap
    from singer_sdk.helpers.types import Context
    from singer_sdk.singerlib import Catalog

    from tap_sienge.only import Only


class RecordLog(Stream):
    """One record for each given record of a run; lands after all else."""

    name = "record_log"
    primary_keys = ("run_id", "stream", "id")
    schema = {  # noqa: RUF012
        "type": "object",
        "title": "Histórico dos registros lidos um a um",
        "description": "Cada linha é o resultado da leitura de um registro pelo seu código.",
        "properties": {
            "run_id": {"type": "string", "title": "Identificador da execução"},
            "stream": {"type": "string", "title": "Recurso"},
            "id": {"type": "string", "title": "Código do registro; vazio: a lista inteira"},
            "status": {"type": ["string", "null"], "title": "Resultado"},
            "error": {"type": ["string", "null"], "title": "Motivo, quando não é ok"},
            "read_at": {
                "type": ["string", "null"],
                "format": "date-time",
                "title": "Momento da leitura",
            },
        },
    }

    def __init__(self, tap: Tap, run_id: str, only: Only) -> None:
        """Bind the stream to the records of its run."""
        super().__init__(tap)
        self._run_id, self._only = run_id, only

    @override
    def apply_catalog(self, catalog: Catalog) -> None:
        """Keep all of it selected, whatever a catalog says."""

    @override
    def get_records(self, context: Context | None) -> Iterator[dict[str, Any]]:
        for given in self._only.given:
            told = given.as_json | {"id": "/".join(given.id)}
            yield {"run_id": self._run_id, "stream": given.stream, "read_at": now()} | told
