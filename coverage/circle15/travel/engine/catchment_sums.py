"""Compiled sums over catchments."""

# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types; the docstrings give shapes and units.

from __future__ import annotations

from circle15.network.compiled import compiled


@compiled
def add_at_destinations(destinations, offsets, points, ms, limits_ms, weights, sums):
    """
    Add the weights (origins × groups) of each catchment to the row of its destination.

    Each origin is added at the first of the ascending limits that its time is within; `sums` has
    the shape destinations × limits × groups.
    """
    for k in range(len(destinations)):
        d = destinations[k]
        for i in range(offsets[k], offsets[k + 1]):
            limit = 0
            while limit < len(limits_ms) and ms[i] > limits_ms[limit]:
                limit += 1
            if limit < len(limits_ms):
                for g in range(weights.shape[1]):
                    sums[d, limit, g] += weights[points[i], g]


@compiled
def note_reached(destinations, offsets, points, counted, count, mixed):
    """Count the destinations that each origin reaches; combine their rows by exclusive or."""
    for k in range(len(destinations)):
        d = destinations[k]
        if counted[d]:
            for i in range(offsets[k], offsets[k + 1]):
                count[points[i]] += 1
                mixed[points[i]] ^= d
