"""Public siting instances with known answers, as problems."""

from __future__ import annotations

import csv
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from circle15.planning.siting.problem import Candidates, Homes, Limits, SitingProblem

MICRO = 1_000_000
EARTH_M = 6_378_100.0
"""The radius by which the city instances were made."""


class City(NamedTuple):
    """One of the 24 instances: places are homes and candidates alike."""

    name: str
    p: int
    radius_m: int
    best_known: int


def cities(folder):
    """The instances with their best known people."""
    with (folder / "best_known.csv").open(encoding="utf-8") as file:
        return [
            City(row["instance"], int(row["p"]), int(row["r_m"]), int(row["best_known_people"]))
            for row in csv.DictReader(file)
        ]


def city_problem(folder, name, radius_m, p, *, time_limit_s):
    """MCLP of a city: great-circle metres in single precision, a place covers itself."""
    places, people = _read_city(folder / f"{name}.txt")
    lat, lon = np.radians(places).T
    across = np.cos(lat)
    on_earth = np.column_stack([across * np.cos(lon), across * np.sin(lon), np.sin(lat)]) * EARTH_M
    a, b = cKDTree(on_earth).query_pairs(radius_m * 1.001, output_type="ndarray").T
    h = np.sin((lat[a] - lat[b]) / 2) ** 2
    h += np.cos(lat[a]) * np.cos(lat[b]) * np.sin((lon[a] - lon[b]) / 2) ** 2
    inside = (2 * EARTH_M * np.arcsin(np.sqrt(h))).astype(np.float32) <= radius_m
    every = np.arange(len(people))
    own = np.concatenate([a[inside], b[inside], every])
    home = np.concatenate([b[inside], a[inside], every])
    return _problem(people, own, home, np.zeros(len(own)), add=p, time_limit_s=time_limit_s)


def _read_city(path):
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    at = lines.index("NODE_COORD_SECTION"), lines.index("DEMAND_SECTION")
    places = [line.split() for line in lines[at[0] + 1 : at[1]]]
    people = [int(one) for one in lines[at[1] + 1 :] if one.isdigit()]
    return np.array(places, np.float64), np.array(people)


def san_francisco(folder, objective="people", *, scale=1000, **limits):
    """205 census tracts and 16 stores; a time is a distance in millimetres (1/scale metre)."""
    with (folder / "SF_demand_205_centroid_uniform_weight.csv").open(encoding="utf-8") as file:
        tracts = {row["NAME"]: int(row["POP2000"]) for row in csv.DictReader(file)}
    table = "SF_network_distance_candidateStore_16_censusTract_205_new.csv"
    with (folder / table).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    stores = sorted({row["name"] for row in rows})
    number = {name: i for i, name in enumerate(tracts)}
    return _problem(
        np.array(list(tracts.values())),
        np.array([stores.index(row["name"]) for row in rows]),
        np.array([number[row["DestinationName"]] for row in rows]),
        np.array([round(float(row["distance"]) * scale) for row in rows]),
        ids=stores,
        objective=objective,
        cutoff_ms=5000 * scale,
        horizon_ms=100_000 * scale,
        **limits,
    )


def _problem(
    people,
    own,
    home,
    time_ms,
    *,
    ids=None,
    objective="people",
    cutoff_ms=900_000,
    horizon_ms=3_600_000,
    time_limit_s=60.0,
    **limits,
):
    order = np.lexsort((home, own))
    m = len(ids) if ids else len(people)
    counts = np.bincount(own, minlength=m)
    n = len(people)
    return SitingProblem(
        Homes(
            people.astype(np.int64) * MICRO,
            np.zeros(n, np.int64),
            np.full(n, -1, np.int64),
            np.zeros(n, np.bool_),
            np.full(n, -1, np.int64),
        ),
        Candidates(
            tuple(ids or (f"{j:05}" for j in range(m))),
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            home[order].astype(np.int64),
            time_ms[order].astype(np.int64),
        ),
        objective,
        Limits(**limits),
        cutoff_ms=cutoff_ms,
        horizon_ms=horizon_ms,
        time_limit_s=time_limit_s,
    )
