"""Put the difference of two results together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from circle15.errors import CrsError, InputDataError
from circle15.results.difference.changed_people import changed_people
from circle15.results.difference.changed_provenance import (
    changed_fields,
    changed_inputs,
    changed_packs,
    changed_versions,
)
from circle15.results.difference.changed_sites import changed_sites
from circle15.results.difference.changed_streets import StreetDifference
from circle15.results.difference.changed_verdicts import changed_verdicts
from circle15.results.difference.decomposing import NO_CHANGE, change_by_zone, change_of
from circle15.results.difference.kept_results import AGAIN, LEVELS
from circle15.results.difference.matched_homes import MatchedHomes
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import COMBINED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from circle15.results.difference.comparison_entries import (
        ChangeEntry,
        Comparison,
        CoverageChange,
        NotCompared,
        Side,
        ZoneChange,
    )
    from circle15.results.difference.decomposing import Change
    from circle15.results.difference.kept_results import KeptResults

    Choice = tuple[str, str, int]
    Gaps = dict[tuple[str, str, str, str, int], float]


def comparison_of(before: KeptResults, after: KeptResults) -> Comparison:
    """
    Return what changed from one result to another.

    Raises
    ------
    CrsError
        If the results are in different coordinate systems.
    InputDataError
        If they have no category, group and cutoff in common, or a folder contradicts itself.
    """
    crs = [side.summary["study"]["crs"] for side in (before, after)]
    if crs[0] != crs[1]:
        raise CrsError(
            f"is in {crs[0]}, and {after.folder} in {crs[1]}: positions cannot be compared.",
            file=before.folder,
            mend=f'Run one of the studies again with [study] crs = "{crs[1]}".',
        )
    homes = MatchedHomes(before.homes, after.homes)
    choices, alone = _choices(before, after, homes)
    if not choices:
        raise InputDataError(
            f"has no category, group and cutoff in common with {after.folder}.",
            file=before.folder,
            mend="Compare results of one study.",
        )
    persons = [_persons(side) for side in (before, after)]
    gaps = _gaps(before), _gaps(after)
    coverage: list[CoverageChange] = []
    for category, group, cutoff in choices:
        units = homes.units(group, category, cutoff)
        change = sum(map(change_of, units), NO_CHANGE)
        for side, total in zip((before, after), (change.before, change.after), strict=True):
            _require_same(side, (category, group, cutoff), total)
        entry: Any = {"category": category, "group": group, "cutoff_min": cutoff}
        entry |= {"persons_a": persons[0][group], "persons_b": persons[1][group]}
        told = [one.get(("", "", category, group, cutoff)) for one in gaps]
        coverage.append(cast("CoverageChange", entry | _entry(change, told)))
    verdicts, more = changed_verdicts(before, after)
    streets = None
    if before.streets is not None and after.streets is not None:
        streets = StreetDifference(before.streets, after.streets)
    more += _streets_not_compared(before, after)
    judged = str(after.summary["parameters"].get("group"))
    return {
        "schema": 1,
        "a": _side(before),
        "b": _side(after),
        "headline": _headline(coverage, after, judged),
        "not_compared": [*alone, *more],
        "homes": {
            "a": len(before.homes.ids),
            "b": len(after.homes.ids),
            "both": int(((homes.row_before >= 0) & (homes.row_after >= 0)).sum()),
        },
        "coverage": coverage,
        "zones": list(
            _zones(before, after, homes, [one for one in choices if one[1] == judged], gaps)
        ),
        "sites": changed_sites(before, after),
        "population": changed_people(homes),
        "parameters": changed_fields(before.summary["parameters"], after.summary["parameters"]),
        "inputs": changed_inputs(before, after),
        "versions": changed_versions(before, after),
        "packs": changed_packs(before, after),
        "network": changed_fields(before.summary["network"], after.summary["network"]),
        "streets": [] if streets is None else streets.by_kind(),
        "ways": [] if streets is None else streets.by_name(),
        "street_km": None if streets is None else streets.total(),
        "verdicts": verdicts,
    }


def _streets_not_compared(before: KeptResults, after: KeptResults) -> list[NotCompared]:
    """Name what the folders lack of the streets: the layer, or names, which are newer."""
    sides = {"a": before.streets, "b": after.streets}
    whole = [key for key, one in sides.items() if one is not None]
    named = [key for key, one in sides.items() if one is not None and one.name is not None]
    what, there = ("walk_network", whole) if len(whole) < 2 else ("street_names", named)
    if len(there) == 2:
        return []
    only: Any = next(iter(there), "none")
    return [{"what": cast("Any", what), "name": "results.gpkg", "only_in": only}]


def _side(one: KeptResults) -> Side:
    study = one.summary["study"]
    return {
        "folder": one.folder,
        "name": study["name"],
        "title": study["title"],
        "as_of": study["as_of"],
        "circle15": one.summary["provenance"]["circle15"],
        "code": one.code,
    }


def _entry(change: Change, gaps: Sequence[float | None]) -> ChangeEntry:
    return {
        "a": change.before / c.MICRO,
        "b": change.after / c.MICRO,
        "gap_a": gaps[0],
        "gap_b": gaps[1],
        "people": change.people / c.MICRO,
        "closed": change.closed / c.MICRO,
        "opened": change.opened / c.MICRO,
        "moved": change.moved / c.MICRO,
        "walking": change.walking / c.MICRO,
    }


def _choices(
    before: KeptResults, after: KeptResults, homes: MatchedHomes
) -> tuple[list[Choice], list[NotCompared]]:
    """Return category, group and cutoff that both results have, and what only one has."""
    alone: list[NotCompared] = []

    def shared(what: Any, old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
        lone = [(one, "a") for one in old if one not in new]
        lone += [(one, "b") for one in new if one not in old]
        alone.extend(
            {"what": what, "name": str(one), "only_in": cast("Any", side)} for one, side in lone
        )
        return [one for one in old if one in new]

    groups = shared("group", list(before.homes.groups), list(after.homes.groups))
    split = [group for group in groups if not homes.comparable(group)]
    alone += [{"what": "group", "name": group, "only_in": "both"} for group in split]
    categories = shared("category", _categories(before), _categories(after))
    cutoffs = shared("cutoff_min", _cutoffs(before), _cutoffs(after))
    return [
        (category, group, cutoff)
        for category in categories
        for cutoff in cutoffs
        for group in groups
        if group not in split
    ], alone


def _categories(side: KeptResults) -> list[str]:
    return [*side.categories, *(COMBINED if side.homes.require else ())]


def _cutoffs(side: KeptResults) -> list[int]:
    return sorted({cutoff for _, _, cutoff in side.homes.covered})


def _persons(side: KeptResults) -> dict[str, float]:
    """Return the persons of each group."""
    return {
        group: int(sum(band.weight.sum() for band in bands)) / c.MICRO
        for group, bands in side.homes.groups.items()
    }


def _gaps(side: KeptResults) -> Gaps:
    """Return the people in the gap by level and id (both empty for the whole area) and choice."""
    rows: list[Any] = [*side.summary["coverage"], *side.summary["zones"]]
    return {
        (
            row.get("level", ""),
            row.get("id", ""),
            row["category"],
            row["group"],
            row["cutoff_min"],
        ): row["gap"]
        for row in rows
        if _is_judged(side, row)
    }


def _is_judged(side: KeptResults, row: Mapping[str, Any]) -> bool:
    """Return whether a row of the summary is at the judged speed."""
    # Where people walk at speeds of their own, their factor says which rows are judged.
    speed = side.summary["parameters"].get("speed_m_s")
    return bool(row["factor"] == 1 if "factor" in row else row["speed_m_s"] == speed)


def _require_same(side: KeptResults, choice: Choice, covered: int) -> None:
    """
    Require that the tables of a folder give the people that its summary states.

    Raises
    ------
    InputDataError
        If they do not.
    """
    stated = [
        row["covered"]
        for row in side.summary["coverage"]
        if (row["category"], row["group"], row["cutoff_min"]) == choice and _is_judged(side, row)
    ]
    if stated != [covered / c.MICRO]:
        said = str(stated[0]) if stated else "no"
        raise InputDataError(
            f"summary.json states {said} people covered ({choice[0]}, {choice[1]}, {choice[2]} "
            f"min), and coverage.parquet with results.gpkg {covered / c.MICRO}.",
            file=side.folder,
            mend=f"The files are damaged or not of one run. {AGAIN}",
        )


def _headline(
    coverage: Sequence[CoverageChange], after: KeptResults, judged: str
) -> CoverageChange | None:
    wanted = (after.headline, judged, after.circle_min)
    found = (
        row for row in coverage if (row["category"], row["group"], row["cutoff_min"]) == wanted
    )
    return next(found, None)


def _zones(
    before: KeptResults,
    after: KeptResults,
    homes: MatchedHomes,
    choices: Sequence[Choice],
    gaps: tuple[Gaps, Gaps],
) -> Iterator[ZoneChange]:
    """Yield the zones where something changed, by level."""
    for level in LEVELS:
        # No zone for homes in none, and where a result does not have the home (row -1).
        old = np.append(before.zones[level], "")[homes.row_before]
        new = np.append(after.zones[level], "")[homes.row_after]
        ids = [*sorted({*pd.unique(old), *pd.unique(new)} - {""}), ""]
        number = pd.Index(ids, dtype=object)
        was, now = (number.get_indexer(pd.Index(one, dtype=object)) for one in (old, new))
        names = _names(before, level) | _names(after, level)
        for category, group, cutoff in choices:
            totals = [NO_CHANGE] * len(ids)
            for units in homes.units(group, category, cutoff):
                found = change_by_zone(units, was, now, len(ids))
                totals = [a + b for a, b in zip(totals, found, strict=True)]
            for zone, change in zip(ids, totals, strict=True):
                if any((change.people, change.closed, change.opened, change.moved, change.walking)):
                    entry: Any = {"level": level, "id": zone, "name": names.get(zone, "")}
                    entry |= {"category": category, "group": group, "cutoff_min": cutoff}
                    told = [one.get((level, zone, category, group, cutoff)) for one in gaps]
                    yield cast("ZoneChange", entry | _entry(change, told))


def _names(side: KeptResults, level: str) -> dict[str, str]:
    return {one["id"]: one["name"] for one in side.summary["zones"] if one["level"] == level}
