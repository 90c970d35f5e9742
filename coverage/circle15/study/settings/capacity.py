"""The entries of `[capacity]`: what sites of a category offer, and what one person needs."""

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

    `field` is the column of facilities with what a site offers, `per_person` how much of it one
    person of the judged group needs; without it no people are assigned. `weights` apply to walks
    within each of the study's cutoffs; without them, weights follow a Gaussian curve.
    """

    field: Annotated[str, OneOf(c.CAPACITIES)]
    per_person: Number | None = None
    method: Literal["2sfca", "e2sfca", "3sfca", "m2sfca", "bfca"] = "2sfca"
    weights: tuple[Number, ...] = ()
    assign: Literal["nearest_first", "least_walk"] = "nearest_first"

    def check(self) -> None:
        """Refuse numbers out of range, and weights with a method that does not use them."""
        asked = self.per_person
        if asked is not None and not (asked.is_finite() and _LEAST <= asked <= _MOST):
            mend = f"Write the {self.field} that one person needs, such as 0.06."
            raise InputDataError(f"is {asked:.6g}.", mend=mend, column="per_person")
        if self.weights and self.method == "2sfca":
            mend = 'Remove them, or use method = "e2sfca".'
            raise InputDataError(
                "are given, but 2SFCA does not use weights.", mend=mend, column="weights"
            )
        inside = all(one.is_finite() and 0 <= one <= 1 for one in self.weights)
        falling = inside and all(a >= b for a, b in pairwise(self.weights))
        if not falling or (self.weights and self.weights[0] == 0):
            shown = ", ".join(f"{one:.6g}" for one in self.weights)
            mend = (
                "Write weights from 0 to 1 that do not increase and do not begin with 0, such as "
                "[1, 0.68, 0.22]."
            )
            raise InputDataError(f"are {shown}.", mend=mend, column="weights")
