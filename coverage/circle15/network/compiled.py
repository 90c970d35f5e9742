"""
Compile functions with numba.

numba imports coverage.py if it finds it, for the sake of code that is being measured. At the
repository root the source folder `coverage/` could be taken for it, and numba would fail on that
empty package. So numba is told that there is none, unless coverage.py is at work already.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_HIDDEN = "coverage" not in sys.modules
if _HIDDEN:
    sys.modules["coverage"] = None  # type: ignore[assignment]  # "there is no such module"
try:
    import numba
finally:
    if _HIDDEN:
        del sys.modules["coverage"]


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function at its first call; it runs without the interpreter lock and is cached."""
    result: Callable[..., Any] = numba.njit(nogil=True, cache=True)(function)
    return result
