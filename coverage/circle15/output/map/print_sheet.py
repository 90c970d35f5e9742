"""What the printed sheet of the map says of how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.text.wording import Words
from circle15.study.messages import say

if TYPE_CHECKING:
    from circle15.results.records import StudyResult
    from circle15.study.languages import Language
    from circle15.study.settings.records import Study


def walking(study: Study, language: Language) -> str:
    """Say who walks how fast and how large the circle is."""
    walk = study.walk
    if walk.alike:
        return say("map.walking", language, speed=walk.speed_m_s, minutes=walk.circle_min)
    speeds = Words(language, study).speeds()
    return say("walkers.map_panel", language, speeds=speeds, minutes=walk.circle_min)


def sheet_parameters(result: StudyResult, language: Language) -> list[str]:
    """
    List what decides the figures of a printed map, a line each.

    The date of the data and whom they count, how people walk, which way is judged, how far homes
    and sites may be from a street, and the version of circle15.
    """
    study, words = result.study, Words(language, result.study)
    return [
        words.say("map.print_data", date=study.as_of, group=words.group(study.demand.group)),
        walking(study, language),
        words.say(f"map.print_{study.walk.judge}"),
        words.say("map.print_joined", snap=study.walk.max_snap_m),
        words.say("map.print_made_by", version=result.provenance.get("circle15", "")).strip(),
    ]
