"""How Python and the C library keep the memory of a run."""

from __future__ import annotations

import ctypes
import gc
import sys

ARENA_MAX, MMAP_THRESHOLD = -8, -3
"""Parameters of glibc's ``mallopt``."""

LARGE = 65_536
"""Bytes from which a block, such as an answer's body, goes back to the system at once."""

OBJECTS = 50_000
"""Objects that must be new before the collector of cycles looks for some: a few pages' worth."""


def collect_rarely() -> None:
    """Spare the collector what lives as long as the run, and the pages, which hold no cycles.

    By default it looks through all of them again and again, for a fifth of the processor time.
    """
    gc.freeze()
    gc.set_threshold(OBJECTS)


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
