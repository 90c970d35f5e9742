"""People of disjoint age bands, from groups of all people above an age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.errors import InputDataError
from circle15.study.settings.walkers import AGES, parts_of
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from circle15.arrays import Ints
    from circle15.study.settings.records import Study
    from circle15.study.settings.walkers import Part


ROUNDING_MICRO: Final = 1000
"""Tolerance for rounding and calibration at one point, micro-persons: 0.001 persons."""

_NAMED = 3


def people_of_parts(group: str, parts: Sequence[Part], weights: Mapping[str, Ints]) -> list[Ints]:
    """
    Split a group into its parts (age bands) at each demand point.

    Parameters
    ----------
    group
        The group to split.
    parts
        Its parts, youngest first.
    weights
        Micro-persons of each demand point by group, all >= 0.

    Returns
    -------
    Micro-persons of each part, all >= 0; they sum to the group exactly. An older group that exceeds
    the younger one because of rounding is reduced to it.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from circle15.study.settings.records import Walk
    >>> walk = Walk(age_speeds={"p60_79": Decimal(1), "p80": Decimal("0.7")})
    >>> weights = {"p60": np.array([9, 4]), "p80": np.array([2, 5])}
    >>> [part.tolist() for part in people_of_parts("p60", parts_of("p60", walk), weights)]
    [[7, 0], [2, 4]]
    """
    rest = weights[group]
    found = []
    for older in parts[1:]:
        above = np.minimum(rest, weights[f"p{older.first}"])
        found.append(rest - above)
        rest = above
    return [*found, rest]


def check_nested(study: Study, demand: pd.DataFrame) -> list[Finding]:
    """
    Check that no older group exceeds a younger one at any demand point inside the area.

    Returns
    -------
    A note for each pair of groups with an excess due to rounding.

    Raises
    ------
    InputDataError
        If an older group exceeds a younger one at a point by more than rounding.
    """
    findings = []
    inside = demand[demand[c.IN_AREA].to_numpy(bool)]
    for younger, older in _pairs(study):
        excess = (inside[c.weight_column(older)] - inside[c.weight_column(younger)]).to_numpy()
        rows = np.flatnonzero(excess > 0)
        if not len(rows):
            continue
        file = next(one.file_name for one in study.demand.layers if one.group == older)
        worst = rows[np.argsort(-excess[rows], kind="stable")]
        if excess[worst[0]] > ROUNDING_MICRO:
            ids = inside[c.DEMAND_ID].to_numpy(dtype=object)
            named = [f"{ids[k]} ({excess[k] / c.MICRO:,.3f})" for k in worst[:_NAMED]]
            more = ", …" if len(worst) > _NAMED else ""
            raise InputDataError(
                f"'{older}' has more people than '{younger}' at {len(rows):,} points, by "
                f"{int(excess[rows].sum()) / c.MICRO:,.3f} people: {', '.join(named)}{more}.",
                file=file,
                column="walk.age_speeds",
                mend="Take both from one source with the same points, and calibrate them by one "
                "factor.",
            )
        detail = {
            "older": older,
            "younger": younger,
            "points": f"{len(rows):,}",
            "people": f"{int(excess[rows].sum()) / c.MICRO:.6f}",
        }
        findings.append(Finding("AGES_NOT_NESTED", "note", file, detail=detail))
    return findings


def _pairs(study: Study) -> list[tuple[str, str]]:
    """Return each age group with the group at which its next band begins."""
    pairs = []
    for group in (layer.group for layer in study.demand.layers):
        if group in AGES:
            pairs += [(group, f"p{part.first}") for part in parts_of(group, study.walk)[1:2]]
    return pairs
