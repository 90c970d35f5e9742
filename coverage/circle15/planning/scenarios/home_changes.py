"""Homes that a scenario newly covers, loses or leaves in a gap, with their people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.access.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from circle15.access.cohorts import Cohort
    from circle15.arrays import Codes, Floats, Ints

NEW: Final = -1
"""State today of a home that only the scenario has."""

GAINED, LOST, NEWLY_HOUSED, LEFT, UNKNOWN = range(5)
CHANGE_WORDS: Final = ("gained", "lost", "new_home", "gap", "unknown")
"""Words of the codes of `HomeChanges.change`."""


@dataclass(frozen=True, slots=True)
class HomeChanges:
    """
    Homes of the judged group whose access a scenario changes, for one category and cutoff.

    In the circle also those that stay in a gap. Arrays have shape (n,); people are micro-persons of
    the judged group, who may walk at several speeds; states are those of the slowest of them.

    Attributes
    ----------
    home
        Index in `ScenarioHomes`, ascending.
    was, now
        States today (-1 for a home that only the scenario has) and in the scenario.
    gained, lost
        People at homes of the study who become covered, and who are no longer.
    at_new
        People covered at homes that only the scenario has.
    gap
        People in a gap in the scenario.
    """

    home: Ints
    was: Codes
    now: Codes
    gained: Ints
    lost: Ints
    at_new: Ints
    gap: Ints

    @property
    def change(self) -> Codes:
        """Index in `CHANGE_WORDS` of what most concerns each home."""
        picked = [
            (self.gained > 0) & (self.gained >= self.lost),
            self.lost > 0,
            self.at_new > 0,
            self.gap > 0,
        ]
        found: Codes = np.select(picked, [GAINED, LOST, NEWLY_HOUSED, LEFT], UNKNOWN).astype(
            np.int8
        )
        return found


@dataclass(frozen=True)
class ScenarioHomes:
    """
    The homes of a scenario, and which of them change.

    Attributes
    ----------
    ids, x_m, y_m, people
        Id, position (study CRS) and micro-persons of the judged group, shape (homes,).
    row
        Row of each in the demand table of the study; -1 for a new home.
    changes
        By category (or `all`) and cutoff in minutes; only where some home changes.
    """

    ids: npt.NDArray[np.object_]
    x_m: Floats
    y_m: Floats
    people: Ints
    row: Ints
    changes: Mapping[tuple[str, int], HomeChanges]


def home_changes(
    cohorts: Sequence[Cohort],
    was: Sequence[Codes],
    now: Sequence[Codes],
    moved: tuple[Ints, Ints],
    *,
    drawn: int,
    left: bool,
) -> HomeChanges | None:
    """
    Pick the homes that change.

    Parameters
    ----------
    cohorts
        The judged group.
    was, now
        States of the homes for each cohort, today (-1 for a new home) and in the scenario.
    moved
        People of each home who gain and lose access.
    drawn
        Index of the cohort whose states are told.
    left
        Whether homes that stay in a gap are also wanted.

    Returns
    -------
    None if no home changes.
    """
    n = len(moved[0])
    people, at_new, gap = (np.zeros(n, np.int64) for _ in range(3))
    other = np.zeros(n, bool)
    for one, then, state in zip(cohorts, was, now, strict=True):
        people += one.weight
        other |= then != state
        at_new += np.where((then == NEW) & (state == State.COVERED), one.weight, 0)
        gap += np.where(state == State.GAP, one.weight, 0)
    other &= people > 0
    if not other.any():
        return None
    home = np.flatnonzero(other | (left & (gap > 0)))
    gained, lost = moved
    return HomeChanges(
        home,
        was[drawn][home],
        now[drawn][home],
        *(values[home] for values in (gained, lost, at_new, gap)),
    )
