"""One reason for each gap area, from what single changes would do for its people."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.arrays import Bools, Codes, Ints


class GapReason(StrEnum):
    """Why people cannot reach a site within the circle; of equal reasons the first one counts."""

    NO_SITE = "no_site"
    """No open site stands within the circle's cutoff × walking speed in a straight line."""
    GATE = "gate"
    """A site would be reached if everybody could use private ways and locked gates."""
    WALL = "wall"
    """A site would be reached if access legs could pass walls, fences and hedges."""
    BARRIER = "barrier"
    """A site would be reached if access legs could pass water, railways and motorways."""
    CLIMB = "climb"
    """A site would be reached if all streets were level."""
    DETOUR = "detour"
    """None of these: the way along the streets is too long."""
    CAPACITY = "capacity"
    """A site is reached, but every site that is reached is full."""


REASONS: Final = tuple(GapReason)
CHANGES: Final = (GapReason.GATE, GapReason.WALL, GapReason.BARRIER, GapReason.CLIMB)
"""Reasons that are a change of the study, in their order."""


@dataclass(frozen=True)
class Tried:
    """
    What single changes would do for the homes in the gap of a category, within the circle.

    Attributes
    ----------
    near : bool, shape (homes,)
        An open site stands within a circle around the home, in a straight line.
    covered : by change, each bool, shape (homes,)
        The home is in the gap, and would not be with the change. A change is missing where the
        study has nothing to change.
    """

    near: Bools
    covered: Mapping[GapReason, Bools] = field(default_factory=dict)


def reason_of_homes(near: Bools, covered: Mapping[GapReason, Bools]) -> Codes:
    """
    Return the reason of each home in the gap: the first one that holds.

    Parameters
    ----------
    near : bool, shape (n,)
        An open site of every service lacking stands within a circle, in a straight line.
    covered : by change, each bool, shape (n,)
        Every service lacking would be reached with the change.

    Returns
    -------
    Indices in `REASONS`, int8.

    Examples
    --------
    >>> near = np.array([False, True, True])
    >>> gate = {GapReason.GATE: np.array([True, True, False])}
    >>> [REASONS[k].value for k in reason_of_homes(near, gate)]
    ['no_site', 'gate', 'detour']
    """
    reason = np.full(len(near), REASONS.index(GapReason.DETOUR), np.int8)
    for change in reversed(CHANGES):
        if change in covered:
            reason[covered[change]] = REASONS.index(change)
    reason[~near] = REASONS.index(GapReason.NO_SITE)
    return reason


def people_by_reason(place: Ints, reason: Codes, weight: Ints, n: int) -> Ints:
    """
    Sum people by place and reason.

    Parameters
    ----------
    place : int64, shape (homes,)
        Place of each home, 0 … n − 1.
    reason : int8, shape (homes,)
        Index in `REASONS`.
    weight : int64, shape (homes,)
        Micro-persons.

    Returns
    -------
    Micro-persons, shape (n, reasons); a row sums to the people of the place.
    """
    table = np.zeros((n, len(REASONS)), np.int64)
    np.add.at(table, (place, reason), weight)
    return table


def main_reason(people: Ints) -> GapReason | None:
    """
    Return the reason of most people, of equal ones the first; None without people.

    Parameters
    ----------
    people : int64, shape (reasons,)
        Micro-persons by reason.

    Examples
    --------
    >>> main_reason(np.array([0, 3, 0, 0, 3, 2, 0]))
    <GapReason.GATE: 'gate'>
    """
    return REASONS[int(people.argmax())] if people.any() else None
