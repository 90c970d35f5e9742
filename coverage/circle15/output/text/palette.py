"""
Colours of states, verdicts and areas, the same in maps, reports and tables.

Blue is covered and met, orange is gap and not met, grey is unknown: distinguishable with the common
kinds of colour blindness. Scales darken step by step; they are ColorBrewer's Oranges and Blues,
adjusted so that the lightest class is visible on paper.
"""

from __future__ import annotations

from typing import Any, Final

GAP_COLOURS: Final = ("#fdc38d", "#f58a3a", "#cc5508", "#7a2b03")
"""Classes of people in the gap, few to many."""

COVERED, GAP, UNKNOWN = "#2b6ca3", "#b4530a", "#5f6368"
"""Colours of the three states for text and bars on white."""

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
"""Text colours of states and verdicts."""

SEVERITY_INKS: Final = {"error": "#a31515", "warning": GAP, "note": COVERED}
"""Text colours of severities."""

PROPOSED, CANDIDATE = "#137333", "#5bb974"
"""Proposed new sites and the other candidates, also told apart by size and shape."""

CHANGE_COLOURS: Final = {
    "gained": "#08519c",
    "new_home": "#6baed6",
    "lost": "#c51b7d",
    "gap": "#fdc38d",
    "unknown": "#d9d9d9",
}
"""Homes that a scenario newly covers, new homes that it covers, homes that it loses, the rest."""

SITE_CHANGE_COLOURS: Final = {
    "added": "#08519c",
    "opened": "#08519c",
    "moved": "#5e3c99",
    "changed": "#5e3c99",
    "closed": "#c51b7d",
}
"""Sites that a scenario changes; on the map each also has a sign."""

NEW_LINK: Final = "#5e3c99"
"""Links that a scenario adds."""

LEGEND_INKS: Final = {
    **{f"gap-{k}": colour for k, colour in enumerate(GAP_COLOURS)},
    "unknown-cells": "#8a8a8a",
    "served": "#bcd7ec",
    "sites": "#12395c",
    "proposed": PROPOSED,
    "rim": "#1c2733",
    "zone-rim": "#5f5577",
    "zone-area": "#b4530a",
    "route": "#2b6ca3",
    "barrier": "#a9cbe0",
}
"""Colours of the glyphs in the legend of a drawn map."""

COVERED_COLOUR, UNKNOWN_COLOUR, UNKNOWN_LINE = "#22384d", "#d9d9d9", "#6f6f6f"
"""Map colours: dots of covered people, fill and hatching of unknown people."""

SERVED_COLOURS: Final = ("#2171b5", "#6baed6", "#b1cfe4", "#e0ecf5")
"""Served areas by cutoff, the shortest first."""

OWN_COLOUR: Final = "#54278f"
"""Outlines of one facility's service areas, over those of all; the dash pattern differs too."""

SUPPLY_COLOURS: Final = (GAP, "#c9dcec", "#8dbadb", "#4089c0", "#14548f")
"""Supply per person: none, then the classes from little to much."""

NEED_COLOURS: Final = (GAP, "#f2b27c", "#fadfc2", "#9cc4e0", "#2f76b0")
"""Supply where it is known what people need: none, under half, under all, enough, twice as much."""

UNSERVED_COLOURS: Final = ("#eebfd9", "#d678b4", "#a8307f", "#5e0b45", "#fadfc2")
"""Classes of people who are covered and not served, few to many; then people out of reach."""

GAIN_COLOURS: Final = ("#a1d99b", "#41ab5d", "#137333", "#00331a")
"""Classes of people whom a site at a street corner would newly cover, few to many."""

SHARE_STEPS: Final = (5, 15, 30, 50)
SHARE_COLOURS: Final = ("#f7f3ea", "#fdd3a8", "#f79a4d", "#d0590c", "#7a2b03")
"""Share of people in the gap, per cent: lower bounds of the classes above the first."""

VERDICT_COLOURS: Final = {
    "met": "#2b6ca3",
    "not_met": "#c8560c",
    "undetermined": "#8c8c8c",
    "source_conflict": "#33213f",
    "reported": "#cdb880",
    "not_applicable": "#ffffff",
    "none": "#8c8c8c",
}
"""Fill colours of verdicts; the verdict is always written beside."""


def colours() -> dict[str, Any]:
    """Return the colours used by the script of the map."""
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
        "proposed": PROPOSED,
        "supply": SUPPLY_COLOURS,
        "need": NEED_COLOURS,
        "unserved": UNSERVED_COLOURS,
        "candidate": CANDIDATE,
        "gains": GAIN_COLOURS,
        "changes": CHANGE_COLOURS,
        "changed_sites": SITE_CHANGE_COLOURS,
        "link": NEW_LINK,
    }
