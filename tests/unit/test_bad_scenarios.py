"""Wrong scenarios: one message each that names file, row and column, and how to fix it."""

from __future__ import annotations

import pytest
import shapely
from tests.streets import OsmWay, write_layer, write_osm, write_points, write_study

import circle15
from circle15.errors import Circle15Error, InputDataError
from circle15.workflow.reading import read_inputs, silent

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (600.0, 300.0)}
HOMES = {"h1": (10, 5, 100), "h2": (500, 5, 50)}
SITES = {"f1": (300.0, 10.0), "f2": (600.0, 200.0)}


def refused(folder, table, kind=InputDataError):
    """Read a study with a scenario; return the message."""
    study = write_study(
        folder,
        NODES,
        ["ABCD"],
        HOMES,
        SITES,
        more=f'[scenarios.x]\n{table}\ncrs = "EPSG:4549"\n',
    )
    with pytest.raises(kind) as caught:
        read_inputs(circle15.load_study(study), silent)
    return str(caught.value)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('close = ["f9"]', ("scenarios.x.close", "'f9' is not the id of a facility", "Use an id")),
        ('close = ["f1", "f1"]', ("scenarios.x.close", "'f1' occurs twice", "Keep one")),
        ('close = "f1"', ("scenarios.x.close", "'f1' is not a file", '["f1"]')),
        ("close = [1]", ("scenarios.x.close", "1 is not an id", '["S-017"]')),
        ("open_gates = [7]", ("scenarios.x.open_gates", "no locked gate")),
        ('open_gates = "some"', ("scenarios.x.open_gates", "'some'", '"all"')),
        ("open_gates = [7, 7]", ("scenarios.x.open_gates", "7 occurs twice")),
        ('shut = ["f1"]', ("scenarios.x.shut", "unknown key")),
        ('homes = "no.csv"', ("scenarios.x.homes", "no such file")),
        ('close_sheet = "a"\nopen_gates = "all"', ("scenarios.x.close_sheet", "is of no file")),
        ("open_gates = []", ("scenarios.x", "changes nothing")),
    ],
)
def test_in_the_study(tmp_path, table, says):
    message = refused(tmp_path, table, Circle15Error)
    assert all(one in message for one in ("study.toml", *says)), message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("key", "heading", "rows", "says"),
    [
        ("close", "name", [(0, 0, "f1")], ("has no column of facility ids", "facility_id")),
        ("close", "facility_id", [(0, 0, "f8")], ("row 2", "'f8' is not the id")),
        ("close", "facility_id", [(0, 0, "f1"), (0, 0, "f1")], ("row 3", "also in row 2")),
        (
            "close",
            "facility_id,category",
            [(0, 0, "f1", "care_home")],
            ("row 2", "not of the category 'care_home'", "It is of meal_point"),
        ),
        ("add", "facility_id", [(9, 9, "n")], ("has no column of categories", "meal_point")),
        (
            "add",
            "facility_id,category",
            [(9, 9, "n", "meal_point"), (9, 9, "f2", "meal_point")],
            ("row 3", "'f2' is a facility of the study already", "change"),
        ),
        (
            "change",
            "facility_id,floor_aera_m2",
            [(9, 9, "f1", 300)],
            ("'floor_aera_m2'", "is not a field", "Did you mean 'floor_area_m2'"),
        ),
        (
            "change",
            "facility_id,floor_area_m2",
            [(9, 9, "f1", "many")],
            ("row 2", "'floor_area_m2'", "'many' cannot be read"),
        ),
        (
            "change",
            "facility_id,status",
            [(9, 9, "f1", "perhaps")],
            ("row 2", "'status'", "'perhaps' cannot be read"),
        ),
        ("homes", "demand_id,p65", [(9, 9, "z", 3)], ("has no column", "p60", "0 where none")),
        ("homes", "demand_id,p60", [(9, 9, "z", 0)], ("'z' has no people", "Take it out")),
        ("homes", "demand_id,p60", [(9, 9, "h1", 4)], ("'h1' is a home of the study already",)),
        ("homes", "demand_id,p60", [(9, 9, "z", -4)], ("row 2", "not a number of people")),
    ],
)
def test_in_a_table(tmp_path, key, heading, rows, says):
    write_points(tmp_path / "t.csv", heading, rows)
    message = refused(tmp_path, f'{key} = "t.csv"')
    assert all(one in message for one in ("t.csv", *says)), message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("facility_id,status\nf1,\n", ("row 2", "states nothing that changes")),
        ("facility_id,x_m,y_m\nf1,500000,\n", ("row 2", "position cannot be read")),
        ("facility_id,status\n,closed\n", ("row 2", "is not an id")),
    ],
)
def test_in_a_table_of_changes(tmp_path, text, says):
    (tmp_path / "t.csv").write_text(text, "utf-8")
    message = refused(tmp_path, 'change = "t.csv"')
    assert all(one in message for one in ("t.csv", *says)), message


def test_a_site_both_closed_and_changed(tmp_path):
    (tmp_path / "t.csv").write_text("facility_id,status\nf1,planned\n", "utf-8")
    message = refused(tmp_path, 'change = "t.csv"\nclose = ["f1"]')
    assert "t.csv, row 2" in message
    assert "'f1' is closed by the same scenario" in message


@pytest.mark.parametrize(
    ("shape", "tags", "says"),
    [
        (shapely.LineString([(10, 5), (10, 500)]), {}, ("row 1", "joins no street within 20 m")),
        (shapely.Point(10, 5), {}, ("row 1", "is Point, not a line")),
        (shapely.LineString([(10, 5), (11, 5)]), {"highway": "motorway"}, ("cannot be walked",)),
        (shapely.LineString([(0, 0), (0, 0.0001)]), {}, ("row 1", "both ends join one place")),
    ],
)
def test_in_a_layer_of_links(tmp_path, shape, tags, says):
    write_layer(tmp_path / "l.geojson", [(shape, tags)])
    message = refused(tmp_path, 'links = "l.geojson"')
    assert all(one in message for one in ("l.geojson", *says)), message


def test_a_gate_that_is_none(tmp_path):
    study = write_study(tmp_path, NODES, ["ABCD"], HOMES, SITES)
    gate = {"B": {"barrier": "gate", "access": "private"}}
    write_osm(tmp_path / "n.osm", NODES, OsmWay("ABCD"), node_tags=gate)
    text = study.read_text("utf-8").replace('"streets.geojson"', '"n.osm"')
    study.write_text(f"{text}[scenarios.x]\nopen_gates = [{ord('B')}, 77]\n", "utf-8")
    with pytest.raises(InputDataError) as caught:
        read_inputs(circle15.load_study(study), silent)
    assert "the node 77 is not a locked gate" in str(caught.value)
    assert f"Gates: {ord('B')}." in str(caught.value)


def test_a_scenario_that_is_not_there(tmp_path):
    study = circle15.load_study(
        write_study(tmp_path, NODES, ["ABCD"], HOMES, SITES, more='[scenarios.x]\nclose = ["f1"]')
    )
    with pytest.raises(InputDataError, match=r"\[scenarios\.y\] is not in the study\. .* x\."):
        study.with_changes("y")
    with pytest.raises(InputDataError, match="is the scenario 'x'"):
        study.with_changes("x").with_changes("x")
    with pytest.raises(InputDataError, match="cannot name a folder"):
        study.with_changes("a/b", close=["f1"])
    with pytest.raises(InputDataError, match="'f1' occurs twice"):
        study.with_changes("z", close=["f1", "f1"])
