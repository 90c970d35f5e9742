"""The categories that can be chosen on the map, and people by state for each choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circle15.access.areas.covered_areas import BASES
from circle15.output.text.numbers import covered_share, share, whole_people, whole_served
from circle15.output.text.wording import Words
from circle15.study.messages import say
from circle15.study.vocabulary.categories import category_colour
from circle15.study.vocabulary.scopes import ALL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.access.assignment.classes import ServedCounts
    from circle15.access.counting import Counts
    from circle15.results.records import StudyResult
    from circle15.study.languages import Language


ALL_COLOUR = "#1f3a5f"


@dataclass(frozen=True, slots=True)
class Choice:
    """A category that the map can show, or `all`: all services of the required circle."""

    id: str
    label: str
    colour: str
    categories: tuple[str, ...]


def choices_of(result: StudyResult, language: Language) -> list[Choice]:
    """List the choices of the map; `all` comes first if the study requires a circle."""
    study, words = result.study, Words(language, result.study)
    found = [
        Choice(
            key,
            words.category(key),
            category_colour(key, tuple(study.categories)),
            (key,),
        )
        for key in result.categories
    ]
    if study.circle.require:
        label = say("map.choice_all", language)
        found.insert(0, Choice(ALL, label, ALL_COLOUR, tuple(study.circle.require)))
    return found


def printed_counts(counts: Counts) -> dict[str, list[Any]]:
    """
    Return people by state as the report prints them: whole persons that sum, and percentages.

    Returns
    -------
    `persons` and `shares`, each a list for covered, gap, unknown.
    """
    rest = (counts.gap, counts.unknown)
    return {
        "persons": whole_people(counts),
        "shares": [covered_share(counts), *(share(part, counts.persons) for part in rest)],
    }


def headline_counts(result: StudyResult) -> dict[str, dict[str, dict[str, list[Any]]]]:
    """Return people of the judged group by choice and cutoff, at the judged speed."""
    study = result.study
    found: dict[str, dict[str, dict[str, list[Any]]]] = {}
    for row in result.coverage_rows:
        if row.group == study.demand.group and row.speed_m_s == study.walk.speed_m_s:
            found.setdefault(row.category, {})[str(row.cutoff_min)] = printed_counts(row.counts)
    return found


def basis_shares(result: StudyResult, words: Words) -> dict[str, dict[str, str]]:
    """
    Return the covered shares of residential land and buildings by choice and cutoff, in words.

    Empty without `[coverage_basis]`.
    """
    found: dict[str, dict[str, str]] = {}
    for row in result.areas:
        shares = [
            f"{words.say(f'basis.{basis}')} {covered_share(row.areas[basis].counts)}"
            for basis in BASES
            if basis in row.areas
        ]
        found.setdefault(row.category, {})[str(row.cutoff_min)] = " · ".join(shares)
    return found


def zone_counts(result: StudyResult) -> Mapping[tuple[str, str], dict[str, Any]]:
    """Return people of the judged group by (level, zone id), then by choice and cutoff."""
    study = result.study
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in result.zone_rows:
        if row.group == study.demand.group and row.speed_m_s == study.walk.speed_m_s:
            by_choice = found.setdefault((row.level, row.zone_id), {})
            by_choice.setdefault(row.category, {})[str(row.cutoff_min)] = printed_counts(row.counts)
    return found


def printed_served(served: ServedCounts) -> dict[str, list[Any]]:
    """
    Return people by class as the report prints them.

    Returns
    -------
    `persons` and `shares`, each a list for served, turned away, gap, unknown.
    """
    parts = [served.served, served.turned_away, served.gap, served.unknown]
    return {
        "persons": whole_served(served),
        "shares": [share(part, served.persons) for part in parts],
    }


def headline_served(result: StudyResult) -> dict[str, dict[str, list[Any]]]:
    """Return the judged group by class under `[capacity]`, by category with `per_person`."""
    return {
        one.category: printed_served(one.everybody.served)
        for one in result.access
        if one.everybody.served is not None
    }


def zone_served(result: StudyResult) -> Mapping[tuple[str, str], dict[str, Any]]:
    """Return the same by (level, zone id), then by category."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in result.access:
        for zone in one.zones:
            if zone.served is not None:
                by_category = found.setdefault((str(zone.level), zone.zone_id), {})
                by_category[one.category] = printed_served(zone.served)
    return found
