"""HiGHS without its words on the standard output, where results go."""

from __future__ import annotations

from typing import Any


def quiet_solver() -> Any:
    """
    Make a solver of `highspy` that prints nothing and gives the same answer in every run.

    `highspy.Highs` prints its version while it is made, before any option can be set.
    """
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 - the name of the package
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call]  # highspy has few types

    solver: Any = Quiet()  # type: ignore[no-untyped-call]
    for key, value in (("threads", 1), ("random_seed", 1)):
        solver.setOptionValue(key, value)
    return solver
