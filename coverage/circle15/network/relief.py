"""Heights and slopes of a walking network: what is known, and how it came to be known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.arrays import Floats


@dataclass(frozen=True)
class Relief:
    """
    Heights and slopes of a network.

    Attributes
    ----------
    node_z_m : shape (nodes,)
        Height, metres above the datum of the elevation model; NaN where unknown.
    ratio_fwd, ratio_bwd : shape (edges,)
        How many metres of flat street a metre counts as, from `u` to `v` and back; 1 where a
        height is unknown.
    ascent_m, descent_m : shape (edges,)
        Climbed and come down from `u` to `v`, metres.
    measured_m, spanned_m, filled_m, flat_m
        Length of the network by how it got its heights: from the model, evenly over bridges and
        through tunnels, evenly across holes of the model, and not at all. They sum to its length.
    steepest
        Largest slope of a street (no stairs) over 10 m or more, before it is limited; 0 without.
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

    def without_slopes(self, which: npt.NDArray[np.bool_]) -> Relief:
        """Return the relief with ratios of 1 on some edges, shape (edges,)."""
        return replace(
            self,
            ratio_fwd=np.where(which, 1.0, self.ratio_fwd),
            ratio_bwd=np.where(which, 1.0, self.ratio_bwd),
        )

    @property
    def known_share(self) -> float | None:
        """Share of the network's length that has heights; None without any length."""
        known = self.measured_m + self.spanned_m + self.filled_m
        return known / (known + self.flat_m) if known + self.flat_m else None
