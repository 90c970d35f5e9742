"""
Make the synthetic sample district again: `python data/sample/make_sample.py [FOLDER]`.

Everything is invented and calibrated to printed totals; see README.md beside this file. The
seed is fixed: running it twice gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from _blocks import add_blocks
from _city import SEED, make_city
from _people import count_people, divide, households, lay_grid, write_areas, write_rasters
from _registers import write_register
from _sites import (
    care_home_rows,
    centre_rows,
    make_sites,
    meal_rows,
    station_rows,
    write_ledger,
)
from _streets import Streets, add_grid, add_motorway, add_water, write_pbf
from _zones import choose_zones, write_proposed, write_zones


def make_sample(folder: Path) -> None:
    """Write all files of the sample but the study file and the README."""
    folder.mkdir(parents=True, exist_ok=True)
    city = make_city()
    streets = Streets(city)
    add_grid(streets, np.random.default_rng([SEED, 1]))
    add_blocks(streets)
    add_motorway(streets)
    add_water(streets)
    write_pbf(streets, str(folder / "network.osm.pbf"))

    division = divide(city)
    grid = lay_grid(city, division)
    counts = count_people(grid)
    write_areas(city, division, households(grid, counts), folder)
    write_rasters(grid, counts, folder)

    sites = make_sites(city, streets, division)
    write_ledger(station_rows(sites), "stations", folder)
    write_ledger(meal_rows(sites), "meals", folder)
    write_ledger(care_home_rows(sites), "care_homes", folder)
    write_ledger(centre_rows(sites), "centers", folder)
    write_zones(city, choose_zones(sites), folder / "zones.geojson")
    write_proposed(folder / "proposed_zones.csv")
    write_register(folder / "registers.csv")


if __name__ == "__main__":
    make_sample(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
