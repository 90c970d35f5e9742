"""`[siting.NAME]` of a study: defaults, and every invalid combination of its keys."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.builders.least_study import LEAST

from circle15.errors import StudyError
from circle15.study.settings.reading import load_study

HEAD = f"""{LEAST}[siting.stations]
category = "home_care_station"
"""


def load(tmp_path, keys, head=HEAD):
    for name in ("n.osm.pbf", "p.tif", "c.csv", "f.gpkg"):
        (tmp_path / name).touch()
    path = tmp_path / "study.toml"
    path.write_text(head + keys, encoding="utf-8")
    return load_study(path)


def test_every_default_is_that_of_the_design(tmp_path):
    study = load(tmp_path, "add = 10")
    one = study.siting["stations"]
    assert (one.sites, one.objective, one.spacing_m, one.time_limit_s) == (10, "people", 100, 60)
    assert (one.where, one.candidates, one.min_persons, one.backup) == (None, None, None, False)


def test_phases_say_how_many(tmp_path):
    assert load(tmp_path, "phases = [3, 3, 4]").siting["stations"].sites == 10
    assert load(tmp_path, "phases = [3, 4]\nadd = 7").siting["stations"].sites == 7


def test_files_and_decimals_are_read(tmp_path):
    keys = (
        'candidates = "c.csv"\nbudget = 3_000_000.5\nwhere = "cost > 0"\n'
        'forbidden = { file = "f.gpkg", sheet = "no" }'
    )
    one = load(tmp_path, keys).siting["stations"]
    assert one.budget == Decimal("3000000.5")
    assert one.forbidden_sheet == "no"
    assert list(one.files) == [(tmp_path / name).resolve() for name in ("c.csv", "f.gpkg")]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("", "key 'siting.stations.add': is missing. Say how many: one of add, budget"),
        ("add = 0", "key 'siting.stations.add': must be greater than 0"),
        ("add = 2.5", "key 'siting.stations.add': is a number. It must be a whole number."),
        ("add = 3\nuntil_share = 0.9", "siting.stations.add': and 'until_share' are both given"),
        ("phases = [2, 2]\nadd = 5", "siting.stations.phases': sum to 4, and 'add' is 5."),
        ("phases = [2]\nuntil_share = 0.9", "phases': and 'until_share' are both given"),
        ('objective = "everybody"\nadd = 3', "siting.stations.add': is given, and the objective"),
        ('objective = "minutes"\nuntil_share = 0.9', "is given with the objective 'minutes'"),
        ('objective = "min"\nadd = 1', "'min' is not allowed. Use one of people, everybody"),
        ("until_share = 80", "siting.stations.until_share': is 80. Write a share above 0"),
        ("add = 1\nstreet_floor = nan", "siting.stations.street_floor': is NaN."),
        ("add = 1\nmin_persons = -1", "min_persons': is -1. It must be from 0 to"),
        ("add = 1\nspacing_m = 1", "spacing_m': is 1. It must be from 10 to 10,000."),
        ("add = 1\ntime_limit_s = 0", "time_limit_s': is 0. It must be from 0.1 to 86,400."),
        ("budget = 1", "siting.stations.budget': is given without 'candidates'"),
        ('add = 1\nwhere = "a > 1"', "siting.stations.where': is given without 'candidates'"),
        ("add = 1\nstreet_floor = 0.5", "street_floor': is given, and the study has no streets."),
        (
            'add = 1\nmost_per = { level = "community", n = 1 }',
            "siting.stations.most_per': is given, and the study has no communities.",
        ),
        ('add = 1\nmost_per = { level = "city", n = 1 }', "'city' is not allowed"),
        ("add = 1\nspacing = 50", "is an unknown key. Did you mean 'spacing_m'?"),
        ('add = 1\n[siting."a/b"]\ncategory = "x"', "'a/b' cannot name a folder."),
    ],
)
def test_what_does_not_go_together_is_one_message(tmp_path, keys, message):
    with pytest.raises(StudyError) as error:
        load(tmp_path, keys)
    assert message in str(error.value)


def test_a_category_that_is_none(tmp_path):
    with pytest.raises(StudyError, match=r"line 10, key 'siting.stations.category': 'x' is not a"):
        load(tmp_path, "add = 1", HEAD.replace("home_care_station", "x"))
