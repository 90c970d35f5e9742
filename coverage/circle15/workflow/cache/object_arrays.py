"""Arrays of objects (words, geometries, others) as arrays of plain numbers, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Objects = npt.NDArray[np.object_]
    Bytes = npt.NDArray[np.uint8]
    Parts = list[npt.NDArray[Any] | None]

RING = 2
"""shapely's number of a linear ring, which WKB does not tell from a line."""


def words_apart(values: Sequence[str | None] | Objects) -> Parts | None:
    """Return words as bytes, their ends and a mask of nulls; None if they are no Unicode text."""
    try:
        return _apart(pa.array(values, type=pa.large_string()))
    except (UnicodeEncodeError, pa.ArrowException):  # half a character
        return None


def words_again(parts: Parts, length: int) -> Objects:
    """Return the words of `words_apart`, each a `str` or None."""
    return _objects(pa.large_string(), parts, length)


def shapes_apart(values: Objects) -> Parts | None:
    """Return geometries as WKB; None if some are of a kind or have an SRID that it would lose."""
    ring = shapely.get_type_id(values) == RING
    if ring.any() or (shapely.get_srid(values) > 0).any():
        return None
    return _apart(pa.array(shapely.to_wkb(values), type=pa.large_binary()))


def shapes_again(parts: Parts, length: int) -> Objects:
    """Return the geometries of `shapes_apart`, or None where there was none."""
    found: Objects = shapely.from_wkb(_objects(pa.large_binary(), parts, length))
    return found


def kinds_of(values: Sequence[Any] | Objects) -> set[type]:
    """Return the types of values, those of geometries as `BaseGeometry`."""
    found = {type(one) for one in values}
    return {BaseGeometry if issubclass(one, BaseGeometry) else one for one in found}


def as_objects(values: Sequence[Any]) -> Objects:
    """Return values of any kind as an array of one dimension."""
    found = np.empty(len(values), object)
    for k, one in enumerate(values):
        found[k] = one
    return found


def _apart(values: Any) -> Parts:
    """Return the buffers of an Arrow array: ends, bytes, mask of nulls."""
    mask, ends, content = values.buffers()
    ends = np.frombuffer(ends, np.int64)[: len(values) + 1]
    return [
        ends,
        None if content is None else np.frombuffer(content, np.uint8)[: ends[-1]],
        None if mask is None else np.frombuffer(mask, np.uint8)[: (len(values) + 7) // 8],
    ]


def _objects(kind: Any, parts: Parts, length: int) -> Objects:
    if not length:
        return np.empty(0, object)
    ends, content, mask = (None if one is None else pa.py_buffer(one) for one in parts)
    content = pa.py_buffer(b"") if content is None else content
    found = pa.Array.from_buffers(kind, length, [mask, ends, content])
    found.validate(full=True)
    values: Objects = found.to_numpy(zero_copy_only=False)
    return values
