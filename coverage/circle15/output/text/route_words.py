"""The message for a route that cannot be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.text.numbers import plain_decimal
from circle15.output.text.wording import Words
from circle15.study.settings.records import HORIZON_MIN
from circle15.travel.paths.records import Route

if TYPE_CHECKING:
    from circle15.study.languages import Language


def no_route_message(route: Route, language: Language) -> str:
    """Return the reason why there is no route, as a sentence."""
    words = Words(language, route.study)
    at_origin = str(route.reason).startswith("ORIGIN")
    barrier = route.barriers[0 if at_origin else 1]
    return words.say(
        f"route.{route.reason}",
        barrier=words.barrier(*barrier) if barrier else "",
        limit=plain_decimal(route.study.walk.max_snap_m),
        minutes=HORIZON_MIN,
    )
