"""People of disjoint bands of age, from groups of everybody above an age."""

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
"""What rounding and calibration may leave at one point, micro-persons: a thousandth of a person."""

_NAMED = 3


def people_of_parts(group: str, parts: Sequence[Part], weights: Mapping[str, Ints]) -> list[Ints]:
    """
    Split a group over its parts, point by point.

    Parameters
    ----------
    weights
        Group to micro-persons of each demand point, all >= 0.

    Returns
    -------
    Micro-persons of each part, all >= 0; they sum to the group exactly. Nobody is older than
    there are people: where rounding has left more, what is too much does not count.

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
    Check at every demand point inside the area that nobody is older than there are people.

    Returns
    -------
    A note for each pair of groups of which rounding has left an excess.

    Raises
    ------
    InputDataError
        If at a point more people are of a higher age than of a lower one by more than rounding.
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
    """Each group of age with the next one that a band begins with."""
    pairs = []
    for group in (layer.group for layer in study.demand.layers):
        if group in AGES:
            pairs += [(group, f"p{part.first}") for part in parts_of(group, study.walk)[1:2]]
    return pairs
