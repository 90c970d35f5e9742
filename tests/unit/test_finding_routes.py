"""
A route from a place to a facility of a study, found from its files.

A (0, 0) - B (300, 0) - C (600, 0) - D (600, 300): f1 is 10 m beside x = 300, f2 at D's street.
"""

from __future__ import annotations

import pytest
from tests.builders.routes_of_a_run import at
from tests.builders.small_study import write_small

from circle15.errors import InputDataError
from circle15.study.settings.reading import load_study
from circle15.travel.paths.records import NoRoute
from circle15.zones.routes import find_route, parse_place


@pytest.fixture
def study(tmp_path):
    return load_study(write_small(tmp_path))


def walked(route):
    return sum(step.time_ms for step in route.steps)


def test_a_facility_is_reached_by_its_id(study):
    """5 + 290 + 10 m at 1.0 m/s; the stages are reported in their order."""
    told: list[str] = []
    route = find_route(study, at(10, 5), "f1", told.append)
    assert (route.reason, walked(route)) == (None, 305_000)
    end = route.destination
    assert (end.facility_id, end.name, end.category) == ("f1", "site f1", "meal_point")
    assert told == ["network", "facilities", "route"]


def test_a_position_is_a_destination_too(study):
    lon, lat = map(float, at(10, 5).split(","))
    route = find_route(study, (lon, lat), at(600, 100), print)
    assert (route.reason, walked(route)) == (None, 5_000 + 590_000 + 100_000)
    assert (route.destination.facility_id, route.destination.name) == ("", "")


def test_the_nearest_of_the_entrances_is_taken(tmp_path):
    """Doors of f2 at x = 100 and x = 500 of the street: 90 m from the home, and not 490 m."""
    path = write_small(tmp_path)
    doors = [("f2", at(500, 0)), ("f2", at(100, 0))]
    lines = ["facility_id,lon,lat", *(f"{key},{place}" for key, place in doors)]
    (tmp_path / "doors.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = path.read_text("utf-8")
    old = 'covers = "extent"'
    assert old in text
    path.write_text(text.replace(old, f'{old}\nentrances = "doors.csv"'), encoding="utf-8")
    route = find_route(load_study(path), at(10, 0), "f2", print)
    assert walked(route) == pytest.approx(90_000, abs=2)


def test_a_place_that_is_far_from_any_street_has_no_route(study):
    """200 m is the longest leg to a street."""
    far = find_route(study, at(100, 201), "f1", print)
    assert (far.reason, far.steps) == (NoRoute.ORIGIN_TOO_FAR, ())
    there = find_route(study, at(10, 5), at(100, -201), print)
    assert there.reason == NoRoute.DESTINATION_TOO_FAR


@pytest.mark.parametrize(
    ("origin", "says", "mend"),
    [
        ("f1", "'f1' is not LON,LAT.", "Write e.g. 120.301,31.572."),
        ("31.572,120.301", "no place at longitude 31.572, latitude 120.301", "longitude first"),
        ("nan,31", "no place at longitude nan", "longitude first"),
        ("120,31,5", "is not LON,LAT", "Write e.g."),
    ],
)
def test_an_origin_must_be_a_position(study, origin, says, mend):
    with pytest.raises(InputDataError, match=says) as error:
        find_route(study, origin, "f1", print)
    assert mend in error.value.mend


@pytest.mark.parametrize(
    ("goal", "mend"),
    [("f11", "Did you mean f1"), ("zzz", "Give an id of a facility list.")],
)
def test_an_unknown_facility_says_the_nearest(study, goal, mend):
    with pytest.raises(InputDataError, match="is neither a facility of the study nor") as error:
        find_route(study, at(10, 5), goal, print)
    assert error.value.mend.startswith(mend)


def test_a_place_beyond_the_projection_is_refused(study):
    """The Gauss-Krüger zone of the study cannot hold a place a quarter of the earth away."""
    with pytest.raises(InputDataError, match="30,0 is outside the CRS of the study"):
        find_route(study, "30,0", "f1", print)


def test_a_place_is_two_numbers():
    assert parse_place(" 120.5 , -31") == (120.5, -31.0)
    assert parse_place((180.0, 90.0)) == (180.0, 90.0)
    assert parse_place("S-017") is None
    assert parse_place("120.5") is None


def test_a_facility_without_a_position_has_no_route(tmp_path):
    path = write_small(tmp_path)
    sites = (tmp_path / "sites.csv").read_text("utf-8").splitlines()
    row = next(line for line in sites if ",f2," in line)
    cells = row.split(",")
    sites[sites.index(row)] = ",".join(["", "", *cells[2:]])
    (tmp_path / "sites.csv").write_text("\n".join(sites) + "\n", encoding="utf-8")
    route = find_route(load_study(path), at(10, 5), "f2", print)
    assert route.reason == NoRoute.DESTINATION_NO_POSITION
    assert (route.destination.lon, route.destination.lat) == (None, None)
