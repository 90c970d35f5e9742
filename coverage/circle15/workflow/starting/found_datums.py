"""Propose the datum of each layer of points of a new study, with the evidence of the streets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from circle15.inputs.facilities.facility_table import read_rows
from circle15.inputs.files.source_files import source_files
from circle15.inputs.residential import read_residential
from circle15.network.sources.study_network import read_networks, street_settings
from circle15.workflow.area_and_people import read_people
from circle15.workflow.cache.stage_cache import kept_stages
from circle15.workflow.datum_check import diagnose, evidence
from circle15.workflow.starting.found_layers import FoundLayer, Note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from circle15.inputs.crs.datum_doctor import Diagnosis
    from circle15.study.settings.records import Study


def examine(study: Study, report: Callable[[str], None]) -> dict[str, Diagnosis]:
    """
    Compare every layer of points of a study with its streets.

    What is read of streets and people is kept in the cache, for the check that follows.

    Returns
    -------
    Name of each file to its diagnosis; none for layers without positions.

    Raises
    ------
    Circle15Error
        If an input cannot be used.
    """
    report("network")
    kept = kept_stages().begun(study, source_files(study))
    networks, _ = kept.made("network", read_networks, street_settings(study))
    network = networks[study.walk.profile]
    report("people")
    area, population = kept.made(
        "people", read_people, study.area, study.demand, study.network, network
    )
    kept.write()
    report("facilities")
    rows = read_rows(study, network.crs)
    zones = read_residential(study.residential_zones, network.crs)
    found = diagnose([*rows.given, *zones.given, *population.given], network, area)
    return {one.given.file.name: one for one in found}


def with_datum(layer: FoundLayer, found: Mapping[str, Diagnosis]) -> FoundLayer:
    """Return a layer with the datum that its positions fit best, and a note with the evidence."""
    one = found.get(layer.file.name)
    if one is None or not one.given.source.is_geographic:
        return layer
    detail = {
        "file": layer.file.name,
        "evidence": evidence(one),
        "points": str(one.tested),
        "datum": one.declared.name,
    }
    best = one.best
    if one.verdict in {"wrong", "doubted"} and best.datum is not None and not best.exchanged:
        note = Note("guessed", "datum_proposed", detail | {"datum": best.datum})
        return _noted(layer, note, best.datum)
    if one.verdict in {"wrong", "doubted"}:
        return _noted(layer, Note("missing", "datum_other", detail | {"best": best.name}))
    if one.verdict == "off_map":
        return _noted(layer, Note("missing", "datum_off_map", detail))
    if one.verdict == "fits":
        note = Note("found", "datum_fits", detail)
        return _noted(layer, note, one.given.datum if one.given.known == "assumed" else None)
    if one.given.known != "assumed":
        return layer
    return _noted(layer, Note("guessed", f"datum_{one.verdict}", detail))


def _noted(layer: FoundLayer, note: Note, datum: str | None = None) -> FoundLayer:
    settings = {**layer.settings} | ({} if datum is None else {"datum": datum})
    notes: Sequence[Note] = [*layer.notes, note]
    return replace(layer, settings=settings, notes=notes)
