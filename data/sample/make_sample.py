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
from _land import write_buildings, write_land
from _ledgers import CARE_HOMES, CENTERS, STATIONS, write_book, write_gbk, write_meals
from _people import count_people, divide, households, lay_grid, write_areas, write_rasters
from _registers import write_register
from _relief import write_dem
from _scenario import write_plan
from _sites import (
    care_home_rows,
    centre_rows,
    make_sites,
    meal_rows,
    station_rows,
)
from _streets import Streets, add_grid, add_motorway, add_railway, add_water, write_pbf
from _vacant import vacant_rows, write_vacant
from _zones import choose_zones, write_proposed, write_zones


def make_sample(folder: Path) -> None:
    """Write all files of the sample but the study file and the README."""
    folder.mkdir(parents=True, exist_ok=True)
    city = make_city()
    streets = Streets(city)
    add_grid(streets, np.random.default_rng([SEED, 1]))
    add_blocks(streets)
    add_motorway(streets)
    add_railway(streets)
    add_water(streets)
    write_pbf(streets, str(folder / "network.osm.pbf"))
    write_dem(folder / "dem.tif")

    division = divide(city)
    grid = lay_grid(city, division)
    counts = count_people(grid)
    write_areas(city, division, households(grid, counts), folder)
    write_rasters(grid, counts, folder)
    write_land(city, folder / "land.geojson")
    write_buildings(city, folder / "buildings.geojson")

    sites = make_sites(city, streets, division)
    write_book(STATIONS, station_rows(sites), folder / "stations.xlsx")
    write_meals(meal_rows(sites), folder / "meals.xlsx")
    write_book(CARE_HOMES, care_home_rows(sites), folder / "care_homes.xlsx")
    write_gbk(CENTERS, centre_rows(sites), folder / "centers.csv")
    vacant = vacant_rows(sites)
    write_vacant(vacant, folder / "vacant.csv")
    write_plan(city, vacant, folder)
    write_zones(city, choose_zones(sites), folder / "zones.geojson")
    write_proposed(folder / "proposed_zones.csv")
    write_register(folder / "registers.csv")


if __name__ == "__main__":
    make_sample(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
