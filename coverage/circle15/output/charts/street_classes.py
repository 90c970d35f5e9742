"""Street classes of a drawn map: main, local, path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

STREET_CLASSES = (
    ("main", ("motorway", "trunk", "primary", "secondary")),
    ("local", ("tertiary", "unclassified", "residential", "living_street", "road")),
)
"""Classes by OSM `highway` value (its `_link` included), widest first; all others are paths."""


def street_classes(kind: npt.NDArray[np.object_]) -> list[tuple[str, npt.NDArray[np.bool_]]]:
    """
    Return a mask of the edges of each class, in drawing order (path, local, main).

    Examples
    --------
    >>> kinds = np.array(["primary_link", "footway"], dtype=object)
    >>> [(name, mine.tolist()) for name, mine in street_classes(kinds)]
    [('path', [False, True]), ('local', [False, False]), ('main', [True, False])]
    """
    text = kind.astype(str)
    wider = [
        (name, np.isin(text, [*kinds, *(f"{one}_link" for one in kinds)]))
        for name, kinds in STREET_CLASSES
    ]
    path = ~np.logical_or.reduce([mine for _, mine in wider])
    return [("path", path), *wider[::-1]]
