"""More people than a layer can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.errors import InputDataError
from circle15.study.limits import PEOPLE

if TYPE_CHECKING:
    from circle15.study.database_tables import Source


def refuse_too_many(people: float, file: Source | str) -> None:
    """Raise InputDataError where a layer holds more people than there are on earth."""
    if not people <= PEOPLE.most:
        raise InputDataError(
            f"holds {people:.3g} people, more than there are.", file=file, mend="Mend its numbers."
        )
