"""Invalid polygons that can be made valid: with more crossings that takes hours and gigabytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.near_boxes import boxes_of, sides_apart, slices_of
from circle15.study.limits import CROSSINGS, LINE_PAIRS

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.study.database_tables import Source

_AT_ONCE: Final = 500_000


def require_mendable(shapes: npt.NDArray[np.object_], file: Source | None) -> None:
    """
    Refuse a layer whose invalid polygons cross themselves very often.

    Raises
    ------
    InputDataError
        If there are more crossings than the limit.
    """
    crossings = pairs = 0
    for shape in shapes[~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)]:
        xy, ring = shapely.get_coordinates(
            shapely.get_rings(shapely.get_parts(shape)), return_index=True
        )
        within = np.flatnonzero(ring[1:] == ring[:-1])
        ends = (xy[within, 0], xy[within, 1], xy[within + 1, 0], xy[within + 1, 1])
        boxes = boxes_of(*ends)
        tree = shapely.STRtree(shapely.box(*boxes))
        for rows in slices_of(boxes, boxes, _AT_ONCE):
            a, b = tree.query(tree.geometries[rows])
            a = a.astype(np.int64) + rows.start
            pairs += len(a)
            once = a < b
            crossings += int((sides_apart(ends, a[once], b[once]) < 0).sum())
            if crossings > CROSSINGS.most:
                raise CROSSINGS.fault("its polygons cross themselves too often", file=file)
            if pairs > LINE_PAIRS.most:
                raise LINE_PAIRS.fault("its polygons have too many sides side by side", file=file)
