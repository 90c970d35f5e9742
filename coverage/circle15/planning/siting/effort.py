"""
How much work a search may do: counted, so that two runs do the same, busy machine or not.

Work is counted in microseconds that it takes at most on an ordinary computer, whatever it really
takes. `time_limit_s` allows four fifths of itself as work, which usually takes half of it; the
clock ends the search only where a computer needs more processor time than `time_limit_s` for that.
"""

from __future__ import annotations

import time
from typing import Final

S: Final = 1_000_000
"""Microseconds of a second."""
_SHARE_OF_LIMIT: Final = 0.8


class Effort:
    """
    The work that is left for a search, and the clock behind it.

    Parameters
    ----------
    time_limit_s
        Processor seconds after which the clock ends the search.

    Attributes
    ----------
    left_us
        Work that may still be done; less than 0 once more was needed.
    is_late
        The clock has ended something.
    """

    def __init__(self, time_limit_s: float) -> None:
        self.left_us = int(time_limit_s * _SHARE_OF_LIMIT * S)
        self.is_late = False
        self._until = time.thread_time() + time_limit_s

    @property
    def clock_s(self) -> float:
        """Processor seconds that are left."""
        return self._until - time.thread_time()

    @property
    def is_over(self) -> bool:
        """Whether the work is done; or the time is, which is noted."""
        return self.left_us <= 0 or self.clock_is_over

    @property
    def clock_is_over(self) -> bool:
        """Whether the time is over, which is noted."""
        self.is_late = self.is_late or self.clock_s <= 0
        return self.is_late

    def spend(self, us: int) -> None:
        """Count work that is done."""
        self.left_us -= us
