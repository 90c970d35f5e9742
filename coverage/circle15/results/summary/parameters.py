"""The parameters of a study that affect the results, for `summary.json`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circle15.results.scenarios.change_entries import scenario_parameters
from circle15.results.summary.areas.basis_shares import basis_parameters
from circle15.results.summary.json_numbers import number
from circle15.results.summary.siting import siting_parameters
from circle15.results.summary.supply import capacity_parameters
from circle15.study.vocabulary.profiles import profile_values, profiles

if TYPE_CHECKING:
    from circle15.results.records import StudyResult
    from circle15.results.summary.entries import (
        BuildingUses,
        Parameters,
        SomeBuildings,
        SomeCapacity,
        SomeSiting,
        SomeStreets,
        SomeWalkers,
    )
    from circle15.study.settings.records import Demand, NetworkSource, Study, Walk


def parameters(result: StudyResult) -> Parameters:
    """Return every parameter that affects the results."""
    study = result.study
    walk, network, rules = study.walk, study.network, study.rules
    return {
        "group": study.demand.group,
        "household_size": number(study.demand.household_size),
        **_buildings(study.demand),
        "profile": walk.profile,
        "profile_values": profile_values(profiles()[walk.profile]),
        "speed_m_s": float(walk.speed_m_s),
        "sensitivity_m_s": [float(v) for v in walk.sensitivity_m_s],
        **_walkers(walk),
        "access_speed_factor": float(walk.access_speed_factor),
        "cutoffs_min": list(walk.cutoffs_min),
        "max_snap_m": float(walk.max_snap_m),
        "judge": walk.judge,
        "squares": network.squares,
        **_streets(network),
        "gated": network.gated,
        "walls": network.walls,
        "min_component_m": float(network.min_component_m),
        "extent": result.network.extent_source,
        "require": list(study.circle.require),
        **basis_parameters(study),
        **_capacity(study),
        **_siting(study),
        **scenario_parameters(study),
        "packs": pack_names(study),
        "registers": None if rules.registers is None else rules.registers.name,
        "reading": rules.reading,
        "basis": rules.basis,
        "mixed": rules.mixed,
        # Identified by category, not by file: files may share a name and are in the provenance.
        "covers": [
            {
                "category": layer.category,
                "category_column": layer.category_column,
                "covers": layer.covers.name
                if not isinstance(layer.covers, str | None)
                else layer.covers or ("boundary" if study.area.boundary else "extent"),
            }
            for layer in study.facilities
        ],
    }


def _capacity(study: Study) -> SomeCapacity:
    """Return `[capacity]`; nothing where the study has none."""
    return {"capacity": capacity_parameters(study.capacity)} if study.capacity else {}


def _siting(study: Study) -> SomeSiting:
    """Return `[siting]`; nothing where the study has none."""
    return {"siting": siting_parameters(study.siting)} if study.siting else {}


def _buildings(demand: Demand) -> SomeBuildings:
    """Return how building uses are interpreted by group; empty if no layer uses buildings."""
    layers = [layer for layer in demand.layers if layer.buildings is not None]
    found: dict[str, BuildingUses] = {
        layer.group: {"unknown_use": layer.unknown_use, "residential": list(layer.residential)}
        for layer in layers
    }
    return {"buildings": found} if found else {}


def _streets(network: NetworkSource) -> SomeStreets:
    found: SomeStreets = {}
    if network.default_highway is not None:
        found["default_highway"] = network.default_highway
    if network.dem is not None:
        found["dem"] = network.dem.name
    return found


def _walkers(walk: Walk) -> SomeWalkers:
    """Return age speeds, group profiles and factors; empty if all people walk alike."""
    if walk.alike:
        return {}
    return {
        "age_speeds": {band: float(speed) for band, speed in walk.age_speeds.items()},
        "profiles": {
            group: {
                "profile": profile,
                "speed_m_s": float(profiles()[profile].speed_m_s),
                "profile_values": profile_values(profiles()[profile]),
            }
            for group, profile in walk.profiles.items()
        },
        "factors": [float(walk.factor(speed)) for speed in walk.speeds],
    }


def pack_names(study: Study) -> list[str]:
    """Return the names of the rule packs; for a pack given as a file, the file name."""
    return [Path(pack).name for pack in study.rules.packs]
