"""Compiled parts of splitting gap areas: boxes, halves, and which links remain."""

# mypy: disable-error-code="no-untyped-def"
# numba infers the types; the docstrings give shapes and units.

from __future__ import annotations

import numpy as np

from circle15.network.compiled import compiled


@compiled
def boxes(x, y, area, n):
    """Return west, south, east and north of the cells of each of `n` areas, shape (n, 4)."""
    box = np.empty((n, 4))
    box[:, :2], box[:, 2:] = np.inf, -np.inf
    for i in range(len(x)):
        own = box[area[i]]
        own[0], own[1] = min(own[0], x[i]), min(own[1], y[i])
        own[2], own[3] = max(own[2], x[i]), max(own[3], y[i])
    return box


@compiled
def far_half(x, y, area, n):
    """
    Return a mask of the cells of each area that are nearer to the second of its two ends.

    The first end is the first of the cells farthest from the mean of all, the second the first of
    those farthest from the first end.
    """
    count, sum_x, sum_y = np.zeros(n), np.zeros(n), np.zeros(n)
    for i in range(len(x)):
        count[area[i]] += 1
        sum_x[area[i]] += x[i]
        sum_y[area[i]] += y[i]
    one, other = np.zeros(n, np.int64), np.zeros(n, np.int64)
    most = np.full(n, -np.inf)
    for i in range(len(x)):
        a = area[i]
        away = np.hypot(x[i] - sum_x[a] / count[a], y[i] - sum_y[a] / count[a])
        if away > most[a]:
            most[a], one[a] = away, i
    most[:] = -np.inf
    to_one = np.empty(len(x))
    for i in range(len(x)):
        a = area[i]
        to_one[i] = np.hypot(x[i] - x[one[a]], y[i] - y[one[a]])
        if to_one[i] > most[a]:
            most[a], other[a] = to_one[i], i
    far = np.empty(len(x), np.bool_)
    for i in range(len(x)):
        end = other[area[i]]
        far[i] = np.hypot(x[i] - x[end], y[i] - y[end]) < to_one[i]
    return far


@compiled
def links_within(number, one, other, half):
    """
    Return the pairs that remain: both have a number, and these are of the same half.

    Parameters
    ----------
    number : int64
        New number of each of what the pairs name; -1 where it is gone.
    half : int64
        Half of each, by its new number.
    """
    first, second = np.empty(len(one), np.int64), np.empty(len(one), np.int64)
    n = 0
    for k in range(len(one)):
        a, b = number[one[k]], number[other[k]]
        if a >= 0 and b >= 0 and half[a] == half[b]:
            first[n], second[n] = a, b
            n += 1
    return first[:n], second[:n]
