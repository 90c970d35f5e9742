"""HiGHS without its words on the standard output, where results go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def quiet_solver(options: Mapping[str, int | float | str]) -> Any:
    """
    Make a solver of `highspy` that prints nothing.

    `highspy.Highs` prints its version while it is made, before any option can be set.

    Parameters
    ----------
    options
        Options of HiGHS. With one thread and a seed, the same work gives the same answer.
    """
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 - the name of the package
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call]  # highspy has few types

    solver: Any = Quiet()  # type: ignore[no-untyped-call]
    for key, value in options.items():
        solver.setOptionValue(key, value)
    return solver
