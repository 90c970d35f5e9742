"""Floating catchments, assignment and inequality, independently: loops over tables of numbers."""

from __future__ import annotations

import math
from itertools import product

Weights = list[list[float]]
"""Weight of each walk, homes by sites; 0 out of reach."""


def supply_per_person(
    method: str, weights: Weights, persons: list[float], supply: list[float]
) -> list[float]:
    """Access of each home by the formulas as printed in their papers."""
    homes, sites = range(len(persons)), range(len(supply))
    if method == "2sfca":
        weights = [[1.0 if w > 0 else 0.0 for w in row] for row in weights]
    rows = [sum(row) for row in weights]
    share = [[w / rows[i] if rows[i] else 0.0 for w in weights[i]] for i in homes]
    # BFCA shares a level of service over the homes where people live.
    columns = [sum(weights[i][j] for i in homes if persons[i] > 0) for j in sites]
    access = [0.0] * len(persons)
    for j in sites:
        if method == "3sfca":
            asked = sum(share[i][j] * weights[i][j] * persons[i] for i in homes)
        elif method == "bfca":
            asked = sum(share[i][j] * persons[i] for i in homes)
        else:
            asked = sum(weights[i][j] * persons[i] for i in homes)
        if asked == 0:
            continue
        for i in homes:
            w = weights[i][j]
            given = {
                "2sfca": w,
                "e2sfca": w,
                "m2sfca": w * w,
                "3sfca": share[i][j] * w,
                "bfca": w / columns[j] if columns[j] else 0.0,
            }[method]
            access[i] += given * supply[j] / asked
    return access


def served_in_order(
    ms: list[list[int | None]], persons: list[int], capacity: list[int]
) -> list[list[int]]:
    """People of each home at each site, taken in the order of time, site and home."""
    left, room = list(persons), list(capacity)
    found = [[0] * len(capacity) for _ in persons]
    pairs = sorted(
        (time, j, i) for i, row in enumerate(ms) for j, time in enumerate(row) if time is not None
    )
    for _, j, i in pairs:
        taken = min(left[i], room[j])
        found[i][j] += taken
        left[i] -= taken
        room[j] -= taken
    return found


def least_walk_of_units(
    ms: list[list[int | None]], persons: list[int], capacity: list[int]
) -> tuple[int, int]:
    """Most people served, and the least total time for that many, over all choices."""
    people = [i for i, n in enumerate(persons) for _ in range(n)]
    choices = [[None, *(j for j, time in enumerate(ms[i]) if time is not None)] for i in people]
    best = (0, 0)
    for chosen in product(*choices):
        if any(chosen.count(j) > room for j, room in enumerate(capacity)):
            continue
        served = [(i, j) for i, j in zip(people, chosen, strict=True) if j is not None]
        walk = sum(ms[i][j] or 0 for i, j in served)
        best = min(best, (-len(served), walk))
    return -best[0], best[1]


def gini(values: list[float], persons: list[float]) -> float | None:
    """Σ Σ p_i p_j |x_i − x_j| / (2 P² μ)."""
    everybody = sum(persons)
    total = sum(p * x for p, x in zip(persons, values, strict=True))
    if not everybody or not total:
        return None
    apart = math.fsum(
        p * q * abs(x - y)
        for p, x in zip(persons, values, strict=True)
        for q, y in zip(persons, values, strict=True)
    )
    return apart / (2 * everybody * total)
