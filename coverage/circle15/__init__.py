"""
circle15: who can walk to which elder-care service within 15 minutes, and who cannot.

The public functions are `load_study`, `check`, `run`, `check_zones` and `route`. They load what
they need when they are first used, so that importing the package is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circle15.run.api import check, check_zones, route, run
    from circle15.study.reading import load_study

__version__ = "0.1.0"
__all__ = ["__version__", "check", "check_zones", "load_study", "route", "run"]

_HOMES = {
    "load_study": "circle15.study.reading",
    "check": "circle15.run.api",
    "run": "circle15.run.api",
    "check_zones": "circle15.run.api",
    "route": "circle15.run.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
