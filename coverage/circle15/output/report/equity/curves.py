"""The figure of Lorenz curves, and the sentences that say what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.charts.lorenz import Curve, LorenzChart
from circle15.output.document.model import Figure
from circle15.output.text.numbers import decimals, people, percent
from circle15.output.text.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.access.equity import Equity
    from circle15.access.supply.records import CategoryAccess
    from circle15.output.text.wording import Words

MOST_CURVES: Final = 6
MOST_PLACES: Final = 2


def lorenz_figure(shown: Sequence[CategoryAccess], words: Words) -> Figure | None:
    """Draw the curve of each category: of supply, or of minutes where no supply is known."""
    drawn = [
        (one.category, measure, one.equity[measure])
        for one in shown
        for measure in ("supply", "minutes")
        if measure in one.equity and one.equity[measure].lorenz
    ]
    first = {category: (measure, found) for category, measure, found in reversed(drawn)}
    curves = [
        Curve(
            words.category(one.category),
            first[one.category][1].lorenz,
            words.say(
                "supply.curve_text",
                what=words.say(f"workbook.equity_{first[one.category][0]}"),
                gini=decimals(first[one.category][1].gini, 3),
            ),
        )
        for one in shown
        if one.category in first
    ]
    if not curves:
        return None
    legend = (words.say("supply.curve_people"), words.say("supply.curve_equal"))
    chart = LorenzChart(curves[:MOST_CURVES], legend)
    return Figure(words.say("supply.curve_title"), chart, words.say("supply.curve_note"))


def equity_findings(shown: Sequence[CategoryAccess], words: Words) -> list[str]:
    """Say of the supply and of the minutes that are spread least evenly who has how much."""
    found = []
    supplied = _least_even(shown, "supply")
    if supplied is not None:
        one, equity = supplied
        found.append(
            words.say(
                "supply.finding_supply",
                category=words.category(one.category),
                least=percent(equity.least_forty),
                most=percent(equity.most_tenth),
            )
        )
    walked = _least_even(shown, "minutes")
    if walked is not None:
        one, equity = walked
        found.append(
            words.say(
                "supply.finding_minutes",
                category=words.category(one.category),
                worst=decimals(equity.worst_tenth, 1),
                mean=decimals(equity.mean, 1),
            )
        )
        places = _worst_places(one, words)
        if places:
            found.append(words.say("supply.finding_where", places=words.list(places)))
    return found


def _worst_places(one: CategoryAccess, words: Words) -> list[str]:
    """Name the subdistricts where most of the worst-off tenth live, with their people."""
    zones = [(zone.worst or 0, zone) for zone in one.zones if zone.level == "street"]
    most = sorted(zones, key=lambda pair: (-pair[0], pair[1].zone_id))[:MOST_PLACES]
    return [
        words.say(
            "supply.finding_place",
            place=shortened(zone.name or zone.zone_id, 40),
            people=people(worst),
        )
        for worst, zone in most
        if worst
    ]


def _least_even(
    shown: Sequence[CategoryAccess], measure: str
) -> tuple[CategoryAccess, Equity] | None:
    found = [(one, one.equity[key]) for one in shown for key in one.equity if key == measure]
    known = [(one, equity) for one, equity in found if equity.gini is not None]
    return max(known, key=lambda pair: pair[1].gini or 0.0, default=None)
