"""
`locate_sites`: frames in, the chosen candidates out.

The street lies along the x axis, from 0 to 6,000 m; at 1 m/s a circle of 15 min is 900 m. Homes and
candidates stand 10 m beside it, so that a walk takes 20 s more than the way along the street.

    homes        1500 (10)   2900 (20)  3100 (40)   4500 (30)
    candidates        2200 west    3000 middle   3800 east
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from tests.streets import EAST_M, METRIC, NORTH_M, plane, straight

import circle15
from circle15.errors import InputDataError

NODES, WORD = straight(6000)
NETWORK = plane(
    {name: (x + EAST_M, y + NORTH_M) for name, (x, y) in NODES.items()},
    WORD,
    extent=shapely.box(EAST_M - 2000, NORTH_M - 2000, EAST_M + 8000, NORTH_M + 2000),
)


def points(x, **columns):
    place = gpd.points_from_xy(np.array(x) + EAST_M, [NORTH_M + 10] * len(x))
    return gpd.GeoDataFrame(columns, geometry=place, crs=METRIC)


HOMES = points([1500, 2900, 3100, 4500], persons=[10, 20, 40, 30], ward=["w", "w", "e", "e"])
CANDIDATES = points(
    [2200, 3000, 3800],
    candidate_id=["west", "middle", "east"],
    cost=[5, 9, 5],
    plot=["a", "a", "b"],
)


def located(homes=HOMES, candidates=CANDIDATES, **options):
    return circle15.locate_sites(homes, candidates, NETWORK, **options)


def named(found):
    return list(found["candidate_id"])


def test_two_reach_all_where_one_alone_reaches_most():
    """East alone reaches 70, west alone 30; middle reaches 60."""
    one = located(add=1)
    assert (named(one), list(one["persons_newly"]), one.index[0]) == (["east"], [70.0], 2)
    two = located(add=2)
    assert named(two) == ["east", "west"]
    assert list(two["persons_newly"]) == [70.0, 30.0]
    assert list(two["persons_reached"]) == [70.0, 30.0]
    plan = two.attrs["siting"]
    assert (plan["value"], plan["bound"], plan["proven"], plan["persons_gap"]) == (
        100,
        100,
        True,
        0,
    )
    assert two.crs == CANDIDATES.crs
    assert "order" not in CANDIDATES, "the frame of the caller stays"


def test_the_mean_walk_is_that_of_those_newly_reached():
    """From 3100 700 m and from 4500 700 m, 20 s beside the street each."""
    assert located(add=1)["time_s"].iloc[0] == pytest.approx(720.0)


def test_sites_of_today_win_nobody_again():
    """A site at 4400 covers the 30; then middle wins 60 and east 40."""
    found = located(add=1, existing=points([4400]))
    assert (named(found), list(found["persons_newly"])) == (["middle"], [60.0])
    assert found.attrs["siting"]["persons_covered"] == 90


def test_unknown_people_are_settled_and_never_won():
    """A site of unsure position at 3000 leaves 60 unknown: middle would win nobody."""
    unsure = points([3000], position_unsure=[True])
    found = located(add=1, existing=unsure)
    assert (named(found), list(found["persons_newly"])) == (["east"], [30.0])
    assert list(found["persons_settled"]) == [40.0]


def test_equal_candidates_go_to_the_first_id():
    twins = points([3000, 3000, 3000], candidate_id=["b", "a", "c"])
    assert named(located(candidates=twins, add=1)) == ["a"]


def test_without_ids_the_index_names_candidates():
    plain = CANDIDATES.drop(columns="candidate_id").set_index(
        pd.Index([30, 20, 10], name="plot_no")
    )
    found = located(candidates=plain, add=1)
    assert (found.index.name, list(found.index)) == ("plot_no", [10])


def test_as_few_as_reach_a_share_or_everybody():
    assert named(located(until_share=0.7)) == ["east"]
    assert sorted(named(located(until_share=0.71))) == ["east", "west"]
    assert sorted(named(located(objective="everybody"))) == ["east", "west"]


def test_a_budget_buys_what_it_can():
    assert sorted(named(located(budget=10))) == ["east", "west"]
    assert named(located(budget=9)) == ["east"]
    assert named(located(budget="5.5")) == ["east"]


def test_no_more_than_so_many_per_value_of_a_column():
    """West and middle share a plot; beside east only one of them, and west wins 30 more."""
    found = located(add=3, most_per=1, per="plot")
    assert sorted(named(found)) == ["east", "west"]


def test_a_floor_comes_before_most_people():
    """Wards w and e have 30 and 70 people: with one site only west or middle reach all of w."""
    assert named(located(add=1, floor=0.6, floor_by="ward")) == ["middle"]


def test_phases_are_nested():
    found = located(phases=[1, 1])
    assert list(found["phase"]) == [1, 2]


def test_a_home_that_no_candidate_reaches_is_beyond():
    homes = pd.concat([HOMES, points([5900], persons=[7], ward=["e"])], ignore_index=True)
    plan = located(homes, add=3).attrs["siting"]
    assert (plan["persons_gap"], plan["persons_beyond"]) == (7, 7)


def test_the_order_of_rows_does_not_matter():
    again = located(HOMES.iloc[::-1], CANDIDATES.iloc[[1, 2, 0]], add=2)
    first = located(add=2)
    assert named(again) == named(first)
    np.testing.assert_array_equal(again["persons_newly"], first["persons_newly"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "add: is missing"),
        ({"add": 4}, "add: is 4, but there are only 3 candidates."),
        ({"add": 0}, "add: is 0. It must be 1 or more."),
        ({"add": 1.5}, "add: 1.5 is not whole."),
        ({"add": 1, "objective": "fast"}, "objective: 'fast'"),
        ({"add": 1, "until_share": 0.5}, "add: and 'until_share' are both given."),
        ({"until_share": 80}, "until_share: is 80."),
        ({"add": 1, "floor": 1.5, "floor_by": "ward"}, "floor: is 1.5."),
        ({"add": 1, "floor": 0.5}, "floor_by: must be given with its counterpart."),
        ({"add": 1, "most_per": 1, "per": "zone"}, "candidates, column 'zone': is not among"),
        ({"add": 1, "persons": "people"}, "homes, column 'people'"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_one_message(options, message):
    with pytest.raises(InputDataError) as found:
        located(**options)
    assert message in str(found.value)


def test_sites_of_several_categories_are_refused():
    with pytest.raises(InputDataError, match="several categories"):
        located(add=1, existing=points([1000, 2000], category=["medical", "bath_point"]))


MEALS = CANDIDATES.assign(meals=[40, 25, 60])


@pytest.mark.parametrize("way", ["nearest_first", "least_walk"])
def test_people_served_are_those_of_assign_capacity_with_the_sites(way):
    """The site at 2500 has 15 meals, and perhaps more stand at 4400, where it is not known."""
    today = points([2500, 4400], facility_id=["f1", "f2"], meals=[15, None])
    found = located(
        candidates=MEALS, existing=today, objective="served", add=2, capacity="meals", per_person=1,
        way=way,
    )  # fmt: skip
    columns = ["facility_id", "meals", "geometry"]
    both = pd.concat([today, found.rename(columns={"candidate_id": "facility_id"})[columns]])
    served = [
        circle15.assign_capacity(HOMES, sites, NETWORK, per_person=1, capacity="meals", way=way)
        for sites in (today, both.reset_index(drop=True))
    ]
    before, after = (one["served"].sum() for one in served)
    assert before == 15
    assert found["persons_served"].sum() == after - before > 0
    plan = found.attrs["siting"]
    assert plan["counted"] == "served"
    assert before < plan["value"] <= min(after, plan["bound"])


def test_without_existing_sites_the_best_capacity_is_taken():
    """East reaches 70 people and has 60 meals; a person needs two."""
    found = located(candidates=MEALS, objective="served", add=1, capacity="meals", per_person=2)
    assert (named(found), list(found["persons_served"])) == (["east"], [30.0])
    assert "persons_served" not in located(add=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"objective": "served", "add": 1}, "per_person"),
        ({"add": 1, "per_person": 1}, "must be given with its counterpart"),
        ({"objective": "served", "add": 1, "per_person": 0}, "units of capacity that one person"),
        ({"objective": "served", "add": 1, "per_person": 1}, "Name the capacity column"),
        (
            {"objective": "served", "add": 1, "per_person": 1, "capacity": "meals",
             "candidates": MEALS.assign(meals=[1, None, 3])},
            "candidates, column 'meals': is null for 1 candidates, first 'middle'.",
        ),
        (
            {"objective": "served", "add": 1, "per_person": 1, "capacity": "meals",
             "candidates": MEALS, "backup": True},
            "backup",
        ),
    ],
)  # fmt: skip
def test_what_serving_needs_is_said(options, message):
    with pytest.raises(InputDataError, match=message):
        located(**options)
