"""
Colours of states, verdicts and areas: the same on maps, in reports and in tables.

Blue is covered and met, orange is gap and not met, grey is not known: with the usual kinds of
colour blindness, too, they are told apart, and the steps of a scale darken one by one. Scales are
ColorBrewer's Oranges and Blues, a little changed so that few people still show on paper.
"""

from __future__ import annotations

from typing import Any, Final

GAP_COLOURS: Final = ("#fdc38d", "#f58a3a", "#cc5508", "#7a2b03")
"""People in the gap in an area, few to many."""

COVERED, GAP, UNKNOWN = "#2b6ca3", "#b4530a", "#5f6368"
"""Ink of the three states: text and bars on white."""

INKS: Final = {
    "covered": COVERED,
    "gap": GAP,
    "unknown": UNKNOWN,
    "met": COVERED,
    "not_met": GAP,
    "undetermined": UNKNOWN,
    "source_conflict": "#33213f",
    "reported": UNKNOWN,
    "not_applicable": UNKNOWN,
}
"""Ink of the words of states and verdicts."""

SEVERITY_INKS: Final = {"error": "#a31515", "warning": GAP, "note": COVERED}
"""Ink of the words of severities."""

LEGEND_INKS: Final = {
    **{f"gap-{k}": colour for k, colour in enumerate(GAP_COLOURS)},
    "unknown-cells": "#8a8a8a",
    "served": "#bcd7ec",
    "sites": "#12395c",
    "rim": "#1c2733",
    "zone-rim": "#5f5577",
}
"""Ink of the glyphs by which the legend of a drawn map names what it shows."""

COVERED_COLOUR, UNKNOWN_COLOUR, UNKNOWN_LINE = "#22384d", "#d9d9d9", "#6f6f6f"
"""Dots of the covered, and ground and hatching of the unknown, on maps."""

SERVED_COLOURS: Final = ("#2171b5", "#6baed6", "#b1cfe4", "#e0ecf5")
"""Served areas, the shortest walk first."""

OWN_COLOUR: Final = "#54278f"
"""Outlines of the areas of one facility, over the blue ones of all; their dashes differ, too."""

SHARE_STEPS: Final = (5, 15, 30, 50)
SHARE_COLOURS: Final = ("#f7f3ea", "#fdd3a8", "#f79a4d", "#d0590c", "#7a2b03")
"""Per cent of the people who are in the gap: lower bounds of the steps above the first."""

VERDICT_COLOURS: Final = {
    "met": "#2b6ca3",
    "not_met": "#c8560c",
    "undetermined": "#8c8c8c",
    "source_conflict": "#33213f",
    "reported": "#cdb880",
    "not_applicable": "#ffffff",
    "none": "#8c8c8c",
}
"""Fills of verdicts; a word always stands beside them."""


def colours() -> dict[str, Any]:
    """Collect the colours that the script of the map draws with."""
    return {
        "gap": GAP_COLOURS,
        "covered": COVERED_COLOUR,
        "unknown": UNKNOWN_COLOUR,
        "unknown_line": UNKNOWN_LINE,
        "states": (COVERED, GAP, UNKNOWN),
        "served": SERVED_COLOURS,
        "own": OWN_COLOUR,
        "share_steps": SHARE_STEPS,
        "share": SHARE_COLOURS,
        "verdicts": VERDICT_COLOURS,
    }
