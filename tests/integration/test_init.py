"""`circle15 init`: a study of own files, which `check` takes, without overwriting anything."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import shapely
import typer
from tests.commands import call, heard
from tests.streets import straight, write_layer, write_streets

from circle15.errors import StudyError
from circle15.study.settings.reading import load_study

NODES, WORD = straight(600)
PEOPLE, STATIONS = "老年人口.geojson", "stations.geojson"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A street of 600 m, two homes, and a station at 300 m."""
    folder = tmp_path / "data"
    folder.mkdir()
    write_streets(folder / "streets.geojson", NODES, WORD)
    homes = [(shapely.Point(x, 5), {"编号": f"h{x}", "60岁及以上": 10}) for x in (50, 550)]
    write_layer(folder / PEOPLE, homes)
    station = {"设施名称": "春江居家养老服务站", "状态": "运营", "建筑面积": 320}
    write_layer(folder / STATIONS, [(shapely.Point(300, 5), station)])
    write_layer(folder / "boundary.geojson", [(shapely.box(-99, -99, 699, 99), {})])
    return folder


def given(folder: Path, *kinds: str) -> list[object]:
    """Options of `init` for some of the files."""
    names = {
        "network": "streets.geojson",
        "people": PEOPLE,
        "facilities": STATIONS,
        "boundary": "boundary.geojson",
    }
    return [word for kind in kinds for word in (f"--{kind}", folder / names[kind])]


def test_a_study_of_ones_own_files_passes_check(files, tmp_path, capfd):
    every = given(files, "network", "people", "facilities", "boundary")
    said = heard(capfd, "init", tmp_path / "city", *every, "--lang", "en")
    assert (said.code, said.out.strip()) == (0, str(tmp_path / "city" / "study.toml"))
    assert (
        "Guessed: stations.geojson: the category home_care_station, as 1 of 1 names say so."
        in said.err
    )
    assert f"Guessed: the column 60岁及以上 of {PEOPLE} counts p60." in said.err
    assert "Missing: rule packs, for verdicts, such as [rules] packs = [" in said.err
    study = load_study(tmp_path / "city" / "study.toml")
    assert (study.name, study.language, study.synthetic) == ("city", "en", False)
    assert study.network.file == files / "streets.geojson"
    assert study.circle.require == ("home_care_station",)
    assert (study.rules.packs, study.capacity, study.siting) == ((), {}, {})
    assert call("check", study.file) == 0
    assert [path.name for path in (tmp_path / "city").iterdir()] == ["study.toml"]
    text = study.file.read_text("utf-8")
    assert 'file = "../data/streets.geojson"' in text
    assert "# Guessed: the services that every home should reach" in text


def test_words_of_a_list_become_lines_of_the_study(files, tmp_path, capfd):
    """A word that holds the name of a category is a guess, and counts; 老年大学 does not."""
    kinds = ("助餐点", "某区日间照料中心", "老年大学")
    rows = [(shapely.Point(300, 5), {"设施名称": k, "设施类型": k}) for k in kinds]
    write_layer(files / STATIONS, rows)
    every = given(files, "network", "people", "facilities", "boundary")
    assert call("init", tmp_path / "city", *every) == 0
    study = load_study(tmp_path / "city" / "study.toml")
    assert study.category_words == {"某区日间照料中心": "day_care"}
    said = heard(capfd, "check", study.file, "--lang", "en")
    assert "Day-care centre" in said.out
    assert "The category '老年大学' is unknown" in said.out
    assert "'某区日间照料中心' is unknown" not in said.out


def test_a_list_of_zones_alone_makes_a_study_that_checks_them(files, tmp_path, capfd):
    """Nobody has to find a raster of people first, only to judge floor areas."""
    zone = {
        "序号": 1,
        "小区名称": "东苑",
        "小区性质": "新建住宅",
        "规划总户数": 1000,
        "养老用房面积": 300,
    }
    write_layer(files / "zones.geojson", [(shapely.Point(300, 5), zone)])
    city = tmp_path / "city"
    assert call("init", city, *given(files, "network"), "--zones", files / "zones.geojson") == 0
    assert "推测：未给出人口，以居住区名单中的人口或户数代替。" in capfd.readouterr().err
    study = city / "study.toml"
    study.write_text(study.read_text("utf-8") + '\n[rules]\npacks = ["liangxi-2025"]\n', "utf-8")
    said = heard(capfd, "zones", study)
    assert said.code == 0, said.err
    assert said.out.startswith("1 东苑: 达标")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('[category_words]\n"大学" = "school"', "'school' is not a category."),
        ('[categories]\nday_care = "大学"', '\\[category_words\\] "大学" = "day_care"'),
    ],
)
def test_a_word_for_a_category_that_is_none_is_refused(files, tmp_path, lines, says):
    every = given(files, "network", "people", "facilities")
    assert call("init", tmp_path / "city", *every) == 0
    study = tmp_path / "city" / "study.toml"
    study.write_text(f"{study.read_text('utf-8')}\n{lines}\n", "utf-8")
    with pytest.raises(StudyError, match=says):
        load_study(study)


def test_check_names_what_is_missing_until_nothing_is(files, tmp_path, capfd):
    """With each file the next one is asked for; the notes are in Chinese by default."""
    city = tmp_path / "city"
    for kinds, says in (
        (("boundary",), "network.osm.pbf"),
        (("boundary", "network"), "people.csv"),
        (("boundary", "network", "people"), None),
        (("boundary", "network", "people", "facilities"), None),
    ):
        assert call("init", city, *given(files, *kinds), "--force") == 0
        assert "缺少：" in capfd.readouterr().err
        said = heard(capfd, "check", city / "study.toml")
        assert said.code == (0 if says is None else 2), said.err
        assert says is None or ("no such file" in said.err and says in said.err)


def test_nothing_is_overwritten_without_being_told(files, tmp_path, capfd):
    city = tmp_path / "city"
    every = given(files, "network", "people")
    city.mkdir()
    (city / "study.toml").write_text("mine", "utf-8")
    said = heard(capfd, "init", city, *every)
    assert said.code == 2
    assert "study.toml: there is a study already. Choose another folder, or add --force" in said.err
    assert (city / "study.toml").read_text("utf-8") == "mine"
    bad = files / "bad.csv"
    bad.write_text("a,b\n1,2\n", "utf-8")
    assert call("init", city, *every, "--facilities", bad, "--force") == 2
    assert (city / "study.toml").read_text("utf-8") == "mine"
    assert call("init", city, *every, "--force") == 0
    assert [path.name for path in city.iterdir()] == ["study.toml"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--network", "none.osm.pbf"], "none.osm.pbf: no such file."),
        (["--boundary", "{files}/boundary.geojson", "--category", "超市"], "'超市' is not a cat"),
        (["--people", "{files}/stations.geojson"], "no column counts people"),
        (["--sample", "--network", "{files}/streets.geojson"], "no files are given with it"),
    ],
)
def test_a_wrong_option_is_told_in_one_message(files, tmp_path, capfd, words, says):
    said = heard(capfd, "init", tmp_path / "city", *(word.format(files=files) for word in words))
    assert said.code == 2
    assert says in said.err
    assert not (tmp_path / "city").exists()


def test_a_layer_in_metres_without_a_crs_is_left_to_settle(files, tmp_path, capfd):
    """The study is written, and says what its first check will say."""
    people = files / "homes.csv"
    people.write_text("x,y,p60\n500050,3490005,10\n", "utf-8")
    city = tmp_path / "city"
    said = heard(capfd, "init", city, *given(files, "network"), "--people", people, "--lang", "en")
    assert said.code == 0
    assert "Missing: a test of the datums, as an input cannot be used yet: " in said.err
    assert "homes.csv" in said.err
    assert call("check", city / "study.toml") == 2


def test_in_a_terminal_it_asks_and_an_empty_answer_copies_the_sample(
    files, tmp_path, capfd, monkeypatch
):
    answers = iter([str(files / "streets.geojson"), f"'{files / PEOPLE}'", "", "", "", "", ""])
    asked: list[str] = []

    def prompt(text: str, **_: object) -> str:
        asked.append(text)
        return next(answers)

    monkeypatch.setattr(typer, "prompt", prompt)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert call("init", tmp_path / "city") == 0
    assert asked[0].startswith("街道：OpenStreetMap 文件或线图层")
    study = load_study(tmp_path / "city" / "study.toml")
    assert study.network.file == files / "streets.geojson"
    assert call("init", tmp_path / "copy", "--lang", "en") == 0
    assert asked[-1].startswith("Streets: ")
    assert load_study(tmp_path / "copy" / "study.toml").synthetic
    asked.clear()
    assert call("init", tmp_path / "other", "--sample") == 0
    assert asked == []
    capfd.readouterr()
