"""
circle15: who can walk to which elder-care service within 15 minutes, and who cannot.

Frames in, frames out: `read_network`, … ; or a whole study: `load_study`, `check`, `run`. The
functions load what they need when they are first used, so that importing the package is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle15._version import __version__

if TYPE_CHECKING:
    from circle15.network.downloads.places import fetch_place
    from circle15.network.sources.exchange import network_from_graph
    from circle15.rules.packs.load import load_rules
    from circle15.study.settings.reading import load_study
    from circle15.workflow.api import route, run
    from circle15.workflow.checking import check
    from circle15.workflow.frames.areas import service_areas
    from circle15.workflow.frames.covering import count_people, coverage
    from circle15.workflow.frames.gaps import gap_areas
    from circle15.workflow.frames.joining import snap_to_network
    from circle15.workflow.frames.networks import read_network
    from circle15.workflow.frames.readers import read_demand, read_facilities
    from circle15.workflow.frames.times import nearest_facility, od_times
    from circle15.workflow.frames.zones import check_zones
    from circle15.workflow.zone_sheets import check_study_zones

__all__ = [
    "__version__",
    "check",
    "check_study_zones",
    "check_zones",
    "count_people",
    "coverage",
    "fetch_place",
    "gap_areas",
    "load_rules",
    "load_study",
    "nearest_facility",
    "network_from_graph",
    "od_times",
    "read_demand",
    "read_facilities",
    "read_network",
    "route",
    "run",
    "service_areas",
    "snap_to_network",
]

_HOMES = {
    "read_network": "circle15.workflow.frames.networks",
    "read_demand": "circle15.workflow.frames.readers",
    "read_facilities": "circle15.workflow.frames.readers",
    "snap_to_network": "circle15.workflow.frames.joining",
    "nearest_facility": "circle15.workflow.frames.times",
    "od_times": "circle15.workflow.frames.times",
    "coverage": "circle15.workflow.frames.covering",
    "count_people": "circle15.workflow.frames.covering",
    "service_areas": "circle15.workflow.frames.areas",
    "gap_areas": "circle15.workflow.frames.gaps",
    "network_from_graph": "circle15.network.sources.exchange",
    "load_study": "circle15.study.settings.reading",
    "load_rules": "circle15.rules.packs.load",
    "check": "circle15.workflow.checking",
    "run": "circle15.workflow.api",
    "check_zones": "circle15.workflow.frames.zones",
    "check_study_zones": "circle15.workflow.zone_sheets",
    "route": "circle15.workflow.api",
    "fetch_place": "circle15.network.downloads.places",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
