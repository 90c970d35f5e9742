"""Text for the date of the street data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circle15.network.walk_network import WalkNetwork
    from circle15.output.text.wording import Words


def street_date(network: WalkNetwork, words: Words) -> str:
    """Return the date of the street data, or a phrase if only its newest edit or none is known."""
    if network.data_date is None:
        return words.say("quality.unknown_date")
    newest = network.data_date_source == "newest_edit"
    return words.say("quality.newest_edit", date=network.data_date) if newest else network.data_date
