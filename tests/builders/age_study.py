"""Studies of people who walk at the speed of their age."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from tests.streets import straight, write_study

AGES = "age_speeds = { p60_69 = 1.0, p70_79 = 0.9, p80 = 0.7 }"
ONE = 1_000_000


def study_of(folder, nodes, ways, homes, sites, *, walk=AGES, **kwargs):
    """Write a study whose homes are id to (x, y, {group: persons})."""
    groups = list(next(iter(homes.values()))[2])
    first = {k: (x, y, people[groups[0]]) for k, (x, y, people) in homes.items()}
    path = write_study(folder, nodes, ways, first, sites, walk=walk, **kwargs)
    table = pd.read_csv(folder / "homes.csv", dtype=str, keep_default_na=False)
    for group in groups:
        table[group] = [str(people[group]) for _, _, people in homes.values()]
    table.to_csv(folder / "homes.csv", index=False)
    layers = ", ".join(
        f'{{ group = "{g}", points = "homes.csv", value = "{g}", crs = "EPSG:4549" }}'
        for g in groups
    )
    text = path.read_text("utf-8").split("\n")
    text = [f"layers = [ {layers} ]" if line.startswith("layers") else line for line in text]
    path.write_text("\n".join(text), encoding="utf-8")
    return path


def nested(p60, p70, p80):
    """People of three groups, each inside the one before."""
    return {"p60": p60, "p70": p70, "p80": p80}


def by_group(result, speed="1.0", cutoff=15):
    """Group to (persons, covered, gap, unknown) for meal points."""
    return {
        row.group: (row.counts.persons, row.counts.covered, row.counts.gap, row.counts.unknown)
        for row in result.coverage_rows
        if (row.category, row.cutoff_min) == ("meal_point", cutoff)
        and row.speed_m_s == Decimal(speed)
    }


HOMES = {
    "near": (600, 0, nested(10, 6, 1.5)),
    "mid": (750, 0, nested(10, 6, 1.5)),
    "far": (850, 0, nested(10, 6, 1.5)),
}
"""4 people of 60–69, 4.5 of 70–79 and 1.5 of 80 and over in each."""


def three_homes(folder, **kwargs):
    """Write a study of three homes on a street of 2 km, with one facility at its start."""
    nodes, word = straight(2000, step_m=2000)
    return study_of(folder, nodes, [word], HOMES, {"f": (0.0, 0.0)}, **kwargs)
