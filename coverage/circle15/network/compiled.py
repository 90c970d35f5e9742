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
    from importlib.machinery import ModuleSpec


def _is_folder(spec: ModuleSpec | None) -> bool:
    """Tell whether a name means nothing, or a folder without `__init__.py`."""
    return spec is None or spec.origin is None


_HIDDEN = "coverage" not in sys.modules and _is_folder(find_spec("coverage"))
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
