"""Every real extract of a Chinese city loads, and equals an independent count."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from tests.builders.china_networks import network_of
from tests.oracle import oracle, oracle_costs

from circle15 import network_from_graph
from circle15.network.topology.divided_roads import divided_roads
from circle15.network.walk_network import NO_WAY

if TYPE_CHECKING:
    from pathlib import Path


class Extract(NamedTuple):
    """What an extract is: components and steps by a count of the file, km with the filter."""

    components: int
    nodes_of_largest: float
    ways_of_steps: int
    km: float


EXTRACTS = {
    "beijing_wangjing": Extract(8, 0.903, 0, 84.5),
    "beijing_cau_east": Extract(14, 0.7955, 2, 64.8),
    "shenzhen_longgang": Extract(35, 0.9584, 35, 188.0),
    "shanghai_baoshan_shu": Extract(4, 0.977, 0, 44.9),
    "guixi": Extract(2, 0.997, 0, 115.6),
    "ninghua": Extract(1, 1.0, 0, 18.7),
    "nantong_dieshiqiao": Extract(1, 1.0, 0, 9.7),
}


def test_every_extract_is_in_the_list(real_data: Path) -> None:
    assert {path.stem for path in (real_data / "china_osm").iterdir()} == set(EXTRACTS)


@pytest.mark.parametrize("name", EXTRACTS)
def test_nodes_edges_and_km_equal_the_oracle(name: str, real_data: Path) -> None:
    """The same filter table, read plainly: every edge with its ends, costs and length."""
    network = network_of(real_data, name)
    other = oracle.read_osm(real_data / "china_osm" / f"{name}.osm", network.crs)
    assert len(network.u) == len(other.edges)
    assert len(network.x_m) == len({node for edge in other.edges for node in (edge.u, edge.v)})
    assert network.length_m.tolist() == [edge.length_m for edge in other.edges]
    forward = [-1 if edge.base_mm_fwd is None else edge.base_mm_fwd for edge in other.edges]
    assert network.base_mm_fwd.tolist() == forward
    assert network.snappable.tolist() == [edge.takes_snaps for edge in other.edges]
    assert network.length_m.sum() / 1000 == pytest.approx(other.length_km, rel=1e-12)
    kept = sum(network.kept.values())
    assert kept + sum(network.dropped.values()) == network.counts["ways_read"]
    assert {reason: other.counts[reason] for reason in network.dropped} == network.dropped


@pytest.mark.parametrize("name", EXTRACTS)
def test_they_are_reported_as_what_they_are(name: str, real_data: Path) -> None:
    """CAU falls apart (its largest component has 79.5 % of the nodes); Longgang has stairs.

    A platform of CAU and a square of Longgang that is a relation are pieces of their own.
    """
    network = network_of(real_data, name)
    known = EXTRACTS[name]
    nodes = np.bincount(network.component)
    steps = len(set(network.way_id[network.kind == "steps"].tolist()))
    assert (len(nodes), steps) == (known.components, known.ways_of_steps)
    assert nodes.max() / nodes.sum() == pytest.approx(known.nodes_of_largest, abs=5e-4)
    assert network.length_m.sum() / 1000 == pytest.approx(known.km, abs=0.05)
    assert network.extent_source == "header"
    assert network.counts["missing_nodes"] == 0


@pytest.mark.parametrize("name", EXTRACTS)
def test_they_go_to_osmnx_and_back(name: str, real_data: Path) -> None:
    network = network_of(real_data, name)
    again = network_from_graph(network.to_graph(), crs=network.crs.to_string())
    assert again.edge_ids.tolist() == network.edge_ids.tolist()
    assert again.length_m.tolist() == network.length_m.tolist()
    assert again.base_mm_fwd.tolist() == network.base_mm_fwd.tolist()
    assert again.base_mm_bwd.tolist() == network.base_mm_bwd.tolist()
    assert again.x_m[again.u].tolist() == network.x_m[network.u].tolist()
    assert again.y_m[again.v].tolist() == network.y_m[network.v].tolist()
    assert again.snappable.tolist() == network.snappable.tolist()
    assert len(again.exits) == len(network.exits)


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_cost_equals_a_second_reading_of_the_tags(name: str, real_data: Path) -> None:
    """Stairs, surfaces, signals and crossings, edge by edge, from the raw tags."""
    network = network_of(real_data, name, profile="older-adult")
    other = oracle_costs.Costs(real_data / "china_osm" / f"{name}.osm").all()
    found = zip(
        [None if mm == NO_WAY else mm for mm in network.base_mm_fwd.tolist()],
        [None if mm == NO_WAY else mm for mm in network.base_mm_bwd.tolist()],
        network.delay_ms_fwd.tolist(),
        network.delay_ms_bwd.tolist(),
        strict=True,
    )
    assert list(found) == other
    plain = network_of(real_data, name)
    assert (network.base_mm_fwd >= plain.base_mm_fwd).all()
    assert not plain.delay_ms_fwd.any()
    if name == "shenzhen_longgang":
        assert (network.base_mm_fwd > plain.base_mm_fwd).sum() > 35
    if name in {"beijing_wangjing", "beijing_cau_east", "shenzhen_longgang"}:
        assert network.delay_ms_fwd.any()


def test_divided_roads_without_crossings(real_data: Path) -> None:
    """Half of those of Wangjing is far from any mapped crossing, 阜通东大街 above all."""
    found = divided_roads(network_of(real_data, "beijing_wangjing"))
    assert found is not None
    assert found.length_m == pytest.approx(25_515, abs=1)
    assert found.uncrossed_m == pytest.approx(13_468, abs=1)
    assert found.worst[0].name == "阜通东大街"
