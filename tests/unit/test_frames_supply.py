"""Supply, assignment and equity of frames: F01 again, and mistakes of callers.

a --500-- S1 --500-- b --500-- S2 --500-- c      at 1 m/s; d is 1,900 m from S1, beyond 900 s
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from tests.streets import EAST_M, METRIC, NORTH_M, plane

import circle15 as c15
from circle15.errors import InputDataError

NETWORK = plane(
    {"W": (EAST_M - 2500, NORTH_M), "E": (EAST_M + 9000, NORTH_M)},
    "WE",
    extent=shapely.box(EAST_M - 9e3, NORTH_M - 9e3, EAST_M + 3e4, NORTH_M + 9e3),
)


def points(x, ids, **columns):
    place = gpd.points_from_xy(EAST_M + np.array(x, float), np.full(len(x), NORTH_M))
    return gpd.GeoDataFrame(columns, geometry=place, index=ids, crs=METRIC)


def homes():
    return points([-600, 400, 1400, -2000], list("abcd"), persons=[100, 200, 100, 50])


def sites(**columns):
    return points([-100, 900], ["S1", "S2"], **({"beds": [30, 20]} | columns))


def served(**changes):
    return c15.assign_capacity(homes(), sites(**changes), NETWORK, per_person=0.2)


def test_f01():
    found = c15.floating_catchment(homes(), sites(), NETWORK)
    assert found["supply_per_person"].tolist() == pytest.approx([0.1, 1 / 6, 2 / 30, 0])
    assert found.attrs == {
        "supply_reached": 50.0,
        "supply_handed_out": pytest.approx(50),
        "idle": [],
    }


def test_steps_and_the_curve():
    """All four walks take 500 s: of one weight, so that they cancel out in E2SFCA."""
    plain = c15.floating_catchment(homes(), sites(), NETWORK)["supply_per_person"]
    for steps in (None, {5: 1, 10: 0.5, 15: 0.2}):
        found = c15.floating_catchment(homes(), sites(), NETWORK, method="e2sfca", steps=steps)
        assert found["supply_per_person"].tolist() == pytest.approx(plain.tolist())
    cut = c15.floating_catchment(homes(), sites(), NETWORK, method="e2sfca", steps={5: 1})
    assert cut["supply_per_person"].tolist() == [0, 0, 0, 0]
    assert cut.attrs["idle"] == ["S1", "S2"]


def test_unknown_is_null_and_at_least_is_not():
    found = c15.floating_catchment(homes(), sites(beds=[30, None]), NETWORK)
    assert found["supply_per_person"].isna().tolist() == [False, True, True, False]
    assert found["at_least"].tolist() == pytest.approx([0.1, 0.1, 0, 0])
    unsure = c15.floating_catchment(homes(), sites(position_unsure=[False, True]), NETWORK)
    assert unsure["supply_per_person"].isna().tolist() == [False, True, True, False]


def test_who_is_served():
    found = served()
    assert found["served"].tolist() == [100, 150, 0, 0]
    assert found["turned_away"].tolist() == [0, 50, 100, 0]
    assert found["gap"].tolist() == [0, 0, 0, 50]
    assert found.attrs["assigned"] == {"S1": 150.0, "S2": 100.0}
    assert found.attrs["minutes_walked"] == pytest.approx(250 * 500 / 60)
    assert found.attrs["least_minutes_walked"] is None


def test_least_walk_has_a_bound():
    found = c15.assign_capacity(homes(), sites(), NETWORK, per_person=0.2, way="least_walk")
    assert found["served"].sum() == 250
    assert found.attrs["least_minutes_walked"] == pytest.approx(found.attrs["minutes_walked"])


def test_beside_an_unknown_capacity_nobody_is_turned_away():
    found = served(beds=[30, None])
    assert found["unknown"].tolist() == [0, 150, 100, 0]
    assert found["turned_away"].sum() == 0


def test_the_order_of_rows_is_no_matter():
    turned = c15.assign_capacity(homes()[::-1], sites()[::-1], NETWORK, per_person=0.2)
    pd.testing.assert_frame_equal(turned[::-1], served(), check_like=True)


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"beds": [-1, 2]}, "sites, column 'beds': -1 is negative"),
        ({"beds": ["约50", "2"]}, "'约50' is text"),
        ({"category": ["x", "y"]}, "have the categories x, y"),
        ({"beds": [np.inf, 1]}, "is not a number"),
    ],
)
def test_sites_that_cannot_be_used(columns, found):
    with pytest.raises(InputDataError) as error:
        served(**columns)
    assert found in str(error.value)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"supply": "places"}, "sites, column 'places': is not among the columns"),
        ({"method": "4sfca"}, "4sfca"),
        ({"steps": {15: 1}}, "weighs all walks alike"),
        ({"method": "e2sfca", "steps": {5: 0.5, 10: 1}}, "do not fall"),
        ({"method": "e2sfca", "steps": {20: 1}}, "is beyond the cutoff"),
        ({"persons": "people"}, "homes, column 'people': is not among the columns"),
    ],
)
def test_options_that_make_no_sense(options, found):
    with pytest.raises(InputDataError) as error:
        c15.floating_catchment(homes(), sites(), NETWORK, **options)
    assert found in str(error.value)


def test_per_person_is_above_zero():
    with pytest.raises(InputDataError, match="per_person: is 0"):
        c15.assign_capacity(homes(), sites(), NETWORK, per_person=0)


def test_equity_of_series_joins_by_index():
    values = pd.Series([10.0, 20, 30, 40, None], list("abcde"))
    persons = pd.Series([5, 1, 1, 1, 1], list("edcba"))
    found = c15.equity(values, persons, by=pd.Series([1, 1, 2, None, 2], list("abcde")))
    assert (found["gini"], found["persons"], found["persons_unknown"]) == (0.25, 4, 5)
    assert found["spread"] == 15
    with pytest.raises(InputDataError, match="persons: has a different index"):
        c15.equity(values, persons.iloc[:4])


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"values": pd.Series([1.0, 2.0], ["a", "a"])}, "values: 1 ids occur in several rows"),
        ({"persons": pd.Series([1, 1], ["a", "a"])}, "persons: 1 ids occur in several rows"),
        ({"by": pd.Series([1, 1], ["b", "b"])}, "by: 1 ids occur in several rows"),
        ({"values": pd.Series([1.0, "x"], ["a", "b"])}, "values: is not a number in 1 of 2 rows"),
        ({"values": pd.Series([1.0, -1], ["a", "b"])}, "is negative in 1 of 2 rows (first: 'b')"),
        ({"values": pd.Series([1.0, np.inf], ["a", "b"])}, "values: is infinite in 1 of 2 rows"),
        ({"persons": pd.Series([1, None], ["a", "b"])}, "column 'persons': is not a number"),
    ],
)
def test_equity_refuses_series_that_do_not_fit(changed, found):
    two = ["a", "b"]
    fine = {"values": pd.Series([1.0, 2.0], two), "persons": pd.Series([1, 1], two)}
    with pytest.raises(InputDataError) as error:
        c15.equity(**(fine | changed))
    assert found in str(error.value)
