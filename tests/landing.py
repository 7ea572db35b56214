"""Moved to ``testing/``; here only until no branch asks for it any more."""

from testing.landing import *  # noqa: F403
