"""Rasters of people, written and read."""

from __future__ import annotations

from circle15.inputs.area.study_area import read_area
from circle15.inputs.demand.population import read_population
from circle15.study.settings.records import Area, Demand, DemandLayer, ZoneLayer
from tests.streets import METRIC, write_layer

MICRO = 1_000_000


def read(tmp_path, *rasters, boundary=None, wards=None, **options):
    """Population of rasters of one group, inside a boundary and wards of the plane."""
    area = Area(
        write_layer(tmp_path / "b.geojson", [(boundary, {})]) if boundary is not None else None,
        ZoneLayer(
            write_layer(tmp_path / "w.geojson", [(s, {"id": k, "n": k}) for k, s in wards.items()]),
            "id",
            "n",
        )
        if wards
        else None,
    )
    layers = (DemandLayer("p60", raster=rasters, **options),)
    return read_population(Demand(layers), read_area(area, METRIC), METRIC)


def people(population, **where) -> float:
    demand = population.demand
    for column, value in where.items():
        demand = demand[demand[column].isna() if value is None else demand[column] == value]
    return int(demand["p60_micro"].sum()) / MICRO
