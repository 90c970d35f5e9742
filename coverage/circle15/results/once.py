"""Compute figures of a result only once, however many outputs show them."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.results.records import StudyResult

_Figure = TypeVar("_Figure")


def once(compute: Callable[[StudyResult], _Figure]) -> Callable[[StudyResult], _Figure]:
    """Decorate a function of a result so that its value is cached with the result."""

    @wraps(compute)
    def found(result: StudyResult) -> _Figure:
        if compute not in result.figures:
            result.figures[compute] = compute(result)
        figure: _Figure = result.figures[compute]
        return figure

    return found
