"""Equity as data for the map's script: measures of a category, and what zones have of it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final

from circle15.output.text.equity.measures import SHARED_MEASURES, measure_texts, why_undefined
from circle15.output.text.numbers import NOTHING, count, decimals, people, percent
from circle15.results.supply_classes import supply_classes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.access.equity import Equity
    from circle15.access.supply.records import CategoryAccess, Measure, ZoneSupply
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.results.supply_classes import SupplyClasses

_MOST_CUTOFFS: Final = 3
_CURVE_DIGITS: Final = 4


def equity_measures(result: StudyResult, words: Words) -> dict[str, dict[str, dict[str, Any]]]:
    """
    Return the equity of minutes, coverage and supply, by category.

    Returns
    -------
    By category and measure: `of`, what is measured; `rows`, name and text of each index as in the
    report, or why it is undefined; `note`, whose minutes are known; `curve`, the Lorenz curve,
    empty where it is undefined, and `said`, the same in a sentence. No minutes of round trips, no
    supply without `[capacity]`.
    """
    classes = supply_classes(result)
    return {
        one.category: {
            measure: {
                "of": _of(result, one, measure, classes, words),
                "rows": _rows(result, one, measure, words),
                "note": words.say("supply.equity_minutes").strip() if measure == "minutes" else "",
                **_curve(found, words),
            }
            for measure, found in one.equity.items()
            if measure != "supply" or one.category in classes
        }
        for one in result.access
    }


def minute_breaks(result: StudyResult) -> list[str]:
    """Return the lower bounds of the classes of minutes: the cutoffs, then twice the circle."""
    return [str(one) for one in _minute_bounds(result)]


def zone_equity(result: StudyResult) -> Mapping[tuple[str, str], dict[str, list[Any]]]:
    """
    Return what the people of a zone have, by (level, zone id), then by category.

    Returns
    -------
    Mean walk in minutes as text and its class; people among the tenth of all people who walk
    farthest, as text; supply of so many people as `people_related` says, as text, and its class.
    Null where it is unknown or not measured.
    """
    bounds, classes = _minute_bounds(result), supply_classes(result)
    found: dict[tuple[str, str], dict[str, list[Any]]] = {}
    for one in result.access:
        for zone in one.zones:
            by_category = found.setdefault((str(zone.level), zone.zone_id), {})
            by_category[one.category] = _of_zone(zone, bounds, classes.get(one.category))
    return found


def _of_zone(
    zone: ZoneSupply, bounds: list[int], supply: SupplyClasses | None
) -> list[str | int | None]:
    mean, each = zone.mean_min, zone.supply_per_person
    supplied: list[str | int | None] = [None, None]
    if supply is not None and each is not None:
        supplied = [decimals(each * supply.people, 2), supply.class_of(each)]
    return [
        None if mean is None else decimals(mean, 1),
        None if mean is None else bisect_right(bounds, mean),
        None if zone.worst is None else people(zone.worst),
        *supplied,
    ]


def _minute_bounds(result: StudyResult) -> list[int]:
    walk = result.study.walk
    return [*walk.cutoffs_min[-_MOST_CUTOFFS:], 2 * walk.circle_min]


def _of(
    result: StudyResult,
    one: CategoryAccess,
    measure: Measure,
    classes: Mapping[str, SupplyClasses],
    words: Words,
) -> str:
    if measure == "supply":
        own = classes[one.category]
        unit = words.say(f"columns.{own.field}")
        return words.say("map.place_supply", unit=unit, people=count(own.people))
    return words.say(f"map.equity_of_{measure}", minutes=result.study.walk.circle_min)


def _rows(
    result: StudyResult, one: CategoryAccess, measure: Measure, words: Words
) -> list[list[str]]:
    texts = measure_texts(result, one, measure, words)
    found = one.equity[measure]
    return [
        [
            words.say(f"columns.{column}"),
            why_undefined(found, column, words) if text == NOTHING else text,
        ]
        for column, text in texts.items()
        if measure != "coverage" or column in SHARED_MEASURES
    ]


def _curve(found: Equity, words: Words) -> dict[str, Any]:
    least, most = percent(found.least_forty), percent(found.most_tenth)
    said = words.say("map.equity_curve", least=least, most=most) if found.lorenz else ""
    return {"curve": [round(one, _CURVE_DIGITS) for one in found.lorenz], "said": said}
