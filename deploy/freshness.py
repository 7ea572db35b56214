"""How fresh the data of every tenant are: one row for each, those that need care first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import psycopg
from cronsim import CronSim, CronSimError
from psycopg.sql import SQL, Identifier

from deploy.databases import connect, connection

if TYPE_CHECKING:
    from deploy.tenants import File, Tenant

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
AT_ONCE = 16
GRACE = timedelta(hours=3)
"""How long after its hour a run may still be waiting for its turn, or at work."""

LOG = """
with run as (select max(started_at) as at from {0}),
last as (
    select distinct on (stream) stream, status from {0}, run
    where started_at > run.at - interval '3 days' order by stream, started_at desc
),
good as (select stream, max(finished_at) as at from {0} where status = 'ok' group by stream)
select run.at, count(*) filter (where status in ('ok', 'skipped')),
    count(*) filter (where status not in ('ok', 'skipped')),
    count(*) filter (where status <> 'skipped' and good.at is null),
    min(good.at) filter (where status <> 'skipped')
from run, last left join good using (stream) group by run.at
"""


class Row(NamedTuple):
    """What a tenant's database tells."""

    tenant: Tenant
    state: str
    """`em dia`, or what is wrong."""
    ran: datetime | None = None
    ok: int = 0
    failed: int = 0
    never: int = 0
    """Tables that have never been read."""
    oldest: datetime | None = None
    following: datetime | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """Its texts."""
        oldest = f"nunca ({self.never})" if self.never else moment(self.oldest)
        return (
            self.tenant.subdomain,
            self.tenant.database,
            moment(self.ran),
            str(self.ok),
            str(self.failed),
            oldest,
            moment(self.following),
            self.state,
        )


HEADER = ("empresa", "banco", "última execução", "ok", "falhas", "dado mais antigo", "próxima",
          "situação")  # fmt: skip


def moment(at: datetime | None) -> str:
    """Give a time as people here write it."""
    return f"{at:%d/%m/%Y %H:%M}" if at else "—"


def after(tenant: Tenant, at: datetime) -> datetime | None:
    """Give the first time of its schedule after another."""
    try:
        return next(CronSim(tenant.schedule, at.replace(tzinfo=SAO_PAULO))).replace(tzinfo=None)
    except (CronSimError, StopIteration):
        return None


def look(file: File, now: datetime | None = None) -> list[Row]:
    """Ask every database; times are those of São Paulo."""
    env = connection(file)
    present = now or datetime.now(SAO_PAULO).replace(tzinfo=None)

    def ask(tenant: Tenant) -> Row:
        following = after(tenant, present)
        schema = tenant.env.get("TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA", "sienge")
        try:
            with connect(env, tenant.database) as database:
                found = database.execute(SQL(LOG).format(Identifier(schema, "sync_log"))).fetchone()
        except psycopg.errors.UndefinedTable:
            found = None
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[-1]
            return Row(tenant, f"sem resposta: {reason}", following=following)
        if not found:
            return Row(tenant, "ainda sem dados", following=following)
        ran, ok, failed, never, oldest = found
        due = after(tenant, ran)
        late = due is not None and present > due + GRACE
        state = "atrasada" if late else "com falhas" if failed else "em dia"
        return Row(tenant, state, ran, ok, failed, never, oldest, following)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        rows = list(pool.map(ask, file.tenants))
    return sorted(rows, key=lambda row: (row.state == "em dia", row.tenant.subdomain))


def table(rows: list[Row]) -> str:
    """Give the rows one below the other."""
    texts = [HEADER, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        for cells in texts
    )
