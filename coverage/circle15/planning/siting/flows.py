"""How many people given sites can serve: the greatest flow from homes through capacities."""

# ruff: noqa: PLR0917 - the parts of one flow, by place

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.arrays import Ints


def most_served(demand: Ints, reached: Sequence[Ints], capacity: Sequence[int]) -> int:
    """
    Serve as many people as capacities allow, each by a site that reaches them.

    Parameters
    ----------
    demand : int64, shape (homes,)
        Micro-persons of each home.
    reached
        Homes within the circle of each site.
    capacity
        Micro-persons that each site can serve.

    Notes
    -----
    Homes that reach the same sites are one; then flow is pushed along shortest ways (Edmonds and
    Karp 1972) in whole numbers, so the answer is exact.

    Examples
    --------
    Site 0 reaches both homes, site 1 only the second: 5 + 4 places for 3 + 8 people.

    >>> import numpy as np
    >>> most_served(np.array([3, 8]), [np.array([0, 1]), np.array([1])], [5, 4])
    9
    """
    members, people = _classes(demand, reached)
    left = list(capacity)
    flow = [dict.fromkeys(sites, 0) for sites in members]
    visitors: list[list[int]] = [[] for _ in capacity]
    for at, sites in enumerate(members):
        for site in sites:
            visitors[site].append(at)
    served = 0
    for at, sites in enumerate(members):  # most of it needs no way round
        for site in sites:
            now = min(people[at], left[site])
            flow[at][site] += now
            people[at] -= now
            left[site] -= now
            served += now
    while pushed := _push(people, left, flow, visitors):
        served += pushed
    return served


def _classes(demand: Ints, reached: Sequence[Ints]) -> tuple[list[tuple[int, ...]], list[int]]:
    """Sets of sites that homes reach, and the people of each set."""
    sets: dict[int, list[int]] = {}
    for site, homes in enumerate(reached):
        for home in homes[demand[homes] > 0].tolist():
            sets.setdefault(home, []).append(site)
    people: dict[tuple[int, ...], int] = {}
    for home, sites in sets.items():
        people[tuple(sites)] = people.get(tuple(sites), 0) + int(demand[home])
    return list(people), list(people.values())


def _push(
    people: list[int], left: list[int], flow: list[dict[int, int]], visitors: list[list[int]]
) -> int:
    """Push people along one shortest way to a free place; 0 if there is none."""
    came_from = {at: -1 for at, some in enumerate(people) if some}
    queue, site_from = list(came_from), dict[int, int]()
    for at in queue:
        for site in flow[at]:
            if site in site_from:
                continue
            site_from[site] = at
            if left[site]:
                return _push_along(site, site_from, came_from, people, left, flow)
            for other in visitors[site]:
                if other not in came_from and flow[other][site]:
                    came_from[other] = site
                    queue.append(other)
    return 0


def _push_along(
    site: int,
    site_from: dict[int, int],
    came_from: dict[int, int],
    people: list[int],
    left: list[int],
    flow: list[dict[int, int]],
) -> int:
    """Move as many as the way carries: each class to the next site, in place of the class there."""
    way = [(site_from[site], site)]
    while came_from[way[-1][0]] >= 0:
        before = came_from[way[-1][0]]
        way.append((site_from[before], before))
    given_up = [(way[k][0], way[k + 1][1]) for k in range(len(way) - 1)]
    moved = min(left[site], people[way[-1][0]], *(flow[at][old] for at, old in given_up), 1 << 62)
    for at, to in way:
        flow[at][to] += moved
    for at, old in given_up:
        flow[at][old] -= moved
    people[way[-1][0]] -= moved
    left[site] -= moved
    return moved
