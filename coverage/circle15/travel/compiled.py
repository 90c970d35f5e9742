"""
Compile functions with numba.

numba imports coverage.py when it is there. At the repository root the source folder `coverage/`
could be taken for it, and numba would fail on that empty package: then numba is told that there is
no coverage.py.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def _import_numba() -> Any:
    """Import numba with the folder `coverage/` out of its sight."""
    if "coverage" not in sys.modules:
        found = find_spec("coverage")
        if found is None or found.origin is None:  # nothing, or a folder without __init__.py
            sys.modules["coverage"] = None  # type: ignore[assignment]  # "there is no such module"
            try:
                import numba  # noqa: PLC0415 - only now is it safe
            finally:
                del sys.modules["coverage"]
            return numba
    import numba  # noqa: PLC0415 - see above

    return numba


_numba = _import_numba()


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function at its first call; it runs without the interpreter lock and is cached."""
    result: Callable[..., Any] = _numba.njit(nogil=True, cache=True)(function)
    return result
