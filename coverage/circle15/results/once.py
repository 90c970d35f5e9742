"""Figures of a result are computed once, however many outputs show them."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.results.records import StudyResult

_Figure = TypeVar("_Figure")


def once(compute: Callable[[StudyResult], _Figure]) -> Callable[[StudyResult], _Figure]:
    """Keep with each result what a function finds of it; whoever asks again gets the same."""

    @wraps(compute)
    def found(result: StudyResult) -> _Figure:
        if compute not in result.figures:
            result.figures[compute] = compute(result)
        figure: _Figure = result.figures[compute]
        return figure

    return found
