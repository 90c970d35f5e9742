"""The worked case F01 as a study, with a home in the gap and room for 250 of 400 people.

d ---1400--- a --500-- S1 --500-- b --500-- S2 --500-- c      at 1 m/s; the circle is 900 s

a 100, b 200, c 100, d 50 people aged 60+; S1 30 meals, S2 20 meals; each person needs .2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import shapely

from tests.streets import write_study

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HOMES = {"a": (-600, 0, 100), "b": (400, 0, 200), "c": (1400, 0, 100), "d": (-2000, 0, 50)}
SITES = {"S1": (-100.0, 0.0), "S2": (900.0, 0.0)}
MEALS = {"S1": "30", "S2": "20"}
WEST, EAST = shapely.box(-3000, -500, -50, 500), shapely.box(-50, -500, 3000, 500)
ENTRY = 'meal_point = { field = "meals_per_day", per_person = 0.2 }'


def write_supply(
    folder: Path,
    *,
    meals: Mapping[str, str] = MEALS,
    entry: str = ENTRY,
    walk: str = "",
    groups: Mapping[str, float] | None = None,
    unsure: tuple[str, ...] = (),
) -> Path:
    """Write the study; `groups` are further groups with their share of the people of p60."""
    nodes = {"A": (-2000.0, 0.0), "B": (2000.0, 0.0)}
    path = write_study(
        folder,
        nodes,
        ["AB"],
        HOMES,
        SITES,
        unsure=unsure,
        boundary=shapely.union(WEST, EAST),
        streets={"W": WEST, "E": EAST},
        walk=walk,
        more=f"[capacity]\n{entry}\n",
    )
    sites = pd.read_csv(folder / "sites.csv", dtype=str, keep_default_na=False)
    sites["meals_per_day"] = [meals[key] for key in sites["facility_id"]]
    sites.to_csv(folder / "sites.csv", index=False)
    homes = pd.read_csv(folder / "homes.csv", dtype=str)
    text = path.read_text("utf-8")
    first = '{ group = "p60", points = "homes.csv", value = "p60", crs = "EPSG:4549" }'
    layers = [first]
    for group, share in (groups or {}).items():
        homes[group] = [str(float(n) * share) for n in homes["p60"]]
        layers.append(first.replace("p60", group))
    homes.to_csv(folder / "homes.csv", index=False)
    path.write_text(text.replace(first, ", ".join(layers)), "utf-8")
    return path
