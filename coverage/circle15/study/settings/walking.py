"""What a study leaves out about how people walk: their profile says it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from circle15.errors import StudyError
from circle15.study.vocabulary.profiles import known_profile

if TYPE_CHECKING:
    from collections.abc import Container

    from circle15.study.settings.records import Walk


def with_profile(walk: Walk, said: Container[str]) -> Walk:
    """
    Take the speeds that the study does not say from the profile.

    Parameters
    ----------
    said
        Keys of `[walk]` that the study has.

    Raises
    ------
    StudyError
        If there is no such profile; `column` is the key.
    """
    try:
        profile = known_profile(walk.profile)
    except StudyError as error:
        raise StudyError(error.found, mend=error.mend, column="walk.profile") from None
    if "speed_m_s" not in said:
        walk = replace(walk, speed_m_s=profile.speed_m_s)
    if "sensitivity_m_s" not in said:
        walk = replace(walk, sensitivity_m_s=profile.sensitivity_m_s)
    return walk
