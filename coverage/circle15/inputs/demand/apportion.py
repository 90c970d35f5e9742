"""Split whole numbers exactly by the method of largest remainders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints


def apportion(share: Floats, total: int) -> Ints:
    """
    Split a total in proportion to shares, so that the parts sum to it exactly.

    Parameters
    ----------
    share
        Not negative, shape (n,), with a sum above 0 unless the total is 0.
    total
        Whole number to split.

    Returns
    -------
    Whole parts, each its exact share rounded down or up; of equal remainders the earlier part
    gets the unit.

    Examples
    --------
    >>> apportion(np.array([1.0, 1.0, 1.0]), 100).tolist()
    [34, 33, 33]
    """
    group = np.zeros(len(share), np.int64)
    return apportion_groups(share, group, np.array([total], np.int64))


def apportion_groups(share: Floats, group: Ints, total: Ints) -> Ints:
    """
    Split one total per group in proportion to the shares of its members.

    Parameters
    ----------
    share
        Not negative, shape (n,).
    group
        Group of each member, 0 … len(total) − 1, shape (n,).
    total
        Whole number of each group; 0 for a group without any share.

    Raises
    ------
    ValueError
        If a group with a total above 0 has no share.

    Examples
    --------
    >>> apportion_groups(np.array([0.5, 0.5, 1.0]), np.array([0, 0, 1]), np.array([3, 7])).tolist()
    [2, 1, 7]
    """
    weight = np.bincount(group, weights=share, minlength=len(total))
    if ((weight <= 0) & (total > 0)).any():
        msg = "a group with a total has no share"
        raise ValueError(msg)
    exact = np.divide(
        share * total[group], weight[group], out=np.zeros(len(share)), where=weight[group] > 0
    )
    part = np.floor(exact).astype(np.int64)
    # Binary rounding may leave the floors a few units off the total: distribute the difference by
    # remainder, in whole rounds where it is larger than the group.
    due = total - np.bincount(group, weights=part, minlength=len(total)).astype(np.int64)
    order = np.lexsort((np.arange(len(share)), -(exact - part), group))
    member = np.bincount(group, minlength=len(total))
    start = np.cumsum(member) - member
    place = np.empty(len(share), np.int64)
    place[order] = np.arange(len(share)) - start[group[order]]
    rounds, rest = np.divmod(due[group], np.maximum(member[group], 1))
    part += rounds + (place < rest)
    return part
