"""The plain parts of the small studies, and the study in which a file plays a role."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.faults.mutations.sheets import (
    EDGES,
    SHEETS,
    geojson_of,
    grid_of,
    text_of,
)
from tests.streets import OsmWay, write_osm

Files = dict[str, bytes]
_NODES = {
    "A": (0.0, 0.0),
    "B": (300.0, 0.0),
    "C": (600.0, 0.0),
    "D": (300.0, 120.0),
    "E": (400.0, 120.0),
    "F": (400.0, 180.0),
}
_WAYS = (
    OsmWay("ABC", {"highway": "residential", "name": "长街"}),
    OsmWay("BD", {"highway": "steps", "incline": "up"}),
    OsmWay("DEFD", {"highway": "pedestrian", "area": "yes"}),
)


TEXT_AND_SHEETS = ("csv", "gbk.csv", "tsv", "xlsx", "xls", "ods")
"""Formats without a geometry."""


@dataclass(frozen=True)
class Parts:
    """What stands in a study.toml in place of the plain parts."""

    area: str = ""
    network: str = 'file = "network.osm"'
    walk: str = ""
    people: str = 'points = "homes.csv", value = "p60", crs = "EPSG:4549"'
    sites: str = 'file = "sites.csv"\ncrs = "EPSG:4549"'
    more: str = ""

    def text(self) -> str:
        return (
            '[study]\nname = "small"\nas_of = 2025-12-31\ncrs = "EPSG:4549"\n'
            f"[area]\n{self.area}\n[network]\nmin_component_m = 0\n{self.network}\n"
            f"[walk]\n{self.walk}\n"
            f'[demand]\ngroup = "p60"\nlayers = [ {{ group = "p60", {self.people} }} ]\n'
            f'[[facilities]]\ncategory = "meal_point"\ncovers = "extent"\n'
            f"{self.sites}\n{self.more}\n"
        )


def _of_role(role: str, file: str, kind: str) -> Parts:
    """A study in which a file plays a role."""
    crs = 'crs = "EPSG:4549"' if kind in TEXT_AND_SHEETS else ""
    if role == "sites":
        return Parts(sites=f'file = "{file}"\n{crs}')
    if role == "homes":
        return Parts(people=f'points = "{file}", value = "p60"{", " * bool(crs)}{crs}')
    if role == "zones":
        rules = '[rules]\npacks = ["liangxi-2025"]\n[circle]\nrequire = ["meal_point"]'
        return Parts(more=f'[[residential_zones]]\nfile = "{file}"\n{crs}\n{rules}')
    if role == "wards":
        return Parts(area=f'streets = {{ file = "{file}", id = "code", name = "name" }}')
    if role == "boundary":
        return Parts(area=f'boundary = "{file}"')
    if role == "extent":
        return Parts(network=f'file = "network.osm"\nextent = "{file}"')
    if role == EDGES:
        return Parts(network=f'file = "{file}"')
    if role == "barriers":
        return Parts(network=f'file = "network.osm"\nbarriers = "{file}"')
    wards = 'streets = { file = "wards.geojson", id = "code", name = "name" }'
    if role == "buildings":
        return Parts(area=wards, people=f'zones = "streets", value = "p60", buildings = "{file}"')
    if role == "land":
        return Parts(more=f'[coverage_basis]\nland = {{ file = "{file}", where = "code = R2" }}')
    if role == "doors":
        return Parts(sites=f'file = "sites.csv"\ncrs = "EPSG:4549"\nentrances = "{file}"')
    if role == "census":
        return Parts(area=wards, people=f'zones = "streets", table = "{file}", value = "p60"')
    assert role == "registers", role
    return Parts(more=f'[rules]\npacks = ["liangxi-2025"]\nregisters = "{file}"')


def study_of(role: str, kind: str) -> Files:
    return {"study.toml": _of_role(role, f"t.{kind}", kind).text().encode()}


def network_of(file: str) -> Files:
    return {"study.toml": Parts(network=f'file = "{file}"').text().encode()}


@cache
def base_files() -> dict[str, bytes]:
    """The plain parts of every study."""
    with tempfile.TemporaryDirectory() as folder:
        network = write_osm(Path(folder) / "n.osm", _NODES, *_WAYS).read_bytes()
    bounds = b'<bounds minlat="31.5" minlon="119.98" maxlat="31.56" maxlon="120.03"/><node'
    return {
        "network.osm": network.replace(b"<node", bounds, 1),
        "homes.csv": text_of(grid_of(SHEETS["homes"])),
        "sites.csv": text_of(grid_of(SHEETS["sites"])),
        "wards.geojson": geojson_of(SHEETS["wards"]),
    }
