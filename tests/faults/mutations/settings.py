"""Settings and rule packs."""

from __future__ import annotations

from functools import cache
from importlib import resources
from random import Random

from tests.faults.mutations.parts import Files, Parts
from tests.faults.mutations.raw import (
    bytes_mutated,
    text_mutated,
)
from tests.faults.mutations.sheets import (
    SHEETS,
    grid_of,
    text_of,
)
from tests.faults.mutations.trees import toml_mutated

_SETTINGS = Parts(
    area='streets = { file = "wards.geojson", id = "code", name = "name" }\n'
    'communities = { file = "wards.geojson", id = "code", name = "name", '
    'households = "households" }\nboundary = "wards.geojson"',
    network='file = "network.osm"\nsquares = "cross"\ngated = "residents"\nwalls = "prefer"',
    walk='profile = "older-adult"\nspeed_m_s = 1.0\nsensitivity_m_s = [0.8, 1.2]\n'
    'cutoffs_min = [5, 10, 15]\nmax_snap_m = 200\naccess_speed_factor = 1.0\njudge = "outbound"',
    people='points = "homes.csv", value = ["p60"], x = "x_m", y = "y_m", id = "demand_id", '
    'crs = "EPSG:4549", calibrate_to = 150, basis = "常住", year = 2020',
    sites='file = "sites.csv"\ncrs = "EPSG:4549"\nwhere = "floor_area_m2 > 0"\n'
    'columns = { name = "name", floor_area_m2 = "floor_area_m2" }',
    more='[rules]\npacks = ["liangxi-2025"]\nreading = "R3"\nbasis = "households"\n'
    'mixed = "pooled"\n'
    '[circle]\nrequire = ["meal_point"]\n[categories]\nkiosk = "小亭"\n',
)


def settings() -> bytes:
    text = _SETTINGS.text().replace("[area]", 'language = "zh"\ntitle = "小"\n[area]', 1)
    return text.replace('group = "p60"\n', 'group = "p60"\nhousehold_size = 2.45\n', 1).encode()


def settings_mutated(rng: Random) -> Files:
    spoil = rng.choice((toml_mutated, toml_mutated, toml_mutated, text_mutated, bytes_mutated))
    return {"study.toml": spoil(rng, settings())}


@cache
def packs() -> list[bytes]:
    folder = resources.files("circle15.rules").joinpath("packs")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    return [folder.joinpath(name).read_bytes() for name in names]


def with_pack(raw: bytes) -> Files:
    more = (
        '[[residential_zones]]\nfile = "zones.csv"\ncrs = "EPSG:4549"\n[rules]\npacks = ["p.toml"]'
    )
    zones = text_of(grid_of(SHEETS["zones"]))
    return {"p.toml": raw, "zones.csv": zones, "study.toml": Parts(more=more).text().encode()}


def pack(rng: Random) -> Files:
    spoil = rng.choice((toml_mutated, toml_mutated, text_mutated, bytes_mutated))
    return with_pack(spoil(rng, rng.choice(packs())))
