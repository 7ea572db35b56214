"""What the vendor says of a project: its schemas, and the server that loads a model."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE, VERSION = "@microsoft/powerbi-modeling-mcp", "0.5.0-beta.13"
CACHE = Path(os.environ.get("PBI_CHECK_CACHE", Path.home() / ".cache" / "pbi-check"))
SCHEMAS = "https://developer.microsoft.com/json-schemas/fabric/"
SUFFIXES = {".json", ".pbip", ".pbir", ".pbism"}

Json = dict[str, Any]


def schemas() -> dict[str, Json]:
    """Give the published schemas by address."""
    with ZipFile(Path(__file__).parent / "schemas.zip") as file:
        return {SCHEMAS + name: json.loads(file.read(name)) for name in file.namelist()}


def refused(folder: Path) -> Iterator[str]:
    """Say what the schemas refuse in a project; its own resources, as a theme, have none."""
    known = schemas()
    registry = Registry[Any]().with_resources(
        (name, Resource.from_contents(schema, default_specification=DRAFT7))
        for name, schema in known.items()
    )
    for path in sorted(folder.rglob("*")):
        if path.suffix not in SUFFIXES and path.name != ".platform":
            continue
        if "StaticResources" in path.parts:
            continue
        data = json.loads(path.read_text("utf-8"))
        validator = Draft7Validator(known[data["$schema"]], registry=registry)
        for error in validator.iter_errors(data):
            yield f"{path.relative_to(folder)}: {error.json_path}: {error.message[:200]}"


def server() -> Path | str:
    """Give the modelling server, installed at the first time, or why there is none."""
    if not (npm := shutil.which("npm")):
        return "Falta o npm, de que vem o servidor de modelos do Power BI."
    pattern = f"node_modules/{PACKAGE}-*/dist/powerbi-modeling-mcp*"
    if not (found := next(CACHE.glob(pattern), None)):
        CACHE.mkdir(parents=True, exist_ok=True)
        options = ["--silent", "--no-audit", "--no-fund", "--prefix", str(CACHE)]
        done = subprocess.run(
            [npm, "install", *options, f"{PACKAGE}@{VERSION}"], check=False, capture_output=True
        )
        found = next(CACHE.glob(pattern), None)
        if done.returncode or not found:
            return "O npm não trouxe o servidor de modelos do Power BI, por falta de rede ou outra."
    found.chmod(0o755)
    return found


class Server:
    """The vendor's modelling server, which reads TMDL as Power BI does."""

    def __init__(self, program: Path) -> None:
        """Start it and greet it."""
        self._process = subprocess.Popen(
            [program, "--start", "--skipconfirmation"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        )
        self._asked = 0
        client = {"name": "tap-sienge", "version": "1"}
        self._ask(
            "initialize",
            {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": client},
        )
        self._say({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()

    def do(self, tool: str, **request: str) -> Any:  # noqa: ANN401 - as each tool answers
        """Use a tool; its refusal fails with the server's words."""
        answer = self._ask("tools/call", {"name": tool, "arguments": {"request": request}})
        said = "".join(part.get("text", "") for part in answer["result"]["content"])
        assert not answer["result"].get("isError"), said
        body = json.loads(said)
        assert "data" in body, said
        return body["data"]

    def _say(self, message: Json) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _ask(self, method: str, params: Json, seconds: int = 90) -> Json:
        assert self._process.stdout
        self._asked += 1
        self._say({"jsonrpc": "2.0", "id": self._asked, "method": method, "params": params})
        end = time.monotonic() + seconds
        while time.monotonic() < end and (line := self._process.stdout.readline()):
            if not line.startswith("{"):
                continue
            message: Json = json.loads(line)
            if message.get("id") == self._asked:
                return message
        raise AssertionError(f"O servidor de modelos não respondeu a {method}.")
