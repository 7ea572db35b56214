"""Asks a language model the sixty questions, over the server's own tools, and counts right answers.

    export MODELO_URL=http://127.0.0.1:11434/v1 MODELO=qwen3 ASSISTENTE_DATABASE=…
    python -m assistente.perguntas

Any service that speaks the chat protocol of OpenAI serves; ``MODELO_CHAVE`` is its key. An answer
is right if the last rows that a tool gave are those of the question's own SQL.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import yaml
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

QUESTIONS = Path(__file__).parent / "perguntas.yaml"
STEPS = 8
"""Calls of tools that a model may make for a question."""


def questions() -> list[dict[str, Any]]:
    """Give the questions."""
    found: list[dict[str, Any]] = yaml.safe_load(QUESTIONS.read_text("utf-8"))
    return found


def plain(rows: list[list[Any]]) -> list[str]:
    """Give rows in a form that compares them in any order, to the cent."""
    return sorted(
        repr([round(float(v), 2) if isinstance(v, (int, float)) else v for v in row])
        for row in rows
    )


def same(given: list[list[Any]], expected: list[list[Any]]) -> bool:
    """Whether rows have all that is expected; there may be columns more, such as names."""
    if len(given) != len(expected):
        return False
    wanted = [set(plain([[value] for value in row])) for row in expected]
    found = [set(plain([[value] for value in row])) for row in given]
    return all(any(row <= other for other in found) for row in wanted)


async def answer(
    client: httpx.AsyncClient, session: ClientSession, tools: list[Any], told: str, question: str
) -> list[list[Any]]:
    """Let the model call tools until it answers; give the last rows that it saw."""
    messages: list[Any] = [
        {"role": "system", "content": told},
        {"role": "user", "content": question},
    ]
    rows: list[list[Any]] = []
    for _ in range(STEPS):
        body = {"model": os.environ["MODELO"], "messages": messages, "tools": tools}
        reply = await client.post("chat/completions", json=body)
        reply.raise_for_status()
        message = reply.json()["choices"][0]["message"]
        messages.append(message)
        if not message.get("tool_calls"):
            break
        for call in message["tool_calls"]:
            function = call["function"]
            result = await session.call_tool(
                function["name"], json.loads(function["arguments"] or "{}")
            )
            text = "".join(getattr(part, "text", "") for part in result.content)
            if result.structuredContent and "linhas" in result.structuredContent:
                rows = result.structuredContent["linhas"]
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": text})
    return rows


async def run() -> int:
    """Ask every question; give how many were answered right."""
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "sienge_mcp"], env=dict(os.environ)
    )
    headers = {"Authorization": f"Bearer {os.environ.get('MODELO_CHAVE') or 'nenhuma'}"}
    right = 0
    async with (
        httpx.AsyncClient(
            base_url=os.environ["MODELO_URL"].rstrip("/") + "/", headers=headers, timeout=300
        ) as client,
        stdio_client(parameters) as (reading, writing),
        ClientSession(reading, writing) as session,
    ):
        told = (await session.initialize()).instructions or ""
        tools = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.inputSchema,
                },
            }
            for tool in (await session.list_tools()).tools
        ]
        for number, each in enumerate(questions(), 1):
            expected = await session.call_tool("consultar", {"sql": each["sql"]})
            wanted = (expected.structuredContent or {}).get("linhas", [])
            given = await answer(client, session, tools, told, each["pergunta"])
            good = same(given, wanted)
            right += good
            print(f"{number:2} {'certa ' if good else 'errada'} {each['pergunta']}", flush=True)
    print(f"{right} de {len(questions())} certas.")
    return right


if __name__ == "__main__":
    if missing := [name for name in ("MODELO_URL", "MODELO") if not os.environ.get(name)]:
        sys.exit(f"Falta {' e '.join(missing)}: o endereço e o nome do modelo.")
    asyncio.run(run())
