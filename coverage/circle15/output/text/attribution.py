"""What stands below a map: attribution and date of the streets, and how it may be used."""

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


def asks_approval(study: Study, language: Language, *, in_china: bool) -> bool:
    """Whether a map has room for an approval number: in Chinese, or for a study in China."""
    return language == "zh" or in_china or study.map.approval_number is not None


def map_use(study: Study, language: Language, *, in_china: bool) -> str:
    """Return the approval number of a map, else the note on its use; empty without either."""
    number, own = study.map.approval_number, study.map.use
    if number is not None:
        return say("map.approved", language, number=number)
    if own is not None:
        return own
    internal = asks_approval(study, language, in_china=in_china)
    return say("map.internal_use", language) if internal else ""
