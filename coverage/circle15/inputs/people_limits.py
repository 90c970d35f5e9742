"""More people than a layer can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError

if TYPE_CHECKING:
    from circle15.study.databases import Source

MOST_PEOPLE: Final = 10**10
"""More than there are on earth; keeps sums of micro-persons within 64 bits."""


def refuse_too_many(people: float, file: Source | str) -> None:
    """Raise InputDataError where a layer holds more people than there are."""
    if not people <= MOST_PEOPLE:
        raise InputDataError(
            f"holds {people:.3g} people, more than there are.", file=file, mend="Mend its numbers."
        )
