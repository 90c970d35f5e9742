"""
Coverage by land and buildings from files to summary, report and workbook.

S --- 100 --- yes --- 200 --- house --- 300 --- office --- 500 --- house ---> 800

Each building is 10 m × 10 m, 10 m beside the street; the first has 2 floors, the office 4. At 1 m/s
within 5 minutes are the first two; the study ends at 50 m on both sides of the street.
"""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pandas as pd
import pyogrio
import pytest
import shapely
from tests.builders.packed_pages import unpacked_block
from tests.builders.zone_people_study import study
from tests.streets import write_layer

from circle15.errors import InputDataError, StudyError
from circle15.inputs import residential_areas
from circle15.results.summary.schema import summary_schema
from circle15.study.limits import LAND_PIECES
from circle15.study.settings.reading import load_study
from circle15.workflow.api import run
from circle15.workflow.checking import check

PEOPLE = (
    '{ group = "p60", zones = "streets", table = "census.csv", name = "name", '
    'value = ["women", "men"]%s }'
)
LAND = '[coverage_basis.land]\nfile = "land.geojson"\nwhere = "code = R2"\n'
HOUSES = '[coverage_basis.buildings]\nfile = "houses.geojson"\n'


def city(folder, more, *, spread=""):
    """Land R2 from 0 to 400 m, 10 m of it beyond the boundary, twice from 300 m; a park beyond."""
    rows = [(100, "yes", 2), (200, "house", 1), (300, "office", 4), (500, "house", 1)]
    features = [
        (shapely.box(x, 10, x + 10, 20), {"building": use, "floors": floors})
        for x, use, floors in rows
    ]
    write_layer(folder / "houses.geojson", features)
    polygons = [
        (shapely.box(0, 0, 400, 60), {"code": "R2"}),
        (shapely.box(300, 0, 400, 60), {"code": "R2"}),
        (shapely.box(400, 0, 800, 50), {"code": "G1"}),
    ]
    write_layer(folder / "land.geojson", polygons)
    path = study(folder, PEOPLE % spread)
    path.write_text(f"{path.read_text('utf-8')}\n{more}", "utf-8")
    return path


def ran(path, tmp_path):
    result = run(path, out=tmp_path / "out", language="en")
    return result, json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))


def test_all_three_stand_side_by_side(tmp_path):
    result, summary = ran(city(tmp_path, LAND + HOUSES), tmp_path)
    jsonschema.validate(summary, summary_schema())
    entry = next(one for one in summary["coverage_basis"] if one["cutoff_min"] == 5)
    land, buildings = entry["residential_land"], entry["buildings"]
    # 8 pieces of 50 m × 50 m, of which those in the middle at 25 … 275 m are 6, less 25 m aside:
    # 275 + 25 = 300 s is inside.
    assert land["total_m2"] == pytest.approx(20_000, rel=1e-4)
    assert land["outside_m2"] == pytest.approx(4_000, rel=1e-3)
    assert land["share_covered"] == pytest.approx(6 / 8, abs=1e-4)
    for part in (land, buildings["footprint"], buildings["floor_area"]):
        parts = part["covered_m2"] + part["gap_m2"] + part["unknown_m2"]
        assert parts == pytest.approx(part["total_m2"], rel=1e-12)
    assert buildings["footprint"]["share_covered"] == pytest.approx(2 / 3, rel=1e-3)
    assert buildings["floor_area"]["share_covered"] == pytest.approx(3 / 4, rel=1e-3)
    assert entry["people"]["group"] == "p60"
    codes = [one.code for one in result.result.findings]
    assert {"LAND_OVERLAPS", "ROWS_LEFT_OUT", "USE_LEFT_OUT"} <= set(codes)
    assert summary["parameters"]["coverage_basis"]["land"] == {
        "file": "land.geojson",
        "where": "code = R2",
    }
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "By residential land and buildings" in report
    assert "land.geojson · code = R2" in report.replace("<wbr/>", "")
    sheet = pd.read_excel(tmp_path / "out" / "report.xlsx", "Land and buildings", engine="calamine")
    assert sheet["Counted by"].unique().tolist() == [
        "People",
        "Residential land",
        "Buildings, footprint",
        "Buildings, floor area",
    ]
    table = pyogrio.read_dataframe(tmp_path / "out" / "results.gpkg", layer="coverage_basis")
    at = (table["cutoff_min"] == 5) & (table["category"] == entry["category"])
    shares = table[at].set_index("counted_by")
    assert shares.loc["land", "total"] == pytest.approx(land["total_m2"])
    assert shares["share_covered"].to_dict() == {
        "people": entry["people"]["share_covered"],
        "land": land["share_covered"],
        "footprint": buildings["footprint"]["share_covered"],
        "floor_area": buildings["floor_area"]["share_covered"],
    }
    page = (tmp_path / "out" / "map.html").read_text("utf-8")
    told = json.loads(unpacked_block(page, "circle15-data"))["basis"]
    assert told[entry["category"]]["5"] == (
        "Residential land 75.0% · Buildings, footprint 66.7% · Buildings, floor area 75.0%"
    )


def test_buildings_over_which_people_are_spread_count_without_the_table(tmp_path):
    path = city(tmp_path, "", spread=', buildings = "houses.geojson"')
    _, summary = ran(path, tmp_path)
    entry = next(one for one in summary["coverage_basis"] if one["cutoff_min"] == 5)
    assert entry["residential_land"] is None
    assert entry["buildings"]["floor_area"]["total_m2"] == pytest.approx(400, rel=1e-3)
    assert "coverage_basis" not in summary["parameters"]


@pytest.mark.parametrize(
    ("more", "error", "found"),
    [
        (LAND.replace("= R2", "= R9"), InputDataError, "no row matches code = R9"),
        (LAND.replace("code =", "kind ="), StudyError, "coverage_basis.land.where"),
        (LAND.replace("land.geojson", "far.geojson"), InputDataError, "outside the boundary"),
        (LAND.replace("land.geojson", "census.csv"), InputDataError, "has no geometry"),
    ],
)
def test_land_that_cannot_be_used(tmp_path, more, error, found):
    write_layer(tmp_path / "far.geojson", [(shapely.box(0, 900, 90, 990), {"code": "R2"})])
    with pytest.raises(error) as told:
        check(city(tmp_path, more))
    assert found in str(told.value)


def test_land_in_too_many_pieces_is_refused(tmp_path, monkeypatch):
    """20,000 m² are 8 pieces, and an outline of 900 m is 18."""
    monkeypatch.setattr(residential_areas, "LAND_PIECES", replace(LAND_PIECES, most=25))
    with pytest.raises(InputDataError, match=r"land.geojson: .* about 26 pieces; the limit is 25"):
        check(city(tmp_path, LAND))


def test_keys_of_the_table_are_checked(tmp_path):
    with pytest.raises(StudyError, match=r"coverage_basis.land.*where_"):
        load_study(city(tmp_path, LAND + 'where_ = "x"\n'))
