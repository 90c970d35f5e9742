"""study.toml: defaults, paths, and every kind of mistake."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from tests.builders.least_study import LEAST

from circle15.errors import Circle15Error, MissingFileError, StudyError
from circle15.study.settings.download_paths import USUAL_REACH_M
from circle15.study.settings.reading import load_study
from circle15.study.vocabulary.categories import category_of, known_categories


def load(tmp_path, text=LEAST, **changes):
    for name in ("n.osm.pbf", "p.tif", "h.csv", "f.csv"):
        (tmp_path / name).touch()
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    return load_study(path)


def test_every_default_is_that_of_the_design(tmp_path):
    study = load(tmp_path)
    assert (study.name, study.title, study.language, study.crs) == ("s", "s", "zh", "auto")
    assert (study.as_of, study.plan_as_of) == (dt.date(2025, 12, 31), None)
    walk = study.walk
    assert (walk.speed_m_s, walk.sensitivity_m_s) == (1, (Decimal("0.8"), Decimal("1.2")))
    assert (walk.cutoffs_min, walk.circle_min) == ((5, 10, 15), 15)
    assert (walk.max_snap_m, walk.access_speed_factor, walk.judge) == (200, 1, "outbound")
    network = study.network
    assert (network.squares, network.gated, network.min_component_m) == ("cross", "open", 500)
    assert (study.demand.group, study.demand.household_size) == ("p60", None)
    assert (study.rules.reading, study.rules.basis, study.rules.mixed) == (
        "R3",
        "households",
        "pooled",
    )
    assert study.walk.reach_m == USUAL_REACH_M
    assert study.area.boundary is None
    assert study.facilities == study.residential_zones == study.circle.require == ()


def test_paths_are_absolute_and_relative_to_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    study = load(tmp_path)
    assert study.network.file == (tmp_path / "n.osm.pbf").resolve()
    assert study.demand.layers[0].raster == ((tmp_path / "p.tif").resolve(),)


def test_variables_in_paths(tmp_path, monkeypatch):
    monkeypatch.setenv("CIRCLE15_TEST_FOLDER", str(tmp_path))
    study = load(tmp_path, path=('"n.osm.pbf"', '"${CIRCLE15_TEST_FOLDER}/n.osm.pbf"'))
    assert study.network.file == (tmp_path / "n.osm.pbf").resolve()
    monkeypatch.delenv("CIRCLE15_TEST_FOLDER")
    with pytest.raises(StudyError, match="CIRCLE15_TEST_FOLDER is not set"):
        load_study(tmp_path / "study.toml")


def test_speeds_are_the_decimals_that_were_written(tmp_path):
    """0.8 is 4/5 exactly; the judged speed comes first and no speed twice."""
    walk = "[walk]\nspeed_m_s = 0.8\nsensitivity_m_s = [1, 0.80, 1.2]\n[demand]"
    study = load(tmp_path, walk=("[demand]", walk))
    assert study.walk.speeds == (Decimal("0.8"), Decimal(1), Decimal("1.2"))


def test_a_byte_order_mark_is_no_fault(tmp_path):
    load(tmp_path)
    path = tmp_path / "study.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_study(path).name == "s"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'raster = "p.tif"',
            'raster = "p.tif", points = "h.csv"',
            "needs one of 'raster', 'points' and 'zones'",
        ),
        ('raster = "p.tif"', 'basis = "x"', "needs one of 'raster', 'points' and 'zones'"),
        ('raster = "p.tif"', 'points = "h.csv"', "'points' needs 'value'"),
        ('raster = "p.tif" }', 'raster = "p.tif" }, { group = "p60", raster = "p.tif" }', "twice"),
        ("layers = [", "household_size = 0\nlayers = [", "household_size"),
        ("[demand]", "[walk]\nmax_snap_m = inf\n[demand]", "max_snap_m"),
        ('"n.osm.pbf"', '"n.osm.pbf"\nmin_component_m = -1', "min_component_m"),
        ("[demand]", "[facilities]\nfile = 3\n[demand]", r"\[\[facilities\]\]"),
        ('"n.osm.pbf"', "3", r"network\.file.*must be text"),
        ('name = "s"', 'name = "s"\nplan_as_of = 2027', r"study\.plan_as_of"),
        ('name = "s"', 'name = ".hidden"', "cannot name a folder"),
        ("[demand]", "[scenarios.a]\nclose = []\n[demand]", r"scenarios\.a.*changes nothing"),
        ("[demand]", '[rules]\nreading = "R4"\n[demand]', "Use one of R1, R2, R3"),
    ],
)
def test_what_is_refused(tmp_path, old, new, says):
    with pytest.raises(StudyError, match=says) as caught:
        load(tmp_path, change=(old, new))
    assert str(caught.value).startswith(str(tmp_path / "study.toml"))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"n.osm.pbf"', "3", "line 6, key 'network.file'"),
        ('"n.osm.pbf"', '"x.osm.pbf"', "line 6, key 'network.file'"),
        ("[demand]", "[walk]\nspeed_m_s = 1e6\n[demand]", "line 8, key 'walk.speed_m_s'"),
        ("raster", "roster", "line 8, key 'demand.layers.roster'"),
        ("as_of = 2025-12-31", "", "line 2, key 'study.as_of'"),
        ("[network]", "[netwerk]", "line 5, key 'netwerk'"),
        ("[demand]", "[walk.profiles]\np65 = 'x'\n[demand]", "line 8, key 'walk.profiles.p65'"),
        (
            "[demand]",
            "[network.columns]\nnama = 'x'\n[demand]",
            "line 8, key 'network.columns.nama'",
        ),
        (
            "[demand]",
            '[[facilities]]\nfile = "f.csv"\n[[facilities]]\nfile = "f.csv"\nsheet = 1\n[demand]',
            "line 11, key 'facilities.sheet'",
        ),
    ],
)
def test_the_line_of_a_key_is_named(tmp_path, old, new, place):
    with pytest.raises(Circle15Error, match=re.escape(f"study.toml, {place}")):
        load(tmp_path, change=(old, new))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("true", "is true or false. It must be a number."),
        ("[]", "is a list. It must be a number."),
        ("{ a = 1 }", "is a table. It must be a number."),
        ('"1.0"', "is text. It must be a number."),
        ("2025-12-31", "is a date. It must be a number."),
        ("2025-12-31T10:00:00", "is a date with a time. It must be a number."),
    ],
)
def test_what_is_no_number(tmp_path, value, says):
    with pytest.raises(StudyError, match=re.escape(f"'walk.speed_m_s': {says}")):
        load(tmp_path, change=("[demand]", f"[walk]\nspeed_m_s = {value}\n[demand]"))


@pytest.mark.parametrize("value", ["5.0", "true", '"5"'])
def test_minutes_are_whole_numbers(tmp_path, value):
    with pytest.raises(StudyError, match=r"'walk\.cutoffs_min'.*whole number"):
        load(tmp_path, change=("[demand]", f"[walk]\ncutoffs_min = [{value}]\n[demand]"))


def test_a_misspelt_key_is_said_and_not_that_it_is_missing(tmp_path):
    with pytest.raises(StudyError, match=r"study\.nam': is an unknown key\. Did you mean 'name'"):
        load(tmp_path, change=("name =", "nam ="))


def test_what_does_not_exist(tmp_path):
    with pytest.raises(MissingFileError, match="no such file"):
        load_study(tmp_path / "study.toml")
    with pytest.raises(StudyError, match="is a folder"):
        load_study(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"network\.file"):
        load(tmp_path, change=('"n.osm.pbf"', '"x.osm.pbf"'))


def test_errors_are_those_that_a_caller_expects():
    assert issubclass(MissingFileError, FileNotFoundError)
    assert issubclass(StudyError, ValueError)
    assert issubclass(StudyError, Circle15Error)


def test_categories_are_those_of_the_design_and_no_word_means_two():
    ids = list(known_categories())
    assert len(ids) == 15
    assert {"complex", "day_care", "home_care_station", "meal_point", "care_home"} <= set(ids)
    words: dict[str, str] = {}
    for category in known_categories().values():
        for word in (category.id, category.zh, *category.aliases):
            assert words.setdefault(word, category.id) == category.id
            assert category_of(word, {}) == category.id
    assert category_of("社区书店", {"bookshop": "社区书店"}) == "bookshop"
