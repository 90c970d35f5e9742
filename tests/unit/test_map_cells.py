"""Data of the map on every place where people live: exact and complete."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders.map_people import people_of, unpack
from tests.builders.small_map import MICRO, empty_zones, small_result

from circle15.inputs.demand.population import Population
from circle15.output.map.cells import CODE_WORDS, value_columns
from circle15.output.map.packed_columns import Column, pack_columns
from circle15.results.drawn_places import find_places

if TYPE_CHECKING:
    from circle15.results.records import StudyResult


def values_of(result: StudyResult) -> dict[str, list[int]]:
    """Build the people layer and read its values back."""
    layer = people_of(result)
    assert layer is not None
    return unpack(layer.meta["columns"], layer.packed)


@given(
    st.lists(st.integers(0, 2**53), max_size=20),
    st.lists(st.integers(0, 2**32 - 1), max_size=20),
    st.lists(st.integers(0, 300), max_size=20),
)
def test_packed_columns_come_back(long: list[int], steps: list[int], short: list[int]) -> None:
    columns = [
        Column("long", np.array(long, np.int64)),
        Column("steps", np.array(steps, np.int64), steps=True),
        Column("short", np.array(short, np.int64), steps=True),
    ]
    assert unpack(*pack_columns(columns)) == {"long": long, "steps": steps, "short": short}


@pytest.mark.parametrize(
    ("values", "steps"), [([-1], False), ([2**53 + 1], False), ([2**40], True)]
)
def test_what_cannot_be_packed_is_refused(values: list[int], steps: bool) -> None:
    with pytest.raises(ValueError, match="'x' cannot be packed"):
        pack_columns([Column("x", np.array(values), steps=steps)])


def test_three_homes_by_hand() -> None:
    """Homes a, b, c from west to east with 3, 2 and 1 persons: covered, gap, unknown."""
    plain = small_result()
    coverage = plain.coverage.assign(
        time_ms=pd.array([900_000, 900_001, None] * 3, dtype="Int64"),
        facility_id=["f", "f", None] * 3,
        unknown_reason=["", "", "LIST_ENDS"] * 3,
    )
    values = values_of(small_result(coverage=coverage))
    assert values["micro"] == [3 * MICRO, 2 * MICRO, MICRO]
    assert values["parts"] == [1, 1, 1]
    words = [CODE_WORDS[code] for code in values["code:meal_point:15"]]
    assert words == ["covered", "gap", "LIST_ENDS"]
    assert [CODE_WORDS[code] for code in values["code:all:15"]] == ["covered", "gap", ""]
    # Whole seconds + 1: 900 s are inside; a millisecond more is 901 s; 0 stands for none.
    assert values["seconds:meal_point"] == [901, 902, 0]
    assert values["site:meal_point"] == [0, 0, 1]
    assert (values["street"], values["community"]) == ([0, 0, 0], [0, 0, 0])  # there are none


def test_a_home_without_a_street_says_why() -> None:
    plain = small_result()
    demand = plain.demand.assign(snap_code=["", "ACCESS_BARRIER", "TOO_FAR"])
    coverage = plain.coverage.assign(
        state="unknown", unknown_reason=["NETWORK_ENDS", "UNSNAPPED", "UNSNAPPED"] * 3
    )
    values = values_of(small_result(demand=demand, coverage=coverage))
    words = [CODE_WORDS[code] for code in values["code:meal_point:5"]]
    assert words == ["NETWORK_ENDS", "ACCESS_BARRIER", "TOO_FAR"]


def test_a_home_that_was_not_judged_has_no_state() -> None:
    plain = small_result()
    coverage = plain.coverage.assign(unknown_reason="LIST_ENDS")
    values = values_of(small_result(coverage=coverage[coverage["demand_id"] != "b"]))
    assert values["code:meal_point:15"] == [0, 255, CODE_WORDS.index("LIST_ENDS")]
    assert values["code:all:15"] == [0, 255, 2]
    assert values["seconds:meal_point"] == [2, 0, 2]


def split_cell() -> StudyResult:
    """Of the cell at a, two thirds lie in the community C1 of S, a third in C2 of no street."""
    plain = small_result()
    demand = plain.demand.assign(
        demand_id=["a@S/C1", "a@C2", "c"],
        x_m=plain.demand["x_m"].to_numpy()[[0, 0, 2]],
        street_id=["S", None, "S"],
        community_id=["C1", "C2", "C1"],
        p60_micro=np.array([2_000_001, 999_999, 7]),
    )
    coverage = plain.coverage.assign(demand_id=["a@S/C1", "a@C2", "c"] * 3)
    zone = {"name": "", "street_id": None, "households": None}
    layers = []
    for ids in (["S"], ["C2", "C1"]):
        rows = pd.DataFrame([{"zone_id": key, **zone} for key in ids])
        layers.append(empty_zones().iloc[:0].reindex(range(len(ids))).assign(**rows))
    area = dataclasses.replace(plain.area, streets=layers[0], communities=layers[1])
    population = Population(demand, [], [], 100.0, {})
    result: StudyResult = small_result(
        demand=demand, coverage=coverage, area=area, population=population
    )
    return result


def test_a_cell_in_two_zones_keeps_both_and_every_person() -> None:
    result = split_cell()
    layer, places = people_of(result), find_places(result)
    assert layer is not None
    assert places is not None
    values = unpack(layer.meta["columns"], layer.packed)
    assert layer.meta["kind"] == "cells"
    assert layer.meta["n"] == 2
    assert values["parts"] == [2, 1]
    assert values["micro"] == [2_000_001, 999_999, 7]
    assert places.people.tolist() == [3.0, 7e-6]
    assert (values["street"], values["community"]) == ([0, 1, 0], [1, 0, 1])
    assert layer.ids == ["a@S/C1", "a@C2", "c"]
    assert layer.meta["sources"] == ["people.csv"]


def test_the_order_of_rows_and_of_the_table_does_not_matter() -> None:
    """Places go from west to east, whatever the order of demand and coverage."""
    plain = small_result()
    turned = small_result(
        demand=plain.demand.iloc[::-1].reset_index(drop=True),
        coverage=plain.coverage.sample(frac=1, random_state=3).reset_index(drop=True),
    )
    assert values_of(turned) == values_of(plain)
    one, other = people_of(plain), people_of(turned)
    assert one is not None
    assert other is not None
    assert one.ids == other.ids


def test_nobody_has_no_layer() -> None:
    assert people_of(small_result(people=(0, 0, 0))) is None


def test_times_are_the_same_whichever_cutoff_is_read() -> None:
    result = small_result()
    places = find_places(result)
    assert places is not None
    names = [one.name for one in value_columns(result, places, {})]
    assert names == [
        "parts",
        "micro",
        "street",
        "community",
        "source",
        "seconds:meal_point",
        "site:meal_point",
    ]
