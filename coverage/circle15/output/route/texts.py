"""A route as a record for programs and as lines of text."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from circle15.inputs.tables.shown_ids import known_by
from circle15.output.text.attribution import street_date
from circle15.output.text.numbers import clock, count, decimals, rounded, signed
from circle15.output.text.route_words import no_route_message
from circle15.output.text.wording import Words, shortened
from circle15.study.messages import messages
from circle15.travel.paths.records import Route, RouteEnd, length_m, stairs_ms, time_ms, waiting_ms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.study.languages import Language
    from circle15.travel.paths.steps import Barrier, Step


def route_entry(route: Route, language: Language) -> dict[str, Any]:
    """
    Return a route as a record for programs.

    `time_s`, `length_m` (along the network), `access_m`, `egress_m` and `steps` describe the
    outbound walk; all are null or empty if there is no route. `data_date` is the date of the
    street data, as in `summary.json`. `back` and `round_trip_s` are null unless the study judges
    round trips.
    """
    there, back = route.steps, route.steps_back
    return {
        "study": route.study.name,
        "speed_m_s": float(route.study.walk.speed_m_s),
        "judge": route.study.walk.judge,
        "data_date": route.network.data_date,
        "data_date_source": route.network.data_date_source,
        "from": _end(route.origin),
        "to": _end(route.destination),
        "reason": route.reason,
        "message": no_route_message(route, language) if route.reason else "",
        "barriers": [_barrier(one) for one in route.barriers],
        **_walk(there),
        "back": _walk(back) if back else None,
        "round_trip_s": (time_ms(there) + time_ms(back)) / 1000 if back else None,
    }


def _end(end: RouteEnd) -> dict[str, Any]:
    return {
        "lon": end.lon,
        "lat": end.lat,
        "facility_id": end.facility_id or None,
        "name": end.name or None,
        "category": end.category or None,
    }


def _barrier(barrier: Barrier) -> dict[str, str] | None:
    return None if barrier is None else {"id": barrier[0], "kind": barrier[1]}


def _walk(steps: tuple[Step, ...]) -> dict[str, Any]:
    return {
        "time_s": time_ms(steps) / 1000 if steps else None,
        "length_m": length_m(steps) if steps else None,
        "access_m": steps[0].length_m if steps else None,
        "egress_m": steps[-1].length_m if steps else None,
        "stairs_s": stairs_ms(steps) / 1000 if steps else None,
        "waiting_s": waiting_ms(steps) / 1000 if steps else None,
        "steps": [
            {
                "part": step.part,
                "name": step.name or None,
                "kind": step.kind or None,
                "way_ids": list(step.way_ids),
                "private": step.private,
                "barrier": _barrier(step.barrier),
                "stairs": step.stairs,
                "length_m": step.length_m,
                "flat_m": step.flat_m,
                "ascent_m": step.ascent_m,
                "descent_m": step.descent_m,
                "slope_s": step.slope_ms / 1000,
                "waiting_s": step.waiting_ms / 1000,
                "time_s": step.time_ms / 1000,
            }
            for step in steps
        ],
    }


def route_lines(route: Route, language: Language) -> Iterator[str]:
    """Yield a route as lines of text."""
    words = Words(language, route.study)
    yield route_title(route, words)
    if route.reason:
        yield no_route_message(route, language)
        return
    yield from _walk_lines(route.steps, "there", words)
    if route.steps_back:
        yield from _walk_lines(route.steps_back, "back", words)
        both = time_ms(route.steps) + time_ms(route.steps_back)
        yield words.say("route.round_trip", time=clock(both / 1000))
    if route.network.data_date is not None:
        yield words.say("route.streets", date=street_date(route.network, words))


def route_title(route: Route, words: Words) -> str:
    """Return the title of a route, which names both ends."""
    return words.say(
        "route.title",
        origin=_end_name(route.origin, words),
        destination=_end_name(route.destination, words),
    )


def _end_name(end: RouteEnd, words: Words) -> str:
    if not end.facility_id:
        return f"{end.lon:.5f}, {end.lat:.5f}"
    named = known_by(shortened(end.facility_id), shortened(end.name))
    return words.say("route.facility", site=named, category=words.category(end.category))


def _walk_lines(steps: tuple[Step, ...], direction: str, words: Words) -> Iterator[str]:
    yield walk_total(steps, direction, words)
    for key, ms in (("on_stairs", stairs_ms(steps)), ("waiting", waiting_ms(steps))):
        if ms:
            yield words.say(f"route.total_{key}", seconds=decimals(Fraction(ms, 1000), 1))
    for number, step in enumerate(steps, 1):
        metres, seconds = step_figures(step)
        yield f"{number:>3}. {metres:>6} m {seconds:>7} s  {step_words(step, words)}"


def walk_total(steps: tuple[Step, ...], direction: str, words: Words) -> str:
    """Return the totals of the walk there or back as one line."""
    total_ms = time_ms(steps)
    return words.say(
        f"route.{direction}",
        time=clock(total_ms / 1000),
        seconds=decimals(Fraction(total_ms, 1000), 1),
        speed=words.study.walk.speed_m_s,
        length=count(rounded(length_m(steps))),
        access=count(rounded(steps[0].length_m)),
        egress=count(rounded(steps[-1].length_m)),
    )


def step_figures(step: Step) -> tuple[str, str]:
    """Format the metres and seconds of a step."""
    return count(rounded(step.length_m)), decimals(Fraction(step.time_ms, 1000), 1)


def _climbed(metres: float) -> str:
    """
    Format metres of climb; below one metre with a decimal, as it still costs seconds.

    Examples
    --------
    >>> _climbed(12.4), _climbed(0.34), _climbed(0.04)
    ('12', '0.3', '0')
    """
    return decimals(metres, 1) if 0.05 <= metres < 0.95 else count(rounded(metres))


def step_words(step: Step, words: Words) -> str:
    """Describe a step: name, kind, private access, slope, waiting."""
    if step.part != "way":
        leg = words.say(f"route.{step.part}")
        if step.barrier is None:
            return leg
        return words.list([leg, words.say("route.through", barrier=words.barrier(*step.barrier))])
    kind = messages(words.language).get(f"route.kind_{step.kind}", step.kind)
    notes = [words.say("route.private")] if step.private else []
    if abs(step.flat_m - step.length_m) >= 1:
        notes.append(words.say("route.flat", metres=count(rounded(step.flat_m))))
    if max(step.ascent_m, step.descent_m) >= 0.5 or step.slope_ms:
        notes.append(
            words.say(
                "route.slope",
                up=_climbed(step.ascent_m),
                down=_climbed(step.descent_m),
                seconds=signed(Fraction(step.slope_ms, 1000)),
            )
        )
    if step.waiting_ms:
        notes.append(
            words.say("route.waiting", seconds=decimals(Fraction(step.waiting_ms, 1000), 1))
        )
    named = words.say("route.way", name=shortened(step.name), kind=kind) if step.name else kind
    return words.list([named, *notes])
