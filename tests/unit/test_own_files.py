"""What `circle15 init` finds in files: groups of people, categories, columns, datums."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circle15.errors import InputDataError
from circle15.inputs.crs.datum_doctor import Diagnosis, Fit
from circle15.inputs.crs.points import Given
from circle15.inputs.crs.positions import WGS84
from circle15.study.settings.reading import load_study
from circle15.workflow.sample import start_study
from circle15.workflow.starting.found_datums import with_datum
from circle15.workflow.starting.found_layers import FoundLayer, Note, table_lines
from circle15.workflow.starting.found_people import found_people, group_of
from circle15.workflow.starting.found_sites import (
    categories_given,
    category_within,
    found_sites,
    found_zones,
)
from circle15.workflow.starting.sample_left import sample_left


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("p60", "p60"),
        ("60岁及以上", "p60"),
        ("60 +", "p60"),
        ("population_65plus_core", "p65"),
        ("80歲以上人口", "p80"),
        ("population", "total"),
        ("常住人口", "total"),
        ("chn_ppp_2020", "total"),
        ("户数", "households"),
        ("p0_3", "p0_3"),
        ("schools", None),
        ("elevation_160m", None),
    ],
)
def test_a_name_says_which_people_are_counted(name, group):
    assert group_of(name) == group


def settings_of(layers):
    return [dict(layer.settings) for layer in layers]


def test_rasters_by_age_and_sex_are_summed_from_60_on(tmp_path):
    """Of WorldPop's files those of 55 years are left out, and named."""
    names = ["pop_55_f.tif", "pop_60_f.tif", "pop_60_m.tif", "pop_80_m.tif"]
    (layer,) = found_people([tmp_path / name for name in names], tmp_path)
    assert dict(layer.settings) == {"group": "p60", "raster": names[1:]}
    assert [note.code for note in layer.notes] == ["people_ages", "people_left"]
    assert layer.notes[0].detail["ages"] == "60, 80"
    assert layer.notes[1].detail["files"] == "pop_55_f.tif"


def test_a_raster_is_of_the_group_in_its_name_and_the_judged_group_comes_first(tmp_path):
    files = [tmp_path / name for name in ("all_people.tif", "over80.tif", "x_60plus.tif")]
    assert [one["group"] for one in settings_of(found_people(files, tmp_path))] == [
        "p60",
        "p80",
        "total",
    ]
    with pytest.raises(InputDataError, match=r"p60\.tif: counts the same people \(p60\) as x_60"):
        found_people([files[2], tmp_path / "p60.tif"], tmp_path)


def test_a_table_of_points_may_count_several_groups(tmp_path):
    path = tmp_path / "homes.csv"
    path.write_text(
        "编号,经度,纬度,常住人口,60岁及以上,备注人口\na,120.1,31.5,900,200,多\n", "utf-8"
    )
    found = settings_of(found_people([path], tmp_path))
    assert found == [
        {"group": "p60", "points": "homes.csv", "value": "60岁及以上"},
        {"group": "total", "points": "homes.csv", "value": "常住人口"},
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("p60,name\n5,a\n", "has people but no positions"),
        ("lon,lat,schools\n1,2,3\n", "no column counts people"),
    ],
)
def test_a_table_without_people_or_positions_is_refused(tmp_path, text, says):
    path = tmp_path / "t.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputDataError, match=says):
        found_people([path], tmp_path)


SITES = "名称,设施类型,经度,纬度,建筑面积\n{}\n"


def sites(folder, name, *rows):
    path = folder / name
    path.write_text(SITES.format("\n".join(rows)), "utf-8")
    return path


def test_categories_are_read_from_their_column(tmp_path):
    path = sites(tmp_path, "a.csv", "甲,助餐点,120,31,90", "乙,日间照料中心,120,31,90")
    found = found_sites(path, tmp_path, None)
    layer = found.layer
    assert (found.categories, found.words) == (["meal_point", "day_care"], {})
    assert layer.settings["category_column"] == "设施类型"
    assert layer.settings["columns"] == {
        "name": "名称",
        "lon": "经度",
        "lat": "纬度",
        "floor_area_m2": "建筑面积",
    }
    assert [(note.kind, note.code) for note in layer.notes] == [
        ("found", "columns"),
        ("found", "category_column"),
        ("missing", "no_facility_id"),
        ("missing", "no_status"),
    ]


def test_words_of_the_column_that_are_no_category_are_named(tmp_path):
    path = sites(tmp_path, "a.csv", "甲,助餐点,120,31,90", "乙,老年大学,120,31,90")
    layer = found_sites(path, tmp_path, None).layer
    (note,) = (note for note in layer.notes if note.kind == "guessed")
    assert (note.code, note.detail["words"]) == ("category_words", "老年大学")


def test_words_that_hold_the_name_of_a_category_are_guesses(tmp_path):
    """Also within a cell of several; words that are known as they are need no guess."""
    rows = [
        "甲,助餐点,120,31,9",
        "乙,智慧助餐点、某区日间照料中心,120,31,9",
        "丙,老年大学,120,31,9",
    ]
    found = found_sites(sites(tmp_path, "a.csv", *rows), tmp_path, None)
    assert found.words == {"智慧助餐点": "meal_point", "某区日间照料中心": "day_care"}
    assert found.categories == ["meal_point", "day_care"]
    told = [note.detail["words"] for note in found.layer.notes if note.kind == "guessed"]
    assert told == ["老年大学", "智慧助餐点 = meal_point, 某区日间照料中心 = day_care"]


MIXED = "机构名称,业务,经度,纬度\n甲,老年食堂,120,31\n乙,日间照料中心,120,31\n丙,其他,120,31\n"


def test_a_column_of_categories_is_found_by_its_words_under_any_heading(tmp_path):
    """A file called 养老机构 was once taken for a list of care homes only."""
    path = tmp_path / "养老机构.csv"
    path.write_text(MIXED, "utf-8")
    found = found_sites(path, tmp_path, None)
    assert found.categories == ["meal_point", "day_care"]
    assert found.layer.settings["category_column"] == "业务"
    one = tmp_path / "养老院.csv"
    one.write_text(MIXED.replace("日间照料中心", "其他"), "utf-8")
    assert found_sites(one, tmp_path, None).layer.settings["category"] == "care_home"


def test_a_category_that_is_given_leaves_other_ones_aside_and_says_so(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(MIXED, "utf-8")
    found = found_sites(path, tmp_path, "day_care")
    assert found.categories == ["day_care"]
    (note,) = (note for note in found.layer.notes if note.kind == "guessed")
    assert note.code == "category_left"
    assert "业务" in note.words("zh")


def test_a_category_is_guessed_from_names_then_from_the_file_and_marked(tmp_path):
    rows = ["春江居家养老服务站,x,120,31,9", "柳岸居家养老服务站,y,120,31,9", "其他,z,120,31,9"]
    own = found_sites(sites(tmp_path, "a.csv", *rows), tmp_path, None)
    found, layer = own.categories, own.layer
    assert (found, layer.settings["category"]) == (["home_care_station"], "home_care_station")
    note = next(note for note in layer.notes if note.kind == "guessed")
    assert (note.detail["rows"], note.detail["of"]) == ("2", "3")
    assert note.words("zh") == "推测：a.csv：类别为 home_care_station：3 个名称中有 2 个如此。"
    found = found_sites(
        sites(tmp_path, "养老院名单.csv", "甲,x,120,31,9"), tmp_path, None
    ).categories
    assert found == ["care_home"]
    with pytest.raises(InputDataError, match=r"b\.csv: no category can be guessed .* --category"):
        found_sites(sites(tmp_path, "b.csv", "甲,x,120,31,9"), tmp_path, None)
    assert found_sites(tmp_path / "b.csv", tmp_path, "bath_point").categories == ["bath_point"]


def test_the_longest_name_wins():
    assert category_within("某街道日间照料中心(助餐)") == "day_care"
    assert category_within("care_homes_2025") == "care_home"


def test_categories_are_given_for_all_files_or_for_each():
    files = [Path("a.csv"), Path("b.csv")]
    assert categories_given([], files) == [None, None]
    assert categories_given(["长者食堂"], files) == ["meal_point", "meal_point"]
    assert categories_given(["day_care", "养老院"], files) == ["day_care", "care_home"]
    assert categories_given(["day_care", "auto"], files) == ["day_care", None]
    with pytest.raises(InputDataError, match="there are 3 categories for 2 files"):
        categories_given(["day_care"] * 3, files)
    with pytest.raises(
        InputDataError, match=r"'超市' is not a category\. Known categories: complex"
    ):
        categories_given(["超市"], files)


def test_zones_name_the_fields_that_they_lack(tmp_path):
    path = tmp_path / "zones.csv"
    path.write_text("编号,户数,经度,纬度\nZ1,900,120,31\n", "utf-8")
    layer = found_zones(path, tmp_path)
    assert layer.settings["columns"]["households"] == "户数"
    assert [(n.code, n.detail["fields"]) for n in layer.notes if n.kind == "missing"] == [
        ("zone_fields", "kind")
    ]


def diagnosis(verdict: Any, best: Fit, known: Any = "assumed") -> Diagnosis:
    at = np.array([120.0])
    given = Given(Path("a.csv"), at, at, WGS84, "wgs84", known)
    own = Fit("WGS-84", "wgs84", None, False, 40, 300.0, 500.0, None)
    return Diagnosis(given, 40, 40, 40, (own, best), verdict)


GCJ = Fit("GCJ-02", "gcj02", None, False, 40, 10.0, 20.0, 0.0001)
SWAPPED = Fit("WGS-84 (y, x)", "wgs84", None, True, 40, 10.0, 20.0, 0.0001)


@pytest.mark.parametrize(
    ("verdict", "best", "datum", "kind", "code"),
    [
        ("fits", GCJ, "wgs84", "found", "datum_fits"),
        ("doubted", GCJ, "gcj02", "guessed", "datum_proposed"),
        ("wrong", GCJ, "gcj02", "guessed", "datum_proposed"),
        ("wrong", SWAPPED, None, "missing", "datum_other"),
        ("off_map", GCJ, None, "missing", "datum_off_map"),
        ("unclear", GCJ, None, "guessed", "datum_unclear"),
        ("few", GCJ, None, "guessed", "datum_few"),
    ],
)
def test_a_datum_is_proposed_with_its_evidence(verdict, best, datum, kind, code):
    layer = FoundLayer(Path("a.csv"), {"file": "a.csv"})
    found = with_datum(layer, {"a.csv": diagnosis(verdict, best)})
    assert found.settings.get("datum") == datum
    (note,) = found.notes
    assert (note.kind, note.code) == (kind, code)
    for language in ("zh", "en"):
        words = note.words(language)
        assert code not in {"datum_fits", "datum_proposed"} or "300 m" in words
    assert with_datum(layer, {}) is layer


def test_a_layer_whose_crs_is_stated_needs_no_guess():
    layer = FoundLayer(Path("a.csv"), {"file": "a.csv"})
    assert with_datum(layer, {"a.csv": diagnosis("unclear", GCJ, "crs")}) is layer


def test_what_is_written_is_read_back():
    settings = {"file": 'a "b"\\c.csv', "columns": {"name": "名\t称"}, "list": ["x", 1, True]}
    text = "\n".join(table_lines("[[facilities]]", settings, ["note"]))
    assert tomllib.loads(text) == {"facilities": [settings]}


def test_a_note_is_one_line_whatever_a_file_says():
    note = Note("missing", "not_tested", {"reason": "a\nb"})
    assert note.words("en").endswith("yet: a b")


@pytest.fixture
def copy(tmp_path):
    return start_study(tmp_path / "city")


def replaced(study, *names):
    for name in names:
        with (study.parent / name).open("ab") as file:
            file.write(b" ")
    return {one.code: one.detail for one in sample_left(load_study(study))}


def test_a_copy_of_the_sample_tells_nothing_until_a_file_is_replaced(copy):
    assert sample_left(load_study(copy)) == []


@pytest.mark.parametrize("name", ["network.osm.pbf", "population_p60.tif", "stations.xlsx"])
def test_after_one_file_was_replaced_the_rest_of_the_sample_is_listed(copy, name):
    found = replaced(copy, name)
    assert set(found) == {"SAMPLE_FILES", "SAMPLE_SETTINGS"}
    assert name not in found["SAMPLE_FILES"]["files"]
    assert "boundary.geojson" in found["SAMPLE_FILES"]["files"]
    for said in (
        "demand.layers.p60.calibrate_to (230300)",
        "rules.packs (liangxi-2025)",
        "capacity.meal_point (0.06)",
        "siting.stations",
        "scenarios.plan",
        "study.title",
    ):
        assert said in found["SAMPLE_SETTINGS"]["settings"], said


def test_numbers_that_stay_when_all_files_are_replaced_are_still_listed(copy):
    files = [path.name for path in copy.parent.iterdir() if path.name != "study.toml"]
    found = replaced(copy, *files)
    assert set(found) == {"SAMPLE_MARK", "SAMPLE_SETTINGS"}
    text = copy.read_text("utf-8").replace("synthetic = true", "synthetic = false")
    copy.write_text(text, encoding="utf-8")
    assert set(replaced(copy)) == {"SAMPLE_SETTINGS"}


def test_a_study_that_only_shares_one_number_with_the_sample_is_left_alone(copy, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    for name in ("network.osm.pbf", "population_p60.tif", "stations.xlsx"):
        shutil.copy(copy.parent / name, own / name)
    (own / "study.toml").write_text(
        '[study]\nname = "own"\nas_of = 2025-01-01\n[network]\nfile = "network.osm.pbf"\n'
        '[demand]\nlayers = [{ group = "p60", raster = "population_p60.tif" }]\n'
        '[[facilities]]\nfile = "stations.xlsx"\ncategory = "day_care"\n'
        '[rules]\npacks = ["liangxi-2025"]\n',
        encoding="utf-8",
    )
    names = ["network.osm.pbf", "population_p60.tif", "stations.xlsx"]
    assert replaced(own / "study.toml", *names) == {}
