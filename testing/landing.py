"""Where a scenario's rows land: target-postgres, or a target in this process that fails more."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
import yaml
from psycopg.rows import dict_row

from testing.pipeline import ROOT

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from testing.truth import Row
    from testing.warm import Process, Warm

Key = tuple[Any, ...]


class Memory:
    """A target whose tables are dictionaries.

    It does what target-postgres does with the messages, but writes rows and state at random
    moments, so that a kill leaves whatever one could leave.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.tables: defaultdict[str, dict[Key, Row]] = defaultdict(dict)
        self.keys: dict[str, list[str]] = {}
        self.state: str | None = None

    def start(self) -> None:
        self._said = bytearray()
        self._killed = False

    def feed(self, said: bytes) -> None:
        """Take what the tap says.

        Raises:
            BrokenPipeError: It was killed.
        """
        if self._killed:
            raise BrokenPipeError
        self._said += said

    def kill(self) -> None:
        self._killed = True

    def finish(self) -> bool:
        """Load what came; tells whether the target saw the end."""
        waiting: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        state: str | None = None

        def write(stream: str) -> None:
            for message in waiting.pop(stream, []):
                row = message["record"]
                key = tuple(row[name] for name in self.keys[stream])
                self.tables[stream][key] = row | {
                    "_sdc_deleted_at": None,
                    "_version": message.get("version"),
                }

        def write_all() -> None:
            for stream in list(waiting):
                write(stream)
            self.state = state or self.state

        *lines, rest = bytes(self._said).split(b"\n")
        for line in lines:
            message = json.loads(line)
            stream = message.get("stream")
            match message["type"]:
                case "SCHEMA":
                    self.keys[stream] = message["key_properties"]
                case "RECORD":
                    waiting[stream].append(message)
                    if self.random.random() < 0.01:
                        write(stream)
                case "ACTIVATE_VERSION":
                    write(stream)
                    for row in self.tables[stream].values():
                        if row["_version"] != message["version"]:
                            row["_sdc_deleted_at"] = row["_sdc_deleted_at"] or "now"
                case "STATE":
                    state = json.dumps(message["value"])
                    if self.random.random() < 0.2:
                        write_all()
        if rest or self._killed:
            return False
        write_all()
        return True

    def rows(self, stream: str) -> list[Row]:
        return list(self.tables[stream].values())


class Database:
    """target-postgres, with the settings of ``meltano.yml`` and a schema of its own."""

    def __init__(self, url: str, schema: str, targets: Warm, folder: Path) -> None:
        self.url, self.schema, self.targets = url, schema, targets
        place = urlsplit(url)
        project = yaml.safe_load((ROOT / "meltano.yml").read_text("utf-8"))
        (loader,) = project["plugins"]["loaders"]
        config = loader["config"] | {
            "host": place.hostname,
            "port": place.port,
            "user": place.username,
            "password": place.password,
            "database": place.path[1:],
            "default_target_schema": schema,
        }
        self.config = folder / "target.json"
        self.config.write_text(json.dumps(config))
        self.said = folder / "target.state"
        self.log = folder / "target.log"
        self.state: str | None = None
        self._process: Process
        self._input = -1

    def start(self) -> None:
        reading, self._input = os.pipe()
        os.set_inheritable(self._input, False)
        streams = [
            reading,
            os.open(self.said, os.O_CREAT | os.O_TRUNC | os.O_WRONLY),
            os.open(self.log, os.O_CREAT | os.O_APPEND | os.O_WRONLY),
        ]
        arguments = ["--config", str(self.config)]
        self._process = self.targets.start(
            "target_postgres_sienge:TargetPostgresSienge.cli", arguments, streams
        )
        for stream in streams:
            os.close(stream)

    def feed(self, said: bytes) -> None:
        """Pass on what the tap says.

        Raises:
            BrokenPipeError: It was killed.
        """
        while said:
            said = said[os.write(self._input, said) :]

    def kill(self) -> None:
        self._process.kill()

    def finish(self) -> bool:
        """Let it load what came; tells whether the target saw the end."""
        os.close(self._input)
        code = self._process.wait()
        *states, _ = self.said.read_text().split("\n")
        self.state = states[-1] if states else self.state
        return code == 0

    def lose(self, stream: str, how: str) -> bool:
        """Drop or empty a table; tells whether there was one."""
        with psycopg.connect(self.url) as connection:
            table = f"{self.schema}.{stream}"
            found = connection.execute("select to_regclass(%s)", [table]).fetchone()
            if found == (None,):
                return False
            connection.execute(f"{how} {table}")
            return True

    def rows(self, stream: str) -> list[Row]:
        with psycopg.connect(self.url, row_factory=dict_row) as connection:
            table = f"{self.schema}.{stream}"
            if connection.execute("select to_regclass(%s) as t", [table]).fetchone() == {"t": None}:
                return []
            return connection.execute(f"select * from {table}").fetchall()
