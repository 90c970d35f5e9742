"""Worked case D03: which files form a group, by WorldPop's old and new names."""

from __future__ import annotations

from pathlib import Path

import pytest

from circle15.errors import InputDataError
from circle15.inputs.demand.age_bands import check_age_bands
from circle15.study.settings.records import DemandLayer

OLD = (60, 65, 70, 75, 80)
NEW = (*OLD, 85, 90)


def old(ages=OLD, sexes="mf", year=2020):
    return [Path(f"chn_{sex}_{age}_{year}.tif") for age in ages for sex in sexes]


def new(ages=NEW, sexes="mf", size="100m"):
    return [Path(f"chn_{s}_{a:02d}_2025_CN_{size}_R2025A_v1.tif") for a in ages for s in sexes]


def check(files, group="p60", **options):
    return check_age_bands(DemandLayer(group, tuple(files), **options))


def test_d03_the_files_of_60_and_over():
    """Global1: 5 classes of m and f are 10 files; R2025A: 7 classes are 14 files, or 7 of t."""
    assert [len(files) for files in (old(), new(), new(sexes="t"))] == [10, 14, 7]
    for files in (old(), new(), new(sexes="t")):
        assert check(files) == []


def test_d03_both_sexes_beside_men_and_women_double_everybody():
    with pytest.raises(InputDataError, match=r"chn_t_60.*holds both sexes, and chn_m_60.*twice"):
        check(new(sexes="mft"))


@pytest.mark.parametrize(
    ("files", "group", "message"),
    [
        (old()[:-1], "p60", r"has 10; missing: f_80"),
        (old(sexes="m"), "p60", r"has 10; missing: f_60, f_65, f_70, f_75, f_80"),
        (new(OLD), "p60", r"has 14; missing: f_85, f_90, m_85, m_90"),
        (new(sexes="t")[1:], "p60", r"has 7; missing: t_60"),
        (old(), "p65", r"chn_m_60_2020.tif: is the class m_60, which is not in the group 'p65'"),
        (new(), "households", r"counts people of an age class by its name, not households"),
        ([*old(), old()[0]], "p60", r"chn_m_60_2020.tif: is given twice"),
        ([*old(), Path("b/chn_m_60_2020.tif")], "p60", r"class m_60, as is chn_m_60_2020.tif"),
        ([*old()[:-1], *old(year=2019)[-1:]], "p60", r"has another year than chn_m_60_2020.tif"),
        ([*old()[:-1], Path("twn_f_80_2020.tif")], "p60", r"twn.*: has another country than"),
        ([*new()[:-1], *new(size="1km")[-1:]], "p60", r"has another resolution and release"),
    ],
)
def test_what_does_not_add_up_to_a_group_is_refused(files, group, message):
    with pytest.raises(InputDataError, match=message):
        check(files, group)


@pytest.mark.parametrize(
    ("group", "ages"),
    [("p65", OLD[1:]), ("p70", OLD[2:]), ("p80", (80,)), ("total", (0, 1, *range(5, 85, 5)))],
)
def test_each_group_has_its_classes(group, ages):
    assert check(old(ages), group) == []
    assert check([Path(f"chn_{s}_{age}.tif") for age in ages for s in "fm"], group) == []


def test_the_classes_of_small_children_hold_more_ages_than_the_group():
    """WorldPop's classes are 0 and 1 to 4; the group ends with 3."""
    assert [i.code for i in check(old((0, 1)), "p0_3")] == ["AGE_BANDS_WIDER"]
    assert [i.code for i in check(new((0, 1)), "p0_3")] == ["AGE_BANDS_WIDER"]


def test_other_names_are_not_judged():
    assert check([Path("pop_60_f.tif"), Path("GHS_POP_E2020_GLOBE_R2023A_54009_100.tif")]) == []
    (finding,) = check([*old()[:-1], Path("women_80.tif")])
    assert (finding.code, finding.detail["files"]) == ("AGE_BANDS_UNCHECKED", "women_80.tif")


def test_a_year_that_differs_is_said():
    (finding,) = check(old(), year=2024)
    assert (finding.code, finding.detail) == (
        "RASTER_YEAR_DIFFERS",
        {"named": "2020", "year": "2024"},
    )
