"""The walking network of a study: read or downloaded, for every profile in it."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from circle15.inputs.crs.among_streets import compared_with_streets
from circle15.inputs.crs.datum_shifts import shifts_noted
from circle15.network.barriers.given_barriers import with_given_barriers
from circle15.network.downloads.places import fetch_place
from circle15.network.sources.network_source import open_network
from circle15.network.sources.study_crs import study_crs
from circle15.study.vocabulary.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study

    Report = Callable[[str], None]

_log = logging.getLogger(__name__)


def read_network(study: Study, issues: list[Issue], report: Report) -> WalkNetwork:
    """Read the walking network of a study's own profile; see `read_networks`."""
    own = replace(study, walk=replace(study.walk, profiles={}))
    report("network")
    _fetch_streets(own)
    accepted = study.unknown_shift == "accept"
    with shifts_noted(accepted=accepted) as shifts, compared_with_streets() as off_map:
        network = read_networks(own, issues)[study.walk.profile]
    issues += [*shifts, *off_map]
    return network


def _fetch_streets(study: Study) -> None:
    """Download the streets of a place, unless they are there."""
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


def read_networks(study: Study, issues: list[Issue]) -> dict[str, WalkNetwork]:
    """
    Read the walking network of a study, in the CRS of the study, for every profile in it.

    What is found is listed once, for the study's own profile, which is the first one.

    Raises
    ------
    Circle15Error
        If the network or the barriers cannot be used.
    """
    opened = open_network(study.network)
    crs = study_crs(study, opened)
    networks: dict[str, WalkNetwork] = {}
    for profile in dict.fromkeys((study.walk.profile, *study.walk.profiles.values())):
        found = [] if networks else issues
        network = opened.build(crs, found, profile=profile)
        network = replace(network, walls=study.network.walls)
        if study.network.barriers is not None:
            network = with_given_barriers(network, study.network, found)
        if network.extent_source == "hull":
            found.append(Issue("EXTENT_GUESSED", "warning", study.network.file.name))
        networks[profile] = network
    return networks
