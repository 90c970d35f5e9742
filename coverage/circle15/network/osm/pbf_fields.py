"""
Read the fields of protobuf messages, of which an `.osm.pbf` consists.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

VARINT, EIGHT_BYTES, BYTES, FOUR_BYTES = 0, 1, 2, 5
_FIXED: Final = {EIGHT_BYTES: 8, FOUR_BYTES: 4}


class Field(NamedTuple):
    """
    A field of a message: its number, its wire type, and its value.

    Of bytes `value` is the length as stated, and they stand from `start`, perhaps beyond the end
    of a message that was cut off.
    """

    number: int
    kind: int
    value: int
    start: int


def fields_of(message: bytes) -> Iterator[Field]:
    """Yield the fields of a message in order, up to its end or to any damage."""
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        kind = key & 7
        if kind in {VARINT, BYTES}:
            value, at = varint(message, at)
        elif kind in _FIXED:
            value = 0
        else:
            return
        yield Field(key >> 3, kind, value, at)
        at += value if kind == BYTES else _FIXED.get(kind, 0)


def varint(message: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins at a place of a message, and the place after it."""
    number = shift = 0
    while at < len(message):
        byte = message[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128 or shift > 63:
            break
    return number, at
