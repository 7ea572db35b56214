"""All tests of what the panel shows of the data, in one file: one worker builds it, once."""

from __future__ import annotations

from tests.panel_data.indicators import *  # noqa: F403
from tests.panel_data.pages import *  # noqa: F403
from tests.panel_data.tables import *  # noqa: F403
