"""One database with every mart, and the role of assistants, for all tests of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

for module in ("questions", "role", "server"):
    pytest.register_assert_rewrite(f"tests.assistente.{module}")

from demo.assistant import role  # noqa: E402
from tests.controller import stage  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.pipeline import Line

SEED = 1


@pytest.fixture(scope="package")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with stage.running(tmp_path_factory.mktemp("assistente"), SEED) as found:
        role(found.server)
        stage.prepare(found, SEED)
        yield found


@pytest.fixture(scope="package")
def database(line: Line) -> str:
    """Give the address with which an assistant connects."""
    return role(line.server)
