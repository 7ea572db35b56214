"""What a run could not land as a row: the records of the stream ``rejected_rows``."""

from __future__ import annotations

import json
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from singer_sdk import Stream
from typing_extensions import override

from tap_sienge.run_log import now
from tap_sienge.values import shallow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from singer_sdk.helpers.types import Context

IN_MEMORY = 1 << 20
"""Bytes from which on they wait on disk."""


class Rejects:
    """The rejected records of one run, until its end."""

    def __init__(self) -> None:
        """Start with none."""
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - as long as the run

    def add(self, stream: str, record: Any, reason: str) -> None:  # noqa: ANN401
        """Set a record aside."""
        whole = record if isinstance(record, dict) else {"valor": shallow(record)}
        row = {"stream": stream, "reason": reason, "record": whole, "rejected_at": now()}
        self._file.write(json.dumps(row).encode() + b"\n")

    @property
    def position(self) -> int:
        """What ``rewind`` goes back to."""
        return self._file.tell()

    def rewind(self, position: int) -> None:
        """Drop what was added since, by a read that is repeated."""
        self._file.seek(position)
        self._file.truncate()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Give them in their order."""
        self._file.seek(0)
        for position, line in enumerate(self._file, 1):
            yield {"position": position} | json.loads(line)


class RejectedRows(Stream):
    """One record for each that could not land; comes at the end of a run."""

    name = "rejected_rows"
    primary_keys = ("run_id", "position")
    TYPE_CONFORMANCE_LEVEL = Stream.TYPE_CONFORMANCE_LEVEL.NONE
    schema = {  # noqa: RUF012
        "type": "object",
        "title": "Registros rejeitados",
        "description": "Cada linha é um registro que o Sienge enviou e que não pôde ser gravado.",
        "properties": {
            "run_id": {"type": "string", "title": "Identificador da execução"},
            "position": {"type": "integer", "title": "Ordem na execução"},
            "stream": {"type": ["string", "null"], "title": "Recurso"},
            "reason": {"type": ["string", "null"], "title": "Motivo"},
            "record": {"type": ["object", "null"], "title": "Registro"},
            "rejected_at": {
                "type": ["string", "null"],
                "format": "date-time",
                "title": "Momento da rejeição",
            },
        },
    }

    def __init__(self, tap: Any, run_id: str, rejects: Rejects) -> None:  # noqa: ANN401
        """Bind the stream to what its run rejects."""
        super().__init__(tap)
        self._run_id, self._rejects = run_id, rejects

    @override
    def get_records(self, context: Context | None) -> Iterable[dict[str, Any]]:
        for row in self._rejects:
            yield {"run_id": self._run_id} | row
