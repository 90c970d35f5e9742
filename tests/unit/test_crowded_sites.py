"""Many sites of one name: grouped around first ones as by definition, in linear time."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from circle15.inputs.facilities.duplicates import DUPLICATE_M, first_near
from circle15.inputs.facilities.similar_sites import list_similar
from circle15.study.vocabulary import columns as c


def _by_definition(xy):
    """A point stands for itself unless an earlier point that does lies within 20 m."""
    first: list[int] = []
    for k, at in enumerate(xy):
        near = [j for j in range(k) if first[j] == j and np.hypot(*(xy[j] - at)) <= DUPLICATE_M]
        first.append(near[0] if near else k)
    return first


def test_points_are_grouped_around_the_earliest_first_one_within_20_m():
    draw = np.random.default_rng(15)
    for _ in range(150):
        side, step = draw.choice([1, 30, 150, 600]), draw.choice([0.01, 5, 10, 20])
        xy = np.round(draw.uniform(0, side, (draw.integers(1, 40), 2)) / step) * step + 500_000
        assert first_near(xy).tolist() == _by_definition(xy)


def test_a_distance_of_exactly_20_m_is_near():
    assert first_near(np.array([[40.0, 0], [20, 0], [60, 0], [80, 0]])).tolist() == [0, 0, 0, 3]
    assert first_near(np.array([[0.0, 0], [20.001, 0]])).tolist() == [0, 1]


def test_a_crowd_in_one_place_or_in_a_row_takes_linear_time():
    begin = time.process_time()
    row = np.column_stack([np.arange(40_000) * 0.001, np.zeros(40_000)])
    assert len(set(first_near(row).tolist())) == 2
    assert not first_near(np.zeros((40_000, 2))).any()
    assert time.process_time() - begin < 10  # 800 million comparisons take minutes


def test_the_nearest_other_sites_of_a_row_are_found_in_linear_time():
    many = 50_000
    frame = pd.DataFrame(
        {
            c.FACILITY_ID: [f"f{k}" for k in range(many)],
            c.CATEGORY: "meal_point",
            c.NAME: [f"店{k}" for k in range(many)],
            c.X_M: np.arange(many) / 1024,
            c.Y_M: 0.0,
            c.DUPLICATE_OF: None,
            "file": "sites.csv",
            "row": np.arange(many) + 2,
        }
    )
    begin = time.process_time()
    (found,) = list_similar(frame)
    assert (
        time.process_time() - begin < 5
    )  # searches that list all points within 400 m take twice that
    assert (found.code, found.detail["pairs"]) == ("MANY_SIMILAR_SITES", str(many - 1))
