"""Moved to ``testing/``; here only until no branch asks for it any more."""

from testing.pipeline import *  # noqa: F403
from testing.truth import *  # noqa: F403
