"""Read or download the walking network of a study, for each of its walking profiles."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from circle15.inputs.crs.among_streets import compared_with_streets
from circle15.inputs.crs.datum_shifts import shifts_noted
from circle15.network.barriers.given_barriers import with_given_barriers
from circle15.network.downloads.places import fetch_place
from circle15.network.sources.link_layer import changed_networks
from circle15.network.sources.network_source import OpenedNetwork, open_network
from circle15.network.sources.study_crs import StreetSettings, study_crs
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study

    Report = Callable[[str], None]

_log = logging.getLogger(__name__)


def read_network(study: Study, report: Report) -> tuple[WalkNetwork, list[Finding]]:
    """
    Read the walking network for the study's main profile, with the changes of a scenario.

    See `read_networks`.
    """
    own = replace(study, walk=replace(study.walk, profiles={}))
    report("network")
    _fetch_streets(own)
    accepted = study.unknown_shift == "accept"
    with shifts_noted(accepted=accepted) as shifts, compared_with_streets() as off_map:
        networks, findings = read_networks(street_settings(own))
        if study.changes is not None:
            networks = dict(changed_networks(networks, own).networks)
    return networks[study.walk.profile], [*findings, *shifts, *off_map]


def street_settings(study: Study) -> StreetSettings:
    """Return all settings of a study on which its streets depend."""
    profiles = dict.fromkeys([study.walk.profile, *study.walk.profiles.values()])
    return StreetSettings(
        study.network,
        study.crs,
        study.area.boundary,
        study.area.boundary_sheet,
        tuple(profiles),
        study.file,
    )


def _fetch_streets(study: Study) -> None:
    """Download the streets of the study's place, unless they exist already."""
    place, kept = study.network.place, study.network.kept
    if place is not None and kept is not None:
        fetch_place(
            place,
            kept,
            reach_m=study.walk.reach_m,
            tell=_log.warning,
            mirror=study.network.mirror,
            geocoder=study.network.geocoder,
            renew=True,
        )


def read_networks(settings: StreetSettings) -> tuple[dict[str, WalkNetwork], list[Finding]]:
    """
    Read the walking network of a study, in the CRS of the study, for each of its profiles.

    Findings are listed once, for the study's main profile, which comes first. The links and gates
    of a scenario are not in them (`link_layer.changed_networks`).

    Raises
    ------
    Circle15Error
        If the network or the barriers cannot be used.
    """
    opened = open_network(settings.network)
    crs = study_crs(settings, opened)
    main, *others = settings.profiles
    own, findings = walked_by(main, opened, crs)
    return {main: own} | {
        profile: walked_by(profile, opened, crs)[0] for profile in others
    }, findings


def walked_by(
    profile: str,
    opened: OpenedNetwork,
    crs: CRS,
    *,
    extent: BaseGeometry | None = None,
) -> tuple[WalkNetwork, list[Finding]]:
    """
    Build the walking network of a profile, with the barriers and rules of `[network]`.

    An `extent`, in that CRS, goes before the one that the source names.

    Raises
    ------
    Circle15Error
        If the network or the barriers cannot be used.
    """
    source = opened.source
    network, findings = opened.build(crs, profile=profile, extent=extent)
    network = replace(network, walls=source.walls, gated=source.gated)
    if source.barriers is not None:
        network, of_barriers = with_given_barriers(network, source)
        findings += of_barriers
    if network.extent_source == "hull":
        findings.append(Finding("EXTENT_GUESSED", "warning", source.file.name))
    return network, findings
