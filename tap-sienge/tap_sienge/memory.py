"""How the C library keeps the memory that the run's threads give back."""

from __future__ import annotations

import ctypes
import sys

ARENA_MAX, MMAP_THRESHOLD = -8, -3
"""Parameters of glibc's ``mallopt``."""

LARGE = 65_536
"""Bytes from which a block, such as an answer's body, goes back to the system at once."""


def keep_steady() -> None:
    """Keep one heap for all threads, and no large block in it, whatever their number and order.

    By default each thread has a heap of its own, and a page that one thread reads and another
    drops leaves holes in it: the process grows by half over some hundred pages. Other C libraries
    than glibc do not know these parameters, and do not need them.
    """
    if sys.platform != "linux":
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    mallopt(ARENA_MAX, 1)
    mallopt(MMAP_THRESHOLD, LARGE)
