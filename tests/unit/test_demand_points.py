"""People at points of a table."""

from __future__ import annotations

import pytest
import shapely
from tests.streets import EAST_M, METRIC, write_layer, write_points

from circle15.errors import InputDataError
from circle15.inputs.area.study_area import read_area
from circle15.inputs.demand.points import read_points
from circle15.study.settings.records import Area, DemandLayer


def read(tmp_path, heading, rows, *, value="p60", boundary=None, **options):
    path = write_points(tmp_path / "h.csv", heading, rows)
    layer = DemandLayer("p60", points=path, value=(value,), crs="EPSG:4549", **options)
    area = Area(write_layer(tmp_path / "b.geojson", [(boundary, {})]) if boundary else None)
    return read_points("", [layer], read_area(area, METRIC), METRIC)


def test_people_are_read_to_the_micro_person(tmp_path):
    """0.1 persons are 100 000 micro-persons, exactly."""
    found = read(tmp_path, "id,p60", [(0, 0, "b", "0.1"), (9, 9, "a", 1234)])
    weights = dict(zip(found.demand["demand_id"], found.demand["p60_micro"], strict=True))
    assert weights == {"a": 1_234_000_000, "b": 100_000}


def test_rows_are_sorted_by_id(tmp_path):
    found = read(tmp_path, "id,p60", [(0, 0, "h9", 1), (0, 0, "h10", 1), (0, 0, "a", 1)])
    assert found.demand["demand_id"].tolist() == ["a", "h10", "h9"]


def test_an_id_comes_from_what_a_row_holds_and_not_from_its_place(tmp_path):
    rows = [(0, 0, 1), (5, 5, 2)]
    one = read(tmp_path, "p60", rows).demand.set_index("p60_micro")["demand_id"]
    other = read(tmp_path, "p60", rows[::-1]).demand.set_index("p60_micro")["demand_id"]
    assert one.to_dict() == other.to_dict()
    assert one.nunique() == 2


def test_inside_and_outside(tmp_path):
    box = shapely.box(-10, -10, 10, 10)
    found = read(tmp_path, "id,p60", [(0, 0, "in", 1), (50, 0, "out", 2)], boundary=box)
    assert found.demand.set_index("demand_id")["in_area"].to_dict() == {"in": True, "out": False}


def test_rows_without_a_position_say_how_many_people_they_carry(tmp_path):
    path = tmp_path / "h.csv"
    path.write_text("lon,lat,id,p60\n120,31.5,a,3\n,,b,4.5\n", encoding="utf-8")
    layer = DemandLayer("p60", points=path, value=("p60",), datum="wgs84")
    found = read_points("", [layer], read_area(Area(), METRIC), METRIC)
    (finding,) = found.findings
    assert (finding.code, finding.row, finding.persons_micro) == ("NO_POSITION", 3, 4_500_000)
    assert len(found.demand) == 2


@pytest.mark.parametrize("cell", ["-1", "many", "", "1e10"])
def test_what_is_no_number_of_people(tmp_path, cell):
    with pytest.raises(InputDataError, match="row 2, column 'p60'"):
        read(tmp_path, "id,p60", [(0, 0, "a", cell)])


def test_a_point_stands_once(tmp_path):
    with pytest.raises(InputDataError, match="row 3, column 'id': the point 'a' is also in row 2"):
        read(tmp_path, "id,p60", [(0, 0, "a", 1), (1, 1, "a", 1)])
    with pytest.raises(InputDataError, match="row 3: this point is also in row 2"):
        read(tmp_path, "p60", [(0, 0, 1), (0, 0, 1)])


def test_a_hexagon_layer_is_split_by_area(tmp_path):
    """
    A polygon of 100 m × 100 m with 10 people, of which the boundary x 0–40 holds 4.

    A second one, wholly outside, keeps its id; each piece stands inside its own ground.
    """
    rows = [
        (shapely.box(0, 0, 100, 100), {"id": "a", "p60": 10}),
        (shapely.box(300, 0, 400, 100), {"id": "b", "p60": 3}),
    ]
    file = write_layer(tmp_path / "hex.geojson", rows)
    boundary = write_layer(tmp_path / "b.geojson", [(shapely.box(0, 0, 40, 100), {})])
    found = read_points(
        "",
        [DemandLayer("p60", points=file, value=("p60",))],
        read_area(Area(boundary), METRIC),
        METRIC,
    )
    table = found.demand.set_index("demand_id")
    assert table["p60_micro"].to_dict() == {
        "a@outside": 6_000_000,
        "a@inside": 4_000_000,
        "b": 3_000_000,
    }
    assert table["in_area"].to_dict() == {"a@outside": False, "a@inside": True, "b": False}
    assert (table["x_m"] - EAST_M).to_dict() == {"a@outside": 70, "a@inside": 20, "b": 350}
    assert found.polygon_m == pytest.approx(100)


def test_polygons_without_a_boundary_stay_whole(tmp_path):
    rows = [(shapely.box(0, 0, 100, 100), {"id": "a", "p60": 10})]
    file = write_layer(tmp_path / "hex.geojson", rows)
    layer = DemandLayer("p60", points=file, value=("p60",))
    found = read_points("", [layer], read_area(Area(), METRIC), METRIC)
    assert found.demand["demand_id"].tolist() == ["a"]
    assert found.demand["in_area"].all()
