"""Several layers of people: one table, a balance for each group, households derived."""

from __future__ import annotations

from decimal import Decimal

import pytest
import shapely
from tests.streets import METRIC, write_layer, write_points

from circle15.inputs.area.study_area import read_area
from circle15.inputs.demand.population import read_population
from circle15.study.settings.records import Area, Demand, DemandLayer, ZoneLayer

ROWS = [(0, 0, "a", 10, 2), (50, 0, "b", 20, 3), (500, 0, "c", 30, 5)]


def read(tmp_path, *layers, **options):
    boundary = write_layer(tmp_path / "b.geojson", [(shapely.box(-10, -10, 100, 10), {})])
    return read_population(Demand(layers, **options), read_area(Area(boundary), METRIC), METRIC)


def layer(path, group, value, **options):
    return DemandLayer(group, points=path, value=(value,), crs="EPSG:4549", **options)


def test_groups_of_one_table_share_its_points(tmp_path):
    path = write_points(tmp_path / "h.csv", "id,total,p60", ROWS)
    found = read(tmp_path, layer(path, "total", "total"), layer(path, "p60", "p60"))
    assert found.demand["demand_id"].tolist() == ["a", "b", "c"]
    sums = {b.group: (b.inside, b.outside) for b in found.balances}
    assert sums == {"total": (30_000_000, 30_000_000), "p60": (5_000_000, 5_000_000)}


def test_groups_of_several_tables_keep_their_points_apart(tmp_path):
    """The same ids in both: a number of the source is put before them; weights are 0 elsewhere."""
    one = write_points(tmp_path / "h.csv", "id,total,p60", ROWS)
    two = write_points(tmp_path / "g.csv", "id,total,p60", ROWS)
    found = read(tmp_path, layer(one, "total", "total"), layer(two, "p60", "p60"))
    assert found.demand["demand_id"].tolist() == ["1:a", "1:b", "1:c", "2:a", "2:b", "2:c"]
    assert found.demand["p60_micro"].tolist()[:3] == [0, 0, 0]
    assert int(found.demand["p60_micro"].sum()) == 10_000_000


def test_calibration_scales_inside_exactly_and_outside_alike(tmp_path):
    """5 inside become 7: c with 5 outside becomes 7 too; a and b share 2 : 3, 2.8 and 4.2."""
    path = write_points(tmp_path / "h.csv", "id,total,p60", ROWS)
    found = read(tmp_path, layer(path, "p60", "p60", calibrate_to=Decimal(7)))
    assert found.demand["p60_micro"].tolist() == [2_800_000, 4_200_000, 7_000_000]
    (balance,) = found.balances
    assert (balance.raw_inside, balance.raw_outside) == (5_000_000, 5_000_000)
    assert balance.calibration_factor == pytest.approx(1.4)


def test_households_come_from_residents_never_from_an_age_group(tmp_path):
    """30 residents inside / 2.5 = 12 households, split 1 : 2; without `total` there are none."""
    path = write_points(tmp_path / "h.csv", "id,total,p60", ROWS)
    size = Decimal("2.5")
    found = read(
        tmp_path, layer(path, "total", "total"), layer(path, "p60", "p60"), household_size=size
    )
    assert found.demand["households_micro"].tolist() == [4_000_000, 8_000_000, 12_000_000]
    derived = found.balances[-1]
    assert (derived.group, derived.inside, derived.derived) == ("households", 12_000_000, True)
    alone = read(tmp_path, layer(path, "p60", "p60"), household_size=size)
    assert [b.group for b in alone.balances] == ["p60"]
    assert "households_micro" not in alone.demand


def test_people_without_a_position_are_in_the_balance(tmp_path):
    path = tmp_path / "h.csv"
    path.write_text("lon,lat,id,p60\n120,31.5,a,3\n,,b,4\n", encoding="utf-8")
    lost = DemandLayer("p60", points=path, value=("p60",), datum="wgs84")
    (balance,) = read(tmp_path, lost).balances
    assert (balance.total, balance.unplaced) == (7_000_000, 4_000_000)


def read_counted(tmp_path, counts, rows=ROWS, **options):
    """Communities W (x −10–20) and E (x 20–100) with their households; c lies outside."""
    shapes = {"W": shapely.box(-10, -10, 20, 10), "E": shapely.box(20, -10, 100, 10)}
    file = write_layer(
        tmp_path / "c.geojson",
        [(s, {"id": k, "n": k, "h": counts.get(k)}) for k, s in shapes.items()],
    )
    boundary = write_layer(tmp_path / "b.geojson", [(shapely.box(-10, -10, 100, 10), {})])
    area = Area(boundary, communities=ZoneLayer(file, "id", "n", households="h"))
    path = write_points(tmp_path / "h.csv", "id,total,p60", rows)
    layers = (layer(path, "total", "total"), layer(path, "p60", "p60"))
    return read_population(Demand(layers, **options), read_area(area, METRIC), METRIC)


def test_counted_households_go_before_the_household_size(tmp_path):
    """W's 7 and E's 9 households are counted; only c's 30 residents outside are divided by 2.5."""
    found = read_counted(tmp_path, {"W": 7, "E": 9}, household_size=Decimal("2.5"))
    assert found.demand["households_micro"].tolist() == [7_000_000, 9_000_000, 12_000_000]
    households = found.balances[-1]
    assert (households.inside, households.outside) == (16_000_000, 12_000_000)
    assert [i.code for i in found.findings if "HOUSEHOLDS" in i.code] == ["HOUSEHOLDS_COUNTED"]


def test_a_community_without_a_count_takes_the_household_size_or_is_listed(tmp_path):
    """E's 20 residents / 2.5 are 8 households; without a size theirs are unknown, and said so."""
    found = read_counted(tmp_path, {"W": 7}, household_size=Decimal("2.5"))
    assert found.demand["households_micro"].tolist() == [7_000_000, 8_000_000, 12_000_000]
    found = read_counted(tmp_path, {"W": 7})
    assert found.demand["households_micro"].tolist() == [7_000_000, 0, 0]
    listed = [(i.code, i.detail.get("people")) for i in found.findings if "HOUSEHOLDS" in i.code]
    assert ("HOUSEHOLDS_UNKNOWN", "20") in listed


def test_households_where_nobody_lives_are_listed_and_not_lost(tmp_path):
    """W has 7 households and no resident: they are outside, in the balance."""
    found = read_counted(tmp_path, {"W": 7, "E": 9}, rows=ROWS[1:])
    households = found.balances[-1]
    assert (households.inside, households.outside, households.beyond) == (
        9_000_000,
        7_000_000,
        7_000_000,
    )
    assert "HOUSEHOLDS_NOBODY" in [i.code for i in found.findings]
