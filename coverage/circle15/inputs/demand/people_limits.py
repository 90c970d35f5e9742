"""Limit on the number of people in a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.errors import InputDataError
from circle15.study.limits import PEOPLE

if TYPE_CHECKING:
    from circle15.study.database_tables import Source


def refuse_too_many(people: float, file: Source | str) -> None:
    """Raise InputDataError if a layer holds more people than live on earth."""
    if not people <= PEOPLE.most:
        raise InputDataError(
            f"holds {people:.3g} people, more than live on earth.",
            file=file,
            mend="Correct its numbers.",
        )
