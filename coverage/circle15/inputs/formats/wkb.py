"""Read geometries from unchecked WKB: broken ones are reported, and none crashes."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.errors import require_memory_for
from circle15.study.limits import NESTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

NO_SHAPE: Final = (shapely.errors.GEOSException, TypeError, ValueError, NotImplementedError)
"""What the libraries raise for a curve, or for text or bytes that are not a geometry."""

_POINT, _LINE, _POLYGON = 1, 2, 3
_FLAGS: Final = 0xE0000000
_HAS_SRID: Final = 0x20000000
_KINDS: Final = rb"[\x04-\x07\xec-\xef\xd4-\xd7\xbc-\xbf]"  # 4–7, 1004–1007, 2004–…, 3004–…
_THOUSANDS: Final = rb"[\x00\x03\x07\x0b]"
_HEADS: Final = re.compile(
    rb"\x01%b%b\x00[\x00-\xe0]|\x00[\x00-\xe0]\x00%b%b" % (_KINDS, _THOUSANDS, _THOUSANDS, _KINDS),
    re.DOTALL,
)
"""How geometries of several parts begin; coordinates rarely look like this."""


def shapes_of_wkb(
    pieces: Sequence[bytes | None] | npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.object_], dict[int, str]]:
    """
    Make geometries from WKB.

    Returns
    -------
    The geometries, None where there is none or it is broken; and for each broken one, by its
    position, why it cannot be read.
    """
    faults = {
        i: f"collections nest more than {NESTED.most} deep"
        for i, piece in enumerate(pieces)
        if piece is not None and is_too_deep(bytes(piece))
    }
    safe = np.array([None if i in faults else piece for i, piece in enumerate(pieces)], object)
    try:
        with np.errstate(invalid="ignore"):  # NaN is reported where the shape is placed
            shapes = shapely.from_wkb(safe)
    except NO_SHAPE:
        shapes = np.full(len(safe), None, object)
        for i, piece in enumerate(safe):
            try:
                with np.errstate(invalid="ignore"):
                    shapes[i] = shapely.from_wkb(piece)
            except NO_SHAPE as error:
                require_memory_for(error)
                faults[i] = reason_of(error)
    return np.asarray(shapes, object), dict(sorted(faults.items()))


def reason_of(error: Exception) -> str:
    """
    Return the message of GEOS about a geometry, without the name of its error.

    Examples
    --------
    >>> reason_of(ValueError("ParseException: Unexpected EOF parsing WKB"))
    'Unexpected EOF parsing WKB'
    """
    text = (str(error).splitlines() or [type(error).__name__])[0]
    return text.split("Exception: ", 1)[-1].strip()


def is_too_deep(piece: bytes) -> bool:
    """
    Return whether geometries nest deeper in a WKB than a parser may follow.

    A truncated piece is not too deep: its parser reports the fault.
    """
    if len(_HEADS.findall(piece)) <= NESTED.most:
        return False
    try:
        _end_of(piece, 0, 0)
    except struct.error:
        return False
    except _TooDeepError:
        return True
    return False


class _TooDeepError(Exception):
    """Geometries nest deeper than a parser may follow."""


def _end_of(piece: bytes, at: int, depth: int) -> int:
    """Return where the geometry ends that begins at a byte."""
    if depth > NESTED.most:
        raise _TooDeepError
    order = ">" if piece[at : at + 1] == b"\0" else "<"
    code = _number(piece, at + 1, order)
    plain = code & ~_FLAGS
    kind = plain % 1000
    bytes_each = 8 * (2 + bin(code >> 30).count("1") + (0, 1, 1, 2)[min(plain // 1000, 3)])
    at += 5 + (4 if code & _HAS_SRID else 0)
    if kind == _POINT:
        return at + bytes_each
    count = _number(piece, at, order)
    at += 4
    if kind == _LINE:
        return at + count * bytes_each
    for _ in range(count):
        if kind == _POLYGON:
            at += 4 + _number(piece, at, order) * bytes_each
        else:
            at = _end_of(piece, at, depth + 1)
    return at


def _number(piece: bytes, at: int, order: str) -> int:
    return int(struct.unpack_from(f"{order}I", piece, at)[0])
