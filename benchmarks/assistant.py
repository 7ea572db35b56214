"""How fast the server for assistants starts, and what a call costs beside its SQL.

    ASSISTENTE_DATABASE=postgresql://… python -m benchmarks.assistant

Each figure is the least of several: what the machine does beside it is no cost of the server.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

SQL = "select codigo_empreendimento, sum(valor_contrato) as valor from marts.fato_vendas group by 1"
STARTS, CALLS = 5, 40


async def main() -> None:
    """Measure and print."""
    database = os.environ["ASSISTENTE_DATABASE"]
    with TemporaryDirectory() as folder:
        log = Path(folder) / "chamadas.jsonl"
        parameters = StdioServerParameters(
            command=sys.executable,
            args=["-m", "sienge_mcp"],
            env=dict(os.environ) | {"ASSISTENTE_REGISTRO": str(log)},
        )
        starts = []
        for _ in range(STARTS):
            begun = time.perf_counter()
            async with (
                stdio_client(parameters) as (reading, writing),
                ClientSession(reading, writing) as session,
            ):
                await session.initialize()
                starts.append(time.perf_counter() - begun)
                if len(starts) == STARTS:
                    for _ in range(CALLS):
                        await session.call_tool("consultar", {"sql": SQL})
        told = [json.loads(line)["ms"] for line in log.read_text("utf-8").splitlines()]
    alone = []
    with psycopg.connect(database) as connection:
        for _ in range(CALLS):
            begun = time.perf_counter()
            connection.execute(SQL).fetchall()
            alone.append((time.perf_counter() - begun) * 1000)
    print(f"início: {min(starts):.2f} s (mediana {statistics.median(starts):.2f} s)")
    print(
        f"chamada: {min(told):.1f} ms, dos quais {min(alone):.1f} ms do SQL (mediana "
        f"{statistics.median(told):.1f} ms e {statistics.median(alone):.1f} ms)"
    )


if __name__ == "__main__":
    asyncio.run(main())
