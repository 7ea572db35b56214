"""Starts a simulator in a process of its own and talks to it; needs the `testing` extra."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import requests

Json = Any
"""Whatever JSON holds, or a parameter of a request."""

USER = ("construtora-demo-api", "senha-demo")
"""The user and password the simulator has unless told otherwise."""

PERIOD: dict[str, Json] = {"startDate": "2020-01-01", "endDate": "2039-12-31"}
"""Parameters which cover everything, where a period is required."""


UNLIMITED = ("--requests-per-minute", "100000", "--bulk-per-minute", "100000")
"""Options under which no test meets a limit it doesn't ask for."""


class Simulator:
    """A running simulator and the calls tests make to it."""

    def __init__(self, *options: str) -> None:
        # A proxy of the machine would only disturb.
        env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sienge_simulator", "--port", "0", *options],
            stdout=subprocess.PIPE,
            text=True,
            env=env,
        )
        self.connect(self.process.stdout.readline() if self.process.stdout else "")

    def connect(self, ready: str) -> None:
        """Talk to the simulator that said so when it was ready."""
        self.ready = ready.strip()
        self.url = self.ready.rsplit(" ", 1)[-1]
        self.root = "/".join(self.url.split("/")[:3])
        self.session = requests.Session()
        self.session.trust_env = False
        # A kept connection may be closed just when it is used again.
        self.session.headers["Connection"] = "close"
        self.session.auth = USER

    def get(self, path: str, **params: Json) -> requests.Response:
        """One API request."""
        return self.session.get(self.url + path, params=params, timeout=60)

    def json(self, path: str, **params: Json) -> Json:
        """The body of a request which must succeed."""
        answer = self.get(path, **params)
        answer.raise_for_status()
        return answer.json()

    def rows(self, path: str, limit: int = 200, **params: Json) -> list[dict[str, Any]]:
        """Every row of a paged path."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.json(path, limit=limit, offset=len(found), **params)
            found += page["results"]
            if len(found) >= page["resultSetMetadata"]["count"] or not page["results"]:
                return found

    def admin(self, path: str, body: Json = None, method: str = "") -> Json:
        """One admin request, which must succeed."""
        method = method or ("GET" if body is None else "POST")
        answer = self.session.request(method, f"{self.root}/_admin{path}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def truth(self, resource: str, limit: int | None = None) -> list[dict[str, Any]]:
        """Every true record, or the first ones."""
        path = f"{self.root}/_admin/truth/{resource}"
        text = self.session.get(path, params={"limit": limit}, timeout=60).text
        return [json.loads(line) for line in text.splitlines()]

    def stop(self) -> int:
        """End the program; returns its exit code."""
        self.session.close()
        self.process.terminate()
        code = self.process.wait(5)
        if self.process.stdout:
            self.process.stdout.close()
        return code
