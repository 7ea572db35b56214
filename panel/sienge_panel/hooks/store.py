"""The events, in ``sienge.eventos``."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.errors import UndefinedTable
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from sienge_panel import migrations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psycopg.sql import Composed
    from typing_extensions import LiteralString

TABLE = migrations.files()[5].read_bytes()
"""Made again where somebody dropped it with the whole schema."""

DURABLE = "-c synchronous_commit=on"
"""What was committed survives a power cut."""

RECEIVE = """
insert into sienge.eventos (sienge_id, tipo, ids, cabecalhos)
values (%(id)s, %(type)s, %(ids)s, %(headers)s) on conflict (sienge_id) do nothing returning id
"""

AGE = """
select extract(epoch from now() - min(recebido))::float as age from sienge.eventos
where feito is null and proxima <= now()
"""

DUE = """
select id, tipo as type, ids, tentativas as attempts,
    (recebido at time zone 'America/Sao_Paulo')::date - 1 as since
from sienge.eventos where feito is null and proxima <= now() order by id limit %(limit)s
"""
"""What changed did so on the day before at the earliest: Sienge tries ten hours long to tell it."""

ATTEMPTS = "select id, tentativas as attempts from sienge.eventos where id = any(%(ids)s)"

THERE = "select to_regclass(%(table)s) is not null as there"

LANDED = "select 1 as landed from {} where run_id = any(%(ids)s) limit 1"

CLOSE = """
update sienge.eventos set feito = now(), resultado = %(result)s, motivo = %(reason)s
where id = any(%(ids)s) returning id
"""

DELAY = """
update sienge.eventos set motivo = %(reason)s, tentativas = tentativas + %(counts)s,
    proxima = now() + %(seconds)s * interval '1 second'
where id = any(%(ids)s) returning id
"""

POSTPONE = """
update sienge.eventos set motivo = %(reason)s,
    proxima = (date_trunc('day', now() at time zone 'America/Sao_Paulo') + interval '1 day')
        at time zone 'America/Sao_Paulo'
where feito is null and proxima <= now() and (%(ids)s::bigint[] is null or id = any(%(ids)s))
returning id
"""
"""Until Sienge's next day, which begins in São Paulo."""

AGAIN = """
update sienge.eventos
set feito = null, resultado = null, motivo = null, tentativas = 0, proxima = now()
where resultado = 'separado' and (%(id)s::bigint is null or id = %(id)s) returning id
"""

CLEAN = """
delete from {} where {} < now() - interval '90 days' and {} returning 1 as gone
"""
"""What is old enough, and settled."""

LATEST = """
select id, tipo as type, ids, recebido as received, feito as done, tentativas as attempts,
    case when feito is null and (proxima > now() or motivo is not null) then proxima end as next,
    coalesce(resultado, 'esperando') as result, motivo as reason
from sienge.eventos order by id desc limit %(limit)s
"""

ASIDE = LATEST.replace("from sienge.eventos", "from sienge.eventos where resultado = 'separado'")

DAYS = """
select (recebido at time zone 'America/Sao_Paulo')::date as day, tipo as type,
    count(*)::int as events
from sienge.eventos where recebido >= now() - interval '14 days'
group by 1, 2 order by 1 desc, 3 desc, 2
"""

TOTALS = """
select count(*) filter (where feito is null)::int as waiting,
    count(*) filter (where resultado = 'separado')::int as aside,
    max(recebido) as last,
    percentile_cont(0.5) within group (order by extract(epoch from feito - recebido)) filter (
        where resultado in ('lido', 'removido') and recebido >= now() - interval '1 day'
    )::float as seconds
from sienge.eventos
where recebido >= now() - interval '90 days'
"""


class Store:
    """The table, reached by a connection that stays open: a new one for each event would cost more.

    It is opened anew when it was lost, as when the database restarted.
    """

    def __init__(self, url: str, seconds: float = 60) -> None:
        """Take the address of the database, and how long it may take to answer."""
        self._url = url
        self._options = f"{DURABLE} -c statement_timeout={int(1000 * seconds)}"
        self._open: psycopg.Connection[dict[str, Any]] | None = None
        self._lock = Lock()

    def rows(
        self, query: LiteralString | Composed, values: Mapping[str, object] = {}
    ) -> list[dict[str, Any]]:
        """Give what a query finds or changes; it is committed then."""
        with self._lock:
            try:
                return self._rows(query, values)
            except UndefinedTable:
                if self._open:
                    self._open.execute(TABLE)
                return self._rows(query, values)

    def _rows(
        self, query: LiteralString | Composed, values: Mapping[str, object]
    ) -> list[dict[str, Any]]:
        if self._open is not None and not self._open.closed:
            try:
                return self._open.execute(query, values).fetchall()
            except psycopg.OperationalError:
                if not self._open.closed:
                    raise
        self._open = psycopg.connect(
            self._url,
            connect_timeout=2,
            options=self._options,
            autocommit=True,
            row_factory=dict_row,
        )
        return self._open.execute(query, values).fetchall()

    def clean(self, log: Identifier) -> None:
        """Forget events of long ago, the runs that read them, and what came of them in ``log``."""
        for table, moment, which in (
            (Identifier("sienge", "eventos"), "feito", "true"),
            (Identifier("meltano", "runs"), "started_at", "trigger = 'hook'"),
            (log, "read_at", "true"),
        ):
            (found,) = self.rows(THERE, {"table": table.as_string()})
            if found["there"]:
                self.rows(SQL(CLEAN).format(table, Identifier(moment), SQL(which)))

    def close(self) -> None:
        """Let the connection go."""
        with self._lock:
            if self._open is not None:
                self._open.close()
