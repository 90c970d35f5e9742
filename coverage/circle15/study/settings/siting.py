"""The siting questions of a study: the tables `[siting.NAME]`."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from circle15.errors import InputDataError
from circle15.study.database_tables import Source
from circle15.study.settings.files import TableSource
from circle15.study.settings.named_layers import LayeredTable, refuse_sheets_alone
from circle15.study.settings.words import Datum
from circle15.study.typed_toml.kinds import AboveZero, Filled, Number, YesNo
from circle15.study.typed_toml.table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Iterator

Objective = Literal["people", "everybody", "minutes", "served"]

_LARGEST: Final = 10**12
_LONGEST_S: Final = 86_400
_CLOSEST_M, _FARTHEST_M = 10, 10_000
_SIZES: Final = ("add", "budget", "until_share")


@dataclass(frozen=True, slots=True)
class MostPer(TomlTable):
    """At most `n` new sites in each subdistrict (level `street`) or community."""

    level: Literal["street", "community"]
    n: AboveZero


@dataclass(frozen=True, slots=True)
class Siting(LayeredTable):
    """
    A siting question: which candidates should become sites of a category.

    One of `add`, `budget` and `until_share` sets how many; `phases` splits `add`. Without
    `candidates`, points every `spacing_m` along the streets are candidates.
    """

    category: Filled
    add: AboveZero | None = None
    budget: Number | None = None
    until_share: Number | None = None
    phases: tuple[AboveZero, ...] = ()
    candidates: TableSource | None = None
    candidates_sheet: str | None = None
    datum: Datum | None = None
    crs: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    where: str | None = None
    spacing_m: Number = Decimal(100)
    objective: Objective = "people"
    street_floor: Number | None = None
    min_persons: Number | None = None
    most_per: MostPer | None = None
    forbidden: TableSource | None = None
    forbidden_sheet: str | None = None
    backup: YesNo = False
    time_limit_s: Number = Decimal(60)

    def check(self) -> None:
        """Refuse keys that do not go together, and numbers out of range."""
        refuse_sheets_alone(self)
        self.check_numbers()
        self._check_candidates()

    def check_numbers(self) -> None:
        """
        Refuse limits that do not go together or with the objective, or are out of their range.

        Raises
        ------
        InputDataError
            For the first of them; `column` is its key.
        """
        for key, least, most in _RANGES:
            value = getattr(self, key)
            if value is None:
                continue
            if not (value.is_finite() and least <= value <= most):
                mend = f"It must be from {least:,} to {most:,}."
                raise InputDataError(f"is {value:.6g}.", mend=mend, column=key)
        self._check_shares()
        self._check_size()
        self._check_objective()

    def _check_shares(self) -> None:
        for key in ("until_share", "street_floor"):
            value = getattr(self, key)
            if value is not None and not (value.is_finite() and 0 < value <= 1):
                mend = "Write a share above 0 and up to 1, such as 0.8."
                raise InputDataError(f"is {value:.6g}.", mend=mend, column=key)

    def _check_size(self) -> None:
        said = [key for key in _SIZES if getattr(self, key) is not None]
        if self.phases and self.add is not None and sum(self.phases) != self.add:
            raise InputDataError(
                f"sum to {sum(self.phases)}, and 'add' is {self.add}.",
                mend="Make them equal, or take 'add' out.",
                column="phases",
            )
        if self.phases and said not in ([], ["add"]):
            mend = "Phases are numbers of sites: take one of the two out."
            raise InputDataError(f"and '{said[-1]}' are both given.", mend=mend, column="phases")
        if len(said) > 1:
            mend = f"Keep one of {', '.join(_SIZES)}."
            raise InputDataError(f"and '{said[1]}' are both given.", mend=mend, column=said[0])
        if self.objective == "everybody" and (said or self.phases):
            raise InputDataError(
                "is given, and the objective 'everybody' finds the least number of sites itself.",
                mend="Take it out, or choose another objective.",
                column=said[0] if said else "phases",
            )
        if self.objective != "everybody" and not said and not self.phases:
            mend = "Say how many: one of add, budget, until_share or phases."
            raise InputDataError("is missing.", mend=mend, column="add")

    def _check_objective(self) -> None:
        others = {
            "until_share": ("people",),
            "backup": ("people", "everybody"),
            "min_persons": ("people", "everybody", "minutes"),
        }
        for key, allowed in others.items():
            if getattr(self, key) and self.objective not in allowed:
                found = f"is given with the objective '{self.objective}'."
                mend = f"Take it out, or choose the objective {' or '.join(allowed)}."
                raise InputDataError(found, mend=mend, column=key)

    def _check_candidates(self) -> None:
        if self.candidates is not None:
            return
        if self.objective == "served":
            mend = "Name a file of candidates with their capacities, or choose another objective."
            raise InputDataError("is given without 'candidates'.", mend=mend, column="objective")
        for key in ("where", "budget", "columns", "datum", "crs"):
            if getattr(self, key):
                mend = f"'{key}' is about a file of candidates: name it, or take '{key}' out."
                raise InputDataError("is given without 'candidates'.", mend=mend, column=key)

    @property
    def sites(self) -> int | None:
        """Number of sites to add; None if the question does not fix it."""
        return sum(self.phases) if self.phases else self.add

    @property
    def files(self) -> Iterator[Source]:
        """Files and database tables that the question names."""
        yield from (one for one in (self.candidates, self.forbidden) if one is not None)


_RANGES: Final = (
    ("budget", Decimal("0.01"), _LARGEST),
    ("spacing_m", _CLOSEST_M, _FARTHEST_M),
    ("min_persons", 0, _LARGEST),
    ("time_limit_s", Decimal("0.1"), _LONGEST_S),
)
