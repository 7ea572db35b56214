"""Lines that are kept out of a run's log as people read it."""

from __future__ import annotations

import re

IGNORED_LINES = re.compile(
    r"METRIC|Inserting with SQL|Hard delete: |An activate version message|Target sink for "
    r"|Skipping parse of env|ignoring stale job check|Using systemdb state|Reading state from"
    r"|Running catalog discovery| \d+ of \d+ (?:START|OK|PASS) "
)
"""What Meltano and its plugins say of their own work, hundreds of lines in a run."""
