"""What went wrong, as a user reads it."""

from __future__ import annotations


class ProblemError(Exception):
    """Something that the user should read, in one sentence."""
