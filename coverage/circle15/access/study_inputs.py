"""The inputs of a study, read and joined to the network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from circle15.access.areas.joined_areas import JoinedLandAndBuildings
from circle15.access.joining.joined_network import Streets
from circle15.access.joining.sites import Sites
from circle15.inputs.area.study_area import StudyArea
from circle15.inputs.demand.population import Population
from circle15.inputs.letterheads import Letterhead
from circle15.inputs.registers import RegisterRow
from circle15.inputs.residential import ResidentialZone
from circle15.inputs.tables.columns_read import ColumnsRead
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyproj import CRS

    from circle15.inputs.crs.datum_doctor import Diagnosis
    from circle15.inputs.crs.points import Given
    from circle15.inputs.files.source_files import SourceFiles
    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study


@dataclass(frozen=True)
class StudyInputs:
    """
    The inputs of a study, read, checked and joined to the network.

    `categories` are those with a facility layer or required by the circle, in display order.
    `files` holds the number of rows of every file read. `given` are the layers of points, `datums`
    the diagnosis of the datum of each. `others` are the streets by profile, for groups with a
    profile other than that of `[walk]`. `columns` lists the columns read of every table. `sources`
    are the states of the files before they were read. `living` are residential land and buildings.
    `letterhead` heads report and zone sheets.
    """

    study: Study
    sources: SourceFiles
    crs: CRS
    area: StudyArea
    population: Population
    demand_snaps: Snaps
    sites: Sites
    network: WalkNetwork
    residential: list[ResidentialZone]
    categories: list[str]
    findings: Sequence[Finding]
    files: dict[str, int]
    given: list[Given]
    datums: list[Diagnosis]
    registers: Sequence[RegisterRow] = ()
    others: Mapping[str, Streets] = field(default_factory=dict)
    columns: Sequence[ColumnsRead] = ()
    living: JoinedLandAndBuildings = field(default_factory=JoinedLandAndBuildings)
    letterhead: Letterhead = field(default_factory=Letterhead)

    def streets(self, profile: str) -> Streets:
        """Return the streets of a profile that the study names."""
        if profile in self.others:
            return self.others[profile]
        return Streets(self.network, self.demand_snaps, self.sites)
