r"""
Pack lines in blocks that a page decodes one by one, as it looks at them.

Positions are integers of the Web Mercator square, from 0 at its north-west corner to 2²⁵: a unit is
1.2 m at the equator, 1 m in the middle of China. Lines are ordered along a curve that keeps
neighbours together, and cut into blocks of some two thousand vertices, so that a block is small and
blocks of dense streets are smaller.

A block is a sequence of variable-length integers (seven bits a byte, the lowest first, the highest
bit set on all but the last). Each line is its number of vertices, then two integers a vertex: its
steps east and south from the vertex before, the first of a block from the block's north-west
corner. A step s is stored as 2s, or −2s − 1 if negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from circle15.output.map.packed_columns import Column
from circle15.results.streets.street_lines import along_curve

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from circle15.arrays import Floats, Ints

BITS: Final = 25
BLOCK_VERTICES: Final = 2000
CELL_BITS: Final = 11


@dataclass(frozen=True)
class Lines:
    """
    Lines on the Mercator square.

    Attributes
    ----------
    x, y : int64, shape (vertices,)
        Positions of the vertices, line after line, in units from the north-west corner.
    start : int64, shape (lines + 1,)
        Start of each line.
    """

    x: Ints
    y: Ints
    start: Ints


def mercator(lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
    """
    Return positions on the Mercator square, rounded to units.

    Examples
    --------
    >>> x, y = mercator(np.array([-180.0, 0.0]), np.array([0.0, 0.0]))
    >>> x.tolist(), y.tolist()
    ([0, 16777216], [16777216, 16777216])
    """
    side = float(2**BITS)
    x = (lon + 180) / 360 * side
    y = (0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * np.pi)) * side
    last = 2**BITS - 1
    return (
        np.clip(np.round(x), 0, last).astype(np.int64),
        np.clip(np.round(y), 0, last).astype(np.int64),
    )


def lines_of(x: Ints, y: Ints, start: Ints) -> Lines:
    """Return lines without repeated vertices; those that collapse to a point are left out."""
    size = np.diff(start)
    line = np.repeat(np.arange(len(size)), size)
    kept = np.ones(len(x), bool)
    kept[1:] = (np.diff(x) != 0) | (np.diff(y) != 0) | (np.diff(line) != 0)
    sizes = np.bincount(line[kept], minlength=len(size))
    kept &= (sizes > 1)[line]
    sizes = sizes[sizes > 1]
    return Lines(x[kept], y[kept], np.r_[np.int64(0), np.cumsum(sizes)])


def cut(lines: Lines) -> Lines:
    """
    Cut lines where they run into another square of 2¹¹ units, at the first vertex beyond.

    So no block reaches far, however long its lines are.
    """
    square = (lines.x >> CELL_BITS << BITS) + (lines.y >> CELL_BITS)
    inner = np.ones(len(lines.x), bool)
    inner[lines.start[:-1]] = False
    inner[lines.start[1:] - 1] = False
    last = inner & (np.diff(square, prepend=-1) != 0)
    at = np.repeat(np.arange(len(lines.x)), 1 + last)
    is_start = np.zeros(len(at), bool)
    is_start[1:] = at[1:] == at[:-1]
    is_start[lines.start[:-1] + np.r_[0, np.cumsum(last)][lines.start[:-1]]] = True
    return Lines(lines.x[at], lines.y[at], np.r_[np.flatnonzero(is_start), len(at)])


def block_columns(classes: Sequence[Lines]) -> list[Column]:
    """
    Return columns that hold lines of several classes.

    Returns
    -------
    Of each block its class (index in `classes`), box (`left`, `top`, `width`, `height`), numbers of
    `lines` and `vertices`, and `size` in bytes; then the `bytes` of all blocks.
    """
    parts = [_blocks(k, lines) for k, lines in enumerate(classes) if len(lines.x)]
    names = ("class", "left", "top", "width", "height", "lines", "vertices", "size", "bytes")
    steps = {"left", "top"}
    columns = []
    for k, name in enumerate(names):
        values = [part[k] for part in parts]
        joined = np.concatenate(values) if values else np.empty(0, np.int64)
        columns.append(Column(name, joined, steps=name in steps))
    return columns


def _blocks(kind: int, given: Lines) -> tuple[npt.NDArray[Any], ...]:
    """Return the columns of the blocks of one class."""
    lines = _ordered(cut(given))
    size = np.diff(lines.start)
    # A line belongs to the block in which its first vertex lies.
    block = lines.start[:-1] // BLOCK_VERTICES
    first_line = np.flatnonzero(np.diff(block, prepend=-1))
    first_vertex = lines.start[first_line]
    west, north = (np.minimum.reduceat(one, first_vertex) for one in (lines.x, lines.y))
    east, south = (np.maximum.reduceat(one, first_vertex) for one in (lines.x, lines.y))
    steps = []
    for one, corner in ((lines.x, west), (lines.y, north)):
        step = np.diff(one, prepend=0)
        step[first_vertex] = one[first_vertex] - corner
        steps.append(np.where(step < 0, -2 * step - 1, 2 * step))
    # In the order of the bytes: each line's number of vertices before its first.
    numbers = np.insert(np.column_stack(steps).ravel(), 2 * lines.start[:-1], size)
    first_number = 2 * first_vertex + first_line
    content, length = varints(numbers)
    return (
        np.full(len(first_line), kind, np.int64),
        west,
        north,
        east - west,
        south - north,
        np.diff(np.r_[first_line, len(size)]),
        np.diff(np.r_[first_vertex, len(lines.x)]),
        np.add.reduceat(length, first_number),
        content,
    )


def _ordered(lines: Lines) -> Lines:
    """Order lines along a curve through their first vertices."""
    first = lines.start[:-1]
    order = along_curve(lines.x[first].astype(float), lines.y[first].astype(float))
    size = np.diff(lines.start)[order]
    start = np.r_[np.int64(0), np.cumsum(size)]
    at = np.arange(len(lines.x)) + np.repeat(first[order] - start[:-1], size)
    return Lines(lines.x[at], lines.y[at], start)


def varints(numbers: Ints) -> tuple[npt.NDArray[np.uint8], Ints]:
    """
    Write integers from 0 in as few bytes as they need, seven bits in each.

    Returns
    -------
    The bytes, and how many each integer takes.

    Examples
    --------
    >>> [one.tolist() for one in varints(np.array([5, 300]))]
    [[5, 172, 2], [1, 2]]
    """
    length = np.ones(len(numbers), np.int64)
    rest = numbers >> 7
    while rest.any():
        length += rest > 0
        rest >>= 7
    end = np.cumsum(length)
    content = np.empty(int(end[-1]) if len(end) else 0, np.uint8)
    for k in range(int(length.max(initial=0))):
        longer = length > k
        part = (numbers[longer] >> 7 * k) & 0x7F
        more = length[longer] > k + 1
        content[(end - length)[longer] + k] = part | (more << 7)
    return content, length
