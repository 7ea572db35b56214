"""When rows that did not come count as deleted: only after a read that proves it.

The only place that decides so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tap_sienge.given import Outcome
    from tap_sienge.partitions import Period
    from tap_sienge.progress import Progress
    from tap_sienge.state import StreamState


def decide_deletion(
    read: Progress,
    state: StreamState,
    *,
    today: str,
    failed: int,
    unconfirmed: int,
    keyless: int,
    keyless_is_usual: bool,
    period: Period | None,
    sees_all_parents: bool,
) -> bool:
    """Decide whether rows that did not come in a read are deleted.

    What speaks against it is added to the read's ``doubts``. ``state`` remembers the day of the
    first suspect read, and how many rows came without their key.

    ``sees_all_parents`` says whether all of the parents' rows were there to ask for. ``failed``
    counts the contexts without an answer, ``unconfirmed`` those with a 404 that is not the API's
    own, ``keyless`` the rows that came without their key.

    The rows are then marked by code that is not ours. We write ACTIVATE_VERSION with the version
    that each row of this read carries; MeltanoLabs' ``target_postgres/sinks.py``,
    ``PostgresSink.activate_version``, sets ``_sdc_deleted_at`` where ``_sdc_table_version`` is an
    older one (with ``hard_delete`` it deletes the row). It asks no further question.
    """
    # All rows gone at once, or a 404 of the gateway instead of the API's own, may be a permission
    # taken away; and by a 404 the API tells that a period is empty (FACTS), be it also one in which
    # rows were. That must hold for a day.
    emptied = period and read.contexts_unanswered and read.rows < state.rows
    suspect = not failed and (unconfirmed or not read.rows or emptied)
    if read.full and not read.doubts and suspect and state.rows:
        state.empty_since = state.empty_since or today
        if state.empty_since == today:
            came = f"{unanswered(read)}, como se não houvesse o recurso"
            read.doubts.append(
                f"{came if read.rows else 'veio vazio'}, mas tinha {state.rows} linhas; só serão "
                "dadas por excluídas as que não vieram se a leitura de outro dia também vier assim"
            )
    # Keys that we had to calculate are others than those of the rows that they stand for.
    # The next full read must bring them so, too, but where rows without a key are usual: as of
    # lists that are empty, or where none ever had one, as accounting entries by the newer document.
    none_has = keyless >= read.rows
    none_had = 0 < state.rows <= state.keyless
    usual = none_had or (keyless_is_usual and not none_has)
    if keyless and none_has and not (read.full or usual):
        read.doubts.append("nenhum registro trouxe sua chave")
    elif read.full and state.rows and keyless > state.keyless and not usual:
        read.doubts.append(
            f"{keyless} registros vieram sem sua chave; só serão dadas por excluídas as linhas que "
            "não vieram se a próxima leitura também vier assim"
        )
    if read.full:
        state.keyless = keyless
    # Doubts that came earlier: a context whose end was not seen, whose pages do not follow each
    # other or whose count is not reached (``ReadTally.proves``), an answer that broke off, records
    # that are none.
    # The position of one day says nothing of those of other days.
    is_snapshot = period is not None and period.size == "today"
    sees_all = sees_all_parents and not is_snapshot
    return read.full and sees_all and not failed and not read.doubts


def deletes_rest_of_record(outcome: Outcome, *, proved: bool) -> bool:
    """Decide whether those rows of a given record are deleted that did not come with it.

    ``proved`` says whether the answer was to this record alone, or brought rows of it.
    """
    return outcome == "removed" or (outcome == "ok" and proved)


def unanswered(read: Progress) -> str:
    """Tell how many contexts the API does not know."""
    return f"sem resposta (404) em {read.contexts_unanswered} de {read.contexts_done} consultas"
