"""A whole study whose people are counted by zone: from the table to every result."""

from __future__ import annotations

import json

import pytest
import shapely
from tests.builders.zone_people_study import study
from tests.streets import write_layer

from circle15.errors import StudyError
from circle15.study.settings.reading import load_study
from circle15.workflow.api import run


def test_people_walk_from_where_their_zone_has_homes(tmp_path):
    """
    W's 100 people live in one house of 10 floors, E's 7.5 along its 400 m of street.

    At 1 m/s all of W is within 15 minutes of S; E's street begins 400 m from S and ends at 800 m.
    """
    layer = (
        '{ group = "p60", zones = "streets", table = "census.csv", name = "name", '
        'value = ["women", "men"], buildings = "houses.geojson" }'
    )
    house = shapely.box(100, 10, 110, 20)
    write_layer(tmp_path / "houses.geojson", [(house, {"use": "住宅", "floors": 10})])
    out = tmp_path / "out"
    run(study(tmp_path, layer), out=out)
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    (balance,) = summary["population"]
    assert (balance["input"], balance["inside"], balance["outside"]) == (107.5, 107.5, 0)
    zones = {
        (z["id"], z["speed_m_s"]): (z["persons"], z["covered"])
        for z in summary["zones"]
        if z["cutoff_min"] == 15 and z["category"] == "meal_point"
    }
    assert zones["W", 1.0] == (100, 100)
    assert zones["E", 1.0] == (7.5, 7.5)
    findings = (out / "issues.csv").read_text("utf-8-sig")
    assert "PEOPLE_BY_BUILDINGS" in findings
    assert "ZONE_BY_STREETS" in findings
    report = (out / "report.html").read_text("utf-8").replace("<wbr/>", "")
    assert "census.csv" in report
    assert "houses.geojson" in report


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ('{ group = "p60", zones = "communities", value = "n" }', r"\[area\] does not name"),
        ('{ group = "p60", zones = "streets" }', r"'zones' needs 'value'"),
        ('{ group = "p60", zones = "streets", value = "n", lon = "x" }', r"'lon' does not belong"),
        ('{ group = "p60", zones = "streets", value = "n", code = "x" }', r"need 'table'"),
        ('{ group = "p60", zones = "streets", value = "n", id = "x" }', r"'id' is that of area"),
        (
            '{ group = "p60", zones = "streets", value = "n", residential = "x" }',
            r"'residential' needs 'buildings'",
        ),
        ('{ group = "p60", raster = "census.csv", value = "n" }', r"'value' does not belong"),
    ],
)
def test_keys_that_do_not_belong_together(tmp_path, layer, message):
    with pytest.raises(StudyError, match=message):
        load_study(study(tmp_path, layer))
