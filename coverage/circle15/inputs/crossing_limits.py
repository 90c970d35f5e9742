"""Limits on crossings of invalid polygons: making more valid takes hours and gigabytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.near_boxes import boxes_of, sides_apart, slices_of
from circle15.study.limits import CROSSINGS, LINE_PAIRS

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.arrays import Floats, Ints
    from circle15.study.database_tables import Source

_AT_ONCE: Final = 500_000


def require_mendable(shapes: npt.NDArray[np.object_], file: Source | None) -> None:
    """
    Refuse a layer whose invalid polygons cross themselves too often.

    Raises
    ------
    InputDataError
        If there are more crossings than the limit.
    """
    sides = SidesOfRings("polygons", file)
    for shape in shapes[~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)]:
        rings = shapely.get_rings(shapely.get_parts(shape))
        sides.require_few_crossings(*shapely.get_coordinates(rings, return_index=True))


class SidesOfRings:
    """
    Running count of crossings and shared stretches of the ring sides of a file.

    `what` names the kind of shape, for the message.
    """

    def __init__(self, what: str, file: Source | None) -> None:
        self._what, self._file = what, file
        self._crossings = self._pairs = 0

    def require_few_crossings(self, xy: Floats, ring: Ints) -> None:
        """
        Count how often the sides of some rings cross.

        Parameters
        ----------
        xy
            Corners of the rings in order, the first one of each repeated at its end; shape (n, 2).
        ring
            Number of the ring of each corner.

        Raises
        ------
        InputDataError
            If there are more crossings, or overlapping sides, than the limits allow.
        """
        within = np.flatnonzero(ring[1:] == ring[:-1])
        ends = (xy[within, 0], xy[within, 1], xy[within + 1, 0], xy[within + 1, 1])
        boxes = boxes_of(*ends)
        tree = shapely.STRtree(shapely.box(*boxes))
        for rows in slices_of(boxes, boxes, _AT_ONCE):
            a, b = tree.query(tree.geometries[rows])
            a = a.astype(np.int64) + rows.start
            self._pairs += len(a)
            once = a < b
            self._crossings += int((sides_apart(ends, a[once], b[once]) < 0).sum())
            if self._crossings > CROSSINGS.most:
                found = f"its {self._what} cross themselves too often"
                raise CROSSINGS.fault(found, file=self._file)
            if self._pairs > LINE_PAIRS.most:
                found = f"its {self._what} have too many overlapping sides"
                raise LINE_PAIRS.fault(found, file=self._file)
