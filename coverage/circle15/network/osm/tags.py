"""Convert values of a layer or attributes of a graph to the tags of a way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_FLAGS: Final = frozenset({"bridge", "tunnel"})
_NO: Final = frozenset({"", "0", "f", "false", "n", "no", "否"})

T = TypeVar("T")

LOCKED_GATE: Final = {"barrier": "gate", "access": "private"}
"""Tags of a node that is a locked gate."""


def tag_of(key: str, value: Any) -> str | None:
    """
    Return a tag as text; None where there is none.

    Of a list (OSMnx merges ways) the first value counts, also of a list written as text.
    Shapefiles have 0, F or 否 where a line is not a bridge or tunnel.

    Examples
    --------
    >>> tag_of("highway", "['footway', 'steps']"), tag_of("bridge", "F"), tag_of("layer", -1.0)
    ('footway', None, '-1')
    """
    if isinstance(value, list | tuple | np.ndarray):
        value = value[0] if len(value) else None
    if isinstance(value, str) and value.startswith("['"):
        value = value[2:].split("'")[0]
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    return None if key in _FLAGS and text.strip().lower() in _NO else text


def by_tags(
    tags: Sequence[Mapping[str, str]], function: Callable[[Mapping[str, str]], T]
) -> list[T]:
    """Return what a function makes of the tags of each way, once for those that ways share."""
    known: dict[int, T] = {}
    for one in tags:
        if id(one) not in known:
            known[id(one)] = function(one)
    return [known[id(one)] for one in tags]
