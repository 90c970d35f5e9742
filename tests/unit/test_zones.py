"""The study area: parts that do not overlap, and the zones of points.

y 100 +---------+---------+
      |    A    |    B    |     streets A and B; the boundary is both of them
    0 +---------+---------+
      0        100       200 x
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from tests.streets import EAST_M, METRIC, NORTH_M, write_layer

from circle15.errors import InputDataError
from circle15.inputs.area.study_area import assign_points, read_area
from circle15.study.settings.records import Area, ZoneLayer

LEFT, RIGHT = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
BOTH = shapely.box(0, 0, 200, 100)


def area(tmp_path, *, boundary=None, streets=None, communities=None, street_codes=None):
    """Layers of id → shape; communities may name their streets."""

    def layer(name, shapes, **options):
        codes = street_codes or {}
        rows = [(s, {"id": k, "n": f"name {k}", "s": codes.get(k)}) for k, s in shapes.items()]
        return ZoneLayer(write_layer(tmp_path / name, rows), "id", "n", **options)

    named = {"street": "s"} if street_codes else {}
    return read_area(
        Area(
            write_layer(tmp_path / "b.geojson", [(boundary, {})]) if boundary else None,
            layer("s.geojson", streets) if streets else None,
            layer("c.geojson", communities, **named) if communities else None,
        ),
        METRIC,
    )


def zones_of(found, *points):
    x, y = (np.array(points, np.float64) + np.array([EAST_M, NORTH_M])).T
    table = assign_points(found, x, y)
    return list(table.itertuples(index=False, name=None))


def test_points_in_streets(tmp_path):
    found = area(tmp_path, boundary=BOTH, streets={"A": LEFT, "B": RIGHT})
    assert zones_of(found, (50, 50), (150, 50), (250, 50)) == [
        (True, "A", None),
        (True, "B", None),
        (False, None, None),
    ]


def test_a_point_on_a_shared_border_belongs_to_the_first_zone_by_id(tmp_path):
    """Whichever stands first in the file; and the outer border belongs to the area."""
    for streets in ({"A": LEFT, "B": RIGHT}, {"B": RIGHT, "A": LEFT}):
        found = area(tmp_path, boundary=BOTH, streets=streets)
        assert zones_of(found, (100, 50), (0, 50), (200, 100)) == [
            (True, "A", None),
            (True, "A", None),
            (True, "B", None),
        ]


def test_without_a_boundary_everybody_is_inside(tmp_path):
    found = area(tmp_path, streets={"A": LEFT})
    assert zones_of(found, (50, 50), (900, 900)) == [(True, "A", None), (True, None, None)]
    assert zones_of(area(tmp_path), (50, 50)) == [(True, None, None)]


def test_a_point_without_a_position(tmp_path):
    assert zones_of(area(tmp_path, boundary=BOTH), (np.nan, np.nan)) == [(False, None, None)]
    assert zones_of(area(tmp_path), (np.nan, np.nan)) == [(True, None, None)]


def test_communities_take_their_street_or_find_it(tmp_path):
    """Community c spans x 50–150: by its own code it is B's; without, it is cut at the border."""
    c = {"c": shapely.box(50, 0, 150, 100)}
    streets = {"A": LEFT, "B": RIGHT}
    told = area(tmp_path, boundary=BOTH, streets=streets, communities=c, street_codes={"c": "B"})
    assert zones_of(told, (60, 50), (140, 50), (10, 50)) == [
        (True, "B", "c"),
        (True, "B", "c"),
        (True, "A", None),
    ]
    found = area(tmp_path, boundary=BOTH, streets=streets, communities=c)
    assert zones_of(found, (60, 50), (140, 50)) == [(True, "A", "c"), (True, "B", "c")]


def test_a_street_code_that_stands_for_no_street_is_listed_and_the_map_decides(tmp_path):
    c = {"c": shapely.box(50, 0, 150, 100)}
    streets = {"A": LEFT, "B": RIGHT}
    found = area(tmp_path, boundary=BOTH, streets=streets, communities=c, street_codes={"c": "X"})
    assert zones_of(found, (60, 50), (140, 50)) == [(True, "A", "c"), (True, "B", "c")]
    assert [(i.code, i.column, i.detail["value"]) for i in found.findings] == [
        ("UNKNOWN_STREET", "s", "X")
    ]


def test_parts_do_not_overlap_and_fill_the_boundary(tmp_path):
    """20 000 m²: street A, the community in B, and what is left of B."""
    found = area(
        tmp_path,
        boundary=BOTH,
        streets={"A": LEFT, "B": RIGHT},
        communities={"c": shapely.box(120, 20, 180, 80)},
    )
    shapes = found.parts.geometry
    assert shapes.area.sum() == pytest.approx(20_000)
    assert shapely.union_all(shapes.to_numpy()).area == pytest.approx(20_000)


def test_overlaps_go_to_the_first_zone_and_are_listed(tmp_path):
    """A and B share x 100–120: 2 000 m² go to A; an overlap of under 1 m² is not worth a word."""
    found = area(
        tmp_path, streets={"B": shapely.box(100, 0, 200, 100), "A": shapely.box(0, 0, 120, 100)}
    )
    (overlap,) = found.overlaps
    assert (overlap.first, overlap.second, overlap.shape.area) == ("A", "B", pytest.approx(2000))
    assert zones_of(found, (110, 50)) == [(True, "A", None)]
    sliver = shapely.box(99.995, 0, 200, 100)
    assert area(tmp_path, streets={"A": LEFT, "B": sliver}).overlaps == []


def test_invalid_polygons_are_mended_and_listed(tmp_path):
    """A bow tie of two triangles of 2 500 m² each."""
    bow = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    found = area(tmp_path, boundary=bow)
    assert [i.code for i in found.findings] == ["GEOMETRY_MENDED"]
    assert found.boundary is not None
    assert found.boundary.area == pytest.approx(5_000)


def test_ids_must_be_there_once(tmp_path):
    rows = [(LEFT, {"id": "A", "n": "x"}), (RIGHT, {"id": "A", "n": "y"})]
    layer = ZoneLayer(write_layer(tmp_path / "s.geojson", rows), "id", "n")
    with pytest.raises(InputDataError, match="row 2, column 'id': the id 'A' is also in row 1"):
        read_area(Area(streets=layer), METRIC)
    write_layer(tmp_path / "s.geojson", [(LEFT, {"id": None, "n": "x"})])
    with pytest.raises(InputDataError, match="row 1, column 'id': has no id"):
        read_area(Area(streets=layer), METRIC)
    with pytest.raises(InputDataError, match="column 'code': there is no such column"):
        read_area(Area(streets=ZoneLayer(layer.file, "code", "n")), METRIC)
