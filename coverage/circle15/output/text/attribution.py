"""Attribution of the street data, and the language tag of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.study.messages import say
from circle15.study.settings.street_source import is_osm

if TYPE_CHECKING:
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
