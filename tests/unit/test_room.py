"""People served where they live, and the room of sites, in the data of the map."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from tests.builders.category_access import ONE, access_of
from tests.builders.report_result import STATION, make_result

from circle15.access.states import State
from circle15.access.supply.records import HomesOfPart, SiteSupply
from circle15.output.map.cells import value_columns
from circle15.output.map.facilities import facility_rows
from circle15.output.map.html import map_data
from circle15.output.text.wording import Words
from circle15.results.drawn_places import find_places
from circle15.results.room import room_of_sites, served_homes
from circle15.results.states_by_choice import states_by_choice

CIRCLE = 15


def with_served(served, unserved):
    """Homes a, b and c of the result made by hand: micro-persons served, and surely not served."""
    result = make_result()
    (access,) = access_of(result.catchments, beds=True)
    none = np.full(3, -1)
    part = HomesOfPart(result.drawn.name, none, none)
    homes = [replace(part, served=np.array(served), unserved=np.array(unserved))]
    return replace(result, access=[replace(access, homes=homes)])


def test_the_covered_alone_are_turned_away():
    """People of a gap find no room either, but are not covered."""
    result = with_served([ONE, 0, 0], [ONE, ONE, ONE])
    state = result.judged_as(result.drawn)[STATION].states[CIRCLE]
    covered = np.flatnonzero(state == State.COVERED)
    homes = served_homes(result)[STATION]
    away = homes.turned_away[result.judged.rows]
    assert np.flatnonzero(away).tolist() == covered.tolist()
    assert homes.served.sum() == ONE


def test_the_map_has_columns_of_both():
    result = with_served([ONE, 0, 0], [ONE, 0, 0])
    places = find_places(result)
    assert places is not None
    columns = value_columns(result, places, states_by_choice(result))
    found = {one.name: one.values.sum() for one in columns}
    assert (found[f"served:{STATION}"], found[f"away:{STATION}"]) == (ONE, ONE)


@pytest.mark.parametrize(
    ("assigned", "room", "left", "full"),
    [(2, 2, 0, True), (1, 2, 1, False), (0, 0, 0, True), (None, None, None, False)],
)
def test_a_site_is_full_if_nobody_else_finds_room(assigned, room, left, full):
    site = SiteSupply(0, Decimal(1), None, idle=False, assigned=assigned, room=room)
    assert (site.left, site.full) == (left, full)


def test_sites_of_the_map_state_their_room_and_zones_who_is_served():
    result = with_served([ONE, 0, 0], [0, 0, 0])
    row = facility_rows(result, Words("en", result.study))[next(iter(room_of_sites(result)))]
    assert row["room"] == {"for": 2, "served": 2, "full": True, "idle": False}
    data = map_data(result, "en")
    assert data["served_people"][STATION]["persons"] == [2, 1, 1, 1]
    assert data["served_people"][STATION]["shares"][0] == "40.0%"


def test_without_a_need_there_is_no_room():
    result = make_result()
    rows = facility_rows(result, Words("en", result.study))
    assert {row["room"] for row in rows} == {None}
    assert map_data(result, "en")["served_people"] == {}
