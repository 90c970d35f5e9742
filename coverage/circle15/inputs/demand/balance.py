"""The balance sheet of people of one layer: input = inside + outside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Balance:
    """
    The balance sheet of one group, in micro-persons; raw numbers are as read, the rest calibrated.

    `raw_inside + raw_outside` is the total of the layer, `inside + outside` the same after
    calibration. `unplaced` people, in rows without a usable position, and those `beyond`, too far
    from the area to be demand points, count as outside.
    """

    group: str
    raw_inside: int
    raw_outside: int
    inside: int
    outside: int
    unplaced: int
    nodata_cells: int
    calibration_factor: float
    basis: str | None
    year: int | None
    beyond: int = 0
    derived: bool = False

    @property
    def total(self) -> int:
        """All people of the layer after calibration."""
        return self.inside + self.outside
