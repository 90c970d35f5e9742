"""Count people by state: integers of micro-persons, so every sum is exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from circle15.access.states import State
from circle15.study import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int8]
    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Counts:
    """People by state, in micro-persons; the three sum to `persons` exactly."""

    persons: int
    covered: int
    gap: int
    unknown: int

    @property
    def share_covered(self) -> float | None:
        """Covered share of the people, 0–1; a share of nobody is None."""
        return self.covered / self.persons if self.persons else None

    def as_persons(self) -> dict[str, float]:
        """Return the counts in persons, exact to the sixth decimal."""
        return {
            "persons": self.persons / c.MICRO,
            "covered": self.covered / c.MICRO,
            "gap": self.gap / c.MICRO,
            "unknown": self.unknown / c.MICRO,
        }


def count_states(state: Codes, weight: Ints) -> Counts:
    """Sum the people of each state."""
    by_state = [int(weight[state == s].sum()) for s in State]
    return Counts(sum(by_state), *by_state)


def count_by_zone(state: Codes, weight: Ints, zone: Ints, n_zones: int) -> list[Counts]:
    """
    Sum the people of each state in each zone.

    Parameters
    ----------
    zone
        Number of the zone of each point, 0 … `n_zones` − 1; -1 for a point in none.
    """
    inside = zone >= 0
    table = np.zeros((n_zones, len(State)), np.int64)
    np.add.at(table, (zone[inside], state[inside]), weight[inside])
    return [Counts(int(row.sum()), *map(int, row)) for row in table]


def straight_line_ms(
    x_m: Floats, y_m: Floats, site_x_m: Floats, site_y_m: Floats, speed_m_s: Fraction
) -> Floats:
    """
    Milliseconds to the nearest site as the crow flies: what circles on a map would claim.

    Points or sites without a position (NaN) reach nothing; infinite where there is no site.
    """
    result = np.full(len(x_m), np.inf)
    sited = np.isfinite(site_x_m) & np.isfinite(site_y_m)
    placed = np.isfinite(x_m) & np.isfinite(y_m)
    if sited.any() and placed.any():
        tree = cKDTree(np.column_stack([site_x_m[sited], site_y_m[sited]]))
        distance, _ = tree.query(np.column_stack([x_m[placed], y_m[placed]]))
        result[placed] = np.floor(distance * 1000 / float(speed_m_s) + 0.5)
    return result


@dataclass(frozen=True, slots=True)
class CatchmentCount:
    """People within the cutoff of one facility, in micro-persons by group."""

    facility: int
    persons: dict[str, int]
    persons_only_here: dict[str, int]


def count_catchments(
    catchments: Iterable[tuple[int, Ints, Ints]],
    weights: dict[str, Ints],
    *,
    sure: Bools,
    n_points: int,
) -> list[CatchmentCount]:
    """
    Sum the people in the catchment of each facility of a category.

    Parameters
    ----------
    catchments
        Row of the facility, rows of the demand points in its reach, and their times.
    weights
        Group to micro-persons of each demand point.
    sure
        Whether the position of each facility row is sure.

    Returns
    -------
    For each facility the people in reach, and those for whom it is the only one of the category
    with a sure position.
    """
    reach: dict[int, Ints] = {row: points for row, points, _ in catchments}
    times_reached = np.zeros(n_points, np.int64)
    for row, points in reach.items():
        if sure[row]:
            times_reached[points] += 1
    only = times_reached == 1
    return [
        CatchmentCount(
            row,
            {group: int(weight[points].sum()) for group, weight in weights.items()},
            {
                group: int(weight[points[only[points]]].sum()) if sure[row] else 0
                for group, weight in weights.items()
            },
        )
        for row, points in sorted(reach.items())
    ]
