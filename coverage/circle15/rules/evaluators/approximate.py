"""
Approximate numbers, such as 约300 and 160余, and verdicts that depend on them.

They count as written. A verdict gets a remark if it would change when they were off by one unit of
their last non-zero digit.
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
    Return a remark if a verdict depends on approximate numbers; else none.

    Parameters
    ----------
    make
        Of the rule.
    value
        The value as written.
    ends
        The least and the greatest value that the approximate numbers allow.
    threshold
        By default the rule's own.
    """
    limit = make.threshold if threshold is None else threshold
    verdicts = {judged(one, make.rule.comparison, limit) for one in (value, *ends)}
    if len(verdicts) == 1:
        return []
    return [remark(DECIDES, {"low": min(ends), "high": max(ends)})]
