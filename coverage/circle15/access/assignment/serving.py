"""Share out the room of sites: first come by time, or so that all together walk least."""

# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types; the docstrings name shapes and units.

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from circle15.access.assignment.pairs import assignment_of
from circle15.access.assignment.solver import quiet_solver
from circle15.errors import OutsideError
from circle15.network.compiled import compiled
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from circle15.access.assignment.pairs import Assignment, Pairs
    from circle15.arrays import Floats, Ints

Way = Literal["nearest_first", "least_walk"]
WAYS: Final[tuple[Way, ...]] = ("nearest_first", "least_walk")
_OPTIONS: Final = {"threads": 1, "random_seed": 1}


def nearest_first(pairs: Pairs, room: Ints) -> Assignment:
    """
    Serve people in the order of their time, then of the site, then of the home.

    The home nearest to a site comes first; each home takes what is left there, and the people who
    are left over ask at the next site.

    Parameters
    ----------
    room : int64, shape (sites,)
        Micro-persons whom each site can serve.
    """
    taken = np.zeros(len(pairs.home), np.int64)
    wanted = pairs.persons[pairs.home]
    _take(pairs.home, pairs.site, pairs.persons.copy(), room.copy(), wanted, taken)
    return assignment_of(pairs, taken, len(room))


def least_walk(pairs: Pairs, room: Ints) -> Assignment:
    """
    Serve as many people as can be, and of all ways to do so walk least together.

    A transport problem, solved as a linear program: minimise Σ (t_ij − M) x_ij with Σ_j x_ij ≤ P_i
    and Σ_i x_ij ≤ C_j, where M is more than rearranging the people of all sites can cost. The bound
    is the value of the dual, made feasible from the prices of the sites: it holds whatever the
    solver's tolerances are.

    Parameters
    ----------
    room : int64, shape (sites,)
        Micro-persons whom each site can serve.

    Raises
    ------
    OutsideError
        If the solver ends without an optimum.
    """
    if not len(pairs.home):
        return replace(assignment_of(pairs, np.empty(0, np.int64), len(room)), least_person_ms=0.0)
    cost = pairs.ms / c.MS_PER_MIN
    big = (float(cost.max()) + 1) * (len(room) + 1)
    flow, price = _solved(pairs, room, cost - big)
    wanted = np.floor(flow * c.MICRO + 0.5).astype(np.int64)
    taken = np.zeros(len(pairs.home), np.int64)
    left, rest = pairs.persons.copy(), room.copy()
    _take(pairs.home, pairs.site, left, rest, wanted, taken)
    # What rounding to micro-persons has left over.
    _take(pairs.home, pairs.site, left, rest, pairs.persons[pairs.home], taken)
    found = assignment_of(pairs, taken, len(room))
    bound_min = _bound(pairs, room, cost - big, np.minimum(price, 0.0))
    served = int(found.at_site.sum()) / c.MICRO
    least = max(bound_min + big * served, 0.0) * c.MS_PER_MIN * c.MICRO
    return replace(found, least_person_ms=min(least, float(found.person_ms)))


SHARING: Final[Mapping[Way, Callable[[Pairs, Ints], Assignment]]] = {
    "nearest_first": nearest_first,
    "least_walk": least_walk,
}
"""The function of each way of sharing room out."""


def _solved(pairs: Pairs, room: Ints, cost: Floats) -> tuple[Floats, Floats]:
    """Persons of each pair, and the price of a place at each site."""
    import highspy

    n = len(pairs.home)
    homes, row = np.unique(pairs.home, return_inverse=True)
    program: Any = highspy.HighsLp()
    program.num_col_, program.num_row_ = n, len(homes) + len(room)
    program.col_cost_ = cost
    program.col_lower_, program.col_upper_ = np.zeros(n), np.full(n, np.inf)
    program.row_lower_ = np.full(program.num_row_, -np.inf)
    program.row_upper_ = np.concatenate([pairs.persons[homes], room]) / c.MICRO
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.arange(0, 2 * n + 1, 2)
    program.a_matrix_.index_ = np.column_stack([row, pairs.site + len(homes)]).ravel()
    program.a_matrix_.value_ = np.ones(2 * n)
    solver = quiet_solver(_OPTIONS)
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise OutsideError(f"HiGHS found no optimum for {n:,} pairs of homes and sites.")
    solution = solver.getSolution()
    return np.array(solution.col_value), np.array(solution.row_dual)[len(homes) :]


def _bound(pairs: Pairs, room: Ints, cost: Floats, price: Floats) -> float:
    """Value of the dual with some prices of sites, none above 0: Σ P_i u_i + Σ C_j v_j."""
    best = np.zeros(len(pairs.persons))
    np.minimum.at(best, pairs.home, cost - price[pairs.site])
    return float(best @ (pairs.persons / c.MICRO) + price @ (room / c.MICRO))


@compiled
def _take(home, site, left, room, wanted, taken):
    """Let each pair in its order take what is wanted, and what home and site have left."""
    for k in range(len(home)):
        n = min(wanted[k], left[home[k]], room[site[k]])
        if n > 0:
            taken[k] += n
            left[home[k]] -= n
            room[site[k]] -= n
