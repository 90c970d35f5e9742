"""Keys of a layer of people that do not go together: what is wrong, and how to mend it."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.builders.report_result import make_study

from circle15.study.settings.demand_keys import (
    fault_of_demand,
    fault_of_groups,
    fault_of_layer,
    fault_of_zones,
)
from circle15.study.settings.records import Area, Demand, DemandLayer

POINTS = DemandLayer("p60", points=Path("people.csv"), value=("n",))
ZONES = DemandLayer("p60", zones=Path("zones.gpkg"), value=("n",))
RASTER = DemandLayer("p60", raster=(Path("p.tif"),))
SOURCES = "needs one of 'raster', 'points' and 'zones'."


@pytest.mark.parametrize("layer", [POINTS, ZONES, RASTER])
def test_layers_that_are_right(layer):
    assert fault_of_layer(layer) is None


@pytest.mark.parametrize(
    ("layer", "keys", "found", "mend"),
    [
        (POINTS, {"raster": (Path("p.tif"),)}, SOURCES, ""),
        (POINTS, {"points": None}, SOURCES, ""),
        (POINTS, {"value": ()}, "'points' needs 'value'.", "Name the column of people."),
        (ZONES, {"value": ()}, "'zones' needs 'value'.", "Name the column of people."),
        (
            POINTS,
            {"value": ("n", "m", "n")},
            "'value' names n twice, and its people would count twice.",
            "Keep one.",
        ),
        (POINTS, {"density": "km2"}, "'density' does not belong to 'points'.", "Remove it."),
        (RASTER, {"value": ("n",)}, "'value' does not belong to 'raster'.", "Remove it."),
        (ZONES, {"lon": "x"}, "'lon' does not belong to 'zones'.", "Remove it."),
        (POINTS, {"table": Path("t.csv")}, "'table' does not belong to 'points'.", "Remove it."),
        (ZONES, {"code": "id"}, "'code' and 'name' need 'table'.", "Remove them."),
        (
            ZONES,
            {"sheet": "a"},
            "'sheet' needs 'table'.",
            "Say `zones_sheet` for a layer of zones.",
        ),
        (
            ZONES,
            {"zones": "streets", "zones_sheet": "a"},
            "'zones_sheet' is that of area.streets.",
            "Remove it.",
        ),
        (ZONES, {"zones": "streets", "id": "a"}, "'id' is that of area.streets.", "Remove it."),
        (ZONES, {"residential": ("flat",)}, "'residential' needs 'buildings'.", "Remove it."),
        (ZONES, {"unknown_use": "left_out"}, "'unknown_use' needs 'buildings'.", "Remove it."),
    ],
)
def test_keys_that_do_not_go_together(layer, keys, found, mend):
    assert fault_of_layer(replace(layer, **keys)) == (found, mend)


def test_a_raster_named_twice_by_other_names(tmp_path):
    """A link to a file is that file."""
    (tmp_path / "p.tif").write_bytes(b"x")
    os.link(tmp_path / "p.tif", tmp_path / "q.tif")
    wrong = fault_of_layer(replace(RASTER, raster=(tmp_path / "p.tif", tmp_path / "q.tif")))
    assert wrong is not None
    assert wrong[0].startswith("'raster' names ")
    (tmp_path / "r.tif").write_bytes(b"x")
    assert fault_of_layer(replace(RASTER, raster=(tmp_path / "p.tif", tmp_path / "r.tif"))) is None


def of(*layers: DemandLayer, group: str = "p60") -> Any:
    return fault_of_demand(Demand(layers, group, None))


def test_faults_of_all_layers():
    older = replace(POINTS, group="p80", value=("m",))
    assert of(POINTS, older) is None
    empty = ("demand.layers", "is empty.", "Name at least one layer of people.")
    assert of() == empty
    twice = ("demand.layers (p60)", "occurs twice.", "Keep one layer per group.")
    assert of(POINTS, replace(POINTS, value=("m",))) == twice
    assert of(POINTS, replace(older, value=())) == (
        "demand.layers (p80)",
        "'points' needs 'value'.",
        "Name the column of people.",
    )
    assert of(older) == ("demand.group", "'p60' has no layer.", "Add it to demand.layers.")


def test_two_groups_of_the_same_people():
    same = replace(POINTS, group="p80")
    where, found, _ = of(POINTS, same)
    assert (where, found) == (
        "demand.layers (p80)",
        "has the same people as 'p60': n of people.csv.",
    )
    calibrated = replace(same, calibrate_to=Decimal(200))
    assert of(POINTS, calibrated) is None
    wrong = fault_of_groups([RASTER, replace(RASTER, group="p80")])
    assert wrong is not None
    assert wrong[:2] == ("p80", "has the same people as 'p60': p.tif of p.tif.")
    other_sheet = [replace(ZONES, zones_sheet="a"), replace(ZONES, group="p80", zones_sheet="b")]
    assert fault_of_groups(other_sheet) is None


def test_counts_by_zones_that_the_area_does_not_name():
    layer = replace(ZONES, zones="communities")
    study = make_study(demand=Demand((POINTS, layer), "p60", None), area=Area())
    assert fault_of_zones(study) == (
        "demand.layers (p60)",
        "counts by 'communities', which [area] does not name.",
        "Add area.communities.",
    )
    assert fault_of_zones(replace(study, demand=Demand((POINTS, ZONES), "p60", None))) is None
