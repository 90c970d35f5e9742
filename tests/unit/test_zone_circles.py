"""Coverage by straight-line circles in a subdistrict, next to the counts by walking."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from circle15.access.cohorts import Cohort
from circle15.access.counting import Counts
from circle15.access.coverage_counts import count_cohorts_by_zone, within_circles
from circle15.study.settings.walkers import Walker


def test_people_within_the_circle_are_summed_by_zone():
    """At 1 m/s and 900 s: 899.9994 m rounds into the circle, 900.001 m is out.

    Zone 0: 1 + 2 (900.0 m is inside), not 4 (900.001 m). Zone 1: nobody near. One near home
    is in no zone.
    """
    weight = np.array([1, 2, 4, 8, 16], np.int64)
    people = Cohort("p60", Walker("plain", Fraction(1)), weight)
    distance = np.array([10.0, 900.0, 900.001, np.inf, 5.0])
    zone = np.array([0, 0, 0, 1, -1])
    # The second home is a gap: of the people whom circles claim it counts as that.
    states = np.array([0, 1, 1, 2, 0], np.int8)
    one, none = Counts(3, 1, 2, 0), Counts(0, 0, 0, 0)
    assert count_cohorts_by_zone(within_circles([people], distance, 15), [states], zone, 2) == [
        one,
        none,
    ]
    # A second cohort at half the speed: only the home at 10 m is near, and both are added.
    slow = Cohort("p60", Walker("plain", Fraction(1, 2)), weight)
    both = count_cohorts_by_zone(
        within_circles([people, slow], distance, 15), [states] * 2, zone, 2
    )
    assert both == [Counts(4, 2, 2, 0), none]
