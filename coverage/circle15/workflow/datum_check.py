"""Check the datum of every layer of positions against the street network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from circle15.errors import CrsError
from circle15.inputs.crs.datum_doctor import FARTHEST_M, Diagnosis, Reference, examine_datum
from circle15.study.messages import say
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle15.arrays import Floats
    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.crs.points import Given
    from circle15.network.walk_network import WalkNetwork


def diagnose(layers: Iterable[Given], network: WalkNetwork, area: StudyArea) -> list[Diagnosis]:
    """
    Test the datum of layers of positions against the streets and the boundary.

    Returns
    -------
    A diagnosis per layer that has a position; none if no street takes access legs.
    """
    if not network.snappable.any():
        return []

    def distance_m(x: Floats, y: Floats) -> Floats:
        return network.edge_grid.nearest(network, x, y, FARTHEST_M)[2]

    parts = [network.extent] if area.boundary is None else [network.extent, area.boundary]
    reference = Reference(network.crs, shapely.union_all(parts), distance_m)
    found = (examine_datum(layer, reference) for layer in layers)
    return [one for one in found if one is not None]


def datum_findings(diagnoses: Iterable[Diagnosis]) -> list[Finding]:
    """Return findings for the layers whose declared datum is doubtful, with the evidence."""
    return [finding for one in diagnoses if (finding := _finding(one)) is not None]


def evidence(diagnosis: Diagnosis) -> str:
    """Format the median and 90th-percentile distance to streets in each datum, language-free."""
    shown = [
        f"{fit.name} {fit.median_m:.0f} m (90 %: {fit.p90_m:.0f} m)"
        for fit in diagnosis.fits
        if fit.median_m is not None and fit.p90_m is not None and fit.median_m < FARTHEST_M
    ]
    return "; ".join(shown)


def refuse_wrong(findings: Sequence[Finding]) -> None:
    """
    Stop a run whose results would be wrong.

    Raises
    ------
    CrsError
        For the first finding of severity error.
    """
    for finding in findings:
        if finding.severity == "error":
            words = say(f"issues.{finding.code}", "en", **finding.detail)
            raise CrsError(words, file=finding.file, column=finding.column)


def _finding(one: Diagnosis) -> Finding | None:
    file, best = one.given.file.name, one.best
    counts = {"rows": str(one.rows), "points": str(one.looked_at)}
    detail = counts | {"declared": one.declared.name, "best": best.name, "near": str(best.near)}
    match one.verdict:
        case "wrong" if best.exchanged:
            return Finding("COORDINATES_EXCHANGED", "error", file, detail=detail)
        case "wrong":
            return Finding("DATUM_WRONG", "error", file, detail=detail)
        case "off_map":
            return Finding("LAYER_OFF_MAP", "warning", file, detail=detail)
        case "doubted":
            chance = "< 0.001" if (best.p_value or 0) < 0.001 else f"{best.p_value:.3f}"
            shown = {"tested": str(one.tested), "evidence": evidence(one), "chance": chance}
            return Finding("DATUM_DOUBTED", "warning", file, detail=detail | shown)
        case _:
            return None
