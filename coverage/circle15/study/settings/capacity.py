"""How much of what sites offer a person asks for: the entries of `[capacity]`, by category."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Final, Literal

from circle15.errors import InputDataError
from circle15.study.typed_toml.kinds import Number, OneOf
from circle15.study.typed_toml.table import TomlTable
from circle15.study.vocabulary import columns as c

_LEAST: Final = Decimal("0.000001")
_MOST: Final = 10**6


@dataclass(frozen=True, slots=True)
class Capacity(TomlTable):
    """
    Supply and demand of one category.

    `field` is the column of facilities that states what a site offers, `per_person` how much of it
    a person of the judged group asks for; without it nobody is assigned. `weights` are those of the
    walks within each of the study's cutoffs; without them they fall along a Gaussian curve.
    """

    field: Annotated[str, OneOf(c.CAPACITIES)]
    per_person: Number | None = None
    method: Literal["2sfca", "e2sfca", "3sfca", "m2sfca", "bfca"] = "2sfca"
    weights: tuple[Number, ...] = ()
    assign: Literal["nearest_first", "least_walk"] = "nearest_first"

    def check(self) -> None:
        """Refuse numbers out of their range, and weights where all walks weigh the same."""
        asked = self.per_person
        if asked is not None and not (asked.is_finite() and _LEAST <= asked <= _MOST):
            mend = f"Write the {self.field} that one person asks for, such as 0.06."
            raise InputDataError(f"is {asked:.6g}.", mend=mend, column="per_person")
        if self.weights and self.method == "2sfca":
            mend = 'Take them out, or choose method = "e2sfca".'
            raise InputDataError(
                "are given, and 2SFCA weighs all walks the same.", mend=mend, column="weights"
            )
        falling = all(a >= b for a, b in pairwise(self.weights))
        if not (falling and all(one.is_finite() and 0 <= one <= 1 for one in self.weights)):
            shown = ", ".join(f"{one:.6g}" for one in self.weights)
            mend = "Write weights from 0 to 1, none greater than the one before: [1, 0.68, 0.22]."
            raise InputDataError(f"are {shown}.", mend=mend, column="weights")
