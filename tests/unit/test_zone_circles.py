"""What straight-line circles claim of a street: worked out beside the walking counts."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import numpy as np

from circle15.run.counting import _claimed_by_zone


def test_people_within_the_circle_are_summed_by_zone():
    """At 1 m/s and 900 s: 899.9994 m rounds into the circle, 900.001 m is out.

    Zone 0: 1 + 2 (900.0 m is inside), not 4 (900.001 m). Zone 1: nobody near. One near home
    is in no zone.
    """
    people = SimpleNamespace(
        weight=np.array([1, 2, 4, 8, 16], np.int64), walker=SimpleNamespace(speed_m_s=Fraction(1))
    )
    distance = np.array([10.0, 900.0, 900.001, np.inf, 5.0])
    zone = np.array([0, 0, 0, 1, -1])
    assert _claimed_by_zone([people], distance, 900_000, zone, 2) == [3, 0]
    # A second cohort at half the speed: only the home at 10 m is near, and both are added.
    slow = SimpleNamespace(weight=people.weight, walker=SimpleNamespace(speed_m_s=Fraction(1, 2)))
    assert _claimed_by_zone([people, slow], distance, 900_000, zone, 2) == [4, 0]
