"""Properties of slopes, for any streets on any ground."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.streets import METRIC

from circle15.network.costs.slope import measure_relief

if TYPE_CHECKING:
    from circle15.network.relief import Relief


@dataclass(frozen=True)
class Hills:
    """Three waves; without heights west of `from_x`."""

    waves: tuple[tuple[float, float, float], ...]
    from_x: float
    above: float = 0.0
    spacing_m: float = 30.0

    def heights(self, x_m: np.ndarray, y_m: np.ndarray, crs: object) -> np.ndarray:
        z = np.full(len(x_m), self.above)
        for height, along, across in self.waves:
            z += height * np.sin(along * x_m / 100 + across * y_m / 100)
        return np.where(x_m >= self.from_x, z, np.nan)


@dataclass(frozen=True)
class Streets:
    x: np.ndarray
    y: np.ndarray
    u: np.ndarray
    v: np.ndarray
    spans: np.ndarray
    stairs: np.ndarray


def measured(hills: Hills, streets: Streets) -> Relief:
    s = streets
    length = np.hypot(s.x[s.u] - s.x[s.v], s.y[s.u] - s.y[s.v])
    return measure_relief(
        hills, METRIC, (s.x, s.y), (s.u, s.v), length, spans=s.spans, stairs=s.stairs
    )


wave = st.tuples(st.floats(0, 30), st.floats(-3, 3), st.floats(-3, 3))
hills = st.builds(Hills, st.tuples(wave, wave, wave), st.floats(-100, 500))


@st.composite
def street_networks(draw: st.DrawFn) -> Streets:
    n = draw(st.integers(2, 9))
    places = st.lists(st.integers(0, 1000), min_size=n, max_size=n)
    ends = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] != e[1])
    edges = np.array(draw(st.lists(ends, min_size=1, max_size=14)), np.int64)
    kinds = draw(st.lists(st.sampled_from("wwwbs"), min_size=len(edges), max_size=len(edges)))
    x, y = (np.array(draw(places), float) for _ in "xy")
    kind = np.array(kinds)
    return Streets(x, y, edges[:, 0], edges[:, 1], kind == "b", kind == "s")


@settings(max_examples=150, deadline=None)
@given(hills, street_networks())
def test_there_and_back_takes_no_less_than_flat(ground: Hills, streets: Streets) -> None:
    found = measured(ground, streets)
    assert (found.ratio_fwd + found.ratio_bwd >= 2 - 4e-6).all()
    assert (found.ratio_fwd > 0.83).all()
    assert (found.ratio_fwd < 3.41).all()


@settings(max_examples=150, deadline=None)
@given(hills, street_networks())
def test_climbing_less_coming_down_is_the_difference_of_heights(
    ground: Hills, streets: Streets
) -> None:
    found = measured(ground, streets)
    z = found.node_z_m
    rise = z[streets.v] - z[streets.u]
    known = np.isfinite(rise)
    net = found.ascent_m - found.descent_m
    assert np.abs(net[known] - rise[known]).max(initial=0) < 1e-3
    assert (net[~known] == 0).all()
    assert (found.ratio_fwd[~known] == 1).all()


@settings(max_examples=100, deadline=None)
@given(hills, street_networks(), st.floats(-400, 4000))
def test_the_datum_of_heights_does_not_matter(
    ground: Hills, streets: Streets, above: float
) -> None:
    low, high = measured(ground, streets), measured(replace(ground, above=above), streets)
    assert np.abs(low.ratio_fwd - high.ratio_fwd).max() < 1e-3
    assert low.flat_m == high.flat_m


@settings(max_examples=100, deadline=None)
@given(hills, street_networks())
def test_edges_the_other_way_round_have_their_costs_swapped(
    ground: Hills, streets: Streets
) -> None:
    there = measured(ground, streets)
    back = measured(ground, replace(streets, u=streets.v, v=streets.u))
    assert np.abs(there.ratio_fwd - back.ratio_bwd).max() < 1e-3
    assert np.abs(there.ascent_m - back.descent_m).max() < 1e-3


@settings(max_examples=100, deadline=None)
@given(hills, street_networks())
def test_spans_stay_between_the_heights_of_the_ground(ground: Hills, streets: Streets) -> None:
    """No deck is higher or lower than everything that it could rest on."""
    found = measured(ground, streets)
    model = ground.heights(streets.x, streets.y, None)
    known = np.isfinite(found.node_z_m)
    if known.any() and np.isfinite(model).any():
        assert found.node_z_m[known].max() <= np.nanmax(model) + 1e-3
        assert found.node_z_m[known].min() >= np.nanmin(model) - 1e-3
