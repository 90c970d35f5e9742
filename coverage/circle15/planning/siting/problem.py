"""A siting problem: homes, candidates, who reaches which within the circle, and the limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from circle15.errors import InputDataError

if TYPE_CHECKING:
    from circle15.arrays import Bools, Ints

Objective = Literal["people", "everybody", "minutes", "served"]
"""Most people (MCLP), all that can be reached with fewest sites (LSCP), least walking (p-median),
most people served within capacities (capacitated MCLP)."""

HORIZON_MS: Final = 3_600_000
"""Walking time of people who reach no site within an hour, where `minutes` are summed one way."""
_MOST_MICRO_PERSONS: Final = 1 << 53
"""Above this, sums of people are no longer exact in the solver: nine thousand million persons."""


@dataclass(frozen=True, eq=False)
class Homes:
    """
    All homes of the area, those that are covered or unknown today too; one row each.

    People of one home who walk in their own way (another speed or profile) are rows of their own.

    Attributes
    ----------
    micro_persons : int64, shape (n,)
        People of the judged group, ≥ 0.
    sites_today : int64, shape (n,)
        Existing sites within the circle: 0 in a gap. More than 2 are as good as 2, and without
        `Limits.backup` more than 1 are as good as 1.
    nearest_ms : int64, shape (n,)
        Time to the nearest existing site; −1 where none is within the horizon.
    is_unknown : bool, shape (n,)
        State unknown: such homes are never won, whatever site is near them.
    subdistrict : int64, shape (n,)
        Number of the home's subdistrict from 0; −1 for none. Only `street_floor` asks for it.
    """

    micro_persons: Ints
    sites_today: Ints
    nearest_ms: Ints
    is_unknown: Bools
    subdistrict: Ints

    def __len__(self) -> int:
        return len(self.micro_persons)


@dataclass(frozen=True, eq=False)
class Candidates:
    """
    Where a site may go, and the homes that reach it.

    Candidate j owns the pairs `offsets[j]:offsets[j + 1]`.

    Attributes
    ----------
    ids
        Text, strictly rising: ties go to the first.
    offsets : int64, shape (m + 1,)
        Where the pairs of each candidate begin.
    homes : int64, shape (pairs,)
        Rows of `Homes`, strictly rising within a candidate.
    time_ms : int64, shape (pairs,)
        Time as it is judged. A pair within `cutoff_ms` covers; for `minutes` all pairs within the
        horizon are needed, for the other objectives those within the cutoff suffice.
    cost : int64, shape (m,)
        ≥ 0, in any whole unit; None where costs are not stated.
    group : int64, shape (m,)
        Number of what `most_per` counts by, from 0; −1 for none. None without `most_per`.
    capacity : int64, shape (m,)
        People (micro-persons) that a site can serve; only `served` asks for it.
    is_existing : bool, shape (m,)
        Sites of today, for `served` only, where they serve up to their own capacity. They are in
        every plan, cost nothing and count for no limit. None: no such rows. The other objectives
        know existing sites by `Homes.sites_today` and `Homes.nearest_ms`.
    """

    ids: tuple[str, ...]
    offsets: Ints
    homes: Ints
    time_ms: Ints
    cost: Ints | None = None
    group: Ints | None = None
    capacity: Ints | None = None
    is_existing: Bools | None = None

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Limits:
    """
    What a plan must keep.

    Attributes
    ----------
    add
        At most so many sites.
    budget
        At most this sum of costs.
    until_share
        As few sites as cover this share of all people (unknown ones are among all).
    min_micro_persons
        Closing any one of the new sites would lose at least so many: none of them newly reaches
        fewer, in whatever order they are built.
    most_per
        At most so many new sites in each group of candidates.
    street_floor
        Before anything else, the people whom subdistricts lack to this share are made fewest.
    backup
        People count where a second site is within the circle, existing or new.
    phases
        Sizes of nested sets, which sum to `add`; empty: one set.
    """

    add: int | None = None
    budget: int | None = None
    until_share: Fraction | None = None
    min_micro_persons: int = 0
    most_per: int | None = None
    street_floor: Fraction | None = None
    backup: bool = False
    phases: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """
    Everything that decides where sites go; checked when it is made.

    Attributes
    ----------
    cutoff_ms
        The circle; a time equal to it is inside.
    horizon_ms
        For `minutes`: who reaches no site within it counts as walking so long. An hour; for round
        trips the cutoff, twice the circle.
    time_limit_s
        Sets how much work is done; see `solution.Solution` for what the clock can change.
    seed
        Of the random numbers by which the start solution is perturbed.

    Raises
    ------
    InputDataError
        If arrays do not fit each other, a limit is out of its range, lacks what it counts by, or
        does not go with the objective.
    """

    homes: Homes
    candidates: Candidates
    objective: Objective
    limits: Limits = field(default_factory=Limits)
    cutoff_ms: int = 900_000
    horizon_ms: int = HORIZON_MS
    time_limit_s: float = 60.0
    seed: int = 1

    def __post_init__(self) -> None:
        _check_homes(self.homes)
        _check_candidates(self.candidates, len(self.homes))
        _check_limits(self)

    @property
    def fewest(self) -> bool:
        """Whether the number of sites is what is made small, not a limit."""
        return self.objective == "everybody" or self.limits.until_share is not None


def _fault(found: str, mend: str = "") -> InputDataError:
    return InputDataError(found, mend=mend)


def _check_homes(homes: Homes) -> None:
    n = len(homes)
    for name in ("micro_persons", "sites_today", "nearest_ms", "subdistrict"):
        _check_array(f"homes.{name}", getattr(homes, name), n, np.int64)
    _check_array("homes.is_unknown", homes.is_unknown, n, np.bool_)
    if n and homes.micro_persons.min() < 0:
        raise _fault("A home has fewer than 0 people.", "State people as whole numbers from 0.")
    if int(homes.micro_persons.sum(dtype=object)) > _MOST_MICRO_PERSONS:
        raise _fault("There are more people than siting counts exactly.", "Split the area.")
    if n and homes.sites_today.min() < 0:
        raise _fault("A home has fewer than 0 sites today.")
    if n and bool((homes.is_unknown & (homes.sites_today > 0)).any()):
        raise _fault("A home whose state is unknown has a site within the circle.")


def _check_candidates(candidates: Candidates, n_homes: int) -> None:
    m, pairs = len(candidates), len(candidates.homes)
    _check_array("candidates.offsets", candidates.offsets, m + 1, np.int64)
    _check_array("candidates.homes", candidates.homes, pairs, np.int64)
    _check_array("candidates.time_ms", candidates.time_ms, pairs, np.int64)
    for name in ("cost", "group", "capacity"):
        if getattr(candidates, name) is not None:
            _check_array(f"candidates.{name}", getattr(candidates, name), m, np.int64)
    if candidates.is_existing is not None:
        _check_array("candidates.is_existing", candidates.is_existing, m, np.bool_)
    for before, after in zip(candidates.ids, candidates.ids[1:], strict=False):
        if before >= after:
            what = "stands twice" if before == after else f"stands before '{after}'"
            raise _fault(f"The candidate '{before}' {what}.", "Give each an id, ordered as text.")
    offsets = candidates.offsets
    if offsets[0] != 0 or offsets[-1] != pairs or bool((np.diff(offsets) < 0).any()):
        raise _fault("candidates.offsets do not rise from 0 to the number of pairs.")
    if pairs and not 0 <= candidates.homes.min() <= candidates.homes.max() < n_homes:
        raise _fault("candidates.homes name a home that is not there.")
    owner = np.repeat(np.arange(m), np.diff(offsets))
    if bool(((np.diff(candidates.homes) <= 0) & (np.diff(owner) == 0)).any()):
        raise _fault("The homes of a candidate do not rise, or one stands twice.")
    if pairs and candidates.time_ms.min() < 0:
        raise _fault("A walking time is below 0.")
    for name in ("cost", "capacity"):
        values = getattr(candidates, name)
        if values is not None and m and values.min() < 0:
            first = candidates.ids[int(np.argmax(values < 0))]
            raise _fault(f"The {name} of the candidate '{first}' is below 0.", "State it from 0.")


def _check_array(name: str, values: Ints | Bools, size: int, kind: type) -> None:
    if values.shape != (size,) or values.dtype != kind:
        raise _fault(
            f"{name} is {values.dtype} of shape {values.shape}, not {np.dtype(kind)} of ({size},)."
        )


def _check_limits(problem: SitingProblem) -> None:
    limits, candidates, objective = problem.limits, problem.candidates, problem.objective
    if objective not in get_args(Objective):
        known = ", ".join(get_args(Objective))
        raise _fault(f"There is no objective '{objective}'.", f"Known are: {known}.")
    given = (limits.add, limits.budget, limits.until_share)
    if objective != "everybody" and all(one is None for one in given):
        raise _fault(
            "Nothing says how many sites to propose.", "State add, budget, until_share or phases."
        )
    for name, least in (("add", 1), ("budget", 0), ("most_per", 1), ("min_micro_persons", 0)):
        value = getattr(limits, name)
        if value is not None and value < least:
            raise _fault(f"{name} is {value}.", f"State at least {least}.")
    for name in ("until_share", "street_floor"):
        share = getattr(limits, name)
        if share is not None and not 0 < share <= 1:
            raise _fault(f"{name} is {float(share)}.", "State a share above 0 and up to 1.")
    if limits.phases and (min(limits.phases) < 1 or sum(limits.phases) != limits.add):
        raise _fault(
            f"The phases {list(limits.phases)} do not sum to add = {limits.add}.",
            "State phases of at least one site each that sum to add.",
        )
    if limits.phases and problem.fewest:
        raise _fault(
            "phases split a number of sites, and here the number is what is sought.",
            "Leave out phases, or until_share.",
        )
    if limits.budget is not None and candidates.cost is None:
        raise _fault("budget needs the cost of each candidate.", "Give candidates a cost.")
    if limits.most_per is not None and candidates.group is None:
        raise _fault("most_per needs the group of each candidate.")
    if problem.cutoff_ms < 0 or problem.horizon_ms < problem.cutoff_ms:
        raise _fault("The horizon is nearer than the cutoff.")
    if not problem.time_limit_s > 0:
        raise _fault(f"time_limit_s is {problem.time_limit_s}.", "State more than 0 seconds.")
    _check_objective(problem)


def _check_objective(problem: SitingProblem) -> None:
    limits, candidates, objective = problem.limits, problem.candidates, problem.objective
    if limits.until_share is not None and objective != "people":
        raise _fault(
            f"until_share counts people, and the objective is '{objective}'.",
            'State objective = "people", or add or budget.',
        )
    if limits.backup and objective not in ("people", "everybody"):
        raise _fault(
            f"backup does not go with the objective '{objective}'.",
            'State objective = "people" or "everybody".',
        )
    if limits.min_micro_persons and objective == "served":
        raise _fault("min_persons does not go with the objective 'served'.", "Leave it out.")
    if objective == "served" and candidates.capacity is None:
        raise _fault(
            "The objective 'served' needs the capacity of each candidate.",
            "Give candidates a capacity, or choose another objective.",
        )
    if candidates.is_existing is not None and objective != "served":
        raise _fault("Existing sites are candidates for the objective 'served' only.")
    most = int(problem.homes.micro_persons.max(initial=0))
    if objective == "minutes" and problem.horizon_ms * most > 1 << 60:
        raise _fault("A home has more people than siting counts exactly.")
