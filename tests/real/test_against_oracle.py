"""
Every time on real streets equals the independent oracle's, to the millisecond.

The oracle finds its own streets, snaps and ways. What an edge costs it takes from the table of
edges: `test_china_osm.py` computes that a second time from the raw tags.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
import shapely
from tests.builders.oracle_runs import oracle_network, places, product_rows
from tests.oracle import oracle

from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from circle15.results.records import StudyResult

    RealResult = Callable[[str], StudyResult]

SPEEDS = (Fraction(1), Fraction(4, 5), Fraction(6, 5))


@pytest.mark.parametrize("name", ["porto_alegre", "beijing_wangjing", "wuhan"])
def test_times_equal_the_oracle(name: str, real_result: RealResult, real_data: Path) -> None:
    result = real_result(name)
    network = oracle_network(name, result, real_data)
    demand = result.demand[result.demand[c.IN_AREA]]
    homes = places(demand, c.DEMAND_ID, network)
    sites = places(result.facilities[result.facilities[c.OPEN]], c.FACILITY_ID, network)
    snapped = {home.id for home in homes if not isinstance(home.snap, str)}
    joined = set(demand.loc[demand[c.EDGE_ID].notna(), c.DEMAND_ID])
    assert snapped == joined
    for speed in SPEEDS:
        rows = oracle.time_rows(homes, oracle.nearest(homes, sites, network, speed))
        differences = oracle.compare_times(rows, product_rows(result, speed, {h.id for h in homes}))
        assert differences == []


@pytest.mark.parametrize("name", ["porto_alegre", "beijing_wangjing"])
def test_states_and_reasons_equal_the_oracle(
    name: str, real_result: RealResult, real_data: Path
) -> None:
    """Every home of the area, at every cutoff; a list is complete in the boundary or extent."""
    result = real_result(name)
    network = oracle_network(name, result, real_data)
    demand = result.demand[result.demand[c.IN_AREA]]
    (category,) = result.categories
    table = result.facilities[result.facilities[c.OPEN]]
    at = list(zip(table[c.X_M], table[c.Y_M], strict=True))
    joined = oracle.places(list(table[c.FACILITY_ID]), at, network)
    sites = [
        oracle.Site(place.id, xy, place.snap, bool(unsure))
        for place, xy, unsure in zip(joined, at, table[c.POSITION_UNSURE], strict=True)
    ]
    extent = result.network.extent
    rim = extent.boundary
    exits = [
        node
        for node, (x, y) in network.node_xy.items()
        if not shapely.intersects_xy(extent, x, y) or rim.distance(shapely.Point(x, y)) <= 50
    ]
    covers = extent if result.area.boundary is None else result.area.boundary
    cutoffs = result.study.walk.cutoffs_min
    study = oracle.Study(
        network, Fraction(1), [m * 60_000 for m in cutoffs], exits=exits, covers=covers
    )
    homes = places(demand, c.DEMAND_ID, network)
    points = list(zip(demand[c.X_M], demand[c.Y_M], strict=True))
    rows = oracle.judge(homes, points, sites, study)
    expected = {
        (home.id, cutoff): row[cutoff * 60_000]
        for home, row in zip(homes, rows, strict=True)
        for cutoff in cutoffs
    }
    judged = result.coverage
    judged = judged[(judged[c.SPEED_M_S] == 1.0) & (judged[c.CATEGORY] == category)]
    columns = [c.DEMAND_ID, c.CUTOFF_MIN, c.STATE, c.UNKNOWN_REASON]
    found = {
        (home, cutoff): (state, reason or None)
        for home, cutoff, state, reason in judged[columns].itertuples(index=False, name=None)
    }
    assert found == expected


def test_porto_alegre_accounts_for_everybody(real_result: RealResult, real_data: Path) -> None:
    result = real_result("porto_alegre")
    assert [b.inside for b in result.population.balances] == [812_935 * c.MICRO]
    assert [b.outside for b in result.population.balances] == [0]
    for row in result.coverage_rows:
        counts = row.counts
        assert counts.covered + counts.gap + counts.unknown == counts.persons == 812_935 * c.MICRO
    assert len(result.demand) == 1227
    assert len(result.facilities) == 117
    assert sum(result.facilities["places"]) == 141


def test_network_counts_equal_the_oracle(real_result: RealResult, real_data: Path) -> None:
    for name in ("porto_alegre", "beijing_wangjing", "wuhan"):
        result = real_result(name)
        network = oracle_network(name, result, real_data)
        assert len(result.network.u) == len(network.edges)
        used = {node for edge in network.edges for node in (edge.u, edge.v)}
        assert len(result.network.x_m) == len(used)
        total = sum(edge.length_m for edge in network.edges)
        assert result.network.length_m.sum() == pytest.approx(total, rel=1e-12)


def test_most_of_a_small_extract_is_unknown_or_covered(
    real_result: RealResult, real_data: Path
) -> None:
    """Wangjing is 2 km wide: who is not covered can walk out of it, so nobody is a gap."""
    result = real_result("beijing_wangjing")
    row = next(
        r
        for r in result.coverage_rows
        if r.category == "home_care_station" and r.cutoff_min == 15 and r.speed_m_s == 1
    )
    assert row.counts.unknown > 0
    assert row.counts.gap == 0
