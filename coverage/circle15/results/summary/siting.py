"""Answers to siting questions for `summary.json`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from circle15.inputs.crs.degrees import DECIMALS, lon_lat
from circle15.results.summary.json_numbers import number
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyproj import CRS

    from circle15.planning.proposals import After, SitingAnswer
    from circle15.results.summary.siting_entries import (
        CandidatesEntry,
        CurvePointEntry,
        NewSiteEntry,
        QuestionEntry,
        SitingEntry,
        SitingLimits,
        StaysOutEntry,
    )
    from circle15.study.settings.records import Study
    from circle15.study.settings.siting import Siting


def siting_entry(answer: SitingAnswer, study: Study, crs: CRS) -> SitingEntry:
    """
    Return the entry of one answer; persons are micro-persons / 10⁶.

    Parameters
    ----------
    crs
        CRS of the candidates' positions.
    """
    settings, solution = answer.question.settings, answer.solution
    counted, unit = answer.counted
    return {
        "name": answer.question.name,
        "category": settings.category,
        "group": study.demand.group,
        "cutoff_min": study.walk.circle_min,
        "objective": settings.objective,
        "limits": _limits(settings),
        "candidates": _candidates(answer),
        "sites": _sites(answer, crs),
        "first_site_completes": None if answer.completes is None else answer.completes / c.MICRO,
        "curve_counts": answer.counts,
        "curve": _curve(answer),
        "counted": counted,
        "value": float(Fraction(solution.value, unit)),
        "bound": float(Fraction(solution.bound, unit)),
        "gap": float(solution.gap),
        "proven": solution.is_proven,
        "stop": solution.stop,
        "settled": answer.settled / c.MICRO,
        "area": _stays_out(answer.area),
        "streets": [_stays_out(one) for one in answer.streets],
        "unmet": [
            {
                "limit": one.limit,
                "asked": float(one.asked),
                "possible": None if one.possible is None else float(one.possible),
            }
            for one in answer.unmet
        ],
    }


def siting_parameters(study_siting: Mapping[str, Siting]) -> dict[str, QuestionEntry]:
    """Return the questions of a study as read, by name."""
    return {
        name: {
            "category": one.category,
            "objective": one.objective,
            "candidates": None if one.candidates is None else one.candidates.name,
            "spacing_m": float(one.spacing_m) if one.candidates is None else None,
            "limits": _limits(one),
        }
        for name, one in study_siting.items()
    }


def _limits(settings: Siting) -> SitingLimits:
    most = settings.most_per
    return {
        "add": settings.sites,
        "budget": number(settings.budget),
        "until_share": number(settings.until_share),
        "phases": list(settings.phases),
        "min_persons": number(settings.min_persons),
        "most_per": None if most is None else {"level": most.level, "n": most.n},
        "street_floor": number(settings.street_floor),
        "backup": settings.backup,
        "where": settings.where,
        "forbidden": None if settings.forbidden is None else settings.forbidden.name,
        "time_limit_s": float(settings.time_limit_s),
    }


def _candidates(answer: SitingAnswer) -> CandidatesEntry:
    settings, found = answer.question.settings, answer.question.candidates
    source = found.source
    return {
        "file": None if source is None else source.cells.file.name,
        "where": settings.where,
        "spacing_m": float(settings.spacing_m) if source is None else None,
        "used": len(found),
        "left_out": dict(sorted(found.left_out.items())),
        "with_gain": int((answer.gains.newly > 0).sum()),
    }


def _sites(answer: SitingAnswer, crs: CRS) -> list[NewSiteEntry]:
    rows = [site.candidate for site in answer.sites]
    table = answer.question.candidates.table.iloc[rows]
    lon, lat = lon_lat(table[c.X_M].to_numpy(np.float64), table[c.Y_M].to_numpy(np.float64), crs)
    served = answer.question.settings.objective == "served"
    return [
        {
            "candidate_id": row[c.CANDIDATE_ID],
            "facility_id": site.facility_id,
            "name": row[c.NAME],
            "phase": site.phase,
            "lon": round(float(lon[k]), DECIMALS),
            "lat": round(float(lat[k]), DECIMALS),
            "x_m": float(row[c.X_M]),
            "y_m": float(row[c.Y_M]),
            "street_id": row[c.STREET_ID],
            "community_id": row[c.COMMUNITY_ID],
            "persons_reached": site.reached / c.MICRO,
            "persons_newly": site.newly / c.MICRO,
            "persons_alone": site.alone / c.MICRO,
            "persons_settled": site.settled / c.MICRO,
            "persons_served": site.served / c.MICRO if served else None,
            "minutes": None if site.mean_ms is None else site.mean_ms / c.MS_PER_MIN,
            "person_minutes_saved": _person_minutes(site.saved_ms),
            "floor_area_m2": number(row[c.FLOOR_AREA_M2]),
            "cost": number(row[c.COST]),
        }
        for k, (site, row) in enumerate(zip(answer.sites, table.to_dict("records"), strict=True))
    ]


def _curve(answer: SitingAnswer) -> list[CurvePointEntry]:
    persons = answer.area.before.persons
    return [
        {
            "sites": sites,
            "persons": point.people / c.MICRO,
            "share": point.people / persons if persons else None,
            "covered": point.covered / c.MICRO,
            "share_covered": point.covered / persons if persons else None,
            "person_minutes_saved": None if point.saved_min is None else float(point.saved_min),
            "cost": None if point.cost is None else number(point.cost),
        }
        for sites, point in enumerate(answer.curve)
    ]


def _person_minutes(person_ms: int | None) -> float | None:
    """Convert micro-persons × milliseconds."""
    return None if person_ms is None else float(Fraction(person_ms, c.MICRO * c.MS_PER_MIN))


def _persons(micro: int | None) -> float | None:
    return None if micro is None else micro / c.MICRO


def _stays_out(one: After) -> StaysOutEntry:
    return {
        "id": one.zone_id or None,
        "name": one.name or None,
        "persons": one.after.persons / c.MICRO,
        "covered_before": one.before.covered / c.MICRO,
        "covered": one.after.covered / c.MICRO,
        "gap": one.after.gap / c.MICRO,
        "beyond": one.beyond / c.MICRO,
        "not_chosen": one.not_chosen / c.MICRO,
        "excluded": one.excluded / c.MICRO,
        "not_chosen_by": {limit: held / c.MICRO for limit, held in one.held.items()},
        "unknown": one.after.unknown / c.MICRO,
        "floor_short_before": _persons(one.short_before),
        "floor_short": _persons(one.short),
        "turned_away_before": _persons(one.turned_away_before),
        "turned_away": _persons(one.turned_away),
    }
