"""Pack integer columns into bytes that compress well and that JavaScript reads exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

WIDTHS = (1, 2, 4, 7)
"""Allowed bytes per value; 7 covers the integers that JavaScript holds exactly (up to 2⁵³)."""


@dataclass(frozen=True, slots=True)
class Column:
    """
    A named column of integers from 0 to 2⁵³, shape (n,).

    With `steps` each value is stored as its difference from the previous one, which compresses
    better where neighbours are similar.
    """

    name: str
    values: npt.NDArray[Any]
    steps: bool = False


def pack_columns(columns: Sequence[Column]) -> tuple[list[list[str | int]], bytes]:
    r"""
    Concatenate columns as byte planes: of each column all lowest bytes first, then the next.

    Returns
    -------
    For each column its name, number of values, bytes per value, and 1 if it is stored as
    differences (modulo 256 to the power of its bytes); then the bytes of all columns.

    Raises
    ------
    ValueError
        If a value is negative or above 2⁵³, or a column that needs 7 bytes has `steps`.

    Examples
    --------
    >>> pack_columns([Column("a", np.array([1, 258])), Column("b", np.array([5, 4]), steps=True)])
    ([['a', 2, 2, 0], ['b', 2, 1, 1]], b'\x01\x02\x00\x01\x05\xff')
    """
    plan: list[list[str | int]] = []
    parts = []
    for column in columns:
        values = np.asarray(column.values, np.int64)
        most = int(values.max(initial=0))
        width = next(w for w in WIDTHS if most < 256**w)
        if values.min(initial=0) < 0 or most > 2**53 or (column.steps and width > 4):
            message = f"the column {column.name!r} cannot be packed: up to {most}"
            raise ValueError(message)
        if column.steps:
            values = np.diff(values, prepend=0)
        planes = values.astype("<i8").view(np.uint8).reshape(-1, 8)[:, :width]
        plan.append([column.name, len(values), width, int(column.steps)])
        parts.append(np.ascontiguousarray(planes.T).tobytes())
    return plan, b"".join(parts)
