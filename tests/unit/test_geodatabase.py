"""`results.gdb.zip` and `results.dxf`: read back, they have the rows, people and areas."""

from __future__ import annotations

import re
import time
import zipfile
from dataclasses import replace

import pyogrio
import pytest
import shapely
from tests.builders.report_result import STATION, make_result

from circle15.inputs.files.scratch import scratch_folder
from circle15.output.gis.candidate_layer import NUMBERS, TEXTS
from circle15.output.gis.field_names import field_label, field_names
from circle15.output.gis.files import write_gis_files
from circle15.output.gis.layers import result_layers, result_tables
from circle15.output.gis.scenario_layers import TEXTS as SCENARIO_TEXTS
from circle15.output.gis.scenario_layers import WHOLE
from circle15.output.text.wording import Words
from circle15.study.messages import say
from circle15.study.settings.output_tables import FilesWritten

CHINESE = re.compile("[\u4e00-\u9fff]")


def asked(**files):
    """The small result of a study that asks for all files, or for those that are given."""
    wanted = FilesWritten(**({"gdb": True, "dxf": True} | files))
    result = make_result()
    return replace(result, study=replace(result.study, output=wanted))


def write(result, place, language):
    """Write the files of a result; the geodatabase is made in a folder that is then removed."""
    with scratch_folder() as scratch:
        write_gis_files(result, place, language, scratch=scratch)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files of the small result, in Chinese."""
    place = tmp_path_factory.mktemp("gis")
    write(asked(), place, "zh")
    return place


def layer(folder, name):
    """A layer of the geodatabase by its id."""
    title = say(f"gdb.layer_{name}", "zh")
    return pyogrio.read_dataframe(folder / "results.gdb.zip", layer=title)


def test_all_layers_are_there_with_their_rows(folder):
    result = asked()
    wanted = {name: len(frame) for name, frame in result_layers(result).items()}
    wanted |= {name: len(frame) for name, frame in result_tables(result).items()}
    found = pyogrio.list_layers(folder / "results.gdb.zip")[:, 0].tolist()
    assert found == [say(f"gdb.layer_{name}", "zh") for name in wanted]
    assert {name: len(layer(folder, name)) for name in wanted} == wanted


def test_people_states_and_areas_are_conserved(folder):
    package = folder / "results.gpkg"
    people, homes = (
        layer(folder, "demand"),
        pyogrio.read_dataframe(package, layer="demand"),
    )
    words = Words("zh", asked().study)
    names = field_names("demand", [one for one in homes.columns if one != "geometry"], words)
    assert people[names["p60"][0]].tolist() == homes["p60"].tolist() == [2.5, 1.5, 1.0, 1.0]
    state = people[names[f"{STATION}_state"][0]]
    assert state.fillna("-").tolist() == ["covered", "gap", "unknown", "-"]
    assert people.crs.to_epsg() == homes.crs.to_epsg() == 4549
    for name in ("isochrones", "zones", "gap_areas"):
        area = pyogrio.read_dataframe(package, layer=name).area.sum()
        assert layer(folder, name).area.sum() == pytest.approx(area, rel=1e-6)
    assert people.geometry.iloc[0].distance(homes.geometry.iloc[0]) < 0.001


def test_names_are_chinese_and_aliases_those_of_the_geopackage(folder, tmp_path):
    info = pyogrio.read_info(folder / "results.gdb.zip", layer="人口点")
    assert all(CHINESE.search(name) for name in info["fields"])
    assert all(re.fullmatch(r"[^\W\d_]\w*", name) for name in info["fields"])
    with zipfile.ZipFile(folder / "results.gdb.zip") as packed:
        assert all(name.startswith("results.gdb/a") or name.endswith(("/gdb", "/timestamps"))
                   for name in packed.namelist())  # fmt: skip
        everything = b"".join(packed.read(name) for name in packed.namelist())
    assert f"{STATION}_state".encode("utf-16-le") in everything
    write(asked(dxf=False), tmp_path, "en")
    fields = pyogrio.read_info(tmp_path / "results.gdb.zip", layer="demand")["fields"].tolist()
    assert fields[:3] == ["demand_id", "p60", "in_area"]


def test_every_field_has_its_words():
    result = asked()
    keys = {name: list(frame.columns) for name, frame in result_layers(result).items()}
    keys |= {name: list(frame.columns) for name, frame in result_tables(result).items()}
    keys |= {"candidates": [*TEXTS, *NUMBERS], "scenario_differences": [*SCENARIO_TEXTS, *WHOLE]}
    for language in ("zh", "en"):
        words = Words(language, result.study)
        bare = [
            f"{name}.{key}"
            for name, columns in keys.items()
            for key in columns
            if key not in {"geometry", "R1", "R2", "R3"} and field_label(name, key, words) == key
        ]
        assert [one for one in bare if language == "zh" or "_" in one.partition(".")[2]] == []


def test_names_are_unique_and_valid():
    words = Words("zh", asked().study)
    names = field_names("demand", ["p60", "p60_", "a b", "a-b", "5x"], words)
    found = [name.casefold() for name, _ in names.values()]
    assert len(set(found)) == len(found)


def test_zones_of_both_kinds_are_two_layers(tmp_path):
    result = asked(dxf=False)
    first, second = (
        replace(result.zone_checks[0], zone=replace(result.zone_checks[0].zone, shape=shape))
        for shape in (shapely.box(520000, 3490000, 520100, 3490100), shapely.Point(520000, 3490000))
    )
    write(replace(result, zone_checks=[first, second, first]), tmp_path, "zh")
    assert len(layer(tmp_path, "residential_zones")) == 2
    assert len(layer(tmp_path, "residential_zones_points")) == 1


def test_the_same_bytes_twice(folder, tmp_path):
    time.sleep(1.1)
    write(asked(), tmp_path, "zh")
    for name in ("results.gdb.zip", "results.dxf", "results.gpkg"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_without_the_streets_nothing_else_is_missing(tmp_path):
    write(asked(walk_network=False), tmp_path, "zh")
    for name, streets in (("results.gpkg", "walk_network"), ("results.gdb.zip", "步行路网")):
        found = set(pyogrio.list_layers(tmp_path / name)[:, 0])
        assert streets not in found
        assert len(found) >= 7


def test_the_drawing_has_areas_and_sites_in_their_places(folder):
    table = pyogrio.read_dataframe(folder / "results.dxf")
    result = asked()
    streets = table[table["Layer"] == "街道"].geometry
    wanted = result.area.streets.geometry
    areas = sorted(shapely.Polygon(line.coords).area for line in streets)
    assert areas == pytest.approx(sorted(wanted.area), abs=0.01)
    points = table[table["Layer"].str.startswith("设施_") & (table.geom_type == "Point")]
    placed = result_layers(result)["facilities"].geometry.notna().sum()
    assert len(points[points["Text"].isna() | (points["Text"] == "")]) == placed
    assert set(result.facilities["name"].dropna()) & set(table["Text"].dropna())


def test_hostile_names_stay_on_one_line_of_the_drawing(tmp_path):
    result = asked(gdb=False)
    facilities = result.facilities.copy()
    facilities["name"] = "a\r\n0\r\nEOF 🏠 名"
    write(replace(result, facilities=facilities), tmp_path, "zh")
    content = (tmp_path / "results.dxf").read_bytes()
    assert content.count(b"EOF\r\n") == 1
    assert content.endswith(b"0\r\nEOF\r\n")
    assert "\\U+D83C\\U+DFE0 名".encode("gbk") in content
