"""`[capacity]` of a study: defaults, and every invalid entry."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.builders.least_study import LEAST

from circle15.errors import StudyError
from circle15.study.settings.reading import load_study

HEAD = f"""{LEAST}[capacity]
"""


def load(tmp_path, entry):
    for name in ("n.osm.pbf", "p.tif"):
        (tmp_path / name).touch()
    path = tmp_path / "study.toml"
    path.write_text(HEAD + entry, encoding="utf-8")
    return load_study(path).capacity


def test_defaults(tmp_path):
    one = load(tmp_path, 'care_home = { field = "beds" }')["care_home"]
    assert (one.field, one.per_person, one.method) == ("beds", None, "2sfca")
    assert (one.weights, one.assign) == ((), "nearest_first")


def test_numbers_are_read_as_written(tmp_path):
    entry = (
        'meal_point = { field = "meals_per_day", per_person = 0.06, method = "e2sfca",'
        ' weights = [1, 0.68, 0.22], assign = "least_walk" }'
    )
    one = load(tmp_path, entry)["meal_point"]
    assert one.per_person == Decimal("0.06")
    assert one.weights == (Decimal(1), Decimal("0.68"), Decimal("0.22"))


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("care_home = {}", "key 'capacity.care_home.field': is missing"),
        (
            'care_home = { field = "bed" }',
            "key 'capacity.care_home.field': 'bed' is not allowed. Use one of beds, nursing_beds",
        ),
        (
            'canteen = { field = "beds" }',
            "key 'capacity.canteen': is not a category. Known: complex",
        ),
        (
            'care_home = { field = "beds", per_person = 0 }',
            "key 'capacity.care_home.per_person': is 0. Write the beds that one person needs",
        ),
        ('care_home = { field = "beds", per_person = -1 }', "is -1. Write the beds"),
        ('care_home = { field = "beds", per_person = "3 %" }', "is text. It must be a number"),
        ('care_home = { field = "beds", per_head = 1 }', "Did you mean 'per_person'?"),
        (
            'care_home = { field = "beds", weights = [1, 0.5, 0.1] }',
            "are given, but 2SFCA does not use weights",
        ),
        (
            'care_home = { field = "beds", method = "e2sfca", weights = [1, 0.5] }',
            "are 2, and walk.cutoffs_min has 3 cutoffs. Give each cutoff its weight",
        ),
        (
            'care_home = { field = "beds", method = "e2sfca", weights = [0.5, 1, 0] }',
            "are 0.5, 1, 0. Write weights from 0 to 1",
        ),
        *(
            (
                f'care_home = {{ field = "beds", method = "e2sfca", weights = [{given}] }}',
                f"are {given if shown is None else shown}. Write weights from 0 to 1",
            )
            for given, shown in (
                ("1, 0.5, nan", "1, 0.5, NaN"),
                ("nan, 0.5, 0", "NaN, 0.5, 0"),
                ("1, inf, 0", "1, Infinity, 0"),
                ("0, 0, 0", None),
            )
        ),
        ('care_home = { field = "beds", per_person = nan }', "is NaN. Write the beds"),
        ('care_home = { field = "beds", method = "4sfca" }', "'4sfca' is not allowed"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path, entry, message):
    with pytest.raises(StudyError) as error:
        load(tmp_path, entry)
    assert message in str(error.value)


NUMBERS = {
    "capacity": ("care_home = {{ field = 'beds', {} }}", ("per_person",)),
    "siting": (
        "[siting.a]\ncategory = 'care_home'\n{}",
        ("budget", "until_share", "street_floor", "min_persons", "spacing_m", "time_limit_s"),
    ),
    "walk": ("[walk]\n{}", ("speed_m_s", "max_snap_m", "access_speed_factor", "cutoffs_min")),
}


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "[nan]", "[1, nan]", "[inf, nan]"])
@pytest.mark.parametrize("room", NUMBERS)
def test_no_number_of_a_study_is_infinite_or_no_number(tmp_path, room, number):
    frame, keys = NUMBERS[room]
    for key in keys:
        with pytest.raises(StudyError, match=key):
            load(tmp_path, frame.format(f"{key} = {number}"))
