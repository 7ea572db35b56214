"""Numbers for monitoring, in Prometheus's format, for whoever has the token."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from sienge_panel.deps import Deps
from sienge_panel.environment import for_child
from sienge_panel.quota import limits

if TYPE_CHECKING:
    from sienge_panel.deps import Panel

public = APIRouter()


@public.get("/metrics")
def get_metrics(request: Request, panel: Deps) -> Response:
    """Give them.

    Not to all of this machine instead: through a proxy, everybody seems to be there.
    """
    token = panel.settings.metrics_token
    if not token:
        raise HTTPException(404, "Para as métricas, informe PANEL_METRICS_TOKEN.")
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise HTTPException(401, "O token das métricas não confere.")
    return Response(generate_latest(collected(panel)), media_type=CONTENT_TYPE_LATEST)


def collected(panel: Panel) -> CollectorRegistry:
    """Read the numbers."""
    registry = CollectorRegistry()

    def gauge(name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"sienge_{name}", text, labels, registry=registry)

    good = gauge("table_last_success_timestamp_seconds", "Última leitura completa", "table")
    rows = gauge("table_rows", "Registros na tabela", "table")
    ok = gauge("table_ok", "1 se a última leitura terminou bem", "table")
    for table in panel.status.tables():
        ok.labels(table["table"]).set(table["status"] == "ok")
        if table["good"]:
            good.labels(table["table"]).set(table["good"].timestamp())
        if table["total"] is not None:
            rows.labels(table["table"]).set(table["total"])
    used = gauge("requests_today", "Requisições de hoje", "kind")
    allowed = gauge("requests_quota", "Requisições que o dia permite", "kind")
    env = for_child(panel.settings, panel.vault)
    for kind, number in panel.status.used(env).items():
        used.labels(kind).set(number)
    for kind, limit in limits(env).items():
        if limit is not None:
            allowed.labels(kind).set(limit)
    gauge("running", "1 durante uma sincronização").set(bool(panel.runs.known.running()))
    state = gauge("last_run_state", "1 no resultado da última sincronização", "state")
    started = gauge("last_run_start_timestamp_seconds", "Início da última sincronização")
    for run in panel.runs.known.latest(1, partial=False):
        state.labels(run["state"]).set(1)
        started.set(run["started"].timestamp())
    return registry
