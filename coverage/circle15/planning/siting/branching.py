"""
Branch and bound with HiGHS, so that two runs find the same.

HiGHS works with one thread here, and the same work then gives the same answer. Its work is counted
where it asks whether to go on, each time by the size of the programme, and it is stopped when no
work is left. Where the clock comes first, what it had found by then would depend on the machine; so
its state is noted at counted moments, each twice as far as the one before, and the last of these is
the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import highspy
import numpy as np

from circle15.access.assignment.solver import quiet_solver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle15.arrays import Floats
    from circle15.planning.siting.effort import Effort
    from circle15.planning.siting.programme import Aim, Programme

Ended = Literal["best", "none", "work", "clock", "fault"]
"""The best was found; there is no plan at all; the work was done; the time was over; the numbers
were too uneven."""
_FIRST_MOMENT: Final = 8
_WALL: Final = 10
_LEAST_WALL_S: Final = 120.0
"""
On a busy computer the clock on the wall goes ahead of the processor's by up to so much; where few
seconds are left, other programmes may take all of them. The counted work and the processor's clock
end a search; the wall ends only what never asks for them.
"""


class Branched(NamedTuple):
    """
    What branch and bound says.

    Attributes
    ----------
    plans
        Plans that were found, the best last; numbers of candidates, rising.
    bound
        No plan brings the aim below this, in units of the programme; −inf if nothing is known.
    """

    ended: Ended
    plans: list[tuple[int, ...]]
    bound: float


class Branching:
    """A programme solved for one aim after the other, each kept while the next is sought."""

    def __init__(self, programme: Programme, effort: Effort, most_nodes: int | None = None) -> None:
        self.programme = programme
        self.effort = effort
        self.highs = quiet_solver(_OPTIONS)
        if most_nodes is not None:
            self.highs.setOptionValue("mip_max_nodes", most_nodes)
        self.highs.passModel(_model(programme))
        self._n = len(programme.top)
        self._sites = np.flatnonzero(programme.site >= 0)

    def minimise(self, row: Floats, start: Iterable[int] | None) -> Branched:
        """Make `row · x` as small as can be, from a plan that is known, if there is one."""
        if not self._n:  # HiGHS looks at no rows of a model without variables
            holds = (
                max(self.programme.lower, default=0) <= 0 <= min(self.programme.upper, default=0)
            )
            return Branched("best", [()], 0.0) if holds else Branched("none", [], np.inf)
        begin_us, each_us = _work_of(self.programme)
        if self.effort.left_us < begin_us:
            return Branched("work", [], -np.inf)
        if self.effort.clock_is_over:
            return Branched("clock", [], -np.inf)
        self.effort.spend(begin_us)
        every = np.arange(self._n, dtype=np.int32)
        self.highs.clearSolver()
        self.highs.changeColsCost(self._n, every, row)
        latest_s = self.highs.getRunTime() + max(_WALL * self.effort.clock_s, _LEAST_WALL_S)
        self.highs.setOptionValue("time_limit", latest_s)
        if start is not None and "served" not in self.programme.aims:
            # HiGHS 1.16 completes a start with flows wrongly: it then took a plan that served more
            # people than there was room for (tests/oracle, seed 235).
            variables = self.programme.site[self._sites].astype(np.int32)
            chosen = np.isin(self._sites, list(start)).astype(np.float64)
            self.highs.setSolution(len(variables), variables, chosen)
        notes = _Notes(self.effort, each_us)
        self.highs.setCallback(notes.take, None)
        for kind in _CALLED_BACK:
            self.highs.startCallback(kind)
        self.highs.run()
        status, kinds = self.highs.getModelStatus(), highspy.HighsModelStatus
        if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
            return Branched("none", [], np.inf)
        if status != kinds.kOptimal:
            if status == kinds.kTimeLimit:
                notes.ended, self.effort.is_late = "clock", True
            return Branched(notes.ended, [self._plan(one) for one in notes.solutions], notes.bound)
        found = [*notes.newer, np.asarray(self.highs.getSolution().col_value)]
        info = self.highs.getInfo()
        bound = info.mip_dual_bound if self.programme.has_choice else info.objective_function_value
        return Branched("best", [self._plan(one) for one in [*notes.solutions, *found]], bound)

    def keep(self, row: Floats, most: float) -> None:
        """From now on `row · x` stays at most this."""
        columns = np.flatnonzero(row).astype(np.int32)
        self.highs.addRow(-highspy.kHighsInf, most, len(columns), columns, row[columns])

    def fix(self, candidate: int, *, chosen: bool) -> None:
        """From now on the candidate is in every plan, or in none."""
        value = float(chosen)
        self.highs.changeColBounds(int(self.programme.site[candidate]), value, value)

    def row_of(self, aim: Aim) -> tuple[Floats, float]:
        """Coefficients of an aim, and what is added to their sum."""
        return self.programme.aims[aim]

    def _plan(self, solution: Floats) -> tuple[int, ...]:
        values = solution[self.programme.site[self._sites]]
        return tuple(self._sites[values > 0.5].tolist())


class _Notes:
    """What HiGHS had found when its work was done, or at the last of the counted moments."""

    def __init__(self, effort: Effort, each_us: int) -> None:
        self.effort, self.each_us = effort, each_us
        self.calls, self.next = 0, _FIRST_MOMENT
        self.newer: list[Floats] = []
        self.solutions: list[Floats] = []
        self.bound = -np.inf
        self.ended: Ended = "fault"

    def take(self, kind: int, *about: Any) -> None:
        """Count; note each better solution, everything when a moment has come, and the end."""
        out, told = about[1:3]  # after a message: what HiGHS says, and what it is told
        if self.ended != "fault":
            return
        if int(kind) == _IMPROVING:
            self.newer.append(np.array(out.mip_solution))
            return
        self.calls += 1
        self.effort.spend(self.each_us)
        if self.effort.left_us <= 0:
            self.ended = "work"
        elif self.effort.clock_is_over:
            self.ended = "clock"
        told.user_interrupt = self.ended != "fault"
        if self.calls == self.next or self.ended == "work":
            self.next *= 2
            self.solutions += self.newer
            self.newer = []
            self.bound = max(self.bound, float(out.mip_dual_bound))


def _work_of(programme: Programme) -> tuple[int, int]:
    """Microseconds to begin (presolve and the first linear programme), and of each call back."""
    rows, columns = len(programme.lower), len(programme.top)
    entries = sum(len(one) for one in programme.columns)
    return 1000 + round(_BEGIN_US * entries**1.5), round(_CALL_US * (rows + columns))


_CALLED_BACK: Final = (
    highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution,
    highspy.cb.HighsCallbackType.kCallbackMipInterrupt,
)
_BEGIN_US: Final = 0.11
_CALL_US: Final = 20
"""Measured on programmes of 3,000 to 760,000 entries: presolve grows faster than they, as measured
from 1 to 70 s; between two calls HiGHS solves a linear programme anew."""
_IMPROVING: Final = int(_CALLED_BACK[0])
_OPTIONS: Final[dict[str, int | float | str]] = {
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-7,
    "mip_feasibility_tolerance": 1e-7,
    "primal_feasibility_tolerance": 1e-8,
    "dual_feasibility_tolerance": 1e-8,
}


def _model(programme: Programme) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(programme.top), len(programme.lower)
    model.col_cost_ = np.zeros(len(programme.top))
    model.col_lower_ = np.zeros(len(programme.top))
    model.col_upper_ = np.array(programme.top)
    model.row_lower_, model.row_upper_ = np.array(programme.lower), np.array(programme.upper)
    sizes = [len(one) for one in programme.columns]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    empty: list[object] = [np.zeros(0)]
    model.a_matrix_.index_ = np.concatenate([*empty, *programme.columns]).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate([*empty, *programme.values])
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger if one else kinds.kContinuous for one in programme.whole]
    return model
