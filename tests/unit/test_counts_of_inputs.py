"""
People by state, subdistrict and site, from homes and sites on one street.

A===h1====f1=========h2==============h3==========B   h1 at 100, f1 at 300, h2 at 1100, h3 at 3000
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.builders.report_result import make_study
from tests.builders.small_inputs import (
    CATEGORY,
    MICRO,
    in_subdistricts,
    inputs_of,
    streets,
    walks_of,
)

from circle15.access.counting import Counts
from circle15.access.coverage_counts import (
    coverage_rows,
    facility_catchments,
    straight_lines,
    zone_rows,
)
from circle15.access.joining.unjoined import unsnapped_facilities, unsnapped_people
from circle15.errors import InputDataError
from circle15.inputs.demand.nested_groups import check_nested
from circle15.inputs.facilities.facility_table import Facilities
from circle15.study.settings.records import Demand, DemandLayer, Walk
from circle15.study.vocabulary import columns as c

NODES = {"A": (0.0, 0.0), "B": (4000.0, 0.0)}
HOMES = {"h1": (100, 0, 10), "h2": (1100, 0, 20), "h3": (3000, 0, 4)}
SITES = {"f1": (300.0, 0.0)}


@pytest.fixture
def inputs():
    return in_subdistricts(inputs_of(streets(NODES, "AB"), HOMES, SITES), ["S1", "S2", None])


def people(covered=0, gap=0):
    return Counts((covered + gap) * MICRO, covered * MICRO, gap * MICRO, 0)


def test_people_are_counted_at_every_speed_and_cutoff(inputs):
    """h2 walks 800 m: within 15 min at 1.0 and 1.2 m/s, not at 0.8 (720 m), nor in 10 min."""
    walks = walks_of(inputs)
    rows = coverage_rows(inputs, walks, straight_lines(inputs, walks.homes))
    found = {
        (row.cutoff_min, str(row.speed_m_s)): row.counts.covered // MICRO
        for row in rows
        if row.category == CATEGORY
    }
    assert found == {
        (5, "0.8"): 10, (10, "0.8"): 10, (15, "0.8"): 10,
        (5, "1.0"): 10, (10, "1.0"): 10, (15, "1.0"): 30,
        (5, "1.2"): 10, (10, "1.2"): 10, (15, "1.2"): 30,
    }  # fmt: skip
    assert {row.category for row in rows} == {CATEGORY, "any", "all"}
    assert all(row.counts.persons == 34 * MICRO for row in rows)


def test_circles_on_the_map_claim_those_near_in_a_straight_line(inputs):
    """On a straight street these are the people who walk: the circle claims no one else."""
    walks = walks_of(inputs)
    lines = straight_lines(inputs, walks.homes)
    assert lines[CATEGORY].tolist() == [200, 800, 2700]
    assert lines["any"].tolist() == lines["all"].tolist() == [200, 800, 2700]
    (row,) = [
        row
        for row in coverage_rows(inputs, walks, lines)
        if (row.category, row.cutoff_min, row.speed_m_s) == (CATEGORY, 15, Decimal(1))
    ]
    assert row.claimed == people(covered=30)


def test_people_of_each_subdistrict(inputs):
    walks = walks_of(inputs)
    rows = zone_rows(inputs, walks, straight_lines(inputs, walks.homes))
    found = {(row.level, row.zone_id, row.cutoff_min): row.counts for row in rows
             if row.category == CATEGORY}  # fmt: skip
    assert found["street", "S1", 5] == found["street", "S1", 15] == people(covered=10)
    assert found["street", "S2", 10] == people(gap=20)
    assert found["street", "S2", 15] == people(covered=20)
    assert found["community", "K1", 15] == people()


def test_people_in_reach_of_a_site(inputs):
    walks = walks_of(inputs)
    ((one,),) = facility_catchments(inputs, walks).values()
    assert one.facility == 0
    assert [n // MICRO for n in one.persons_within["p60"]] == [10, 10, 30]


def test_a_site_that_has_not_joined_reaches_no_one():
    """It stands 300 m off the street, and is listed with its row."""
    sites = {"f1": (300.0, 0.0), "f2": (900.0, 300.0)}
    inputs = inputs_of(streets(NODES, "AB"), HOMES, sites, row=[2, 9])
    found = facility_catchments(inputs, walks_of(inputs))
    assert [one.facility for one in found[CATEGORY]] == [0]
    facilities = Facilities(inputs.sites.table, [], {}, [])
    (finding,) = unsnapped_facilities(facilities, inputs.sites.snaps, inputs.network)
    assert (finding.code, finding.severity, finding.row) == ("TOO_FAR", "warning", 9)
    assert finding.detail == {"id": "f2"}


@pytest.mark.parametrize("raster", [False, True])
def test_people_who_have_not_joined_are_listed(raster):
    """Of a table by row, of a raster in one finding."""
    homes = HOMES | {"far": (500, 300, 7), "farther": (600, 900, 2)}
    layer = DemandLayer("p60", points=None if raster else Path("people.csv"))
    if raster:
        layer = replace(layer, raster=(Path("p.tif"),))
    study = make_study(demand=Demand((layer,), "p60"))
    inputs = inputs_of(streets(NODES, "AB"), homes, SITES, study=study)
    found = unsnapped_people(study, inputs.population, inputs.demand_snaps, inputs.network)
    told = [(one.code, one.persons_micro, one.detail) for one in found]
    if raster:
        assert told == [("CELLS_TOO_FAR", 9 * MICRO, {"cells": "2"})]
    else:
        assert [row[:2] for row in told] == [("TOO_FAR", 7 * MICRO), ("TOO_FAR", 2 * MICRO)]
        assert ["far" in str(row[2]["id"]) for row in told] == [True, True]


def aged(p60, p80, *, inside=True):
    walk = Walk(age_speeds={"p60_79": Decimal(1), "p80": Decimal("0.7")})
    layers = (DemandLayer("p60", points=Path("y.csv")), DemandLayer("p80", points=Path("o.csv")))
    study = make_study(walk=walk, demand=Demand(layers, "p60"))
    table = pd.DataFrame(
        {
            c.DEMAND_ID: [f"h{k}" for k in range(len(p60))],
            c.IN_AREA: inside,
            c.weight_column("p60"): np.array(p60, np.int64),
            c.weight_column("p80"): np.array(p80, np.int64),
        }
    )
    return check_nested(study, table)


def test_an_older_group_within_the_younger_is_no_finding():
    assert aged([5 * MICRO, MICRO], [5 * MICRO, 0]) == []
    assert aged([0], [9 * MICRO], inside=False) == []


def test_an_excess_of_rounding_is_a_note():
    (found,) = aged([MICRO, MICRO], [MICRO + 1, MICRO])
    assert (found.code, found.severity, found.file) == ("AGES_NOT_NESTED", "note", "o.csv")
    assert found.detail == {
        "older": "p80", "younger": "p60", "points": "1", "people": "0.000001",
    }  # fmt: skip


def test_more_older_people_than_there_are_is_refused_with_the_worst_points():
    with pytest.raises(
        InputDataError, match="'p80' has more people than 'p60' at 2 points"
    ) as error:
        aged([MICRO, MICRO, MICRO], [3 * MICRO, MICRO, 6 * MICRO])
    assert "by 7.000 people: h2 (5.000), h0 (2.000)." in str(error.value)
    assert error.value.column == "walk.age_speeds"
