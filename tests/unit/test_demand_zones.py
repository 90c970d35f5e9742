"""
People of zones over their buildings, streets or one point.

y 100 +-----------+-----------+
      | A  [1][2] | B   [5]   |     1, 2 and 5 are residential, 3 is a school, 4 a shop
      |    [3][4] |           |
    0 +-----------+-----------+
      0          100         200 x
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.streets import EAST_M, METRIC, NORTH_M, write_layer

from circle15.errors import InputDataError
from circle15.inputs.area.study_area import read_area
from circle15.inputs.demand.population import read_population
from circle15.study.settings.records import Area, Demand, DemandLayer, ZoneLayer

MICRO = 1_000_000
A, B = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)


def block(x, y, side=10):
    return shapely.box(x, y, x + side, y + side)


def zones(tmp_path, counts=None, shapes=None, name="z.geojson"):
    counts = counts or {"A": 1000, "B": 7}
    shapes = shapes or {"A": A, "B": B}
    rows = [(s, {"id": k, "name": f"{k}社区", "p60": counts.get(k)}) for k, s in shapes.items()]
    return write_layer(tmp_path / name, rows)


def houses(tmp_path, *rows):
    """Write buildings: use, floors, height and shape."""
    features = [
        (shape, {"use": use, "floors": floors, "height": height})
        for use, floors, height, shape in rows
    ]
    return write_layer(tmp_path / "h.geojson", features)


def read(tmp_path, *, area=None, places=None, file=None, **options):
    options = {"zones": file or zones(tmp_path), "value": ("p60",)} | options
    layer = DemandLayer("p60", **options)
    return read_population(
        Demand((layer,)), read_area(area or Area(), METRIC), METRIC, places=places
    )


def by_place(found):
    """People by position on the plane."""
    d = found.demand
    keys = zip(d["x_m"] - EAST_M, d["y_m"] - NORTH_M, strict=True)
    return {k: w / MICRO for k, w in zip(keys, d["p60_micro"], strict=True)}


def codes(found):
    return [(i.code, i.persons_micro) for i in found.findings]


def test_d01_elders_live_in_residential_volume_and_not_in_the_school(tmp_path):
    """
    1,000 elders; residential volumes 3,000 and 1,000 m³, a school of 6,000 m³: 750, 250 and 0.

    10 × 10 m: ten floors are 3,000 m³; 10/3 m high are 333 m³, so 10 m high are 1,000 m³.
    """
    buildings = houses(
        tmp_path,
        ("住宅", 10, None, block(10, 60)),
        ("apartments", None, 10, block(30, 60)),
        ("school", 20, None, block(10, 10)),
        ("住宅", 3, None, block(150, 50)),
    )
    found = read(tmp_path, buildings=buildings)
    assert by_place(found) == {(15, 65): 750, (35, 65): 250, (155, 55): 7}
    assert found.balances[0].inside == 1007 * MICRO
    assert ("PEOPLE_BY_BUILDINGS", 1007 * MICRO) in codes(found)
    (left_out,) = [i for i in found.findings if i.code == "USE_LEFT_OUT"]
    assert (left_out.detail["use"], left_out.detail["buildings"]) == ("school", "1")
    assert left_out.floor_area_m2 == 2000


def test_a_zone_without_buildings_falls_back_to_its_streets_then_to_a_point(tmp_path):
    """A has a building, B four points along its street: 7 / 4 each; without those one point."""
    buildings = houses(tmp_path, ("住宅", 1, None, block(10, 60)))
    along = (np.array([110.0, 120, 130, 140]) + EAST_M, np.full(4, 50.0) + NORTH_M)
    found = read(tmp_path, buildings=buildings, places=lambda _: along)
    assert by_place(found)[(110, 50)] == 1.75
    assert codes(found)[-3:] == [
        ("PEOPLE_BY_BUILDINGS", 1000 * MICRO),
        ("PEOPLE_BY_STREETS", 7 * MICRO),
        ("ZONE_BY_STREETS", 7 * MICRO),
    ]
    found = read(tmp_path, buildings=buildings, places=lambda _: None)
    assert by_place(found) == {(15, 65): 1000, (150, 50): 7}
    assert codes(found)[-1] == ("ZONE_BY_POINT", 7 * MICRO)


def test_without_buildings_the_finding_says_so_once(tmp_path):
    along = (np.array([10.0, 20]) + EAST_M, np.full(2, 50.0) + NORTH_M)
    found = read(tmp_path, places=lambda _: along)
    assert codes(found) == [("PEOPLE_BY_STREETS", 1007 * MICRO)]
    assert found.balances[0].inside == 1007 * MICRO


def test_a_building_on_a_shared_border_is_that_of_the_first_zone(tmp_path):
    buildings = houses(tmp_path, ("住宅", 1, None, shapely.box(95, 50, 105, 60)))
    found = read(tmp_path, buildings=buildings)
    assert by_place(found) == {(100, 55): 1000, (150, 50): 7}


def test_heights_that_lack_get_the_median(tmp_path):
    """Floors 2 and 4 are 6 and 12 m, so the third gets 9 m: weights 2 : 4 : 3."""
    buildings = houses(
        tmp_path,
        ("住宅", 2, None, block(10, 60)),
        ("住宅", 4, None, block(30, 60)),
        ("住宅", None, None, block(50, 60)),
    )
    counts = zones(tmp_path, {"A": 900, "B": 0})
    found = read(tmp_path, file=counts, buildings=buildings)
    assert by_place(found) == {(15, 65): 200, (35, 65): 400, (55, 65): 300, (150, 50): 0}
    assert "HEIGHTS_FILLED" in [code for code, _ in codes(found)]


def test_the_study_may_add_uses(tmp_path):
    buildings = houses(tmp_path, ("shed", 1, None, block(10, 60)))
    with pytest.raises(InputDataError, match=r"no residential building.*Uses: shed 1"):
        read(tmp_path, buildings=buildings)
    found = read(tmp_path, buildings=buildings, residential=("Shed",))
    assert by_place(found)[(15, 65)] == 1000


def test_people_of_communities_stay_theirs_on_a_border(tmp_path):
    """A street along the border x 100 belongs to A by position; B's people there stay B's."""
    layer = ZoneLayer(zones(tmp_path), "id", "name")
    border = (np.array([100.0, 100]) + EAST_M, np.array([20.0, 80]) + NORTH_M)
    found = read(
        tmp_path, area=Area(communities=layer), zones="communities", places=lambda _: border
    )
    sums = found.demand.groupby("community_id")["p60_micro"].sum().to_dict()
    assert sums == {"A": 1000 * MICRO, "B": 7 * MICRO}


def test_people_beyond_the_boundary_are_outside(tmp_path):
    """The boundary ends at x 150: two of B's four points are outside."""
    boundary = write_layer(tmp_path / "b.geojson", [(shapely.box(0, 0, 150, 100), {})])
    along = (np.array([110.0, 140, 160, 190]) + EAST_M, np.full(4, 50.0) + NORTH_M)
    counts = zones(tmp_path, {"B": 8}, {"B": B})
    found = read(tmp_path, area=Area(boundary), file=counts, places=lambda _: along)
    (balance,) = found.balances
    assert (balance.inside, balance.outside) == (4 * MICRO, 4 * MICRO)


def census(tmp_path, *rows):
    path = tmp_path / "census.csv"
    path.write_text("\n".join(["代码,名称,f60,m60", *rows]) + "\n", encoding="utf-8")
    return path


def test_a_table_is_joined_and_its_columns_added_up(tmp_path):
    shapes = {"320213001": A, "320213002": B}
    rows = [(s, {"code": k, "name": n}) for (k, s), n in zip(shapes.items(), "甲乙", strict=True)]
    file = write_layer(tmp_path / "s.geojson", rows)
    table = census(
        tmp_path,
        "320213000000,梁溪区,500,500",
        "320213001000,甲街道,30,20.5",
        "320213003000,丙街道,5,6",
        "320213004000,丁街道,-,6",
    )
    found = read(tmp_path, file=file, table=table, value=("f60", "m60"))
    assert by_place(found) == {(50, 50): 50.5}
    (balance,) = found.balances
    # 丙 is in no layer: its people are in the balance, outside; those of 丁 are not known.
    assert (balance.inside, balance.outside, balance.beyond) == (50_500_000, 11 * MICRO, 11 * MICRO)
    listed = [(i.code, i.row, i.persons_micro) for i in found.findings[:4]]
    assert listed == [
        ("COUNTS_WITHOUT_ZONE", 4, 11 * MICRO),
        ("COUNTS_WITHOUT_ZONE", 5, None),
        ("ROWS_OF_OTHER_LEVELS", None, None),
        ("ZONE_WITHOUT_COUNT", None, None),
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("320213001,甲,1,2", "320213001000,甲,1,2"), r"row 3: .* '320213001', as is row 2"),
        (("320213001,甲,1,",), r"row 2, column 'm60'.* is not a number of people"),
        (("9,z,1,1",), r"census\.csv: no row matches one of the zones"),
    ],
)
def test_tables_that_cannot_be_used(tmp_path, rows, message):
    file = write_layer(tmp_path / "s.geojson", [(A, {"code": "320213001", "name": "甲"})])
    with pytest.raises(InputDataError, match=message):
        read(tmp_path, file=file, table=census(tmp_path, *rows), value=("f60", "m60"))


def test_zones_of_two_levels_are_refused(tmp_path):
    rows = [(A, {"code": "320213001", "p60": 3}), (B, {"code": "320213", "p60": 9})]
    file = write_layer(tmp_path / "s.geojson", rows)
    with pytest.raises(InputDataError, match=r"row 1, .*'320213001' is part of '320213'"):
        read(tmp_path, file=file)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(0, 10**6), min_size=2, max_size=2),
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 18), st.integers(0, 8)), max_size=12),
)
def test_every_zone_keeps_its_total(tmp_path, counts, drawn):
    """Whatever the buildings: both zones keep their people to the micro-person."""
    file = zones(tmp_path, dict(zip("AB", counts, strict=True)))
    places = {(x, y): floors for floors, x, y in drawn} or {(0, 0): 1}
    rows = [
        ("住宅", floors, None, block(10 * x + 1, 10 * y + 1, 8))
        for (x, y), floors in places.items()
    ]
    found = read(tmp_path, file=file, buildings=houses(tmp_path, *rows))
    of_zone = found.demand["demand_id"].str.split("#").str[0]
    sums = found.demand.groupby(of_zone)["p60_micro"].sum().to_dict()
    assert sums == {k: n * MICRO for k, n in zip("AB", counts, strict=True)}
    assert (found.demand["p60_micro"] >= 0).all()
