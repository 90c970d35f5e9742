"""Slopes by hand: Tobler's ratio, ramps, bridges from abutment to abutment, holes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from tests.streets import METRIC

from circle15.network.costs import slope
from circle15.network.costs.slope import STEEPEST, measure_relief, slope_ratio
from circle15.network.costs.smoothing import REACH, gaussian

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle15.network.relief import Relief


@dataclass(frozen=True)
class Ground:
    """Heights by a formula of the place; NaN is no height."""

    height: Callable[[float, float], float]
    spacing_m: float = 30.0

    def heights(self, x_m: np.ndarray, y_m: np.ndarray, crs: object) -> np.ndarray:
        return np.array([self.height(x, y) for x, y in zip(x_m, y_m, strict=True)], float)


def relief(
    ground: Callable[[float, float], float],
    nodes: Sequence[tuple[float, float]],
    edges: list[tuple[int, int]],
    *,
    spans: tuple[int, ...] = (),
    stairs: tuple[int, ...] = (),
    spacing_m: float = 30.0,
) -> Relief:
    """Measure a network on a plane; `spans` and `stairs` are numbers of edges."""
    xy = np.array(nodes, float)
    u, v = np.array(edges, np.int64).T
    number = np.arange(len(edges))
    return measure_relief(
        Ground(ground, spacing_m),
        METRIC,
        (xy[:, 0], xy[:, 1]),
        (u, v),
        np.hypot(*(xy[v] - xy[u]).T),
        spans=np.isin(number, spans),
        stairs=np.isin(number, stairs),
    )


def test_case_t05_of_the_rules() -> None:
    """100 m at +10 % take 141.91 s at 1.0 m/s, at -10 % 100.00 s: exp(3.5 · (0.15 - 0.05))."""
    found = relief(lambda x, y: 0.1 * x, [(0, 0), (100, 0)], [(0, 1)])
    assert found.ratio_fwd[0] == pytest.approx(math.exp(0.35), abs=1e-6)
    assert f"{100 * found.ratio_fwd[0]:.2f}" == "141.91"
    assert found.ratio_bwd[0] == 1.0
    assert (found.ascent_m[0], found.descent_m[0]) == (10.0, 0.0)


def test_the_ratio_has_its_limit_and_its_least() -> None:
    ratio = slope_ratio(np.array([STEEPEST, 1.0, -STEEPEST, -1.0]))
    assert ratio[0] == ratio[1] == 3.404166  # exp(3.5 · 0.35)
    assert ratio[2] == ratio[3] == 2.398875  # exp(3.5 · (0.30 - 0.05))
    many = np.linspace(-0.4, 0.4, 801)
    assert many[slope_ratio(many).argmin()] == pytest.approx(-0.05)


def test_up_and_down_never_take_less_than_flat_twice() -> None:
    many = np.linspace(-0.5, 0.5, 1001)
    assert (slope_ratio(many) + slope_ratio(-many) >= 2 - 2e-6).all()


def test_a_flat_ground_counts_as_it_is() -> None:
    found = relief(lambda x, y: 123.4, [(0, 0), (70, 0), (70, 33)], [(0, 1), (1, 2)])
    assert found.ratio_fwd.tolist() == found.ratio_bwd.tolist() == [1.0, 1.0]
    assert (found.measured_m, found.flat_m, found.steepest) == (103.0, 0.0, 0.0)


def test_a_hill_between_the_ends_of_a_long_edge_is_seen() -> None:
    """Up 5 m over 50 m and down again: 50 m at 10 % and 50 m at -10 %, both ways."""
    found = relief(lambda x, y: 5 - abs(x - 50) / 10, [(0, 0), (100, 0)], [(0, 1)], spacing_m=25.0)
    up, down = slope_ratio(np.array([0.1, -0.1]))
    assert found.ratio_fwd[0] == found.ratio_bwd[0] == pytest.approx((up + down) / 2, abs=1e-6)
    assert (found.ascent_m[0], found.descent_m[0]) == (5.0, 5.0)


def valley(x: float, y: float) -> float:
    """Banks at 20 m and 26 m, and a valley at 0 m between x = 100 and x = 400."""
    return 0.0 if 100 < x < 400 else 20.0 if x <= 100 else 26.0


def test_a_bridge_of_several_ways_runs_evenly_between_its_abutments() -> None:
    """300 m from 20 m to 26 m: 2 % all the way, wherever its ways meet."""
    nodes = [(0, 0), (100, 0), (130, 0), (300, 0), (400, 0), (500, 0)]
    edges = [(0, 1), (1, 2), (3, 2), (3, 4), (4, 5)]
    found = relief(valley, nodes, edges, spans=(1, 2, 3))
    assert found.node_z_m.tolist() == pytest.approx([20, 20, 20.6, 24, 26, 26])
    up, down = slope_ratio(np.array([0.02, -0.02]))
    assert found.ratio_fwd.tolist() == pytest.approx([1, up, down, up, 1], abs=1e-6)
    assert (found.spanned_m, found.measured_m) == (300.0, 200.0)


def test_stairs_from_the_valley_do_not_pull_the_deck_down() -> None:
    """The deck is at 22 m above the stairs' head; they climb all of it."""
    nodes = [(0, 0), (100, 0), (200, 0), (400, 0), (500, 0), (200, 60)]
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), (5, 2)]
    found = relief(valley, nodes, edges, spans=(1, 2), stairs=(4,))
    assert found.node_z_m[2] == pytest.approx(22)
    assert found.ascent_m[4] == pytest.approx(22)


def test_a_footbridge_with_stairs_at_both_ends_has_its_abutments_there() -> None:
    """Ground at 3 % of x: the deck runs from stairs' head to stairs' head at the ground's."""
    nodes = [(0, 0), (10, 0), (50, 0), (60, 0)]
    found = relief(
        lambda x, y: 0.03 * x, nodes, [(0, 1), (1, 2), (2, 3)], spans=(1,), stairs=(0, 2)
    )
    assert found.node_z_m.tolist() == pytest.approx([0, 0.3, 1.5, 1.8])


def test_a_span_that_meets_nothing_keeps_the_heights_of_the_model() -> None:
    found = relief(lambda x, y: 0.1 * x, [(0, 0), (50, 0)], [(0, 1)], spans=(0,))
    assert found.node_z_m.tolist() == [0.0, 5.0]


def test_a_pier_is_as_high_as_its_only_end() -> None:
    found = relief(valley, [(50, 0), (100, 0), (200, 0)], [(0, 1), (1, 2)], spans=(1,))
    assert found.node_z_m.tolist() == [20.0, 20.0, 20.0]


def test_a_small_hole_is_crossed_evenly() -> None:
    """No data from x = 90 to 310: from 8 m at 80 to 32 m at 320 that is 10 %, as around it."""
    nodes = [(0, 0), (80, 0), (100, 0), (300, 0), (320, 0), (400, 0)]
    found = relief(
        lambda x, y: math.nan if 90 < x < 310 else 0.1 * x,
        nodes,
        [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)],
    )
    assert found.node_z_m.tolist() == pytest.approx([0, 8, 10, 30, 32, 40])
    assert found.ratio_fwd.tolist() == pytest.approx([math.exp(0.35)] * 5, abs=1e-6)
    assert (found.measured_m, found.filled_m, found.flat_m) == (160.0, 240.0, 0.0)


def test_a_hole_between_two_known_nodes_is_crossed_evenly() -> None:
    found = relief(lambda x, y: math.nan if 70 < x < 130 else x / 20, [(0, 0), (200, 0)], [(0, 1)])
    assert found.ascent_m[0] == pytest.approx(10)
    assert (found.measured_m, found.filled_m) == (0.0, 200.0)


def test_streets_that_leave_the_model_are_flat_and_counted() -> None:
    nodes = [(0, 0), (80, 0), (120, 0), (500, 0)]
    found = relief(lambda x, y: 0.1 * x if x < 100 else math.nan, nodes, [(0, 1), (1, 2), (2, 3)])
    assert np.isnan(found.node_z_m[2:]).all()
    assert found.ratio_fwd.tolist() == pytest.approx([math.exp(0.35), 1, 1], abs=1e-6)
    assert (found.measured_m, found.flat_m) == (80.0, 420.0)
    assert found.known_share == pytest.approx(0.16)


def test_a_large_hole_is_not_guessed() -> None:
    """1,200 m without heights, known at both ends: flat, and counted as such."""
    nodes = [(0, 0), (100, 0), (1100, 0), (1300, 0)]
    found = relief(
        lambda x, y: math.nan if 100 < x < 1300 else x / 50, nodes, [(0, 1), (1, 2), (2, 3)]
    )
    assert found.flat_m == 1200.0
    assert found.ratio_fwd.tolist()[1:] == [1.0, 1.0]


def test_a_bridge_whose_abutments_have_no_height_is_flat() -> None:
    found = relief(lambda x, y: math.nan, [(0, 0), (50, 0), (90, 0)], [(0, 1), (1, 2)], spans=(1,))
    assert found.flat_m == 90.0
    assert found.ratio_fwd.tolist() == [1.0, 1.0]


def test_edges_without_length_are_no_cliffs() -> None:
    found = relief(lambda x, y: x, [(0, 0), (0, 0), (1, 0)], [(0, 1), (1, 2)])
    assert np.isfinite(found.ratio_fwd).all()
    assert found.ratio_fwd[0] == 1.0


def test_a_walk_around_a_block_climbs_as_much_as_it_comes_down() -> None:
    nodes = [(0, 0), (200, 10), (190, 200), (-5, 170)]
    edges = [(0, 1), (1, 2), (2, 3), (3, 0)]
    found = relief(lambda x, y: 10 * math.sin(x / 40) + y * y / 900, nodes, edges, spacing_m=10.0)
    assert found.ascent_m.sum() == pytest.approx(found.descent_m.sum(), abs=1e-4)
    assert found.ascent_m.sum() > 20


def test_few_and_many_equations_have_one_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain of five spans with a branch, once as a full matrix and once as a sparse one."""
    rng = np.random.default_rng(4)
    z = np.array([10.0, 0.0, 0.0, 0.0, 0.0, 30.0, 20.0])
    free = np.array([False, True, True, True, True, False, False])
    ends = np.array([0, 1, 2, 3, 4, 2, 1, 3]), np.array([1, 2, 3, 4, 5, 6, 2, 1])
    length_m = rng.uniform(5.0, 50.0, 8)
    full = slope._even(z, free, ends, length_m)
    monkeypatch.setattr(slope, "_FEW", 0)
    assert slope._even(z, free, ends, length_m).tolist() == full.tolist()
    assert full.min() == 10.0
    assert full.max() == 30.0


@pytest.mark.parametrize("shape", [(1, 1), (3, 40), (60, 45)])
def test_the_gaussian_is_that_of_scipy(shape: tuple[int, int]) -> None:
    layer = np.random.default_rng(2).uniform(-5.0, 90.0, shape)
    theirs = gaussian_filter(layer, (1.5, 2.3), mode="constant", cval=0.0, truncate=float(REACH))
    assert gaussian(layer, (1.5, 2.3)) == pytest.approx(theirs, abs=1e-9)
