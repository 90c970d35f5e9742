"""QGIS styles (QML) of the GeoPackage's layers, in the colours of the map."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from circle15.output.document.markup import Markup, el, join
from circle15.output.text.palette import (
    CANDIDATE,
    CHANGE_COLOURS,
    COVERED,
    GAP,
    GAP_COLOURS,
    NEW_LINK,
    PROPOSED,
    SERVED_COLOURS,
    SHARE_COLOURS,
    SHARE_STEPS,
    SITE_CHANGE_COLOURS,
    UNKNOWN,
    UNSERVED_COLOURS,
    VERDICT_COLOURS,
)
from circle15.study.vocabulary.categories import category_colour
from circle15.study.vocabulary.scopes import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.text.wording import Words

_STATES: Final = {"covered": COVERED, "gap": GAP, "unknown": UNKNOWN}
_INK, _WHITE, _RIM, _STREET = "#1c2733", "#ffffff", "#5a5a5a", "#969696"
_FONT: Final = "Microsoft YaHei"
_NEAR: Final = 25_000
"""Scale denominator below which sites and communities are labelled."""

_INSIDE: Final = {"placement": "4", "placementFlags": "10", "polygonPlacementFlags": "2"}
_BESIDE: Final = {"placement": "0", "placementFlags": "10", "polygonPlacementFlags": "2"}
"""QGIS placement codes for a horizontal label inside a polygon, and for one around a point."""

SERVED_FIELD: Final = "category || ' ' || cutoff_min"
"""Expression that identifies a served area; those of one category overlap."""

GAP_FIELD: Final = "gap / nullif(persons, 0)"
"""Expression for the share of people in the gap; null where no people live."""

PROPOSED_FIELD: Final = "CASE WHEN proposed THEN 'proposed' ELSE 'candidate' END"
PROPOSED_LABEL: Final = "CASE WHEN proposed THEN number || ': +' || round(persons_newly) END"
"""Expressions: the symbol of a candidate; order and people newly reached of a proposed site."""


DIFFERENCE_FIELD: Final = "scenario || ' ' || category || ' ' || change"
"""Expression that identifies what a scenario changes at a home, for one category."""

_GAP_KIND: Final = "CASE WHEN reason = 'capacity' THEN category || ' full' ELSE category END"


def layer_styles(
    layers: Sequence[str],
    words: Words,
    *,
    categories: Sequence[str],
    judged: str,
    served: Sequence[tuple[str, int]],
    shown: str,
    gaps: Sequence[tuple[str, bool]],
    scenarios: Sequence[str] = (),
    pointed: bool = False,
) -> dict[str, str]:
    """
    Return the default style of each layer as QML: symbols, legend texts and labels.

    Parameters
    ----------
    layers
        Names of the layers.
    categories
        Categories of the study, for the colours of facilities.
    judged
        Field of the demand layer whose states are shown.
    served
        Category and cutoff of each served area.
    shown
        Category whose served areas are visible at first; the others are switched off.
    gaps
        Category of the gap areas, and whether they are those of its full sites; those of `shown`
        are visible at first.
    scenarios
        Names of the scenarios; the differences of the first one for `shown` are visible at first.
    pointed
        Whether residential zones are points rather than areas.
    """
    renderers = {
        "walk_network": _network(),
        "isochrones": _isochrones(served, shown, words),
        "zones": _shares(),
        "residential_zones": _verdicts(words, pointed=pointed),
        "gap_areas": _gaps(gaps, shown, words),
        "demand": _demand(judged, words),
        "facilities": _facilities(categories, words),
        "candidates": _candidates(words),
        "scenario_differences": _differences(scenarios, [*categories, ALL], shown, words),
        "scenario_sites": _changed_sites(words),
        "scenario_links": _links(),
    }
    street = "level = 'street'"
    named = f"CASE WHEN {street} OR @map_scale < {_NEAR} THEN name END"
    near = f"CASE WHEN @map_scale < {_NEAR} THEN name END"
    labels = {
        "zones": _labelling(named, _INSIDE),
        "residential_zones": _labelling("zone_id", _BESIDE if pointed else _INSIDE),
        "gap_areas": _labelling("round(persons)", _INSIDE),
        "facilities": _labelling(near, _BESIDE),
        "candidates": _labelling(PROPOSED_LABEL, _BESIDE),
        "scenario_sites": _labelling("name", _BESIDE),
    }
    return {
        name: str(_qml(renderers[name], labels.get(name))) for name in layers if name in renderers
    }


def _qml(renderer: Markup, labelling: Markup | None) -> Markup:
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
    return Markup(
        head
        + el(
            "qgis",
            renderer,
            labelling,
            version="3.28",
            styleCategories="Symbology|Labeling",
            labelsEnabled="1" if labelling else "0",
        )
    )


def _labelling(expression: str, where: dict[str, str]) -> Markup:
    """Return labels in dark letters with a white buffer, as on the map."""
    rim = el(
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor=_rgb(_WHITE),
        bufferOpacity="1",
    )
    text = el(
        "text-style",
        rim,
        fieldName=expression,
        isExpression="1",
        fontFamily=_FONT,
        fontSize="8",
        fontSizeUnit="Point",
        textColor=_rgb(_INK),
        textOpacity="1",
    )
    # QGIS draws no labels without these two elements.
    placed = el("placement", dist="0.6", distUnits="MM", priority="5", **where)
    drawn = el(
        "rendering",
        drawLabels="1",
        obstacle="1",
        maxNumLabels="2000",
        fontMaxPixelSize="10000",
    )
    return el("labeling", el("settings", text, placed, drawn), type="simple")


def _rgb(colour: str, alpha: int = 255) -> str:
    """Convert `#rrggbb` to QGIS's `r,g,b,a`."""
    parts = [str(int(colour[k : k + 2], 16)) for k in (1, 3, 5)]
    return ",".join([*parts, str(alpha)])


def _symbol(kind: str, name: str, layer: str, options: dict[str, str]) -> Markup:
    shown = (el("Option", type="QString", name=key, value=value) for key, value in options.items())
    body = el("Option", join(shown), type="Map")
    return el(
        "symbol",
        el("layer", body, **{"class": layer, "enabled": "1", "pass": "0", "locked": "0"}),
        type=kind,
        name=name,
        alpha="1",
        clip_to_extent="1",
    )


def _fill(name: str, colour: str, alpha: int = 170, rim: str = _RIM) -> Markup:
    return _symbol(
        "fill",
        name,
        "SimpleFill",
        {
            "color": _rgb(colour, alpha),
            "style": "solid",
            "outline_color": _rgb(rim),
            "outline_style": "solid",
            "outline_width": "0.2",
            "outline_width_unit": "MM",
        },
    )


def _marker(name: str, colour: str, size: str) -> Markup:
    return _symbol(
        "marker",
        name,
        "SimpleMarker",
        {
            "name": "circle",
            "color": _rgb(colour),
            "size": size,
            "size_unit": "MM",
            "outline_color": _rgb(_WHITE),
            "outline_style": "solid",
            "outline_width": "0.2",
        },
    )


def _single(symbol: Markup) -> Markup:
    return el(
        "renderer-v2",
        el("symbols", symbol),
        type="singleSymbol",
        forceraster="0",
        enableorderby="0",
        symbollevels="0",
    )


def _categorized(attribute: str, values: Sequence[tuple[str, str, Markup, bool]]) -> Markup:
    """Return a renderer by value; `values` are value, label, symbol, and whether it is visible."""
    entries = (
        el(
            "category",
            symbol=str(k),
            value=value,
            label=label,
            render="true" if drawn else "false",
            type="string",
        )
        for k, (value, label, _, drawn) in enumerate(values)
    )
    symbols = join(symbol for _, _, symbol, _ in values)
    return el(
        "renderer-v2",
        el("categories", join(entries)),
        el("symbols", symbols),
        type="categorizedSymbol",
        attr=attribute,
        forceraster="0",
        enableorderby="0",
        symbollevels="0",
    )


def _network() -> Markup:
    return _single(_line(_STREET, "0.2"))


def _line(colour: str, width: str) -> Markup:
    return _symbol(
        "line",
        "0",
        "SimpleLine",
        {
            "line_color": _rgb(colour),
            "line_width": width,
            "line_width_unit": "MM",
            "line_style": "solid",
        },
    )


def _isochrones(served: Sequence[tuple[str, int]], shown: str, words: Words) -> Markup:
    cutoffs = sorted({cutoff for _, cutoff in served})
    last = len(SERVED_COLOURS) - 1
    colours = {cutoff: SERVED_COLOURS[min(k, last)] for k, cutoff in enumerate(cutoffs)}
    values = [
        (
            f"{category} {cutoff}",
            words.say("document.served", category=words.category(category), minutes=cutoff),
            _fill(str(k), colours[cutoff], 110, colours[cutoff]),
            category == shown,
        )
        for k, (category, cutoff) in enumerate(served)
    ]
    return _categorized(SERVED_FIELD, values)


def _gaps(gaps: Sequence[tuple[str, bool]], shown: str, words: Words) -> Markup:
    """Draw gap areas by category, and those of full sites apart; they lie over each other."""
    values = []
    for k, (category, full) in enumerate(gaps):
        fill, rim = (UNSERVED_COLOURS[1], UNSERVED_COLOURS[3]) if full else (GAP_COLOURS[1], GAP)
        label = (
            words.say("gap_reasons.full_title", category=words.category(category))
            if full
            else words.say("document.gap_areas", services=words.services(category))
        )
        value = f"{category} full" if full else category
        values.append((value, label, _fill(str(k), fill, 150, rim), category == shown and not full))
    return _categorized(_GAP_KIND, values)


def _shares() -> Markup:
    """Shade zones by the share of their people in the gap, in the classes of the map."""
    bounds = [0.0, *(step / 100 for step in SHARE_STEPS), 1.0]
    steps = list(enumerate(pairwise(bounds)))
    # QGIS uses the first matching range; reversed, so that a bound belongs to the class above it.
    ranges = (
        el(
            "range",
            symbol=str(k),
            lower=f"{low:.15f}",
            upper=f"{high:.15f}",
            label=f"{low:.0%} – {high:.0%}",
            render="true",
        )
        for k, (low, high) in reversed(steps)
    )
    symbols = (_fill(str(k), SHARE_COLOURS[k]) for k, _ in steps)
    return el(
        "renderer-v2",
        el("ranges", join(ranges)),
        el("symbols", join(symbols)),
        type="graduatedSymbol",
        attr=GAP_FIELD,
        graduatedMethod="GraduatedColor",
        forceraster="0",
        enableorderby="0",
        symbollevels="0",
    )


def _verdicts(words: Words, *, pointed: bool) -> Markup:
    values = []
    for k, (verdict, colour) in enumerate(VERDICT_COLOURS.items()):
        label = "—" if verdict == "none" else words.say(f"verdicts.{verdict}")
        symbol = _marker(str(k), colour, "3.2") if pointed else _fill(str(k), colour)
        values.append((verdict, label, symbol, True))
    return _categorized("verdict", values)


def _demand(judged: str, words: Words) -> Markup:
    return _categorized(
        judged,
        [
            (state, words.say(f"states.{state}"), _marker(str(k), colour, "1.2"), True)
            for k, (state, colour) in enumerate(_STATES.items())
        ],
    )


def _facilities(categories: Sequence[str], words: Words) -> Markup:
    return _categorized(
        "category",
        [
            (
                category,
                words.category(category),
                _marker(str(k), category_colour(category, list(words.study.categories)), "2.6"),
                True,
            )
            for k, category in enumerate(categories)
        ],
    )


def _candidates(words: Words) -> Markup:
    return _categorized(
        PROPOSED_FIELD,
        [
            ("proposed", words.say("new_sites.proposed"), _marker("0", PROPOSED, "4"), True),
            ("candidate", words.say("new_sites.candidate"), _marker("1", CANDIDATE, "1.8"), True),
        ],
    )


def _differences(
    scenarios: Sequence[str], categories: Sequence[str], shown: str, words: Words
) -> Markup:
    """Draw homes by scenario, category and change; those of one home lie over each other."""
    values: list[tuple[str, str, Markup, bool]] = []
    for scenario in scenarios:
        for category in categories:
            for change, colour in CHANGE_COLOURS.items():
                what = words.say(f"scenarios.change_{change}")
                label = f"{scenario} · {words.category(category)} · {what}"
                visible = scenario == scenarios[0] and category == shown
                value = f"{scenario} {category} {change}"
                size = "1.2" if change in {"gap", "unknown"} else "1.8"
                values.append((value, label, _marker(str(len(values)), colour, size), visible))
    return _categorized(DIFFERENCE_FIELD, values)


def _changed_sites(words: Words) -> Markup:
    return _categorized(
        "change",
        [
            (change, words.say(f"scenarios.site_{change}"), _marker(str(k), colour, "4"), True)
            for k, (change, colour) in enumerate(SITE_CHANGE_COLOURS.items())
        ],
    )


def _links() -> Markup:
    return _single(_line(NEW_LINK, "1"))
