"""Times and states of all homes, as arrays, for every way of walking."""

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
    Times and states of people who walk alike, at the judged or a sensitivity speed.

    Attributes
    ----------
    name
        `Part.name`: an age band or a group with its own profile; empty for people who walk as
        `[walk]` states.
    factor
        Multiple of their usual speed; 1 at the judged speed.
    speed_m_s
        Their speed on level streets, including the factor.
    categories
        Times and states of each home by category, in the order of `JudgedPeople.rows`.
    """

    name: str
    factor: Fraction
    speed_m_s: Fraction
    categories: Mapping[str, Judged]


@dataclass(frozen=True)
class JudgedPeople:
    """
    Times and states of the homes inside the area.

    Attributes
    ----------
    rows : int64, shape (n,)
        Row of each judged home in the demand table, ascending.
    walks
        The judged speed first, then the sensitivity speeds; at each speed every way of walking.
    """

    rows: Ints
    walks: Sequence[JudgedWalk]

    def at_judged_speed(self, name: str) -> Mapping[str, Judged]:
        """Return times and states by category of a part of a group; empty without homes."""
        if not len(self.rows):
            return {}
        return next(one.categories for one in self.walks if one.name == name and one.factor == 1)


def judged_people(walks: Walks) -> JudgedPeople:
    """Return the times and states of the homes, at every speed of the study."""
    homes, walk = walks.homes, walks.inputs.study.walk
    found = []
    for factor in map(walk.factor, walk.speeds):
        for name, walker in homes.walkers.items():
            paced = walker.times(factor)
            found.append(JudgedWalk(name, factor, paced.speed_m_s, walks.judged[paced]))
    return JudgedPeople(homes.rows, found)
