"""Read every input of a study: the first half of a run, and nearly all of a check."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import shapely

from circle15.access.areas.joined_areas import joined_areas
from circle15.access.joining.joined_network import (
    Streets,
    doors_of,
    joined_sites,
    not_joined,
    other_streets,
    snapped,
    snapped_again,
)
from circle15.access.joining.sites_in_doubt import sites_in_doubt
from circle15.access.joining.unjoined import unjoined_doors, unsnapped_facilities, unsnapped_people
from circle15.access.study_inputs import StudyInputs
from circle15.access.supply.capacity_findings import capacity_findings
from circle15.inputs.area.study_area import StudyArea, read_outline
from circle15.inputs.crs.among_streets import compared_with_streets
from circle15.inputs.crs.datum_shifts import shifts_noted
from circle15.inputs.databases.queries import with_snapshots
from circle15.inputs.demand.nested_groups import check_nested
from circle15.inputs.demand.overlap_findings import large_cells, nobody_inside, zone_findings
from circle15.inputs.demand.population import Population
from circle15.inputs.facilities.facility_table import (
    Facilities,
    FacilityRows,
    facilities_of,
    read_rows,
)
from circle15.inputs.files.source_files import input_files, source_files
from circle15.inputs.letterheads import read_letterhead
from circle15.inputs.registers import registers_of
from circle15.inputs.residential import Residential, read_residential
from circle15.inputs.scenarios.changed_facilities import changed_rows, read_facility_changes
from circle15.inputs.scenarios.new_homes import read_new_homes, with_new_homes
from circle15.inputs.tables.columns_read import column_findings, recorded
from circle15.inputs.tables.headings import known_headings
from circle15.inputs.tables.shown_ids import findings_in_words
from circle15.network.sources.link_layer import changed_networks
from circle15.network.sources.near_lines import near_pairs, near_pairs_after
from circle15.network.sources.street_findings import street_findings
from circle15.network.sources.study_network import _fetch_streets, read_networks, street_settings
from circle15.rules.packs.known import indicators_of
from circle15.rules.packs.load import load_packs
from circle15.study.settings.edge_fields import EDGE_FIELDS
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.categories import known_categories
from circle15.study.vocabulary.finding import Finding
from circle15.workflow.area_and_people import read_living, read_people
from circle15.workflow.cache.stage_cache import Kept
from circle15.workflow.datum_check import datum_findings, diagnose
from circle15.workflow.siting.questions import Questions, read_questions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Ints
    from circle15.inputs.files.source_files import SourceFiles
    from circle15.inputs.residential_areas import ResidentialAreas
    from circle15.inputs.tables.columns_read import ColumnsRead
    from circle15.network.snapping import Snaps
    from circle15.network.sources.near_lines import NearPairs
    from circle15.network.walk_network import WalkNetwork
    from circle15.planning.posing import Question
    from circle15.rules.packs.load import RulePack
    from circle15.study.settings.records import Study

    Report = Callable[[str], None]


def silent(_stage: str) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class StudyWithPacks(StudyInputs):
    """The inputs of a study, its rule packs, and its questions on new sites."""

    packs: Sequence[RulePack] = field(kw_only=True)
    questions: Sequence[Question] = ()
    scenarios: Mapping[str, StudyWithPacks] = field(default_factory=dict)
    """The inputs of each scenario of the study, by name."""
    of_areas: Sequence[Finding] = ()
    of_streets: Sequence[Finding] = ()
    """What was found on joining land and buildings, and on the streets."""
    near: NearPairs | None = None
    """Lines of a layer of streets that lie near without a joint."""


@dataclass(frozen=True)
class _Parts:
    """
    The inputs of a study before they are joined to each other.

    `networks` are the streets by profile, `listed` the facilities without the changes of a
    scenario: their lists say where which categories are complete. `before` is the study of which
    this is a scenario, and `stays` says where the edges of its streets are now (`ChangedStreets`).
    """

    networks: Mapping[str, WalkNetwork]
    area: StudyArea
    population: Population
    rows: FacilityRows
    facilities: Facilities
    listed: Facilities
    residential: Residential
    findings: Sequence[Finding] = ()
    files: Mapping[str, int] = field(default_factory=dict)
    before: _Parts | None = None
    stays: Ints | None = None


def _packs_of(study: Study) -> list[RulePack]:
    return load_packs(study.rules.packs, study_file=study.file, least_verified=study.rules.verified)


def read_inputs(study: Study, report: Report, *, kept: Kept | None = None) -> StudyWithPacks:
    """
    Read every input of a study.

    Parameters
    ----------
    report
        Called with the name of each stage as it begins.
    kept
        The cache from `kept_stages`; by default every stage is run.

    Raises
    ------
    Circle15Error
        If an input cannot be used (the message names file, row and column), or a file changes
        while it is read.
    """
    report("network")
    packs = _packs_of(study)
    study = with_snapshots(study, {})
    _fetch_streets(study)
    sources = source_files(study)
    kept = (kept or Kept()).begun(study, sources)
    accepted = study.unknown_shift == "accept"
    with (
        recorded() as columns,
        shifts_noted(accepted=accepted) as shifts,
        compared_with_streets() as off_map,
        sources.unchanged(),
    ):
        packs = _packs_of(study)  # again, from the bytes that were hashed
        letterhead = read_letterhead(study.report)
        found = replace(_read(study, report, sources, packs, kept), letterhead=letterhead)
    kept.write()
    told = list(columns.values())
    known = known_headings() | {"edges": {key: [key] for key in EDGE_FIELDS}}
    every = [*found.findings, *shifts, *off_map, *column_findings(told, known)]
    findings = findings_in_words(every, found.sites.table)
    scenarios = {
        name: _reported(own, found, [*shifts, *off_map], told, known)
        for name, own in found.scenarios.items()
    }
    return replace(found, findings=findings, columns=told, scenarios=scenarios)


def _reported(
    own: StudyWithPacks,
    base: StudyWithPacks,
    noted: Sequence[Finding],
    told: Sequence[ColumnsRead],
    known: Mapping[str, Mapping[str, Sequence[str]]],
) -> StudyWithPacks:
    """Add to a scenario what was noted while reading, but of the files of other scenarios."""
    files = {source.name for source in input_files(own.study)}
    others = {
        source.name for one in base.scenarios.values() for source in input_files(one.study)
    } - files
    columns = [one for one in told if one.file.name not in others]
    noted = [one for one in noted if one.file not in others]
    findings = [*own.findings, *noted, *column_findings(columns, known)]
    return replace(own, findings=findings_in_words(findings, own.sites.table), columns=columns)


def _read(
    study: Study, report: Report, sources: SourceFiles, packs: Sequence[RulePack], kept: Kept
) -> StudyWithPacks:
    networks, of_network = kept.made("network", read_networks, street_settings(study))
    network = networks[study.walk.profile]
    crs = network.crs
    report("people")
    area, population = kept.made(
        "people", read_people, study.area, study.demand, study.network, network
    )
    report("facilities")
    rows = read_rows(study, crs)
    residential = read_residential(study.residential_zones, crs)
    listed = facilities_of(rows, area)
    parts = base = _Parts(networks, area, population, rows, listed, listed, residential)
    if study.changes is not None:
        parts = _changed(base, study)
    questions = read_questions(
        study, area, parts.networks[study.walk.profile], parts.facilities.table, kept
    )
    living = kept.made(
        "living", read_living, study.coverage_basis, study.file, area, population, network
    )
    files = {str(study.network.file): network.counts["ways_read"]} | living.files
    base = replace(base, findings=of_network, files=files)
    parts = replace(
        parts,
        findings=[*of_network, *questions.findings],
        files=files | dict(parts.files) | dict(questions.files),
    )
    report("snapping")
    around = _Around(sources, packs, living, questions, kept)
    found = _joined(study, parts, around, report)
    scenarios = {}
    for name in study.scenarios:
        own = replace(study, siting={}).with_changes(name)
        around = _Around(sources, packs, living, Questions(), kept, found)
        scenarios[name] = _joined(own, _changed(base, own), around, silent)
    files = dict(found.files)
    for inputs in scenarios.values():
        files |= {name: rows for name, rows in inputs.files.items() if name not in files}
    findings = _all_findings(found, scenarios)
    return replace(found, scenarios=scenarios, findings=findings, files=files)


def _all_findings(found: StudyWithPacks, scenarios: Mapping[str, StudyWithPacks]) -> list[Finding]:
    """Return the findings of a study, and those on the files of its scenarios, each once."""
    every = list(found.findings)
    known = {repr(one) for one in every}
    for inputs in scenarios.values():
        assert inputs.study.changes is not None
        files = {source.name for source in inputs.study.changes.scenario.files}
        for one in inputs.findings:
            if one.file in files and repr(one) not in known:
                known.add(repr(one))
                every.append(one)
    return every


def _changed(parts: _Parts, study: Study) -> _Parts:
    """Return the inputs of a study with the changes of the scenario that it is."""
    crs = parts.networks[study.walk.profile].crs
    streets = changed_networks(parts.networks, study)
    rows = changed_rows(parts.rows, read_facility_changes(parts.rows, study, crs), study)
    population, homes = parts.population, read_new_homes(study, parts.area, crs)
    if homes is not None:
        population = with_new_homes(population, homes, study.demand, parts.area)
    return replace(
        parts,
        networks=streets.networks,
        population=population,
        rows=rows,
        facilities=facilities_of(rows, parts.area),
        files=dict(parts.files) | dict(streets.files),
        before=parts,
        stays=streets.stays[study.walk.profile],
    )


@dataclass(frozen=True)
class _Around:
    """What does not change in a scenario, and the study without changes, for a scenario of it."""

    sources: SourceFiles
    packs: Sequence[RulePack]
    living: ResidentialAreas
    questions: Questions
    kept: Kept
    base: StudyWithPacks | None = None


def _joined(study: Study, parts: _Parts, around: _Around, report: Report) -> StudyWithPacks:
    """Join people and facilities to the streets, and report what was found."""
    networks = dict(parts.networks)
    network = networks.pop(study.walk.profile)
    area, population, facilities = parts.area, parts.population, parts.facilities
    residential, living, questions = parts.residential, around.living, around.questions
    crs, base = network.crs, around.base
    demand_snaps = _snapped_homes(study, parts, around)
    near = _near(study, parts, around)
    same_streets = base is not None and base.network.differs_in_gates_alone(network)
    if base is not None and same_streets:
        areas, of_areas = base.living, base.of_areas
    else:
        areas, of_areas = joined_areas(living, network, study.walk)
    if base is not None and same_streets and base.population is population:
        of_streets = base.of_streets
    else:
        of_streets = street_findings(study, population, network, demand_snaps, near)
    known_ids = set(facilities.table[c.FACILITY_ID])
    registers = registers_of(study, indicators_of(around.packs), known_ids)
    categories = _categories(study, facilities)
    covers, of_covers = _covers(study, area, network, parts.listed, categories)
    doors = doors_of(facilities.table, facilities.entrances)
    sites = joined_sites(
        facilities.table,
        doors,
        covers,
        network,
        study.walk,
        whereabouts=facilities.whereabouts,
        before=None if base is None else base.streets(study.walk.profile),
    )
    others = other_streets(
        study,
        networks,
        population.demand,
        sites,
        before={} if base is None else base.others,
        homes=population.demand if base is None else base.population.demand,
    )
    report("findings")
    given = [*facilities.given, *residential.given, *population.given, *questions.given]
    known = base.datums if base is not None and same_streets else []
    compared = {id(one.given) for one in known} & {id(one) for one in given}
    datums = [one for one in known if id(one.given) in compared]
    datums += diagnose([one for one in given if id(one) not in compared], network, area)
    findings = [
        *parts.findings,
        *registers.findings,
        *of_covers,
        *datum_findings(datums),
        *area.findings,
        *zone_findings(area, population, study.demand.group),
        *population.findings,
        *check_nested(study, population.demand),
        *facilities.findings,
        *residential.findings,
        *living.findings,
        *of_areas,
        *unsnapped_people(study, population, demand_snaps, network),
        *unsnapped_facilities(facilities, sites.snaps, network),
        *unjoined_doors(facilities, sites.doors, network),
        *sites_in_doubt(sites, network),
        *capacity_findings(study, sites, facilities.headings, facilities.findings),
        *not_joined(study, population.demand, Streets(network, demand_snaps, sites), others),
        *of_streets,
        *large_cells(study, population),
        *nobody_inside(study, population),
    ]
    return StudyWithPacks(
        study,
        around.sources,
        crs,
        area,
        population,
        demand_snaps,
        sites,
        network,
        residential.zones,
        categories,
        findings,
        dict(parts.files)
        | area.files
        | population.files
        | facilities.files
        | residential.files
        | registers.files,
        given,
        datums,
        registers.rows,
        others,
        living=areas,
        packs=around.packs,
        questions=questions.asked,
        of_areas=of_areas,
        of_streets=of_streets,
        near=near,
    )


def _snapped_homes(study: Study, parts: _Parts, around: _Around) -> Snaps:
    """Snap homes to the streets; on the same streets, homes of the study join where they did."""
    usual, demand = parts.before or parts, parts.population.demand
    network, limit_m = parts.networks[study.walk.profile], study.walk.max_snap_m
    streets, homes = usual.networks[study.walk.profile], usual.population.demand
    same = streets.differs_in_gates_alone(network)
    if not same:
        streets, homes = network, demand
    if same and around.base is not None:
        snaps = around.base.demand_snaps
    else:
        snaps = around.kept.made("homes", snapped, homes, streets, limit_m)
    return snaps if homes is demand else snapped_again(demand, network, limit_m, (homes, snaps))


def _near(study: Study, parts: _Parts, around: _Around) -> NearPairs | None:
    """Find streets that lie near without a joint; in a scenario, only around its links again."""
    file, profile = study.network.file.name, study.walk.profile
    network, streets = parts.networks[profile], (parts.before or parts).networks[profile]
    if around.base is not None:
        near = around.base.near
    else:
        near = around.kept.made("near", near_pairs, streets, file)
    if parts.stays is None or streets.differs_in_gates_alone(network):
        return near
    return near_pairs_after(near, network, parts.stays, len(streets.x_m), file)


def _categories(study: Study, facilities: Facilities) -> list[str]:
    wanted = {*facilities.table[c.CATEGORY], *study.circle.require}
    wanted |= {layer.category for layer in study.facilities if layer.category is not None}
    return [key for key in (*known_categories(), *study.categories) if key in wanted]


def _covers(
    study: Study,
    area: StudyArea,
    network: WalkNetwork,
    listed: Facilities,
    categories: list[str],
) -> tuple[dict[str, BaseGeometry], list[Finding]]:
    """
    Return the area where the list of each category is complete: the union over its layers.

    A layer without `covers` is complete within the study boundary, or within the extent of the
    network if there is no boundary. A category without any list is complete nowhere; one that only
    a scenario has is complete like a layer without `covers`.
    """
    usual = network.extent if area.boundary is None else area.boundary
    lists = {*_categories(study, listed)}
    found: dict[str, list[BaseGeometry]] = {
        category: [] if category in lists else [usual] for category in categories
    }
    findings: list[Finding] = []
    for layer in study.facilities:
        if isinstance(layer.covers, Path):
            shape, of_layer = read_outline(layer.covers, network.crs, sheet=layer.covers_sheet)
            findings += of_layer
        elif layer.covers != "extent" and area.boundary is not None:
            shape = area.boundary
        else:
            shape = network.extent
        if layer.category is not None:
            of_layer_file = {layer.category}
        else:
            own = listed.table["file"] == layer.file.name
            of_layer_file = set(listed.table.loc[own, c.CATEGORY])
        for category in of_layer_file:
            found[category].append(shape)
    return {category: shapely.union_all(shapes) for category, shapes in found.items()}, findings
