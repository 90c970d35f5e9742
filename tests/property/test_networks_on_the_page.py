"""The page's own search on random networks: homes and milliseconds are those of the oracle."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from tests.builders.drawn_networks import networks, places, plain
from tests.builders.networks_on_the_page import Node
from tests.oracle import oracle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.builders.drawn_networks import Drawn

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    if not shutil.which("node"):
        pytest.skip("no node on this machine: the scripts of the pages are tested in Chromium only")
    found = Node()
    yield found
    found.close()


def ways_of(drawn: Drawn, *, back: bool = False) -> dict[tuple[int, int], int]:
    """Milliseconds from homes to sites by the oracle, or from sites to homes."""
    homes, sites = places(drawn.homes, "h"), places(drawn.sites, "f")
    ends = (sites, homes) if back else (homes, sites)
    pairs = oracle.all_pairs(*ends, plain(drawn), drawn.speed, drawn.horizon_ms)
    found = {}
    for (start, end), ms in pairs.items():
        home, site = (end, start) if back else (start, end)
        found[int(home[1:]), int(site[1:])] = ms
    return found


def require_same(
    answer: dict[str, Any], expected: dict[tuple[int, int], int], n_homes: int
) -> None:
    """Homes in reach of a site stand on streets that are drawn so, and their ways are shortest."""
    found = {
        (home, site): ms
        for site, homes in enumerate(answer["reached"])
        for home, ms in homes.items()
    }
    assert found == expected
    assert answer["drawn"]
    for home in range(n_homes):
        best = min(((ms, site) for (h, site), ms in expected.items() if h == home), default=None)
        way = answer["ways"][home]
        assert (way and (way["ms"], way["site"])) == best
        assert way is None or way["whole"]


@settings(max_examples=200)
@given(networks())
def test_who_reaches_a_site_is_what_the_oracle_finds(node, drawn):
    answer = node.asks(drawn, round_trip=False)
    require_same(answer, ways_of(drawn), len(drawn.homes))


@settings(max_examples=150)
@given(networks())
def test_a_round_trip_is_the_sum_of_both_ways(node, drawn):
    there, back = ways_of(drawn), ways_of(drawn, back=True)
    both = {pair: there[pair] + back[pair] for pair in there.keys() & back.keys()}
    within = {pair: ms for pair, ms in both.items() if ms <= drawn.horizon_ms}
    require_same(node.asks(drawn, round_trip=True), within, len(drawn.homes))
