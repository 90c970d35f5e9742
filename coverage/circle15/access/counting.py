"""Count people by state in integer micro-persons, so that sums are exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.access.states import State
from circle15.inputs.shapes import points_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from circle15.arrays import Codes, Floats, Ints


@dataclass(frozen=True, slots=True)
class Counts:
    """People by state, in micro-persons; the three sum to `persons` exactly."""

    persons: int
    covered: int
    gap: int
    unknown: int

    def __add__(self, other: Counts) -> Counts:
        """Return the sum of both."""
        return Counts(
            self.persons + other.persons,
            self.covered + other.covered,
            self.gap + other.gap,
            self.unknown + other.unknown,
        )

    @property
    def share_covered(self) -> float | None:
        """Covered share of the people, 0–1; None without people."""
        return self.covered / self.persons if self.persons else None

    @property
    def judged(self) -> int:
        """Micro-persons whose state is known: covered or in a gap."""
        return self.covered + self.gap


_CODES: Final = tuple(int(state) for state in State)
NO_PEOPLE: Final = Counts(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Claimed:
    """
    People counted by walking, and how many straight-line circles would claim.

    Attributes
    ----------
    counts
        All people, by their state on foot.
    claimed
        The people within a straight-line circle, by their state on foot.
    """

    counts: Counts
    claimed: Counts

    @property
    def share(self) -> float | None:
        """Share (0–1) of all people within circles; None without people."""
        return self.claimed.persons / self.counts.persons if self.counts.persons else None

    @property
    def share_of_judged(self) -> float | None:
        """Share (0–1) of the people of known state within circles; None without people."""
        return self.claimed.judged / self.counts.judged if self.counts.judged else None

    @property
    def walking_of_judged(self) -> float | None:
        """Share (0–1) of the people of known state who are covered; None without people."""
        return self.counts.covered / self.counts.judged if self.counts.judged else None


def count_states(state: Codes, weight: Ints) -> Counts:
    """Sum the people (micro-persons) of each state."""
    by_state = [int(weight[state == code].sum()) for code in _CODES]
    return Counts(sum(by_state), *by_state)


def count_by_zone(state: Codes, weight: Ints, zone: Ints, n_zones: int) -> list[Counts]:
    """
    Sum the people of each state in each zone.

    Parameters
    ----------
    zone
        Index of the zone of each point, 0 … `n_zones` − 1; -1 for a point in none.
    """
    inside = zone >= 0
    table = np.zeros((n_zones, len(State)), np.int64)
    np.add.at(table, (zone[inside], state[inside]), weight[inside])
    return [Counts(int(row.sum()), *map(int, row)) for row in table]


def straight_line_m(x_m: Floats, y_m: Floats, site_x_m: Floats, site_y_m: Floats) -> Floats:
    """
    Return the straight-line distance from each point to the nearest site, metres.

    Infinite for a point without a position (NaN) and where no site has one.
    """
    result = np.full(len(x_m), np.inf)
    sited = np.isfinite(site_x_m) & np.isfinite(site_y_m)
    placed = np.flatnonzero(np.isfinite(x_m) & np.isfinite(y_m))
    if sited.any() and len(placed):
        tree = shapely.STRtree(points_at(site_x_m[sited], site_y_m[sited]))
        (point, _), distance = tree.query_nearest(
            points_at(x_m[placed], y_m[placed]), return_distance=True, all_matches=False
        )
        result[placed[point]] = distance
    return result


def straight_line_ms(distance_m: Floats, speed_m_s: Fraction) -> Floats:
    """Return the milliseconds to walk straight-line distances, rounded half up; inf stays inf."""
    return np.floor(distance_m * 1000 / float(speed_m_s) + 0.5)


@dataclass(frozen=True, slots=True)
class CatchmentCount:
    """
    People in the catchment of one facility, in micro-persons by group.

    Attributes
    ----------
    persons
        People within the circle's cutoff.
    persons_only_here
        Of them, those with no other site of the category in reach.
    persons_within
        People within each cutoff of the study, ascending; the last are `persons`.
    """

    facility: int
    persons: dict[str, int]
    persons_only_here: dict[str, int]
    persons_within: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def __add__(self, other: CatchmentCount) -> CatchmentCount:
        """Return the sum of two counts of the same facility."""
        return CatchmentCount(
            self.facility,
            _summed(self.persons, other.persons),
            _summed(self.persons_only_here, other.persons_only_here),
            _summed_within(self.persons_within, other.persons_within),
        )


def _summed(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in one | other}


def _summed_within(
    one: Mapping[str, tuple[int, ...]], other: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    pairs = {
        key: zip_longest(one.get(key, ()), other.get(key, ()), fillvalue=0)
        for key in (*one, *other)
    }
    return {key: tuple(a + b for a, b in found) for key, found in pairs.items()}
