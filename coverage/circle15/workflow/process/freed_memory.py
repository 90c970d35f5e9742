"""Memory that was freed, but that the allocators keep for later."""

from __future__ import annotations

import ctypes
import mmap
import sys
from pathlib import Path
from typing import Final

LARGE_MB: Final = 600
"""Below this size a process keeps what it has freed: it will use it again."""
_STATE: Final = Path("/proc/self/statm")


def give_back() -> None:
    """
    Return freed memory of a large process to the system, where glibc or Arrow holds it.

    They keep most of what was freed in small pieces, such as the lines of a layer that was read:
    after the streets of a large city, half of the memory. Elsewhere than on Linux nothing is done.
    """
    if sys.platform != "linux" or _resident_mb() < LARGE_MB:
        return
    arrow = sys.modules.get("pyarrow")  # where it has been imported
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc alone
    if trim is not None:
        trim(0)


def _resident_mb() -> float:
    """Return how much memory this process holds, in millions of bytes; 0 where it is not told."""
    try:
        pages = int(_STATE.read_bytes().split()[1])
    except OSError:  # no /proc, or no file may be opened
        return 0.0
    return pages * mmap.PAGESIZE / 1e6
