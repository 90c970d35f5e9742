"""
Numbers that are said not to be exact, such as 约300 and 160余: how far off they may be.

They count as written. Where a verdict would change if they were off by one unit of their last
digit that is not 0, it has to say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.rules.comparing import judged
from circle15.rules.evaluators.answers import DECIDES, Maker, Remark, remark

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction


def turning(
    make: Maker, value: Fraction, ends: Sequence[Fraction], *, threshold: Fraction | None = None
) -> list[Remark]:
    """
    Say that a verdict hangs on numbers that are not exact.

    Parameters
    ----------
    ends
        The least and the greatest value that these numbers allow.
    threshold
        By default the rule's own.
    """
    limit = make.threshold if threshold is None else threshold
    verdicts = {judged(one, make.rule.comparison, limit) for one in (value, *ends)}
    if len(verdicts) == 1:
        return []
    return [remark(DECIDES, {"low": min(ends), "high": max(ends)})]
