"""Times as integers: one rounding per edge and leg, then exact arithmetic.

`ms = floor(base_mm / speed_m_s + 0.5) + delay_ms`. The speed is a rational number, so that ties
are exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fractions import Fraction

    from circle15.arrays import Floats, Ints


def walking_ms(length_mm: Ints, speed_m_s: Fraction) -> Ints:
    """
    Return the milliseconds to walk a length in millimetres, rounded half up.

    Parameters
    ----------
    length_mm
        Not negative, at most 10⁹ (1,000 km).
    speed_m_s
        Exact speed; its numerator and denominator are below 10⁹.

    Examples
    --------
    >>> from fractions import Fraction
    >>> walking_ms(np.array([900_000, 900_010]), Fraction(1)).tolist()
    [900000, 900010]
    >>> walking_ms(np.array([2]), Fraction(4, 5)).tolist()  # 2.5 ms is rounded up
    [3]
    """
    above, below = speed_m_s.numerator, speed_m_s.denominator
    return (2 * np.asarray(length_mm, np.int64) * below + above) // (2 * above)


def split_ms(fraction: Floats, edge_ms: Ints) -> Ints:
    """
    Return the milliseconds from the first node of an edge to a point on it, rounded half up.

    The rest of the edge takes `edge_ms - split_ms(...)`, so the parts always sum to the whole.

    Examples
    --------
    >>> split_ms(np.array([0.5]), np.array([5])).tolist()
    [3]
    """
    return np.floor(fraction * edge_ms + 0.5).astype(np.int64)
