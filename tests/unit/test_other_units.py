"""Units in headings: what is not converted is refused, and never taken for another unit."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from circle15.errors import InputDataError
from circle15.inputs.tables.cells import Table
from circle15.inputs.tables.headings import find_columns, named_columns
from circle15.inputs.tables.other_units import other_unit


@pytest.mark.parametrize(
    "heading",
    [
        "规模/日供餐能力(份/周)", "供餐能力（份/月）", "月供餐量", "每周供餐(份)", "供餐能力/每月",
        "meals per week", "Meals/Month", "Annual meals", "weekly meals", "供餐能力(千份)",
        "meals (thousand)", "meals (in thousands)", "meals ('000)",
    ],
)  # fmt: skip
def test_meals_of_another_period_or_multiple_are_refused(heading):
    assert other_unit(heading, "meals_per_day") is not None
    table = Table(Path("meals.csv"), pd.DataFrame({"名称": ["a"], heading: ["840"]}), [2])
    with pytest.raises(InputDataError, match="'meals_per_day' is not counted in") as told:
        find_columns(table, "facility", {"meals_per_day": heading})
    assert told.value.column == heading


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("床位数(百张)", "beds"), ("建筑面积(平方英尺)", "floor_area_m2"), ("面积(坪)", "rooms_m2"),
        ("Area (sq ft)", "floor_area_m2"), ("人口(千人)", "people"), ("户数(千户)", "households"),
        ("population (in thousands)", "people"), ("费用(百元)", "cost"),
    ],
)  # fmt: skip
def test_multiples_and_areas_that_are_not_converted_are_refused(heading, field):
    assert other_unit(heading, field) is not None


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("日供餐能力(份/日)", "meals_per_day"), ("供餐能力(2025年12月)", "meals_per_day"),
        ("日均供餐能力", "meals_per_day"), ("人口/年末", "people"), ("60岁及以上/年", "people"),
        ("annual average population", "people"), ("费用(万元)", "cost"), ("places", "places"),
        ("建筑面积(㎡)", "floor_area_m2"), ("用房面积(亩)", "rooms_m2"), ("户数(户)", "households"),
        ("Acreage House", "households"), ("千灯镇老年人", "people"),
    ],
)  # fmt: skip
def test_other_headings_are_read(heading, field):
    assert other_unit(heading, field) is None


def test_columns_of_words_may_say_what_they_like():
    table = Table(Path("meals.csv"), pd.DataFrame({"名称(每周)": ["a"]}), [2])
    assert find_columns(table, "facility", {"name": "名称(每周)"})["name"] == "名称(每周)"


@pytest.mark.parametrize("heading", ["人口(千人)", "population (in thousands)"])
def test_people_of_another_multiple_are_refused(heading):
    table = Table(Path("people.csv"), pd.DataFrame({"x": [1], heading: ["840"]}), [2])
    with pytest.raises(InputDataError, match="'people' is not counted in"):
        named_columns(table, [heading], field="p60")
