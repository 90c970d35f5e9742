"""
Residential zones as frames: floor areas under a rule pack, and the circle on one street.

A (-500, 0) ---- B (500, 0). Zone N is x 0-200: its homes stand at 25, 75, 125 and 175.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from tests.builders.small_inputs import streets
from tests.streets import EAST_M, NORTH_M

import circle15 as c15
from circle15.errors import CrsError, InputDataError

CRS = "EPSG:4549"
LX = c15.load_rules("liangxi-2025")
STREET = streets({"A": (-500.0, 0.0), "B": (500.0, 0.0)}, "AB")


def box(west, east):
    return shapely.box(EAST_M + west, NORTH_M - 20, EAST_M + east, NORTH_M + 20)


def zones(*spans, index=None, crs=CRS, **columns):
    shapes = gpd.GeoSeries([box(*span) for span in spans], index=index, crs=crs)
    return gpd.GeoDataFrame(geometry=shapes).assign(**columns)


def rooms(*places, category="home_care_station", crs=CRS, **columns):
    """Sites by x and y; None for one without a position."""
    shapes = [p and shapely.Point(EAST_M + p[0], NORTH_M + p[1]) for p in places]
    table = gpd.GeoDataFrame({"category": [category] * len(places)}, geometry=shapes, crs=crs)
    return table.assign(**columns)


def test_30_m2_for_100_households_of_a_new_zone_and_20_of_an_existing_one():
    """1,500 new: 450 m², of which 400 are there. 1,500 existing: 300 m², which are there."""
    given = zones(
        (0, 200),
        (300, 400),
        index=["N", "E"],
        kind=["new", "existing"],
        households=[1500.0] * 2,
        rooms_m2=0,
    )
    found = c15.check_zones(given, rooms((100, 0), (350, 0), floor_area_m2=[400, 300]), LX)
    assert found.index.tolist() == found["zone_id"].tolist() == ["N", "E"]
    assert found["required_m2"].tolist() == [450, 300]
    assert found["counted_m2"].tolist() == [400, 300]
    assert found["shortfall_m2"].tolist() == [50, 0]
    assert found["verdict"].tolist() == ["not_met", "met"]
    assert not found["reading_dependent"].any()


def test_own_rooms_of_a_zone_are_added_and_null_is_unknown():
    given = zones(
        (0, 200),
        (300, 400),
        zone_id=["a", "b"],
        kind=["new", "new"],
        households=np.array([1000, 1000]),
        rooms_m2=["150+150", None],
    )
    none = rooms((900, 900), floor_area_m2=[None])
    found = c15.check_zones(given, none, LX).set_index("zone_id")
    assert found["plain_sum_m2"].tolist() == pytest.approx([300, np.nan], nan_ok=True)
    assert found["verdict"].tolist() == ["not_met", "undetermined"]  # no site has 300 m²


def test_areas_may_be_decimals_text_or_null():
    given = zones((0, 200), kind=["new"], households=[1000], rooms_m2=["0"])
    for area in (Decimal("299.99"), "299.99"):
        found = c15.check_zones(given, rooms((100, 0), floor_area_m2=[area]), LX)
        assert found["plain_sum_m2"].tolist() == [299.99]
        assert found["plain_gap_m2"].tolist() == pytest.approx([0.01])
        assert found["verdict"].tolist() == ["not_met"]
    for room in (rooms((100, 0), floor_area_m2=[None]), rooms((100, 0))):
        assert c15.check_zones(given, room, LX)["verdict"].tolist() == ["undetermined"]


def test_a_room_belongs_to_the_zone_it_names_and_a_closed_one_does_not_count():
    given = zones((0, 200), (300, 400), index=["N", "M"], kind="new", households=1000, rooms_m2=0)
    own = rooms((100, 0), (100, 5), floor_area_m2=300, zone_id=["M", None], open=[True, False])
    found = c15.check_zones(given, own, LX)
    assert found["verdict"].to_dict() == {"N": "not_met", "M": "met"}


def test_rooms_in_another_crs_are_moved():
    given = zones((0, 200), kind=["new"], households=[1000])
    own = rooms((100, 0), floor_area_m2=[300]).to_crs("EPSG:4326")
    assert c15.check_zones(given.to_crs("EPSG:4326"), own, LX)["verdict"].tolist() == ["met"]


def test_the_circle_of_a_zone_is_walked():
    """The site is 10 m beside x = 300: 285, 235, 185 and 135 s from the homes, at 1.0 m/s."""
    given = zones((0, 200), index=["N"], kind=["new"], households=[1000])
    site = rooms((300, 10), floor_area_m2=[None])
    found = c15.check_zones(given, site, LX, network=STREET, require=["home_care_station"])
    row = found.loc["N"]
    assert (row["home_care_station_state"], row["home_care_station_worst_s"]) == ("covered", 285.0)
    assert row["home_care_station_median_s"] == 185.0  # of an even number the quicker one
    assert row["home_care_station_share_inside"] == 1.0


def test_a_short_cutoff_splits_a_zone():
    """Within 3 minutes at 1.0 m/s only the home at 175 is: one of four."""
    given = zones((0, 200), index=["N"], kind=["new"], households=[1000])
    site = rooms((300, 10))
    ask: dict[str, Any] = {"network": STREET, "require": ["home_care_station"], "cutoff_min": 3}
    row = c15.check_zones(given, site, LX, **ask).loc["N"]
    assert (row["home_care_station_state"], row["home_care_station_share_inside"]) == ("gap", 0.25)
    slow = c15.check_zones(given, site, LX, **ask, speed_m_s=0.5).loc["N"]
    assert (slow["home_care_station_worst_s"], slow["home_care_station_share_inside"]) == (570, 0)


def test_a_round_trip_may_take_twice_the_cutoff():
    """There and back from the farthest home are 570 s: within 2 · 5 min, and not within 2 · 3."""
    given = zones((0, 200), index=["N"], kind=["new"], households=[1000])
    ask: dict[str, Any] = {
        "network": STREET,
        "require": ["home_care_station"],
        "judge": "round_trip",
    }
    row = c15.check_zones(given, rooms((300, 10)), LX, **ask, cutoff_min=5).loc["N"]
    assert (row["home_care_station_state"], row["home_care_station_worst_s"]) == ("covered", 570)
    row = c15.check_zones(given, rooms((300, 10)), LX, **ask, cutoff_min=3).loc["N"]
    assert (row["home_care_station_state"], row["home_care_station_share_inside"]) == ("gap", 0.25)
    assert np.isnan(row["home_care_station_worst_s"])


def test_beyond_an_hour_a_time_is_null():
    given = zones((0, 200), index=["N"], kind=["new"], households=[1000])
    row = c15.check_zones(
        given, rooms((480, 0)), LX, network=STREET, require=["home_care_station"], speed_m_s=0.07
    ).loc["N"]
    assert np.isnan(row["home_care_station_worst_s"])
    assert row["home_care_station_state"] == "gap"


def test_with_a_network_floor_areas_are_those_without():
    given = zones(
        (0, 200), (300, 400), index=["N", "E"], kind=["new", "existing"], households=[1500.0] * 2
    )
    own = rooms((100, 0), (350, 0), None, floor_area_m2=[400, 300, 77])
    bare = c15.check_zones(given, own, LX)
    walked = c15.check_zones(given, own, LX, network=STREET)
    assert walked[bare.columns].equals(bare)


def test_no_zones_are_no_rows():
    none = zones(kind=[], households=[])
    found = c15.check_zones(none, rooms((0, 0)), LX)
    assert len(found) == 0
    assert "verdict" in found


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"reading": "R4"}, "R4"),
        ({"basis": "people"}, "people"),
        ({"mixed": "both"}, "both"),
        ({"require": ["meal_point"]}, "require: needs a network"),
        (
            {"require": ["meal_point"], "network": STREET},
            r"no room has the category 'meal_point'\. Categories of the rooms: home_care_station",
        ),
        ({"rules": replace(LX, floor_area=None)}, "has no floor-area rule"),
        ({"rooms": rooms((0, 0)).drop(columns="category")}, "rooms.*category.*not among"),
        ({"rooms": rooms((0, 0), floor_area_m2=["much"])}, "'much' of 0 is not an area"),
        ({"rooms": rooms((0, 0), floor_area_m2=[-3])}, "-3 of 0 is not an area"),
        ({"zones": zones((0, 9), (9, 20), zone_id=["a", "a"])}, "zones.*'a'"),
        ({"zones": zones((0, 9), kind=["new"], households=["many"])}, "many"),
    ],
)
def test_what_cannot_be_checked(given, says):
    ask: dict[str, Any] = {"zones": zones((0, 200)), "rooms": rooms((100, 0)), "rules": LX} | given
    with pytest.raises(InputDataError, match=says):
        c15.check_zones(**ask)


def test_a_layer_needs_a_crs():
    with pytest.raises(CrsError):
        c15.check_zones(zones((0, 200), crs=None), rooms((100, 0)), LX)
