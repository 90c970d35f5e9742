"""Gated compounds on real streets: the times of the independent oracle, no forbidden passage."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import osmium
import pytest
from tests.builders.china_networks import network_of
from tests.oracle import oracle, oracle_gated

from circle15.network.topology.compounds import RULES, compounds_of
from circle15.travel.engine.graph import Positions, TravelGraph
from circle15.travel.engine.search import nearest
from circle15.workflow.pipeline import run_study

if TYPE_CHECKING:
    from pathlib import Path

ONE = Fraction(1)
HOUR_MS = 3_600_000


def closed_of(path: Path) -> tuple[set[int], set[int]]:
    """Private ways and locked gates of a file, read plainly."""
    ways, gates = set(), set()
    for item in osmium.FileProcessor(str(path)):
        tags = {tag.k: tag.v for tag in item.tags}
        said = tags.get("foot") or tags.get("access")
        if isinstance(item, osmium.osm.Way) and said in oracle_gated.PRIVATE:
            ways.add(item.id)
        shut = said in oracle_gated.PRIVATE | {"no"}
        if isinstance(item, osmium.osm.Node) and "gate" in tags.get("barrier", "") and shut:
            gates.add(item.id)
    return ways, gates


@pytest.mark.parametrize("name", ["beijing_wangjing", "shanghai_baoshan_shu", "guixi"])
def test_times_under_each_rule_are_the_oracles(name: str, real_data: Path) -> None:
    """Eight homes and two sites on random edges, private ones among them."""
    network = network_of(real_data, name)
    path = real_data / "china_osm" / f"{name}.osm"
    other = oracle.read_osm(path, network.crs)
    ways, gates = closed_of(path)
    private = {k for k, edge in enumerate(other.edges) if edge.way in ways}
    assert set(np.flatnonzero(network.private).tolist()) == private
    assert compounds_of(network).any
    rng = np.random.default_rng(15)
    edges = np.r_[rng.choice(len(network.u), 6), rng.choice(sorted(private) or [0], 2)]
    rng.shuffle(edges)
    points = Positions(edges, np.full(8, 0.25), np.zeros(8, np.int64))
    homes = [oracle.Place(f"p{k}", oracle.Snap(int(e), 0.25, 0)) for k, e in enumerate(edges)]
    for rule in RULES:
        graph = TravelGraph.from_network(compounds_of(network).under(rule), ONE)
        for k in range(2):
            found = nearest(graph, points, points.take(np.array([k])), horizon_ms=HOUR_MS).time_ms
            times = oracle_gated.times_to(homes, homes[k], other, ONE, rule, private, gates)
            assert found.tolist() == [-1 if t is None or t > HOUR_MS else t for t in times]


@pytest.mark.parametrize("name", ["beijing_wangjing", "porto_alegre"])
def test_closed_covers_no_more_than_residents_nor_these_than_open(name, real_result) -> None:
    """Every row of every rule's own run; the figures of one run foretell the other runs."""
    as_open = real_result(name)
    study = as_open.study
    runs = {
        rule: run_study(replace(study, network=replace(study.network, gated=rule)))
        for rule in ("residents", "closed")
    } | {"open": as_open}
    for free, residents, closed in zip(*(runs[rule].coverage_rows for rule in RULES), strict=True):
        assert free.counts.covered >= residents.counts.covered >= closed.counts.covered
    for row in as_open.gated.rows:
        for rule, result in runs.items():
            (own,) = [
                one
                for one in result.coverage_rows
                if one.category == row.category
                and one.group == study.demand.group
                and one.cutoff_min == study.walk.circle_min
                and one.speed_m_s == study.walk.speed_m_s
            ]
            assert own.counts.covered == row.covered[rule]
    assert runs["closed"].gated == as_open.gated
    joined = [list(run.demand["edge_id"]) for run in runs.values()]
    assert joined[0] == joined[1] == joined[2]
