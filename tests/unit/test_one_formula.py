"""Each figure is computed once: report and `summary.json` cannot differ."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.builders.report_result import make_result
from tests.streets import plane

from circle15.network.quality import component_lengths_m
from circle15.output.report.data_sections import network_figures
from circle15.results.figures import (
    facility_sums,
    snapping_of_demand,
    unsnapped_demand,
    unsnapped_facilities,
)
from circle15.results.summary.building import build_summary


@pytest.mark.parametrize(("components", "largest_m"), [(3, 250.0), (1, 400.0)])
def test_components_and_the_longest_of_them(components, largest_m):
    """Whatever was measured of the network is what both say."""
    made = make_result()
    quality = dataclasses.replace(
        made.quality, components=components, largest_m=largest_m, length_m=500.0
    )
    result = dataclasses.replace(made, quality=quality)
    printed, summary = network_figures(result), build_summary(result)
    assert printed["components"] == summary["network"]["components"] == components
    assert summary["quality"]["components"] == components
    assert summary["network"]["largest_component_share"] == largest_m / 500
    assert printed["largest_component"] == f"{largest_m / 5:.1f}%"
    assert summary["network"]["private_share"] == summary["quality"]["private_share"]


def test_parts_without_length_are_parts():
    """A B in one part, C D in another; their lengths by number."""
    network = plane({"A": (0, 0), "B": (100, 0), "C": (0, 50), "D": (30, 50)}, "AB", "CD")
    assert sorted(component_lengths_m(network)) == [30, 100]
    assert len(component_lengths_m(network)) == int(network.component.max()) + 1


def test_who_has_not_joined():
    result = make_result()
    summary = build_summary(result)["snapping"]
    lost = unsnapped_demand(result)
    assert (summary["demand_unsnapped"], summary["persons_unsnapped"]) == (
        lost.points,
        lost.persons / 1e6,
    )
    points = sum(one.points for one in snapping_of_demand(result).values())
    assert summary["demand_snapped"] + summary["demand_unsnapped"] == points
    ids = [one["facility_id"] for one in summary["facilities_unsnapped"]]
    assert ids == [one[0] for one in unsnapped_facilities(result)]


def test_sums_of_facilities():
    result = make_result()
    found = build_summary(result)["facilities"]
    for one, row in zip(facility_sums(result.facilities, result.categories), found, strict=True):
        area = None if one.floor_area_m2 is None else float(one.floor_area_m2)
        assert (row["rows"], row["open"], row["floor_area_m2"]) == (one.rows, one.open, area)
        assert row["capacity"] == {k: np.float64(v) for k, v in one.capacities.items()}
