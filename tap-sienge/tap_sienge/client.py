"""One collection of Sienge as a Singer stream: a run of it, from its state to its report.

A layer each: how one request is made (``http``), what is asked for (``questions``), what records
become (``rows``), how pages are read (``reading``), and here what a run concludes. What they share
is in ``tap``. Facts: FACTS.md.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

import requests
from singer_sdk.exceptions import FatalAPIError, RetriableAPIError
from singer_sdk.helpers.types import Context  # noqa: TC002
from typing_extensions import override

from tap_sienge import errors
from tap_sienge.http import OUTAGE, PATH
from tap_sienge.limits import Closed
from tap_sienge.progress import pack
from tap_sienge.questions import SINCE
from tap_sienge.reading import SiengeReading
from tap_sienge.run_log import STATUS_TEXT, now

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from tap_sienge.run_log import Status
    from tap_sienge.values import Record


SHOWN = 10
"""Contexts that are named where some failed."""

INTERRUPTED = "a sincronização foi interrompida"


class SiengeStream(SiengeReading):
    """A collection of the REST API; a subclass declares what makes it different."""

    emit_activate_version_messages = False  # the SDK sends it first, we after a reconciled read
    _rows_before = 0

    @override
    def _sync_records(
        self, context: Context | None = None, *, write_messages: bool = True
    ) -> Generator[Record, Any, Any]:
        self.entry = self._tap.run_log.start(self.name)
        self._stream_version = self.progress.version
        try:
            if self.idle:
                self._end("ok")
            else:
                self._begin()
                yield from super()._sync_records(context, write_messages=write_messages)
                self._conclude(write_messages=write_messages)
        except errors.Unavailable as error:
            self._tap.run_log.refusals.append(error.status)
            self._end("skipped", str(error))
        except errors.QuotaSpent as error:
            self._end("postponed", str(error))
        except Closed:
            self._end("postponed", INTERRUPTED)
        except errors.Unauthorized as error:
            self._unauthorized(error)
        except (RetriableAPIError, FatalAPIError, requests.RequestException) as error:
            self._tap.run_log.refusals.append(errors.status(error))
            self._end("failed", errors.explain(error))
            if not self._tap.answered and isinstance(error, requests.ConnectionError):
                self._tap.abort(errors.unreachable(self.url_base, error), "down")
            self._tap.failures += 1
        except BrokenPipeError:  # the target has ended
            raise
        except Exception as error:
            self._end("failed", errors.unexpected(error))
        self.stream_state.pop("starting_replication_value", None)  # the SDK's, for a run that ends
        if write_messages:
            self._write_state_message()

    def _unauthorized(self, error: errors.Unauthorized) -> None:
        """End the run, unless others were answered: then it is this resource that is refused."""
        tap = self._tap
        tap.unauthorized += 1
        if not tap.answered or tap.unauthorized >= OUTAGE:
            self._end("failed", str(error))
            tap.abort(str(error), "password")
        self._end("failed", errors.UNAUTHORIZED_HERE)

    def _begin(self) -> None:
        progress = self.progress
        progress.pending = list(self.contexts)
        if self.parents and not progress.whole:
            progress.whole = len(self.read_parents) == len(self.parents) and all(
                parent.entry.status == "ok"
                and parent.progress.full
                and not parent._unchanged
                and (progress.continued or not parent.progress.continued)
                for parent in self.read_parents
            )
        self._rows_before = self._rows_read
        self.entry.extent = "full" if progress.full else "changes"
        if self.parents:
            self._tell_cost()

    def _tell_cost(self) -> None:
        cost = len(self.contexts)
        self.logger.info(
            "%s: %d requisições ou mais, pelos registros de %s; cerca de %d min pelo limite.",
            self.name,
            cost,
            " e ".join(parent.name for parent in self.read_parents),
            -(-cost // self.limiter.limit),
        )

    @override
    def generate_child_contexts(self, record: Record, context: Context | None) -> Iterable[Context]:
        return ()  # children are read after their parents, many at a time

    @property
    def _rows_read(self) -> int:
        """Rows of all runs of this read."""
        return self.progress.rows + (len(self.progress.seen) if self.progress.offset else 0)

    @property
    def _rows_told(self) -> int:
        """Rows of this run that land."""
        return self._rows_read - self._rows_before - self.entry.rejected

    def _conclude(self, *, write_messages: bool) -> None:
        """After the last page: what vanished, where to go on, and what to tell."""
        missing = [s.name for s in self.read_parents if s.entry.status != "ok"]
        if self.parents and not self._asked and (missing or not self.read_parents):
            names = ", ".join(missing) or "recurso algum que esteja selecionado"
            return self._end("skipped", f"nenhum código veio de {names}")
        if self.lacking and not self._asked and self.progress.full:
            (parent, column), times = self.lacking.most_common(1)[0]
            return self._end("skipped", f"{times} registros de {parent} não trazem {column}")
        if self.chosen_by and not self._asked:
            settings = ", ".join(self.chosen_by.values())
            return self._end("skipped", f"informe a configuração {settings} para lê-lo")
        if self.dry_run or self._unchanged:
            return self._end("ok")
        progress, state, today = self.progress, self.stream_state, self._tap.today.isoformat()
        if self.failed and not progress.asked:
            return self._conclude_unanswered()
        if progress.unanswered and progress.unanswered == progress.asked:
            return self._end("skipped", str(errors.Unavailable(requests.codes.not_found)))
        if progress.unanswered:
            missing_answers = (
                f"sem resposta (404) em {progress.unanswered} de {progress.asked} consultas"
            )
            (progress.doubts if self.period else self.entry.warnings).append(missing_answers)
        if progress.full and not progress.doubts and not progress.rows and state.get("rows"):
            since = state.setdefault("empty_since", today)
            if since == today:
                progress.doubts.append(
                    f"veio vazio, mas tinha {state['rows']} linhas; só serão dadas por excluídas "
                    "se a leitura de outro dia também vier vazia"
                )
        self._keep_unread()
        if self._keyless and self._keyless >= progress.rows:
            progress.doubts.append("nenhum registro trouxe sua chave")
        if progress.doubts:
            return self._end(self._severity, "; ".join(dict.fromkeys(progress.doubts)))
        if self.failed:
            if self.tells_changes and progress.full:
                state["full_read_at"] = progress.started
            self._move_bookmark()
            return self._end(self._severity, self._failures)
        if progress.full:
            if write_messages and self._sees_all:
                self._write_activate_version_message(progress.version)
            state |= {"rows": progress.rows, "full_read_at": progress.started}
            state.pop("empty_since", None)
            if self.watched:
                state["first_page"] = progress.first_page
        self._move_bookmark()
        return self._end("ok")

    def _move_bookmark(self) -> None:
        if self.modified_filter:
            self.stream_state.update(
                replication_key=self.modified_filter, replication_key_value=self.progress.started
            )

    # Contexts that failed

    def _put_failed_last(self) -> None:
        """Ask for them last when the read goes on, so that they keep no other from being read."""
        if self.progress.pending:
            self.progress.pending += [context for context, _ in self.failed]
            self.failed = []

    def _conclude_unanswered(self) -> None:
        """After contexts of which none was answered."""
        _, error = self.failed[0]
        if all(isinstance(error, errors.Unavailable) for _, error in self.failed):
            return self._end("skipped", str(error))
        self.progress.pending, failures = [context for context, _ in self.failed], self._failures
        self.failed = []
        return self._end("failed", failures)

    def _keep_unread(self) -> None:
        """Keep in the state which contexts failed, and so are asked for again in the next run."""
        self.stream_state.pop("unread", None)
        if self.failed:
            since = (
                {SINCE: self.progress.since} if self.modified_filter or self.recent_filter else {}
            )
            contexts = [since | context for context, _ in self.failed]
            self.stream_state["unread"] = pack(contexts, self.privacy)

    @property
    def _severity(self) -> Status:
        """Whether what failed is a failure of the API's, or only not to be had."""
        final = (errors.Unavailable, FatalAPIError)
        return "incomplete" if all(isinstance(e, final) for _, e in self.failed) else "failed"

    @property
    def _failures(self) -> str:
        """Tell how many contexts failed, which, and why."""
        shown = ", ".join(self._shown(context) for context, _ in self.failed[:SHOWN])
        more = "…" if len(self.failed) > SHOWN else ""
        reasons = Counter(errors.explain(error) for _, error in self.failed)
        why = "; ".join(reason for reason, _ in reasons.most_common(3))
        return (
            f"sem resposta em {len(self.failed)} de {self._asked} consultas ({shown}{more}): "
            f"{why}. Elas são feitas de novo na próxima sincronização, e até lá nada é dado por "
            "excluído"
        )

    def _shown(self, context: Record) -> str:
        """Name a context by what was asked for, but for personal data."""
        hidden = {
            name
            for parent in self.read_parents
            for name, column in self.parents[type(parent)].items()
            if column.split(".")[0] in parent.table.personal
        }
        shown = [value for name, value in context.items() if name not in hidden | {SINCE, PATH}]
        return "/".join(map(str, shown))

    @property
    def _sees_all(self) -> bool:
        """Whether a row that did not come is a row that no longer exists.

        Not where the API tells the position of one day only, nor if the ids to ask for are only
        some of them.
        """
        if self.period and self.period.size == "today":
            return False
        return self.progress.whole or not self.parents

    def interrupt(self) -> None:
        """End the entry of a read in whose middle the run was told to end.

        The state stays as it was: what was read last may not have been written.
        """
        if self.entry.started_at and not self.entry.status:
            self._tell_end("postponed", INTERRUPTED)

    def _end(self, status: Status, error: str | None = None) -> None:
        """Keep in the state how far the read came, and tell it."""
        self._put_failed_last()
        if status in {"postponed", "failed"} and self.progress.pending and not self.dry_run:
            self.stream_state["resume"] = self.progress.dump(self.privacy)
        else:
            self.stream_state.pop("resume", None)
        if status != "postponed":
            self.stream_state["ended_at"] = now()
        self.stream_state["version"] = self.progress.version
        if self._rows_told:
            self.stream_state["landed"] = True  # by which a loader may tell that a table was lost
        self._tell_end(status, error)

    def _tell_end(self, status: Status, error: str | None) -> None:
        """Close the stream's entry and tell what the user should know."""
        self.entry.rows = self._rows_told
        found = self.table.report.items()
        self.entry.warnings += [f"{sentence} ({times} vez(es))" for sentence, times in found]
        self.entry.finish(status, error)
        for warning in self.entry.warnings:
            self.logger.warning("%s", warning)
        if error and error != errors.UNAUTHORIZED:  # which ends the run, and is said there
            level = logging.ERROR if status == "failed" else logging.WARNING
            self.logger.log(level, "Recurso %s: %s.", STATUS_TEXT[status], error)
