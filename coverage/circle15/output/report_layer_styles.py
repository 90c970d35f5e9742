"""Styles of the GeoPackage's layers in QGIS's own format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.report_markup import Markup, el, join
from circle15.study.categories import category_colour

if TYPE_CHECKING:
    from collections.abc import Sequence

COVERED, GAP, UNKNOWN, MET = "43,108,163", "180,83,10", "138,138,138", "30,113,69"
_SHARES: Final = (
    (0.0, 0.25, "166,54,3"), (0.25, 0.5, "230,130,60"), (0.5, 0.75, "198,219,239"),
    (0.75, 0.9, "107,155,201"), (0.9, 1.0, "43,108,163"),
)  # fmt: skip


def layer_styles(layers: Sequence[str], categories: Sequence[str], judged: str) -> dict[str, str]:
    """
    Make the default style of each layer.

    Parameters
    ----------
    layers
        Names of the layers.
    categories
        Categories of the study, for the colours of facilities.
    judged
        Field of the demand layer whose states are shown.
    """
    makers = {
        "walk_network": _network, "isochrones": _isochrones, "zones": _shares,
        "residential_zones": _verdicts,
    }  # fmt: skip
    made = {name: make() for name, make in makers.items() if name in layers}
    if "demand" in layers:
        made["demand"] = _demand(judged)
    if "facilities" in layers:
        made["facilities"] = _facilities(categories)
    return {name: str(_qml(body)) for name, body in made.items()}


def _qml(renderer: Markup) -> Markup:
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
    return Markup(head + el("qgis", renderer, version="3.28", styleCategories="Symbology"))


def _symbol(kind: str, name: str, layer: str, options: dict[str, str]) -> Markup:
    shown = (el("Option", type="QString", name=key, value=value) for key, value in options.items())
    body = el("Option", join(shown), type="Map")
    return el(
        "symbol", el("layer", body, **{"class": layer, "enabled": "1", "pass": "0", "locked": "0"}),
        type=kind, name=name, alpha="1", clip_to_extent="1",
    )  # fmt: skip


def _fill(name: str, colour: str, alpha: int = 170, outline: str = "90,90,90,255") -> Markup:
    return _symbol("fill", name, "SimpleFill", {
        "color": f"{colour},{alpha}", "style": "solid", "outline_color": outline,
        "outline_style": "solid", "outline_width": "0.2", "outline_width_unit": "MM",
    })  # fmt: skip


def _marker(name: str, colour: str, size: str, outline: str = "255,255,255,255") -> Markup:
    return _symbol("marker", name, "SimpleMarker", {
        "name": "circle", "color": f"{colour},255", "size": size, "size_unit": "MM",
        "outline_color": outline, "outline_style": "solid", "outline_width": "0.2",
    })  # fmt: skip


def _categorized(attribute: str, values: Sequence[tuple[str, Markup]]) -> Markup:
    entries = (
        el("category", symbol=str(k), value=value, label=value, render="true", type="string")
        for k, (value, _) in enumerate(values)
    )
    return el(
        "renderer-v2", el("categories", join(entries)), el("symbols", join(s for _, s in values)),
        type="categorizedSymbol", attr=attribute, forceraster="0", enableorderby="0",
        symbollevels="0",
    )  # fmt: skip


def _network() -> Markup:
    line = _symbol("line", "0", "SimpleLine", {
        "line_color": "150,150,150,255", "line_width": "0.2", "line_width_unit": "MM",
        "line_style": "solid",
    })  # fmt: skip
    return el("renderer-v2", el("symbols", line), type="singleSymbol", forceraster="0",
              enableorderby="0", symbollevels="0")  # fmt: skip


def _isochrones() -> Markup:
    fill = _fill("0", COVERED, 40, f"{COVERED},255")
    return el("renderer-v2", el("symbols", fill), type="singleSymbol", forceraster="0",
              enableorderby="0", symbollevels="0")  # fmt: skip


def _shares() -> Markup:
    ranges = (
        el("range", symbol=str(k), lower=f"{low:.15f}", upper=f"{high:.15f}",
           label=f"{low:.0%} – {high:.0%}", render="true")
        for k, (low, high, _) in enumerate(_SHARES)
    )  # fmt: skip
    symbols = (_fill(str(k), colour) for k, (_, _, colour) in enumerate(_SHARES))
    return el(
        "renderer-v2", el("ranges", join(ranges)), el("symbols", join(symbols)),
        type="graduatedSymbol", attr="share_covered", graduatedMethod="GraduatedColor",
        forceraster="0", enableorderby="0", symbollevels="0",
    )  # fmt: skip


def _verdicts() -> Markup:
    colours = {
        "met": MET, "not_met": GAP, "undetermined": "122,79,163", "not_applicable": UNKNOWN,
        "none": "220,220,220",
    }  # fmt: skip
    values = [(v, _fill(str(k), colour)) for k, (v, colour) in enumerate(colours.items())]
    return _categorized("verdict", values)


def _demand(judged: str) -> Markup:
    colours = {"covered": COVERED, "gap": GAP, "unknown": UNKNOWN}
    values = [(v, _marker(str(k), colour, "1.2")) for k, (v, colour) in enumerate(colours.items())]
    return _categorized(judged, values)


def _facilities(categories: Sequence[str]) -> Markup:
    values = [
        (category, _marker(str(k), _decimal(category_colour(category)), "2.6"))
        for k, category in enumerate(categories)
    ]
    return _categorized("category", values)


def _decimal(colour: str) -> str:
    """Turn `#rrggbb` into the decimals that QGIS writes."""
    return ",".join(str(int(colour[k : k + 2], 16)) for k in (1, 3, 5))
