"""What was judged of all homes, for everybody who walks in their own way: arrays of codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from circle15.access.judging import Judged
    from circle15.access.walks import Walks
    from circle15.arrays import Ints


@dataclass(frozen=True)
class JudgedWalk:
    """
    Times and states of people who walk alike, at one speed of the sensitivity.

    Attributes
    ----------
    name
        `Part.name`: a band of age or a group with a profile; empty for who walks as `[walk]` says.
    factor
        How many times their usual speed they walk here; 1 at the judged speed.
    speed_m_s
        Their speed on the level, with the factor.
    categories
        Category to what was judged of each home, in the order of `JudgedPeople.rows`.
    """

    name: str
    factor: Fraction
    speed_m_s: Fraction
    categories: Mapping[str, Judged]


@dataclass(frozen=True)
class JudgedPeople:
    """
    The homes inside the area, judged.

    Attributes
    ----------
    rows : int64, shape (n,)
        Row of each judged home in the demand table, rising.
    walks
        The judged speed first, then those of the sensitivity; at each speed every way of walking.
    """

    rows: Ints
    walks: Sequence[JudgedWalk]

    def at_judged_speed(self, name: str) -> Mapping[str, Judged]:
        """Category to what was judged of the part of a name; empty where there are no homes."""
        if not len(self.rows):
            return {}
        return next(one.categories for one in self.walks if one.name == name and one.factor == 1)


def judged_people(walks: Walks) -> JudgedPeople:
    """Gather what was judged of the homes, at every speed of the study."""
    homes, walk = walks.homes, walks.inputs.study.walk
    found = []
    for factor in map(walk.factor, walk.speeds):
        for name, walker in homes.walkers.items():
            paced = walker.times(factor)
            found.append(JudgedWalk(name, factor, paced.speed_m_s, walks.judged[paced]))
    return JudgedPeople(homes.rows, found)
