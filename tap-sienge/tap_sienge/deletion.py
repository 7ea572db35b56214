"""When rows that did not come count as deleted: only after a read that proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tap_sienge.state import Progress, StreamState


def deletes_what_did_not_come(
    read: Progress,
    state: StreamState,
    *,
    today: str,
    failed: int,
    lacking: int,
    keyless: int,
    by_period: bool,
    sees_all: bool,
) -> bool:
    """Decide whether rows that did not come in a read are deleted; what speaks against it is told.

    The only place that decides so. ``sees_all`` says whether a row that exists must have come:
    not where a stream tells the position of one day, nor where only some of the parents' rows
    were there to ask for. ``failed`` contexts, those ``lacking`` and ``keyless`` rows are counted
    by the stream.

    The rows are then marked by code that is not ours. We write ACTIVATE_VERSION with the version
    that each row of this read carries; MeltanoLabs' ``target_postgres/sinks.py``,
    ``PostgresSink.activate_version``, sets ``_sdc_deleted_at`` where ``_sdc_table_version`` is an
    older one (with ``hard_delete`` it deletes the row). It asks no further question.
    """
    # The API said of some contexts that it does not know them. That a period is unknown cannot be.
    if read.contexts_unanswered and by_period:
        read.doubts.append(unanswered(read))
    # All rows gone at once, or a 404 of the gateway instead of the API's own, may be a permission
    # taken away: that must hold for a day.
    suspect = lacking or not read.rows
    if read.full and not read.doubts and suspect and state.rows:
        state.empty_since = state.empty_since or today
        if state.empty_since == today:
            came = f"{unanswered(read)}, como se não houvesse o recurso"
            read.doubts.append(
                f"{came if read.rows else 'veio vazio'}, mas tinha {state.rows} linhas; só serão "
                "dadas por excluídas as que não vieram se a leitura de outro dia também vier assim"
            )
    # Keys that we had to calculate are others than those of the rows that they stand for.
    if keyless and keyless >= read.rows:
        read.doubts.append("nenhum registro trouxe sua chave")
    # Doubts that came earlier: a context whose end was not seen, whose pages do not follow each
    # other or whose count is not reached (``ReadTally.proves``), an answer that broke off, records
    # that are none.
    return read.full and sees_all and not failed and not read.doubts


def unanswered(read: Progress) -> str:
    """Tell how many contexts the API does not know."""
    return f"sem resposta (404) em {read.contexts_unanswered} de {read.contexts_done} consultas"
