"""People in the catchments of sites, and who is in how many of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.counting import CatchmentCount
from circle15.travel.engine.accumulate import (
    ReachCounts,
    destination_sums_within,
    reach_counts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.arrays import Bools, Ints
    from circle15.travel.engine.joined import Search


@dataclass(frozen=True)
class Caught:
    """
    People in the catchments of the facilities of a category, and who is in how many of them.

    Attributes
    ----------
    joined
        Destinations that have joined the network, ascending.
    sums : int64, shape (destinations, limits, groups)
        Micro-persons within each limit.
    reached
        Number of facilities with a sure position in reach of each demand point.
    """

    joined: Ints
    sums: Ints
    reached: ReachCounts

    def counts(self, weights: Mapping[str, Ints]) -> list[CatchmentCount]:
        """
        Return the people in reach of each facility that has joined the network.

        And those for whom it is the only one of the category with a sure position. `facility` is a
        row of the destinations, `weights` are those that were summed.
        """
        stacked = np.column_stack(list(weights.values()))
        only_here = np.zeros_like(self.sums[:, -1])
        only = self.reached.only
        alone = np.flatnonzero(only >= 0)
        np.add.at(only_here, only[alone], stacked[alone])
        return [
            CatchmentCount(
                int(row),
                _by_group(weights, self.sums[row, -1]),
                _by_group(weights, only_here[row]),
                {g: tuple(n) for g, n in zip(weights, self.sums[row].T.tolist(), strict=True)},
            )
            for row in self.joined
        ]


def _by_group(weights: Mapping[str, Ints], sums: Ints) -> dict[str, int]:
    return {group: int(n) for group, n in zip(weights, sums, strict=True)}


def caught_by(
    search: Search, weights: Mapping[str, Ints], *, sure: Bools, limits_ms: Sequence[int]
) -> Caught:
    """
    Sum the people in the catchment of each facility of a category.

    Parameters
    ----------
    search
        Search from the facilities of the category to the demand points.
    weights
        Micro-persons of each demand point, by group.
    sure : bool, shape (destinations,)
        Whether the position of each facility is sure.
    limits_ms
        The study's cutoffs, milliseconds, ascending, inclusive; the last is that of the search.
    """
    stacked = np.column_stack(list(weights.values()))
    sums = destination_sums_within(search, stacked, limits_ms)
    return Caught(np.sort(search.goal_rows), sums, reach_counts(search, sure))


def caught_after(
    before: Caught, gone: ReachCounts, added: Caught, *, now: Ints, places: Ints
) -> Caught:
    """
    Return what the facilities of a category catch after some have gone and others were added.

    Parameters
    ----------
    before
        Of all facilities before.
    gone
        Of those that have gone, by their number before.
    added
        Of those that were added, searched alone.
    now
        Destination now of each destination before; -1 where it has gone.
    places
        Destination now of each that was added.

    Returns
    -------
    The same as a search of all: exclusive or takes a number away as it added it.
    """
    stays = np.flatnonzero(now >= 0)
    sums = np.zeros((len(stays) + len(places), *before.sums.shape[1:]), np.int64)
    sums[now[stays]] = before.sums[stays]
    sums[places] = added.sums
    joined = np.concatenate([now[before.joined], places[added.joined]])
    left = before.reached.count - gone.count
    # Where one is left its number is known, and renamed; of several only how many are.
    only = np.where(left == 1, before.reached.mixed ^ gone.mixed, -1)
    mixed = np.where(left == 1, np.append(now, -1)[only], 0)
    mixed ^= np.append(places, 0)[added.reached.only]
    count = left + added.reached.count
    return Caught(np.sort(joined[joined >= 0]), sums, ReachCounts(count, mixed))
