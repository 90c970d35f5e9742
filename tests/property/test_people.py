"""People are conserved: whatever the shares, cells, zones and totals, sums are exact."""

from __future__ import annotations

import math

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from rasterio.transform import Affine
from tests.streets import EAST_M, METRIC, NORTH_M, write_layer

from circle15.access.counting import count_by_zone, count_states
from circle15.inputs.area.study_area import read_area
from circle15.inputs.demand.apportion import apportion, apportion_groups
from circle15.inputs.demand.rasters import read_rasters
from circle15.study.settings.records import Area, DemandLayer, ZoneLayer

share = st.floats(0, 1e6, allow_subnormal=False) | st.sampled_from([0.0, 1.0, 1 / 3])
shares = st.lists(share, min_size=1, max_size=30).map(np.array)


@given(shares, st.integers(0, 10**12))
def test_apportion_sums_and_bounds(parts_of, total):
    """The parts sum to the total; each is its exact share rounded down or up."""
    if parts_of.sum() <= 0:
        return
    parts = apportion(parts_of, total)
    assert int(parts.sum()) == total
    exact = parts_of * (total / parts_of.sum())
    slack = 1 + 1e-9 * exact  # the share itself is a float
    assert (np.abs(parts - exact) <= slack).all()
    assert (parts[parts_of == 0] <= 1).all()


@given(shares, st.integers(0, 10**9), st.integers(1, 10**9))
def test_apportion_gives_larger_shares_no_less(parts_of, total, more):
    if parts_of.sum() <= 0:
        return
    parts = apportion(parts_of, total)
    order = np.argsort(parts_of, kind="stable")
    assert (np.diff(parts[order]) >= -1).all()
    grown = apportion(parts_of, total + more)
    assert int(grown.sum()) == total + more


members = st.tuples(st.floats(0.001, 10), st.integers(0, 4))


@given(
    st.lists(members, min_size=1, max_size=40),
    st.lists(st.integers(0, 10**9), min_size=5, max_size=5),
)
def test_groups_are_split_apart(rows, totals):
    part = np.array([r[0] for r in rows])
    group = np.array([r[1] for r in rows], np.int64)
    wanted = np.array([t if (group == k).any() else 0 for k, t in enumerate(totals)], np.int64)
    parts = apportion_groups(part, group, wanted)
    assert (
        np.bincount(group, weights=parts, minlength=5).astype(np.int64).tolist() == wanted.tolist()
    )
    assert (parts >= 0).all()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    npst.arrays(np.float32, (3, 3), elements=st.floats(0, 5000, width=32)),
    st.floats(-50, 350),
    st.floats(10, 320),
)
def test_a_raster_is_conserved_whatever_cuts_it(tmp_path, cells, west, width):
    """3 × 3 cells, a boundary of any width, two wards that tile it: nobody is lost or doubled."""
    path = tmp_path / "p.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=3,
        width=3,
        count=1,
        dtype="float32",
        crs="EPSG:4549",
        transform=Affine(100, 0, EAST_M, 0, -100, NORTH_M + 300),
    ) as target:
        target.write(cells, 1)
    middle = west + width / 3
    boundary = shapely.box(west, 40, west + width, 260)
    wards = [shapely.box(west, 40, middle, 260), shapely.box(middle, 40, west + width, 260)]
    rows = [(w, {"id": f"W{k}", "n": ""}) for k, w in enumerate(wards)]
    area = Area(
        write_layer(tmp_path / "b.geojson", [(boundary, {})]),
        ZoneLayer(write_layer(tmp_path / "w.geojson", rows), "id", "n"),
    )
    found = read_rasters("", [DemandLayer("p60", (path,))], read_area(area, METRIC), METRIC).demand
    truth = math.floor(math.fsum(cells.astype(float).ravel()) * 1_000_000 + 0.5)
    assert int(found["p60_micro"].sum()) == truth
    assert (found["p60_micro"] >= 0).all()
    assert found["demand_id"].is_unique
    overlap = shapely.intersection(boundary, shapely.box(0, 0, 300, 300)).area
    if overlap > 1 and (cells == cells[0, 0]).all() and truth:
        inside = int(found.loc[found["in_area"], "p60_micro"].sum())
        assert inside / truth == pytest.approx(overlap / 90_000, abs=1e-4)


homes = st.tuples(st.integers(0, 2), st.integers(0, 10**12), st.integers(-1, 3))


@given(st.lists(homes, max_size=50), st.randoms(use_true_random=False))
def test_counts_do_not_depend_on_the_order(rows, rng):
    """By state and by zone, the same in any order, and the zones sum to those within."""

    def counted(some):
        state = np.array([r[0] for r in some], np.int8)
        weight = np.array([r[1] for r in some], np.int64)
        zone = np.array([r[2] for r in some], np.int64)
        return count_states(state, weight), count_by_zone(state, weight, zone, 4), zone, weight

    shuffled = rows.copy()
    rng.shuffle(shuffled)
    whole, zones, zone, weight = counted(rows)
    assert counted(shuffled)[:2] == (whole, zones)
    assert whole.covered + whole.gap + whole.unknown == whole.persons == sum(r[1] for r in rows)
    assert sum(z.persons for z in zones) == int(weight[zone >= 0].sum())
