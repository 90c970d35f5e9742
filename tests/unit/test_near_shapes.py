"""Shapes over each other: the pairs are found some at a time, and too many are refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from circle15.errors import InputDataError
from circle15.inputs import near_shapes
from circle15.inputs.near_shapes import pairs_that_meet, require_few_near, require_few_pieces
from circle15.study.limits import PIECES, SHAPE_PAIRS

FILE = Path("w.geojson")


def scattered(n, seed):
    draw = np.random.default_rng(seed)
    x, y, size = draw.uniform(0, 30, (3, n))
    return shapely.box(x, y, x + size / 4, y + size / 4)


@pytest.mark.parametrize("at_once", [7, 500_000])
def test_pairs_are_those_of_a_comparison_of_all(monkeypatch, at_once):
    monkeypatch.setattr(near_shapes, "_AT_ONCE", at_once)
    shapes = scattered(60, 1)
    shapes[[3, 30]] = None, shapely.Polygon()
    found = [
        (int(a), int(b)) for some in pairs_that_meet(shapes) for a, b in zip(*some, strict=True)
    ]
    every = [
        (a, b)
        for a in range(60)
        for b in range(a + 1, 60)
        if shapely.intersects(shapes[a], shapes[b])
    ]
    assert found == every
    assert len(every) > 100


def test_no_shapes_have_no_pairs():
    assert list(pairs_that_meet(np.array([], object))) == []
    require_few_near(np.array([None], object), "zones", FILE)


def test_a_lattice_of_squares_passes_whatever_its_size(monkeypatch):
    """An inner square meets eight others: its 25 counted corners are looked at 8 times."""
    monkeypatch.setattr(near_shapes, "SHAPE_PAIRS", replace(SHAPE_PAIRS, most=0))
    x, y = np.meshgrid(np.arange(40.0), np.arange(40.0))
    squares = shapely.box(x, y, x + 1, y + 1).ravel()
    require_few_near(squares, "zones", FILE)
    require_few_near(squares, "zones", FILE, others=squares)


@pytest.mark.parametrize("others", [False, True])
def test_very_many_over_each_other_are_refused(others):
    """1,000 squares, all alike: 499,500 pairs, of which each counts 2 · (5 + 20) corners."""
    squares = np.array([shapely.box(0, 0, 1, 1)] * 1000, object)
    with pytest.raises(InputDataError, match=r"w.geojson: has too many zones over each other; the"):
        require_few_near(squares, "zones", FILE, others=squares if others else None)
    require_few_near(squares[:500], "zones", FILE)


def test_polygons_over_very_many_zones_are_refused(monkeypatch):
    """Two polygons over a lattice of 6 by 6 zones have 72 pieces; a hundred over one have 100."""
    monkeypatch.setattr(near_shapes, "PIECES", replace(PIECES, most=71))
    x, y = np.divmod(np.arange(36.0), 6)
    zones = shapely.box(x, y, x + 0.9, y + 0.9)
    over_all = np.array([shapely.box(0, 0, 6, 6), None, shapely.box(0.5, 0.5, 5.5, 5.5)])
    with pytest.raises(InputDataError, match=r"w.geojson: has polygons over too many zones; the"):
        require_few_pieces(over_all, zones, "polygons", FILE)
    require_few_pieces(over_all[:2], zones, "polygons", FILE)
    require_few_pieces(np.repeat(zones[:1], 100), zones, "polygons", FILE)
