"""Attribution and date of the street data, and the language tag of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.results.street_source import is_osm
from circle15.study.messages import say

if TYPE_CHECKING:
    from circle15.network.walk_network import WalkNetwork
    from circle15.output.text.wording import Words
    from circle15.study.languages import Language
    from circle15.study.settings.records import Study

HTML_LANGUAGE = {"zh": "zh-CN", "en": "en"}


def attribution(study: Study, language: Language) -> str:
    """Return the attribution of the street data: synthetic, OpenStreetMap, or the file's name."""
    if study.synthetic:
        return say("map.attribution_synthetic", language)
    if is_osm(study):
        return say("map.attribution_osm", language)
    return say("map.attribution_file", language, file=study.network.file.name)


def street_date(network: WalkNetwork, words: Words) -> str:
    """Return the date of the street data, or a phrase if only its newest edit or none is known."""
    if network.data_date is None:
        return words.say("quality.unknown_date")
    newest = network.data_date_source == "newest_edit"
    return words.say("quality.newest_edit", date=network.data_date) if newest else network.data_date
