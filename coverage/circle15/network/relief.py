"""Heights and slopes of a walking network, and how they were obtained."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.arrays import Floats, Ints


@dataclass(frozen=True)
class Relief:
    """
    Heights and slopes of a network.

    Attributes
    ----------
    node_z_m : shape (nodes,)
        Height, metres above the datum of the elevation model; NaN where unknown.
    ratio_fwd, ratio_bwd : shape (edges,)
        Flat-equivalent metres per metre, from `u` to `v` and back; 1 where a height is unknown.
    ascent_m, descent_m : shape (edges,)
        Metres climbed and descended from `u` to `v`.
    measured_m, spanned_m, filled_m, flat_m
        Length of the network, metres, by the source of its heights: the model, interpolation over
        bridges and through tunnels, interpolation across holes of the model, and no heights. They
        sum to the length of the network.
    steepest
        Steepest slope (rise / run) of a piece of street, not stairs, of 10 m or more, before
        limiting; 0 without one.
    flat_mm_fwd, flat_mm_bwd : int64, shape (edges,)
        `base_mm` of the edges if all streets were level; None until costs are known.
    """

    node_z_m: Floats
    ratio_fwd: Floats
    ratio_bwd: Floats
    ascent_m: Floats
    descent_m: Floats
    measured_m: float
    spanned_m: float
    filled_m: float
    flat_m: float
    steepest: float
    flat_mm_fwd: Ints | None = None
    flat_mm_bwd: Ints | None = None

    def without_slopes(self, which: npt.NDArray[np.bool_]) -> Relief:
        """Return the relief with ratios of 1 on some edges, shape (edges,)."""
        return replace(
            self,
            ratio_fwd=np.where(which, 1.0, self.ratio_fwd),
            ratio_bwd=np.where(which, 1.0, self.ratio_bwd),
        )

    @property
    def known_share(self) -> float | None:
        """Share (0–1) of the network's length that has heights; None without any length."""
        known = self.measured_m + self.spanned_m + self.filled_m
        return known / (known + self.flat_m) if known + self.flat_m else None
