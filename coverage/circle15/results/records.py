"""The result of a run: everything that the writers need."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from circle15.access.areas.joined_areas import JoinedLandAndBuildings
from circle15.access.records import CoverageRow, GatedFigures, SiteAreas, ZoneRow
from circle15.inputs.crs.china import lies_in_china
from circle15.inputs.demand.nested_groups import people_of_parts
from circle15.inputs.letterheads import Letterhead
from circle15.inputs.tables.shown_ids import home_in_words, known_by, names_of
from circle15.results.coverage_table import coverage_blocks, coverage_table
from circle15.study.settings.walkers import parts_of, slowest
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.indicators import Indicator, known_indicators

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import geopandas as gpd
    import numpy.typing as npt
    import pandas as pd
    from pyproj import CRS

    from circle15.access.areas.covered_areas import AreaRow
    from circle15.access.counting import CatchmentCount
    from circle15.access.judged_people import JudgedPeople
    from circle15.access.judging import Judged
    from circle15.access.supply.records import CategoryAccess
    from circle15.arrays import Ints
    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.crs.points import Given
    from circle15.inputs.demand.population import Population
    from circle15.network.quality import NetworkQuality
    from circle15.network.walk_network import WalkNetwork
    from circle15.planning.gaps.gap_reasons import Tried
    from circle15.planning.proposals import SitingAnswer
    from circle15.planning.scenarios.differences import ScenarioOutcome
    from circle15.planning.trials import Trials
    from circle15.results.summary.entries import Provenance
    from circle15.rules.evaluators.evaluating import RuleResult
    from circle15.rules.floor_area.zone_checks import ZoneCheck
    from circle15.study.settings.records import Study
    from circle15.study.settings.walkers import Part
    from circle15.study.vocabulary.finding import Finding


_Number = TypeVar("_Number", bound=np.generic)


@dataclass(frozen=True)
class StudyResult:
    """
    The result of a run.

    Attributes
    ----------
    demand
        The demand table (study CRS), a row per demand point, with weights in micro-persons, zone
        ids and snapping columns; `barrier` and `barrier_kind` name the barrier that stopped the
        access leg or that it passes.
    facilities
        The facility table with the same snapping columns (`edge_id`, `fraction`, `access_m`, …);
        a row per site and category. `x_m`, `y_m` are NaN where a position is missing.
    quality
        Figures on the network, with the homes inside the area and all sites.
    gated
        The number of people whose result depends on the rule for gated compounds.
    judged
        Times and states of the homes inside the area as arrays, for every walking speed and
        profile; `coverage` is the same as a table.
    categories
        Categories that were judged, in display order, without the combinations `any` and `all`.
    coverage_rows, zone_rows
        People counted by state.
    catchments
        By category, the people in reach of each open facility at the circle's cutoff; `facility`
        is a row of `facilities`.
    rules
        Results of the rule packs.
    zone_checks
        Results of the check of residential zones.
    served
        Areas from which a facility is reached, in the study CRS: `category` (or `all`),
        `cutoff_min`, `geometry`. Drawn from a raster with cells of `served_cell_m`; people are
        never counted by them.
    site_areas
        The same for each facility, from the same raster.
    findings
        All findings.
    provenance
        Version, hashes of the inputs, versions of packages.
    given
        Positions of each layer as given in its file, with the datum they were read in.
    indicators
        Indicators that a register may state for the study's rule packs, by id.
    access
        What the judged group has of each category: choice, worth of sites, supply, equity.
    siting
        Answers to the study's questions on new sites, in its order.
    scenarios
        What each scenario of the study changes, in its order.
    areas
        Residential land and buildings by state, for every category and cutoff; empty without both.
    living
        The land and buildings themselves.
    tried
        What single changes would do for the homes in the gap of the circle, by part of the judged
        group and category; of required categories only, or of the first.
    trials
        What decides who is covered if sites open and close, for the map; None if the study asks
        for none.
    letterhead
        What heads the report.
    """

    study: Study
    crs: CRS
    area: StudyArea
    population: Population
    demand: pd.DataFrame
    facilities: pd.DataFrame
    network: WalkNetwork
    quality: NetworkQuality
    gated: GatedFigures
    judged: JudgedPeople
    categories: Sequence[str]
    coverage_rows: Sequence[CoverageRow]
    zone_rows: Sequence[ZoneRow]
    catchments: Mapping[str, Sequence[CatchmentCount]]
    rules: Sequence[RuleResult]
    zone_checks: Sequence[ZoneCheck]
    served: gpd.GeoDataFrame
    served_cell_m: float
    findings: Sequence[Finding]
    provenance: Provenance
    site_areas: SiteAreas = field(default_factory=SiteAreas)
    given: Sequence[Given] = ()
    indicators: Mapping[str, Indicator] = field(default_factory=known_indicators)
    access: Sequence[CategoryAccess] = ()
    siting: Sequence[SitingAnswer] = ()
    scenarios: Sequence[ScenarioOutcome] = ()
    areas: Sequence[AreaRow] = ()
    living: JoinedLandAndBuildings = field(default_factory=JoinedLandAndBuildings)
    tried: Mapping[str, Mapping[str, Tried]] = field(default_factory=dict)
    trials: Trials | None = None
    letterhead: Letterhead = field(default_factory=Letterhead)

    @cached_property
    def figures(self) -> dict[Callable[..., Any], Any]:
        """Cached figures of this result by the function that computed them; see `results.once`."""
        return {}

    @cached_property
    def in_china(self) -> bool:
        """Whether the study may lie in China, where published maps need an approval number."""
        return lies_in_china(self.area.boundary or self.network.extent, self.crs)

    @cached_property
    def _made_names(self) -> dict[str, str]:
        return names_of(self.facilities)

    def site_in_words(self, own: str, name: str) -> str:
        """Name a site by its id and name; a generated id is replaced by file and row."""
        return self._made_names.get(own) or known_by(own, name)

    def home_in_words(self, own: str) -> str:
        """Name a home by its id, or by file and row if the id was generated."""
        demand = self.study.demand
        layer = next(one for one in demand.layers if one.group == demand.group)
        return home_in_words(own, layer.file_name, self.population.made)

    @property
    def judged_people(self) -> list[tuple[Part, Ints]]:
        """Parts of the judged group with one speed each, and micro-persons by row of `demand`."""
        return self.people_of(self.study.demand.group)

    def people_of(self, group: str) -> list[tuple[Part, Ints]]:
        """Return the parts of a group with one speed each, and micro-persons by row of `demand`."""
        parts = parts_of(group, self.study.walk)
        needed = [group, *(f"p{part.first}" for part in parts[1:])]
        weights = {key: self.demand[c.weight_column(key)].to_numpy() for key in needed}
        return list(zip(parts, people_of_parts(group, parts, weights), strict=True))

    @property
    def drawn(self) -> Part:
        """The slowest part of the judged group; maps show the states of this part."""
        return slowest(parts_of(self.study.demand.group, self.study.walk))

    def judged_as(self, part: Part) -> Mapping[str, Judged]:
        """Return times and states by category, at the judged speed of a part of the group."""
        return self.judged.at_judged_speed(part.name)

    def of_demand(self, values: npt.NDArray[_Number], fill: float) -> npt.NDArray[_Number]:
        """Expand values of the judged homes to all rows of `demand`; `fill` where not judged."""
        found = np.full(len(self.demand), fill, values.dtype)
        found[self.judged.rows] = values
        return found

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """
        Content of `coverage.parquet`, built on first use; computations use `judged` instead.

        `demand_id`, `category`, `speed_m_s`, `time_ms` (null beyond 60 min), `facility_id` (null
        if none), `cutoff_min`, `state`, `unknown_reason`. If people walk at different speeds, also
        `group` (age band, or group with its own profile; null for those who walk as `[walk]`
        states) and `factor` (of the sensitivity analysis). Text columns are categorical.
        """
        return coverage_table(self.coverage_blocks())

    def coverage_blocks(self) -> Iterator[pd.DataFrame]:
        """Yield `coverage` in parts, one after the other, of which none is kept."""
        return coverage_blocks(
            self.judged,
            self.demand[c.DEMAND_ID].to_numpy(dtype=object),
            self.facilities[c.FACILITY_ID].to_numpy(dtype=object),
            alike=self.study.walk.alike,
        )
