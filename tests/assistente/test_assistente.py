"""All tests of the assistants' server, in one file: one worker builds the database, once."""

from __future__ import annotations

from tests.assistente.questions import *  # noqa: F403
from tests.assistente.role import *  # noqa: F403
from tests.assistente.server import *  # noqa: F403
