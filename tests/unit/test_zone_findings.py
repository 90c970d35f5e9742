"""Effects of borders on people.

y 100 +---------+---------+     A has x 0–100, B x 100–200; four cells of 100 m with 100 people
      |    A    |    B    |     each stand at x 0–400
    0 +---------+---------+
      0        100       200 x
"""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine
from tests.streets import EAST_M, METRIC, NORTH_M, write_layer, write_points

from circle15.inputs.area.study_area import read_area
from circle15.inputs.demand.overlap_findings import zone_findings
from circle15.inputs.demand.population import read_population
from circle15.study.settings.records import Area, Demand, DemandLayer, ZoneLayer

MICRO = 1_000_000
LEFT, RIGHT = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)


def findings(tmp_path, streets=None, communities=None, boundary=None, points=None, codes=None):
    def layer(name, shapes, **options):
        rows = [
            (s, {"id": k, "n": f"name {k}", "s": (codes or {}).get(k)}) for k, s in shapes.items()
        ]
        return ZoneLayer(write_layer(tmp_path / name, rows), "id", "n", **options)

    area = read_area(
        Area(
            write_layer(tmp_path / "b.geojson", [(boundary, {})]) if boundary else None,
            layer("s.geojson", streets) if streets else None,
            layer("c.geojson", communities, **({"street": "s"} if codes else {}))
            if communities
            else None,
        ),
        METRIC,
    )
    if points is None:
        path = tmp_path / "p.tif"
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            height=1,
            width=4,
            count=1,
            dtype="float32",
            crs="EPSG:4549",
            transform=Affine(100, 0, EAST_M, 0, -100, NORTH_M + 100),
        ) as target:
            target.write(np.full((1, 1, 4), 100.0, "float32"))
        people = DemandLayer("p60", raster=(path,))
    else:
        path = write_points(tmp_path / "h.csv", "p60", points)
        people = DemandLayer("p60", points=path, value=("p60",), crs="EPSG:4549")
    found = zone_findings(area, read_population(Demand((people,)), area, METRIC), "p60")
    return [(i.code, i.severity, (i.persons_micro or 0) / MICRO, i.detail) for i in found]


def test_an_overlap_says_its_area_and_its_people(tmp_path):
    """A and B share x 80–100, a fifth of A's cell: 20 people; by points, the one who is there."""
    streets = {"A": LEFT, "B": shapely.box(80, 0, 200, 100)}
    detail = {"first": "A", "second": "B", "area_m2": "2000"}
    boundary = shapely.box(0, 0, 200, 100)
    ((code, _, people, told),) = findings(tmp_path, streets, boundary=boundary)
    assert (code, told) == ("ZONES_OVERLAP", detail)
    assert people == pytest.approx(20, abs=0.001)
    found = findings(tmp_path, streets, boundary=boundary, points=[(90, 50, 3), (50, 50, 9)])
    assert found == [("ZONES_OVERLAP", "warning", 3, detail)]


def test_a_hole_between_zones_says_its_people(tmp_path):
    """B begins at x 120: of its cell 20 people are in no street; two cells are outside."""
    streets = {"A": LEFT, "B": shapely.box(120, 0, 200, 100)}
    ((code, severity, people, detail),) = findings(
        tmp_path, streets, boundary=shapely.box(0, 0, 200, 100)
    )
    assert (code, severity, detail) == (
        "ZONES_LEAVE_HOLES",
        "warning",
        {"holes": "1", "area_m2": "2000"},
    )
    assert people == pytest.approx(20, abs=0.001)


def test_a_hole_without_people_is_a_note(tmp_path):
    boundary = shapely.box(0, -10, 200, 100)
    streets = {"A": LEFT, "B": RIGHT}
    assert findings(tmp_path, streets, boundary=boundary) == [
        ("ZONES_LEAVE_HOLES", "note", 0, {"holes": "1", "area_m2": "2000"})
    ]
    assert findings(tmp_path, streets, boundary=shapely.box(0, 0, 200, 100)) == []


def test_people_in_no_zone_without_a_boundary(tmp_path):
    """Everybody is inside, and two cells stand beyond A and B."""
    ((code, _, people, _),) = findings(tmp_path, {"A": LEFT, "B": RIGHT})
    assert (code, people) == ("PEOPLE_IN_NO_ZONE", 200)


def test_a_community_that_belongs_to_no_street(tmp_path):
    """Community c has x 150–250: half of it in B, half in no street, with 50 people."""
    found = findings(
        tmp_path,
        {"A": LEFT, "B": RIGHT},
        {"c": shapely.box(150, 0, 250, 100)},
        boundary=shapely.box(0, 0, 250, 100),
    )
    by_code = {code: (people, detail) for code, _, people, detail in found}
    people, detail = by_code["COMMUNITY_WITHOUT_STREET"]
    assert people == pytest.approx(50, abs=0.001)
    assert detail == {"community": "c name c", "area_m2": "5000"}
    assert by_code["ZONES_LEAVE_HOLES"][0] == pytest.approx(50, abs=0.001)
    # By its own code all of it is B's: nobody of the community lacks a street.
    told = findings(
        tmp_path,
        {"A": LEFT, "B": RIGHT},
        {"c": shapely.box(150, 0, 250, 100)},
        boundary=shapely.box(0, 0, 250, 100),
        codes={"c": "B"},
    )
    assert "COMMUNITY_WITHOUT_STREET" not in [code for code, *_ in told]


def test_people_on_a_shared_border_count_once(tmp_path):
    """Ten people at x 100 belong to A alone; nobody is claimed twice or by no street."""
    streets, boundary = {"A": LEFT, "B": RIGHT}, shapely.box(0, 0, 200, 100)
    assert findings(tmp_path, streets, boundary=boundary, points=[(100, 50, 10)]) == []
