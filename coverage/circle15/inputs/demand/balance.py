"""The balance of people of one layer: input = inside + outside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Balance:
    """
    The balance sheet of one group, in micro-persons: raw = as read, the rest calibrated.

    `raw_inside + raw_outside` is what the layer holds, `inside + outside` the same after
    calibration; `unplaced` people stand in rows without a usable position and count as outside, and
    so do those `beyond`: too far from the area to be demand points.
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
