"""What siting answers: sites in order, how good they are, how good any could be, who stays out."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from circle15.arrays import Ints

Stop = Literal["proven", "work", "clock"]
"""Why the search ended: nothing better exists; its work was done, or numbers were too uneven to
prove it; the clock of the time limit came first."""
LimitName = Literal[
    "add", "budget", "most_per", "min_persons", "until_share", "everybody", "street_floor"
]


Counted = Literal["people", "served", "minutes", "sites"]
"""What value and bound of a plan count."""


class ProposedSite(NamedTuple):
    """
    One site of the plan, in the order in which it should be built.

    Attributes
    ----------
    candidate
        Number of the candidate in the problem.
    phase
        From 1; always 1 without phases.
    """

    candidate: int
    candidate_id: str
    phase: int


@dataclass(frozen=True)
class Unmet:
    """
    Something that was asked for and cannot be had.

    Attributes
    ----------
    limit
        First the aim itself (`until_share`, `everybody`, `street_floor`), then each quota that
        stands in its way: if it alone were loosened, the aim could be reached.
    asked
        Its value: a number of sites, a cost, micro-persons, or a share.
    possible
        The nearest value that can be met while all others stay: the least `add`, `budget` or
        `most_per`, the highest `min_persons` or share. None where none was found within the limit.
    """

    limit: LimitName
    asked: Fraction | int
    possible: Fraction | int | None


@dataclass(frozen=True)
class Floor:
    """
    What became of `street_floor`.

    Attributes
    ----------
    micro_short_today, micro_short : int64, shape (subdistricts,)
        People whom each lacks to the floor, before and after.
    """

    micro_short_today: Ints
    micro_short: Ints

    @property
    def is_met(self) -> bool:
        """Whether no subdistrict is below the floor."""
        return not self.micro_short.any()


@dataclass(frozen=True, eq=False)
class Solution:
    """
    The plan that was found.

    All of it but `seconds` depends on the problem alone as long as `stop` is not "clock": the
    search ends by counted work, which `time_limit_s` sets (`effort`). Where a machine needs more
    processor time than that for it, the answer is that of the last stage that was finished; another
    run may finish more.

    Attributes
    ----------
    sites
        In the order of building: within a phase the one that adds most first, ties by id.
    counted
        What `value` and `bound` count. people: micro-persons covered, those of today included.
        served: micro-persons served. minutes: micro-persons times ms walked. sites: their number,
        for `everybody` and `until_share`; people where no plan reaches the aim.
    value
        Of the plan.
    bound
        No plan within the limits is better than this; in the unit of `value`.
    is_proven
        `value` equals the best possible.
    floor
        None without `street_floor`.
    unmet
        Empty where everything asked for was possible; else the plan is the nearest to it.
    """

    sites: tuple[ProposedSite, ...]
    counted: Counted
    value: int
    bound: int
    is_proven: bool
    stop: Stop
    seconds: float
    floor: Floor | None
    unmet: tuple[Unmet, ...]

    @property
    def gap(self) -> float:
        """Distance of value and bound as a share of the bound; 0 where both are the same."""
        return abs(self.bound - self.value) / max(abs(self.bound), abs(self.value), 1)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Numbers of the candidates chosen, in the order of building."""
        return tuple(site.candidate for site in self.sites)
