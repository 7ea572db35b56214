"""Runs the simulator: socket, ready line, and an end without ceremony."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from .admin import Admin
from .api import Api, Settings
from .clock import Clock
from .faults import Protocol
from .world import World

if TYPE_CHECKING:
    from types import FrameType

    from .spec import ResourceSpec

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class Server(uvicorn.Server):
    """Says when it listens; on a signal it ends at once, open connections or not."""

    def __init__(self, config: uvicorn.Config, url: str, ready_file: str | None) -> None:
        super().__init__(config)
        self.url, self.ready_file = url, ready_file

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening and tell."""
        await super().startup(sockets)
        if self.ready_file:
            waiting = Path(f"{self.ready_file}.part")
            waiting.write_text(self.url, "utf-8")
            waiting.replace(self.ready_file)
        print(f"Sienge simulator ready at {self.url}", flush=True)

    def handle_exit(self, _sig: int, _frame: FrameType | None) -> None:
        """End."""
        sys.stdout.flush()
        os._exit(0)


def serve(
    host: str,
    port: int,
    seed: int,
    specs: dict[str, ResourceSpec],
    counts: dict[str, int],
    settings: Settings,
    ready_file: str | None,
) -> None:
    """Serve until a signal."""
    clock = Clock()
    sock = socket.socket(proto=socket.IPPROTO_TCP)  # so that asyncio sets TCP_NODELAY
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    url = f"http://{host}:{sock.getsockname()[1]}/{settings.subdomain}/public/api"
    world = World(specs, counts, seed, clock.today(), settings.subdomain)
    api = Api(world, clock, settings, url)
    app = Starlette(
        routes=[*Admin(api).routes(), Route("/{path:path}", api.handle, methods=METHODS)]
    )
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        backlog=2048,
    )
    Server(config, url, ready_file).run(sockets=[sock])
