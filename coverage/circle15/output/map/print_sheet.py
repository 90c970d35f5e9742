"""Text of the printed map about how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.text.wording import Words
from circle15.study.messages import say

if TYPE_CHECKING:
    from circle15.results.records import StudyResult
    from circle15.study.languages import Language
    from circle15.study.settings.records import Study


def walking(study: Study, language: Language) -> str:
    """Return the walking speeds and the circle's cutoff as a sentence."""
    walk = study.walk
    if walk.alike:
        return say("map.walking", language, speed=walk.speed_m_s, minutes=walk.circle_min)
    speeds = Words(language, study).speeds()
    return say("walkers.map_panel", language, speeds=speeds, minutes=walk.circle_min)


def sheet_parameters(result: StudyResult, language: Language) -> list[str]:
    """
    Return the parameters behind the figures of a printed map, a line each.

    They are the study date and demand group, walking speeds, the direction judged, the largest
    snapping distance, and the version of circle15.
    """
    study, words = result.study, Words(language, result.study)
    return [
        words.say("map.print_data", date=study.as_of, group=words.group(study.demand.group)),
        walking(study, language),
        words.say(f"map.print_{study.walk.judge}"),
        words.say("map.print_joined", snap=study.walk.max_snap_m),
        words.say("map.print_made_by", version=result.provenance.get("circle15", "")).strip(),
    ]
