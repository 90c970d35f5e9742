"""All people that are read are inside, outside or reported, for every form of input."""

from __future__ import annotations

from decimal import Decimal

import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.streets import METRIC, write_layer, write_points

from circle15.inputs.area.study_area import read_area
from circle15.inputs.demand.population import read_population
from circle15.study.settings.records import Area, Demand, DemandLayer, ZoneLayer

MICRO = 1_000_000
SOME = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])

people = st.decimals(0, 10**5, places=6, allow_nan=False, allow_infinity=False)
places = st.none() | st.tuples(st.integers(-400, 400), st.integers(-400, 400))
cuts = st.integers(-250, 250)


def micro(numbers) -> int:
    return int(sum((Decimal(n) for n in numbers), Decimal(0)) * MICRO)


def area_of(folder, cut, *, ids=("W", "E")):
    """A boundary of 600 × 600 m, and two wards that tile it and meet at x = cut."""
    wards = [shapely.box(-300, -300, cut, 300), shapely.box(cut, -300, 300, 300)]
    rows = [(w, {"id": k, "n": f"{k}街道"}) for k, w in zip(ids, wards, strict=True)]
    boundary = write_layer(folder / "b.geojson", [(shapely.box(-300, -300, 300, 300), {})])
    layer = ZoneLayer(write_layer(folder / "w.geojson", rows), "id", "n")
    return read_area(Area(boundary, layer), METRIC)


def balanced(found, total, *, listed=0):
    """Input = inside + outside, at points and in the balance; zones add up to the inside."""
    (balance,) = found.balances
    weight = found.demand["p60_micro"]
    inside = found.demand["in_area"]
    assert balance.raw_inside + balance.raw_outside == total
    assert (weight >= 0).all()
    assert int(weight[inside].sum()) == balance.inside
    assert int(weight[~inside].sum()) + balance.beyond == balance.outside
    by_zone = found.demand[inside].groupby("street_id", dropna=False)["p60_micro"].sum()
    assert int(by_zone.sum()) == balance.inside
    assert not by_zone.index.isna().any()
    carried = sum(i.persons_micro or 0 for i in found.findings if i.code == "NO_POSITION")
    assert carried == listed
    assert balance.unplaced == listed


@SOME
@given(st.lists(st.tuples(places, people), min_size=1, max_size=12), cuts)
def test_points(tmp_path, rows, cut):
    """On the borders, far away, or nowhere: those without a place are outside and listed."""
    if all(place is None for place, _ in rows):
        rows = [*rows, ((0, 0), Decimal(1))]
    path = tmp_path / "h.csv"
    write_points(
        path, "id,p60", [(*place, f"h{k}", n) for k, (place, n) in enumerate(rows) if place]
    )
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f",,h{k},{n}\n" for k, (place, n) in enumerate(rows) if not place)
    layer = DemandLayer("p60", points=path, value=("p60",), crs="EPSG:4549")
    found = read_population(Demand((layer,)), area_of(tmp_path, cut), METRIC)
    balanced(found, micro(n for _, n in rows), listed=micro(n for p, n in rows if p is None))


boxes = st.tuples(
    st.integers(-400, 380), st.integers(-400, 380), st.integers(1, 300), st.integers(1, 300)
)


@SOME
@given(st.lists(st.tuples(boxes, st.integers(0, 10**6)), min_size=1, max_size=6), cuts)
def test_polygons(tmp_path, rows, cut):
    """Polygons of any size, overlapping, over borders: split by area, whole in sum."""
    shapes = [(shapely.box(x, y, x + w, y + h), n) for (x, y, w, h), n in rows]
    features = [(shape, {"id": f"g{k}", "p60": n}) for k, (shape, n) in enumerate(shapes)]
    path = write_layer(tmp_path / "g.geojson", features)
    layer = DemandLayer("p60", points=path, value=("p60",))
    found = read_population(Demand((layer,)), area_of(tmp_path, cut), METRIC)
    balanced(found, micro(n for _, n in shapes))
    assert found.demand["demand_id"].is_unique


@SOME
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.lists(boxes), cuts)
def test_zones_over_buildings(tmp_path, west, east, elsewhere, drawn, cut):
    """Of two wards and a row that is none, over any buildings: each ward keeps its people."""
    houses = [
        (shapely.box(x, y, x + w, y + h), {"use": "住宅", "floors": 1 + k})
        for k, (x, y, w, h) in enumerate(drawn)
    ]
    far = (shapely.box(5000, 0, 5010, 10), {"use": "住宅", "floors": 1})
    write_layer(tmp_path / "houses.geojson", [*houses, far])
    table = tmp_path / "census.csv"
    table.write_text(f"name,p60\nW街道,{west}\nE,{east}\n云深不知处,{elsewhere}\n", "utf-8")
    layer = DemandLayer(
        "p60",
        zones="streets",
        table=table,
        name="name",
        value=("p60",),
        buildings=tmp_path / "houses.geojson",
    )
    found = read_population(Demand((layer,)), area_of(tmp_path, cut), METRIC, places=lambda _: None)
    balanced(found, micro([west, east, elsewhere]))
    by_zone = found.demand[found.demand["in_area"]].groupby("street_id")["p60_micro"].sum()
    assert by_zone.get("W", 0) == west * MICRO
    assert by_zone.get("E", 0) == east * MICRO
    (lost,) = [i for i in found.findings if i.code == "COUNTS_WITHOUT_ZONE"]
    assert lost.persons_micro == elsewhere * MICRO
