"""One collection of Sienge as a Singer stream: a run of it, from its state to its conclusion."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import requests
from typing_extensions import override

from tap_sienge import errors
from tap_sienge.collection import SiengeCollection
from tap_sienge.deletion import decide_deletion, unanswered
from tap_sienge.limits import Closed
from tap_sienge.partitions import SINCE, asked_last
from tap_sienge.run_log import COST, INTERRUPTED, now
from tap_sienge.state import pack
from tap_sienge.writer import RowWriter

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from singer_sdk.helpers.types import Context

    from tap_sienge.run_log import Status
    from tap_sienge.values import Record


class SiengeStream(SiengeCollection):
    """A collection of the REST API; a subclass declares what makes it different."""

    @override
    def _sync_records(
        self, context: Context | None = None, *, write_messages: bool = True
    ) -> Generator[Record, Any, Any]:
        """Read all contexts and write their rows, in place of the SDK's own loop."""
        self.entry = self.run.run_log.start(self.name)
        try:
            if self.is_idle():
                self._end("ok")
            else:
                self._begin()
                version, optional = self.progress.version, self.run.only.optional(self)
                write_row = RowWriter(self, version, self._tap.write_message, optional).write
                with self.get_record_counter() as counter, self.get_sync_timer():
                    for row in self._rows():
                        if write_messages:
                            write_row(row)
                        counter.increment()
                        yield row
                self._conclude(write_messages=write_messages)
        except errors.Unavailable as error:
            self._end_refused(error)
        except errors.QuotaSpent as error:
            self._end("postponed", str(error))
        except Closed:
            self._end("postponed", INTERRUPTED)
        except errors.Unauthorized as error:
            self._end_unauthorized(error)
        except BrokenPipeError:  # the target has ended
            raise
        except Exception as error:
            self.run.run_log.refusals.append(errors.status(error))
            self._end("failed", errors.explain(error))
            if not self.run.answered and isinstance(error, requests.ConnectionError):
                self.run.abort(errors.unreachable(self.run.url_base, error), "down")
            self.run.failures += 1
        if write_messages:
            self.state_manager.is_flushed = False
            self._write_state_message()

    def _end_refused(self, error: errors.Unavailable) -> None:
        """End a stream that may not be read, or of which only some contexts may not be."""
        self.run.run_log.refusals.append(error.status)
        if not self._failed:
            return self._end("skipped", str(error))
        self._keep_unread(self.kept_contexts(self.state.unread_contexts))
        landed, failures = self.state.landed, self._failures()
        return self._end("incomplete" if landed else "skipped", failures if landed else str(error))

    def _end_unauthorized(self, error: errors.Unauthorized) -> None:
        """End the run, unless it may be this resource alone that is refused."""
        if self.run.note_unauthorized():
            self._end("failed", str(error))
            self.run.abort(str(error), "password")
        self._end("failed", errors.UNAUTHORIZED_HERE if self.run.answered else str(error))

    def _begin(self) -> None:
        """Decide what is read; the parents were read before."""
        progress = self.progress
        if not self.contexts:  # the SDK's tests of streams begin here
            self.contexts = self.plan()
        progress.pending = list(self.contexts)
        if self.parents() and not progress.has_all_parents:
            progress.has_all_parents = len(self.read_parents) == len(self.parents()) and all(
                parent.entry.status == "ok"
                and parent.progress.full
                and not parent.unchanged
                and (progress.continued or not parent.progress.continued)
                for parent in self.read_parents
            )
        self._rows_before = self._rows_read()
        self.entry.extent = "full" if progress.full else "changes"
        if self.parents():
            cost, names = len(self.contexts), (parent.name for parent in self.read_parents)
            minutes = -(-cost // self.limiter.limit)
            self.logger.info(COST, self.name, cost, " e ".join(names), minutes)

    @override
    def get_records(self, context: Context | None) -> Iterator[Record]:
        return self.read_context(dict(context or {}))

    def _rows(self) -> Iterator[Record]:
        """Read the contexts, whatever happens to one of them."""
        self.records.on_accept = [partial(follower.offer, self) for follower in self.followers]
        if only := self.run.only:
            self.records.on_accept.append(partial(only.note_row, self))
        for context in self.contexts:
            if self.paginator.left() == 0:
                return
            if only.has_come(self, context):
                self.progress.leave(context)
                continue
            try:
                yield from self.read_context(context)
                self._failed.note_answer()
            except (BrokenPipeError, Closed, errors.QuotaSpent):
                raise
            except Exception as error:
                done, child = self.progress.contexts_done, bool(self.parents())
                if not self._failed.decide_to_go_on(error, len(self.contexts), done, child=child):
                    if child:  # asked for last next time: it may be the only one that fails
                        self._failed.note(context, error)
                        self.progress.leave(context)
                    raise
                self._failed.note(context, error)
            self.progress.leave(context)

    def read_context(self, context: Record) -> Iterator[Record]:
        """Read one context, and note what makes it doubtful that all of it came."""
        self._contexts_asked += 1
        progress = self.progress
        try:
            tally = yield from self.paginator.read(context)
        except errors.Unavailable as error:
            none = {requests.codes.not_found}  # by which the API tells that there are no records
            if not (self.parents() or self.run.only):
                none.add(requests.codes.no_content)
            is_sure = error.by_api or error.status != requests.codes.not_found
            if error.status not in none or not (context or (is_sure and progress.since)):
                raise
            progress.contexts_done += 1
            progress.contexts_unanswered += 1
            if is_sure:
                self.run.only.note_none(self, context)
                return self._note_resource_exists()
            if self.period:
                progress.doubts.append(errors.UNCONFIRMED)
            return self._failed.unconfirmed.append(context)
        self._note_resource_exists()
        progress.contexts_done += 1
        progress.rows += self.records.finish()
        if not (self.paged or self.nested):
            self.records.note_collisions()
        self.paginator.note_doubts(tally)
        self.run.only.note_total(self, context, tally.total)

    def _note_resource_exists(self) -> None:
        """Note that the resource exists: each 404 before was of a single record."""
        self._failed.unconfirmed.clear()

    # Its conclusion

    def _conclude(self, *, write_messages: bool) -> None:
        """After the last page: what is deleted, where to go on, and what to tell."""
        progress, state, failed = self.progress, self.state, self._failed
        if self.run.only:
            return self._conclude_only(write_messages=write_messages)
        if reason := self._why_nothing_was_asked():
            return self._end("skipped", reason)
        if self.dry_run or self.unchanged:
            return self._end("ok")
        if failed and not progress.contexts_done:
            return self._conclude_unanswered()
        if progress.contexts_unanswered:
            none = progress.contexts_unanswered == progress.contexts_done
            if none and (progress.full or failed.unconfirmed):
                return self._end("skipped", str(errors.Unavailable(requests.codes.not_found)))
            if not (self.period or progress.since):
                self.entry.warnings.append(unanswered(progress))
        progress.doubts += self._parent_rows.doubts()
        deletes = decide_deletion(
            progress,
            state,
            today=self.run.today.isoformat(),
            failed=len(failed),
            unconfirmed=len(failed.unconfirmed),
            keyless=self.records.keyless,
            keyless_is_usual=bool(self.nested),
            period=self.period,
            sees_all_parents=progress.has_all_parents or not self.parents(),
        )
        self._keep_unread(self.kept_contexts(state.unread_contexts) if self.run.is_round else [])
        if progress.doubts:
            reasons = [*dict.fromkeys(progress.doubts), *[self._failures()] * bool(failed)]
            return self._end(failed.severity, "; ".join(reasons))
        if progress.full and (not failed or self.tells_changes()):
            state.full_read_at = progress.started
        if self.modified_filter:
            state.replication_key = self.modified_filter
            state.replication_key_value = progress.started
        if failed:
            return self._end(failed.severity, self._failures())
        if progress.full:
            if deletes and write_messages:
                self._write_activate_version_message(progress.version)
            state.rows, state.empty_since = progress.rows, ""
            if self.watched:
                state.first_page = progress.first_page
        return self._end("ok")

    def _conclude_only(self, *, write_messages: bool) -> None:
        """After the last of the given records; of those that came, the rest is deleted."""
        doubts = [*self.progress.doubts, *["há registros rejeitados"] * bool(self.records.rejected)]
        self._end("failed" if doubts or self._failed.unread else "ok", "; ".join(doubts) or None)
        for message in self.run.only.deletions(self) if write_messages and not doubts else ():
            self._tap.write_message(message)

    def _why_nothing_was_asked(self) -> str | None:
        if self._contexts_asked:
            return None
        if self.parents():
            statuses = {parent.name: parent.entry.status for parent in self.read_parents}
            if reason := self._parent_rows.why_none(statuses, full=self.progress.full):
                return reason
        if self.chosen_by:
            return f"informe a configuração {', '.join(self.chosen_by.values())} para lê-lo"
        return None

    def _conclude_unanswered(self) -> None:
        """After contexts of which none was answered."""
        failures = self._failures()
        if refusal := self._failed.refusal:
            return self._end_refused(refusal)
        self.progress.pending = self._failed.clear()
        return self._end("failed", failures)

    def _failures(self) -> str:
        """Tell which contexts failed, without the personal data in them."""
        return self._failed.sentence(self._contexts_asked, self.personal_parameters())

    def _keep_unread(self, kept: list[Record]) -> None:
        """Keep in the state which contexts had no answer, and so are read again in the next run."""
        changes = self.modified_filter or self.recent_filter
        since = {SINCE: self.progress.since} if changes else {}
        unread = asked_last(kept, [since | context for context in self._failed.unread])
        self.state.unread_contexts = pack(unread, self.run.privacy) if unread else ""

    def interrupt(self) -> None:
        """End the entry of a read that the run leaves; the state stays, the last may not land."""
        if self.entry.started_at and not self.entry.status:
            self._tell_end("postponed", INTERRUPTED)

    def _end(self, status: Status, error: str | None = None) -> None:
        """Keep in the state how far the read came, and tell it."""
        self.run.only.settle(self, status, error)
        self._put_failed_last()
        state, progress = self.state, self.progress
        if status in {"postponed", "failed"} and progress.pending and not self.dry_run:
            state.resume = progress.dump(self.run.privacy)
        else:
            state.resume = {}
        if status != "postponed":
            state.ended_at = now()
        state.version = progress.version
        state.landed = state.landed or self._rows_landed() > 0
        self.state.dump(self.stream_state)
        self._tell_end(status, error)

    def _put_failed_last(self) -> None:
        """Read them last when the read goes on, so that they keep no other from being read."""
        if self.progress.pending:
            self.progress.pending += self._failed.clear()

    def _rows_read(self) -> int:
        """Give the rows of all runs of this read."""
        progress = self.progress
        return progress.rows + (len(progress.seen) if progress.offset else 0)

    def _rows_landed(self) -> int:
        """Give the rows that landed in this run."""
        return self._rows_read() - self._rows_before - self.records.rejected

    def _tell_end(self, status: Status, error: str | None) -> None:
        """Close the stream's entry and tell what the user should know."""
        self.entry.rows, self.entry.rejected = self._rows_landed(), self.records.rejected
        self.entry.finish(status, error, self.row_schema.warnings)
        self.entry.log(self.logger)
