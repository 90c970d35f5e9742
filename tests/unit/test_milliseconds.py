"""Integer milliseconds: one rounding, half up, of an exact quotient."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from circle15.study.settings.records import Walk, speed_ratio
from circle15.travel.engine.milliseconds import split_ms, walking_ms


@pytest.mark.parametrize(
    ("speed", "reach_m"), [("0.6", 540), ("0.8", 720), ("0.9", 810), ("1.0", 900), ("1.2", 1080)]
)
def test_t01_fifteen_minutes_at_older_peoples_speeds(speed, reach_m):
    """T01: 900 s × speed metres take exactly 900 000 ms, a centimetre more takes longer."""
    ratio = Fraction(speed)
    mm = np.array([reach_m * 1000, reach_m * 1000 + 10])
    exact, beyond = walking_ms(mm, ratio).tolist()
    assert exact == 900_000
    assert beyond > 900_000


@pytest.mark.parametrize(
    ("mm", "speed", "ms"),
    [
        (1, "2", 1),  # 0.5 is rounded up, where banker's rounding gives 0
        (5, "2", 3),  # 2.5 likewise
        (3, "2", 2),
        (2, "0.8", 3),  # 2.5
        (7, "1.2", 6),  # 5.833
        (1, "3", 0),  # 0.333
        (0, "1", 0),
        (1_000_000_000, "0.001", 1_000_000_000_000),
    ],
)
def test_halves_go_up(mm, speed, ms):
    assert walking_ms(np.array([mm]), Fraction(speed)).tolist() == [ms]


def test_a_speed_is_its_written_decimal():
    """As a binary float 1.1 is a little more: 11 mm at 1.1 m/s are 10 ms, 0.55 mm half a ms."""
    speed = speed_ratio(Walk().speed_m_s / 1 * 11 / 10)
    assert speed == Fraction(11, 10)
    assert walking_ms(np.array([11]), speed).tolist() == [10]


@pytest.mark.parametrize(
    ("fraction", "ms", "part"), [(0.5, 5, 3), (0.5, 3, 2), (0.0, 9, 0), (1.0, 9, 9), (0.25, 10, 3)]
)
def test_the_parts_of_an_edge(fraction, ms, part):
    assert split_ms(np.array([fraction]), np.array([ms])).tolist() == [part]
