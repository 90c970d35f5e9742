"""The scenarios of a study in `summary.json`: what each changes, beside the study itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from typing_extensions import TypedDict

from circle15.results.scenarios.change_entries import ChangesEntry, changes_entry
from circle15.results.summary.limited import NotNegative
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.planning.scenarios.differences import ScenarioOutcome, Shift


class ShiftEntry(TypedDict):
    """
    People of one group for a category and cutoff, in the study (a) and in the scenario (b).

    `gained` and `lost` are at homes of the study; the rest of the difference are people at new
    homes, and other numbers of people at homes that stay covered.
    """

    category: str
    group: str
    cutoff_min: int
    persons_a: NotNegative
    persons_b: NotNegative
    covered_a: NotNegative
    covered_b: NotNegative
    gap_a: NotNegative
    gap_b: NotNegative
    unknown_a: NotNegative
    unknown_b: NotNegative
    gained: NotNegative
    """People who become covered."""
    lost: NotNegative
    """People who are no longer covered."""


class ZoneShiftEntry(ShiftEntry):
    """The same in one zone where something changes, for the judged group."""

    level: Literal["street", "community"]
    id: str
    name: str


class CatchmentShiftEntry(TypedDict):
    """A site whose catchment in the circle changes; null where it is not open, or not joined."""

    facility_id: str
    category: str
    name: str
    persons_a: NotNegative | None
    persons_b: NotNegative | None


class FlipEntry(TypedDict):
    """A verdict that flips; `pack` is empty for a residential zone, whose name is the scope."""

    pack: str
    id: str
    scope: str
    verdict_a: str
    verdict_b: str


class ScenarioEntry(TypedDict):
    """One scenario of the study, at the judged speed."""

    name: str
    changes: ChangesEntry
    coverage: list[ShiftEntry]
    zones: list[ZoneShiftEntry]
    catchments: list[CatchmentShiftEntry]
    verdicts: list[FlipEntry]


def scenario_entry(outcome: ScenarioOutcome) -> ScenarioEntry:
    """Return a scenario as an entry of `scenarios`."""
    return {
        "name": outcome.changes.name,
        "changes": changes_entry(outcome.changes.scenario),
        "coverage": [_shift(one) for one in outcome.shifts],
        "zones": [
            {"level": one.level, "id": one.zone_id, "name": one.name, **_shift(one.shift)}
            for one in outcome.zones
        ],
        "catchments": [
            {
                "facility_id": one.facility_id,
                "category": one.category,
                "name": one.name,
                "persons_a": None if one.before is None else one.before / c.MICRO,
                "persons_b": None if one.after is None else one.after / c.MICRO,
            }
            for one in outcome.catchments
        ],
        "verdicts": [
            {
                "pack": one.pack,
                "id": one.own,
                "scope": one.scope,
                "verdict_a": one.before.value,
                "verdict_b": one.after.value,
            }
            for one in outcome.flips
        ],
    }


def _shift(one: Shift) -> ShiftEntry:
    return {
        "category": one.category,
        "group": one.group,
        "cutoff_min": one.cutoff_min,
        "persons_a": one.before.persons / c.MICRO,
        "persons_b": one.after.persons / c.MICRO,
        "covered_a": one.before.covered / c.MICRO,
        "covered_b": one.after.covered / c.MICRO,
        "gap_a": one.before.gap / c.MICRO,
        "gap_b": one.after.gap / c.MICRO,
        "unknown_a": one.before.unknown / c.MICRO,
        "unknown_b": one.after.unknown / c.MICRO,
        "gained": one.gained / c.MICRO,
        "lost": one.lost / c.MICRO,
    }
