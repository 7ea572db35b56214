"""The state of the data, and the runs that bring them."""

from __future__ import annotations

import asyncio
import json
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException
from fastapi.responses import PlainTextResponse, StreamingResponse
from pydantic import BaseModel, Field

from sienge_panel import credentials, first, models, permissions, schedule, sienge
from sienge_panel.answers import Started, Status, Step
from sienge_panel.deps import Deps
from sienge_panel.environment import for_child
from sienge_panel.problem import ProblemError
from sienge_panel.quota import limits
from sienge_panel.run_answers import Begun, Run
from sienge_panel.runs import TABLE, progress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

router = APIRouter()

WORD = 30
"""Looks at a silent run, two in a second, before a word that keeps a proxy from hanging up."""

HOOKS = 20
"""Runs for events that are listed."""

Table = Annotated[str, Field(pattern=f"^{TABLE.pattern}$", max_length=100)]


class Wanted(BaseModel, extra="forbid"):
    """The tables to read now; none means all."""

    tables: list[Table] = Field(default=[], max_length=500)


@router.get("/status")
def get_status(panel: Deps) -> Status:
    """Tell what the data are worth; also without what the panel cannot decrypt any more."""
    try:
        env, problem = for_child(panel.settings, panel.vault), ""
    except ProblemError as lost:
        env, problem = dict(panel.settings.env), str(lost)
    latest = panel.runs.known.latest(permissions.LATELY, partial=False)
    last = next(iter(latest), None)
    plan = schedule.Schedule.read(panel.settings, panel.vault)
    configured = credentials.complete(env)
    tables = permissions.known(panel, latest)
    status = {
        "running": panel.runs.known.running(),
        "configured": configured,
        "setup": "ready" if configured else "external" if tables else "new",
        "problem": problem or schedule.failure(panel.settings, last["started"] if last else None),
        "last": last,
        "last_round": next(iter(panel.runs.known.rounds()), None),
        "first": first.step(panel.vault, configured=configured, last=last is not None),
        "tables": tables,
        "failed_models": models.failed(panel.settings.docs.parent),
        "doubtful_models": models.doubtful(panel.settings.docs.parent),
        "used": panel.status.used(env),
        "quota": limits(env),
        "next": plan.following,
        "next_round": plan.next_round,
        "permissions_cost": sienge.COST,
    }
    return Status.model_validate(status)


@router.get("/runs")
def get_runs(panel: Deps, partial: bool | None = None) -> list[Run]:
    """List the latest runs; only rounds and their like, or only the others, if that is asked.

    Of those for events only a few, as there may be thousands.
    """
    found = panel.runs.known.latest(partial=partial)
    if partial is not False:
        found += panel.runs.known.latest(HOOKS, hooks=True)
    return [Run(**run) for run in sorted(found, key=itemgetter("started"), reverse=True)]


@router.post("/sync", status_code=202)
def sync(wanted: Wanted, panel: Deps) -> Started:
    """Start a run."""
    env = panel.env()
    limit, used = limits(env)["rest"], panel.status.used(env)["rest"]
    if limit is not None and used >= limit:
        raise ProblemError(
            f"A cota de hoje acabou ({used} de {limit} requisições): a leitura continua amanhã."
        )
    return Started(run=panel.runs.start(env, wanted.tables))


@router.delete("/sync", status_code=202)
def cancel(panel: Deps) -> None:
    """Cancel the run under way."""
    panel.runs.cancel()


@router.get("/runs/{run}/log")
def get_log(run: UUID, panel: Deps) -> PlainTextResponse:
    """Give what a run said."""
    if not panel.runs.known.logged(str(run)):
        raise HTTPException(404, "Não há registro desta execução no painel.")
    text = "\n".join(panel.runs.runner.follow(str(run)).lines())
    name = f'inline; filename="execucao-{run}.log"'
    return PlainTextResponse(text, headers={"Content-Disposition": name})


@router.get("/runs/{run}/events", responses={200: {"model": Step | Begun}})
async def get_events(run: UUID, panel: Deps) -> StreamingResponse:
    """Tell what a run says while it says it, as server-sent events; ``end`` closes."""
    if not panel.runs.known.logged(str(run)):
        raise HTTPException(404, "Não há registro desta execução no painel.")

    async def events() -> AsyncIterator[str]:
        log, live, silent = panel.runs.runner.follow(str(run)), True, 0
        if begun := await asyncio.to_thread(panel.runs.known.begun, str(run)):
            yield f"event: begun\ndata: {begun.model_dump_json()}\n\n"
        while live:
            live = panel.runs.live(str(run))  # asked first: what comes after it is the last
            lines = log.lines(live=live)  # read first, told last: its end is the last that is told
            for event in log.events(live=live):
                yield f"event: progress\ndata: {progress(event).model_dump_json()}\n\n"
            for text in lines:
                silent = 0
                yield f"data: {json.dumps(text, ensure_ascii=False)}\n\n"
            if live:
                silent += 1
                if silent % WORD == 0:
                    yield ": em andamento\n\n"
                await asyncio.sleep(0.5)
        yield "event: end\ndata: {}\n\n"

    unbuffered = {"X-Accel-Buffering": "no"}  # nginx would keep the lines until there are many
    return StreamingResponse(events(), media_type="text/event-stream", headers=unbuffered)
