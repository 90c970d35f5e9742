"""Texts on siting that terminal and report share: candidates, limits, amounts."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from circle15.output.text.numbers import (
    count,
    decimals,
    people,
    percent,
    plain_decimal,
    whole_parts,
    whole_people,
    whole_persons,
)
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.output.text.wording import Words
    from circle15.planning.proposals import After, SitingAnswer
    from circle15.study.settings.siting import Siting


def objective_line(settings: Siting, words: Words) -> str:
    """Say what a question seeks."""
    second = "_second" if settings.backup else ""
    return words.say(f"siting.objective_{settings.objective}{second}")


def limits_line(settings: Siting, words: Words) -> str:
    """Say which limits a question sets, each with its key, and how long its search may take."""
    return words.say("siting.limits", limits=words.list(list(_limits(settings, words))))


def question_texts(settings: Siting, words: Words) -> Iterator[str]:
    """Yield everything that a question sets: category, objective, candidates, limits."""
    yield words.category(settings.category)
    yield objective_line(settings, words)
    if settings.candidates is None:
        yield words.say("siting.along", spacing=plain_decimal(settings.spacing_m))
    else:
        yield settings.candidates.name
    yield limits_line(settings, words)


def _limits(settings: Siting, words: Words) -> Iterator[str]:
    def limit(key: str, value: str = "") -> str:
        return words.say(f"siting.limit_{key}", n=value)

    if settings.phases:
        yield limit("phases", " + ".join(map(count, settings.phases)))
    elif settings.add is not None:
        yield limit("add", count(settings.add))
    if settings.objective == "everybody":
        yield limit("everybody")
    if settings.budget is not None:
        yield limit("budget", amount(Fraction(settings.budget)))
    if settings.until_share is not None:
        yield limit("until_share", percent(settings.until_share))
    if settings.where is not None:
        yield limit("where", settings.where)
    if settings.most_per is not None:
        yield limit(f"most_per_{settings.most_per.level}", count(settings.most_per.n))
    if settings.min_persons:
        yield limit("min_persons", plain_decimal(settings.min_persons))
    if settings.street_floor is not None:
        yield limit("street_floor", percent(settings.street_floor))
    if settings.backup:
        yield limit("backup")
    if settings.forbidden is not None:
        yield limit("forbidden", settings.forbidden.name)
    yield limit("time_limit_s", plain_decimal(settings.time_limit_s))


def candidates_line(answer: SitingAnswer, words: Words) -> str:
    """Say how many candidates there are, how many are of use, and why others are left out."""
    candidates, settings = answer.question.candidates, answer.question.settings
    reasons = [
        words.say(f"siting.why_{code}", count=count(n))
        for code, n in sorted(candidates.left_out.items())
    ]
    left_out = words.say("siting.left_out", reasons=words.list(reasons)) if reasons else ""
    shown = {
        "used": count(len(candidates)),
        "left_out": left_out,
        "gain": words.say(
            "siting.gain_second" if settings.backup else "siting.gain_covered",
            count=count(int((answer.gains.newly > 0).sum())),
        ),
    }
    if candidates.source is not None:
        return words.say("siting.candidates", file=candidates.source.cells.file.name, **shown)
    return words.say("siting.candidates_along", spacing=plain_decimal(settings.spacing_m), **shown)


def people_of_sites(answer: SitingAnswer, *, served: bool = False) -> list[str]:
    """Format whom each site newly reaches, or with `served` how many more it serves."""
    whole = whole_served_more(answer) if served else whole_newly(answer)
    micro = [site.served if served else site.newly for site in answer.sites]
    return [people_or_less(n, some) for n, some in zip(whole, micro, strict=True)]


def people_or_less(whole: int, micro: int) -> str:
    """Format people who are rounded as a part of others; some, less than one, as `people` does."""
    return people(1) if micro > 0 and not whole else count(whole)


def whole_newly(answer: SitingAnswer) -> list[int]:
    """
    Round whom each site newly reaches, so that the numbers sum to what all sites add.

    People newly covered leave the gap: they sum to the difference of the printed gaps.
    """
    micro = [site.newly for site in answer.sites]
    before, after = answer.area.before, answer.area.after
    if answer.counts != "second" and before.gap - after.gap == answer.newly:
        return whole_parts(micro, total=whole_people(before)[1] - whole_people(after)[1])
    return whole_parts(micro)


def whole_served_more(answer: SitingAnswer) -> list[int]:
    """Round how many more each site serves, so that the numbers sum to what all sites add."""
    return whole_parts([site.served for site in answer.sites])


def whole_curve(answer: SitingAnswer) -> list[int]:
    """Round the people of the curve: covered ones as in the states before and after the sites."""
    points = [point.people for point in answer.curve]
    before, after = answer.area.before, answer.area.after
    if (points[0], points[-1]) == (before.covered, after.covered):
        first, last = whole_people(before)[0], whole_people(after)[0]
    else:
        first, last = whole_persons(points[0]), whole_persons(points[-1])
    steps = [one - before for before, one in pairwise(points)]
    return list(accumulate(whole_parts(steps, total=last - first), initial=first))


def parts_out(one: After) -> tuple[int, int, int]:
    """
    Round the people who stay in the gap so that the parts sum to all of them.

    Returns
    -------
    Those near no candidate, near excluded ones only, and near one that was not chosen.
    """
    beyond, excluded, not_chosen = whole_parts(
        [one.beyond - one.excluded, one.excluded, one.not_chosen],
        total=whole_people(one.after)[1],
    )
    return beyond, excluded, not_chosen


def reasons_out(answer: SitingAnswer, words: Words) -> str:
    """List why people stay in the gap: no candidate near, or the limit that keeps it out."""
    area, settings = answer.area, answer.question.settings
    beyond, excluded, not_chosen = parts_out(area)
    parts: dict[str, int] = {"beyond": beyond, "excluded": excluded}
    by_limit = whole_parts(list(area.held.values()), total=not_chosen)
    parts |= dict(zip(area.held, by_limit, strict=True))
    excluding = [
        words.say(f"siting.why_{code}", count=count(n))
        for code, n in answer.question.candidates.excluding.items()
    ]
    told = {
        "excluded": {"why": words.list(excluding)},
        "add": {"limit": "phases" if settings.phases else "add"},
    }
    texts = [
        words.say(f"new_sites.out_{one}", n=count(n), **told.get(one, {}))
        for one, n in parts.items()
        if n
    ]
    return words.say("new_sites.between").join(texts)


def floor_line(answer: SitingAnswer, words: Words) -> str | None:
    """Say how many people subdistricts lack to the floor; None without a floor."""
    floor, area = answer.question.settings.street_floor, answer.area
    if floor is None or area.short is None or area.short_before is None:
        return None
    if not area.short:
        return words.say("siting.floor_met", floor=percent(floor))
    short, before = people(area.short), people(area.short_before)
    return words.say("siting.floor", floor=percent(floor), short=short, before=before)


def unmet_lines(answer: SitingAnswer, words: Words) -> Iterator[str]:
    """Yield why there are fewer sites than asked for, and each limit that cannot be met."""
    short = _left_over(answer, words)
    if short is not None:
        yield short
    for one in answer.unmet:
        share = "_share" if one.limit == "until_share" else ""
        key = f"siting.unmet{share}" if one.possible is not None else "siting.unmet_never"
        told = {"asked": _limit(one.limit, one.asked)}
        if one.possible is not None:
            told["possible"] = _limit(one.limit, one.possible)
        yield words.say(key, limit=one.limit, **told)


def _left_over(answer: SitingAnswer, words: Words) -> str | None:
    """Say which limit shuts out the candidates that are not proposed; None if none is known."""
    found, settings = answer.left_over, answer.question.settings
    if found is None or not found.reasons:
        return None
    told = {
        "most_per": "" if settings.most_per is None else count(settings.most_per.n),
        "most": "" if found.most is None else count(found.most),
        "least": people(int((settings.min_persons or 0) * c.MICRO)),
        "best": people(found.best),
    }
    reasons = words.say("siting.between").join(
        words.say(f"siting.left_over_{key}", count=count(n), **told)
        for key, n in found.reasons.items()
    )
    sites = count(len(answer.sites))
    if found.asked is None:
        return words.say("siting.left_over_any", reasons=reasons)
    return words.say("siting.left_over", asked=count(found.asked), sites=sites, reasons=reasons)


def _limit(limit: str, value: Fraction) -> str:
    """Format a limit in its unit: a share, a number of sites, people or cost."""
    if limit in {"until_share", "street_floor"}:
        return percent(value)
    if limit in {"min_persons", "everybody"}:
        return people(int(value * c.MICRO))
    return amount(value)


def amount(value: Fraction) -> str:
    """Format a number of sites or a cost: whole, or with two decimals."""
    return count(int(value)) if value.denominator == 1 else decimals(value, 2)


def sites_shown(sites: int, most: int) -> list[int]:
    """
    Choose numbers of sites for a chart: all, or evenly spaced ones up to the last.

    Examples
    --------
    >>> sites_shown(3, 10), sites_shown(40, 5)
    ([1, 2, 3], [8, 16, 24, 32, 40])
    """
    shown = min(sites, most)
    return [sites * (k + 1) // shown for k in range(shown)]


def assigned_line(answer: SitingAnswer, words: Words) -> str | None:
    """Say by which way of assigning people a plan that stays below its bound is counted."""
    capacity = words.study.capacity.get(answer.category)
    if answer.counts != "served" or answer.solution.is_proven or capacity is None:
        return None
    return words.say("siting.nearest_first") if capacity.assign == "nearest_first" else None
