"""
circle15: who can walk to which elder-care service within 15 minutes, and who cannot.

The public functions are `load_study`, `check`, `run`, `check_zones`, `route`, `fetch_place`,
`to_networkx` and `from_networkx`. They load what they need when they are first used, so that
importing the package is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circle15.network.exchange import from_networkx, to_networkx
    from circle15.network.places import fetch_place
    from circle15.run.api import route, run
    from circle15.run.checking import check
    from circle15.run.zone_sheets import check_zones
    from circle15.study.reading import load_study

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "check",
    "check_zones",
    "fetch_place",
    "from_networkx",
    "load_study",
    "route",
    "run",
    "to_networkx",
]

_HOMES = {
    "load_study": "circle15.study.reading",
    "check": "circle15.run.checking",
    "run": "circle15.run.api",
    "check_zones": "circle15.run.zone_sheets",
    "route": "circle15.run.api",
    "fetch_place": "circle15.network.places",
    "to_networkx": "circle15.network.exchange",
    "from_networkx": "circle15.network.exchange",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
