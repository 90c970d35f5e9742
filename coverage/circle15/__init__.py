"""
circle15: who can walk to which elder-care service within 15 minutes, and who cannot.

Frames in, frames out, in persons, seconds and metres:

    import circle15 as c15

    network = c15.read_network("network.osm.pbf")  # a WalkNetwork; network_from_graph(G) of OSMnx
    homes = c15.read_demand("p60.tif", boundary)  # or any GeoDataFrame of points with `persons`
    sites = c15.read_facilities("stations.xlsx", category="home_care_station")
    states = c15.coverage(homes, sites, network, covers=boundary)
    people = c15.count_people(states, homes)
    gaps = c15.gap_areas(states, homes)
    beds = c15.floating_catchment(homes, sites, network, supply="beds")  # supply per person
    even = c15.equity(beds["supply_per_person"], homes["persons"])
    proposed = c15.locate_sites(homes, candidates, network, add=10, existing=sites)

`assign_capacity` says who is served where sites have room for only so many;
`snap_to_network`, `nearest_facility`, `od_times` and `service_areas` give joints, times and areas;
`load_rules` and `check_zones` judge residential zones. A whole study is `load_study`, `check`,
`run`, `check_study_zones`, `propose_sites` and `route`; `compare` says what changed between two
results, `verify` whether results stand, `run_batch` runs many studies and rolls them up,
`fetch_place` downloads streets. The functions load what
they need when they are first used, so that importing the package is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle15._version import __version__

if TYPE_CHECKING:
    from circle15.network.downloads.places import fetch_place
    from circle15.network.sources.exchange import network_from_graph
    from circle15.network.walk_network import WalkNetwork
    from circle15.results.check.outcome import CheckOutcome
    from circle15.results.difference.comparison_entries import Comparison
    from circle15.rules.packs.load import load_rules
    from circle15.rules.packs.records import RulePack
    from circle15.study.settings.reading import load_study
    from circle15.study.settings.records import Study
    from circle15.travel.paths.records import Route
    from circle15.workflow.api import RunOutcome, route, run
    from circle15.workflow.batch.batch_state import BatchState
    from circle15.workflow.batch.running import BatchOutcome, run_batch
    from circle15.workflow.checking import check
    from circle15.workflow.comparison.comparing_folders import compare
    from circle15.workflow.frames.areas import service_areas
    from circle15.workflow.frames.capacity_of_sites import assign_capacity, floating_catchment
    from circle15.workflow.frames.covering import count_people, coverage
    from circle15.workflow.frames.equity_of_people import equity
    from circle15.workflow.frames.gaps import gap_areas
    from circle15.workflow.frames.joining import snap_to_network
    from circle15.workflow.frames.networks import read_network
    from circle15.workflow.frames.new_sites import locate_sites
    from circle15.workflow.frames.readers import read_demand, read_facilities
    from circle15.workflow.frames.times import nearest_facility, od_times
    from circle15.workflow.frames.zones import check_zones
    from circle15.workflow.reruns.verifying import Verification, verify
    from circle15.workflow.siting.proposing import SitesOutcome, propose_sites
    from circle15.workflow.zone_sheets import ZonesOutcome, check_study_zones

__all__ = [
    "BatchOutcome",
    "BatchState",
    "CheckOutcome",
    "Comparison",
    "Route",
    "RulePack",
    "RunOutcome",
    "SitesOutcome",
    "Study",
    "Verification",
    "WalkNetwork",
    "ZonesOutcome",
    "__version__",
    "assign_capacity",
    "check",
    "check_study_zones",
    "check_zones",
    "compare",
    "count_people",
    "coverage",
    "equity",
    "fetch_place",
    "floating_catchment",
    "gap_areas",
    "load_rules",
    "load_study",
    "locate_sites",
    "nearest_facility",
    "network_from_graph",
    "od_times",
    "propose_sites",
    "read_demand",
    "read_facilities",
    "read_network",
    "route",
    "run",
    "run_batch",
    "service_areas",
    "snap_to_network",
    "verify",
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
    "floating_catchment": "circle15.workflow.frames.capacity_of_sites",
    "assign_capacity": "circle15.workflow.frames.capacity_of_sites",
    "equity": "circle15.workflow.frames.equity_of_people",
    "service_areas": "circle15.workflow.frames.areas",
    "gap_areas": "circle15.workflow.frames.gaps",
    "locate_sites": "circle15.workflow.frames.new_sites",
    "network_from_graph": "circle15.network.sources.exchange",
    "load_study": "circle15.study.settings.reading",
    "load_rules": "circle15.rules.packs.load",
    "check": "circle15.workflow.checking",
    "run": "circle15.workflow.api",
    "run_batch": "circle15.workflow.batch.running",
    "BatchOutcome": "circle15.workflow.batch.running",
    "BatchState": "circle15.workflow.batch.batch_state",
    "compare": "circle15.workflow.comparison.comparing_folders",
    "verify": "circle15.workflow.reruns.verifying",
    "Verification": "circle15.workflow.reruns.verifying",
    "check_zones": "circle15.workflow.frames.zones",
    "check_study_zones": "circle15.workflow.zone_sheets",
    "route": "circle15.workflow.api",
    "propose_sites": "circle15.workflow.siting.proposing",
    "SitesOutcome": "circle15.workflow.siting.proposing",
    "fetch_place": "circle15.network.downloads.places",
    "WalkNetwork": "circle15.network.walk_network",
    "Study": "circle15.study.settings.records",
    "RulePack": "circle15.rules.packs.records",
    "Route": "circle15.travel.paths.records",
    "RunOutcome": "circle15.workflow.api",
    "Comparison": "circle15.results.difference.comparison_entries",
    "CheckOutcome": "circle15.results.check.outcome",
    "ZonesOutcome": "circle15.workflow.zone_sheets",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
