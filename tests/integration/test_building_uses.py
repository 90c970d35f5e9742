"""Findings on the uses of buildings reach check, report and summary."""

from __future__ import annotations

import json
from html import unescape

import pandas as pd
import pytest
import shapely
from tests.builders.zone_people_study import study
from tests.streets import write_layer

from circle15.errors import StudyError
from circle15.output.check.page import build_check_page
from circle15.study.settings.reading import load_study
from circle15.workflow.api import run
from circle15.workflow.checking import check

LAYER = (
    '{{ group = "p60", zones = "streets", table = "census.csv", name = "name", '
    'value = ["women", "men"], buildings = "houses.geojson"{more} }}'
)


def city(folder, more=""):
    """West has a block of `yes`, a house beside it and an office; east a house."""
    rows = [(100, "yes", 2), (200, "house", 1), (300, "office", 4), (500, "house", 1)]
    features = [
        (shapely.box(x, 10, x + 10, 20), {"building": use, "floors": floors})
        for x, use, floors in rows
    ]
    write_layer(folder / "houses.geojson", features)
    return study(folder, LAYER.format(more=more))


@pytest.mark.parametrize(
    ("more", "points", "code"),
    [
        ("", 3, "BUILDINGS_OF_UNKNOWN_USE_LIVED_IN"),
        (', unknown_use = "lived_in"', 3, "BUILDINGS_OF_UNKNOWN_USE_LIVED_IN"),
        (', unknown_use = "left_out"', 2, "BUILDINGS_OF_UNKNOWN_USE_LEFT_OUT"),
        (', unknown_use = "left_out", residential = ["yes", "office"]', 4, None),
    ],
)
def test_uses_in_check_report_and_summary(tmp_path, more, points, code):
    path = city(tmp_path, more)
    outcome = check(path)
    used = [i.code for i in outcome.findings if "USE" in i.code and "BY" not in i.code]
    assert used == ([] if code is None else ["USE_LEFT_OUT", code])
    page = unescape(build_check_page(outcome, "en")).replace("<wbr/>", "")
    if code is not None:
        assert "use 'office'" in page
        assert "400 m² of floor area" in page
        assert "unknown_use" in page
    run(path, out=tmp_path / "out", language="en")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    kept = summary["parameters"]["buildings"]["p60"]
    assert kept["unknown_use"] == ("left_out" if "left_out" in more else "lived_in")
    assert summary["population"][0]["inside"] == 107.5
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    said = {"lived_in": "count as residential", "left_out": "are left out"}
    assert f"buildings of unknown use {said[kept['unknown_use']]}" in report
    assert ("office" in report) == (code is not None or "office" in more)
    coverage = pd.read_parquet(tmp_path / "out" / "coverage.parquet")
    assert coverage["demand_id"].nunique() == points


def test_the_key_is_checked(tmp_path):
    path = city(tmp_path, ', unknown_use = "maybe"')
    with pytest.raises(StudyError, match=r"lived_in.*left_out"):
        load_study(path)
    text = path.read_text("utf-8").replace(', buildings = "houses.geojson"', "")
    path.write_text(text.replace('"maybe"', '"left_out"'), encoding="utf-8")
    with pytest.raises(StudyError, match="'unknown_use' needs 'buildings'"):
        load_study(path)
