"""Roll the results of many studies up: sums in micro-persons, exact in any order."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, cast, get_args

from circle15._version import __version__
from circle15.access.counting import NO_PEOPLE
from circle15.results.gaps.gap_entries import ReasonWord
from circle15.results.province.kept_districts import counts_of
from circle15.results.province.remarks import remarks_on
from circle15.results.summary.building import persons_by_state
from circle15.results.summary.json_numbers import exact, micro
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from circle15.results.gaps.gap_entries import GapAreaEntry
    from circle15.results.province.kept_districts import KeptDistrict
    from circle15.results.province.province_entries import (
        CoverageSum,
        District,
        GapSum,
        LargeGap,
        MissingStudy,
        NewSites,
        NewSitesSum,
        PeopleEntry,
        Province,
        Question,
        RuleSum,
        ZoneSum,
    )
    from circle15.results.province.remarks import CountedTwice
    from circle15.results.summary.siting_entries import SitingEntry

MOST_GAPS: Final = 50
"""Of the gap areas, as many with most people are listed; each study lists its own."""
_REASONS: Final = get_args(ReasonWord)
_FULL: Final = "capacity"
"""Reason of the gap areas whose people are covered, but by full sites."""


def province_of(
    kept: Sequence[KeptDistrict],
    missing: Sequence[MissingStudy],
    counted_twice: Sequence[CountedTwice] = (),
) -> Province:
    """
    Roll the results of studies up.

    Parameters
    ----------
    kept
        The results of each study, names distinct; the order decides only that of equals.
    missing
        Studies without results.
    counted_twice
        People who live in the areas of two studies.

    Returns
    -------
    The content of `province.json`. People counted twice are in the sums of both studies; a remark
    says how many they are.
    """
    districts = _ranked(kept)
    coverage = _coverage_sums((one, row) for one in kept for row in one.judged())
    headline = _coverage_sums(
        (one, row) for one in kept for row in (one.headline,) if row is not None
    )
    return {
        "schema": 1,
        "circle15": __version__,
        "studies": len(kept) + len(missing),
        "remarks": remarks_on(kept, counted_twice),
        "headline": sorted(headline, key=lambda row: -row["persons"]),
        "people": _people(kept),
        "districts": districts,
        "missing": list(missing),
        "coverage": coverage,
        "gaps": _gap_sums(kept),
        "largest_gaps": _largest_gaps(kept),
        "rules": _rules(kept),
        "residential_zones": _zones(kept),
        "new_sites": [_new_sites(one, answer) for one in kept for answer in one.summary["siting"]],
        "new_sites_by_category": _new_sites_sums(kept),
        "categories": {key: name for one in kept for key, name in one.categories.items()},
    }


def _ranked(kept: Sequence[KeptDistrict]) -> list[District]:
    """Return the districts by their share covered, exactly compared; equals by name."""
    shares: dict[str, Fraction] = {}
    for one in kept:
        counts = counts_of(one.headline) if one.headline else NO_PEOPLE
        if counts.persons:
            shares[one.name] = Fraction(counts.covered, counts.persons)
    order = sorted(kept, key=lambda one: (-shares.get(one.name, Fraction(-1)), one.name))
    above = Counter(shares.values())
    return [
        _district(
            one,
            None
            if one.name not in shares
            else 1 + sum(n for share, n in above.items() if share > shares[one.name]),
        )
        for one in order
    ]


def _district(one: KeptDistrict, rank: int | None) -> District:
    study, parameters = one.summary["study"], one.summary["parameters"]
    row = one.headline
    counts = counts_of(row) if row else NO_PEOPLE
    asked: Mapping[str, Any] = row or {
        "category": "",
        "group": parameters["group"],
        "cutoff_min": max(parameters["cutoffs_min"]),
    }
    return {
        "rank": rank,
        "name": one.name,
        "title": study["title"],
        "as_of": study["as_of"],
        "language": one.language,
        "synthetic": study["synthetic"],
        "folder": one.folder,
        "code": one.code,
        "sha256": one.sha256,
        "homes": one.homes,
        **one.question(asked),
        **persons_by_state(counts),
        "share_covered": counts.share_covered,
        "packs": list(parameters["packs"]),
        "gap_areas": len(_gaps_of(one)),
        "verdicts": _tally(rule["verdict"] for rule in one.summary["rules"]),
        "zone_verdicts": _tally(zone["verdict"] for zone in one.summary["residential_zones"]),
        "new_sites": sum(len(answer["sites"]) for answer in one.summary["siting"]),
    }


def _tally(verdicts: Iterable[Any]) -> dict[Any, int]:
    return dict(sorted(Counter(verdicts).items()))


def _people(kept: Sequence[KeptDistrict]) -> list[PeopleEntry]:
    found: dict[str, list[int]] = {}
    for one in kept:
        for row in one.summary["population"]:
            found.setdefault(row["group"], []).append(micro(row["inside"]))
    return [
        {"group": group, "studies": len(people), "inside": sum(people) / c.MICRO}
        for group, people in found.items()
    ]


def _key(asked: Question) -> Hashable:
    return tuple(tuple(part) if isinstance(part, list) else part for part in asked.values())


def _coverage_sums(rows: Iterable[tuple[KeptDistrict, Mapping[str, Any]]]) -> list[CoverageSum]:
    asked: dict[Hashable, Question] = {}
    counts: dict[Hashable, list[Any]] = {}
    for one, row in rows:
        question = one.question(row)
        key = _key(question)
        asked.setdefault(key, question)
        counts.setdefault(key, []).append(counts_of(row))
    found: list[CoverageSum] = []
    for key, question in asked.items():
        total = sum(counts[key], NO_PEOPLE)
        found.append(
            {
                **question,
                **persons_by_state(total),
                "studies": len(counts[key]),
                "share_covered": total.share_covered,
            }
        )
    return found


def _gaps_of(one: KeptDistrict) -> list[GapAreaEntry]:
    """Return the gap areas of the headline, without those of full sites."""
    row = one.headline
    return [
        gap
        for gap in one.summary["gap_areas"]
        if row is not None
        and gap["category"] == row["category"]
        and gap["cutoff_min"] == row["cutoff_min"]
        and gap["reason"] != _FULL
    ]


def _gap_sums(kept: Sequence[KeptDistrict]) -> list[GapSum]:
    asked: dict[Hashable, Question] = {}
    areas: dict[Hashable, list[GapAreaEntry]] = {}
    studies: Counter[Hashable] = Counter()
    for one in kept:
        if one.headline is None:
            continue
        question = one.question(one.headline)
        key = _key(question)
        asked.setdefault(key, question)
        areas.setdefault(key, []).extend(_gaps_of(one))
        studies[key] += 1
    found: list[GapSum] = []
    for key, question in asked.items():
        reasons: Counter[str] = Counter()
        for area in areas[key]:
            for reason, persons in (area["persons_by_reason"] or {}).items():
                reasons[reason] += micro(cast("float", persons))
        found.append(
            {
                **question,
                "studies": studies[key],
                "areas": len(areas[key]),
                "persons": sum(micro(area["persons"]) for area in areas[key]) / c.MICRO,
                "persons_by_reason": cast("Any", {k: reasons[k] / c.MICRO for k in _REASONS}),
            }
        )
    return found


def _largest_gaps(kept: Sequence[KeptDistrict]) -> list[LargeGap]:
    every = [(one.name, gap) for one in kept for gap in _gaps_of(one)]
    every.sort(key=lambda pair: (-pair[1]["persons"], pair[0], pair[1]["rank"]))
    return [
        {
            "study": name,
            "id": gap["id"],
            "category": gap["category"],
            "persons": gap["persons"],
            "lon": gap["lon"],
            "lat": gap["lat"],
            "street": gap["street"],
            "community": gap["community"],
            "reason": gap["reason"],
        }
        for name, gap in every[:MOST_GAPS]
    ]


def _rules(kept: Sequence[KeptDistrict]) -> list[RuleSum]:
    verdicts: dict[tuple[str, str], list[tuple[str, Any]]] = {}
    quotes: dict[tuple[str, str], str] = {}
    for one in kept:
        for rule in one.summary["rules"]:
            key = rule["pack"], rule["id"]
            verdicts.setdefault(key, []).append((one.name, rule["verdict"]))
            quotes.setdefault(key, rule["quote"])
    return [
        {
            "pack": pack,
            "id": rule_id,
            "quote": quotes[pack, rule_id],
            "studies": len({name for name, _ in found}),
            "verdicts": _tally(verdict for _, verdict in found),
            "not_met_in": sorted({name for name, verdict in found if verdict == "not_met"}),
        }
        for (pack, rule_id), found in verdicts.items()
    ]


def _zones(kept: Sequence[KeptDistrict]) -> ZoneSum:
    zones = [zone for one in kept for zone in one.summary["residential_zones"]]
    lacking = sum(Fraction(str(zone["shortfall_m2"] or 0)) for zone in zones)
    return {
        "zones": len(zones),
        "verdicts": _tally(zone["verdict"] for zone in zones),
        "shortfall_m2": exact(Fraction(lacking)),
    }


def _new_sites(one: KeptDistrict, answer: SitingEntry) -> NewSites:
    area = answer["area"]
    before, after = micro(area["covered_before"]), micro(area["covered"])
    return {
        "study": one.name,
        "name": answer["name"],
        "category": answer["category"],
        "group": answer["group"],
        "cutoff_min": answer["cutoff_min"],
        "objective": answer["objective"],
        "sites": len(answer["sites"]),
        "persons": area["persons"],
        "covered_before": area["covered_before"],
        "covered": area["covered"],
        "persons_newly": (after - before) / c.MICRO,
        "cost": _cost([site["cost"] for site in answer["sites"]]),
    }


def _cost(costs: Sequence[float | None]) -> float | None:
    """Add costs up; None if one is not known."""
    known = [Fraction(str(cost)) for cost in costs if cost is not None]
    return exact(sum(known, Fraction(0))) if len(known) == len(costs) else None


def _new_sites_sums(kept: Sequence[KeptDistrict]) -> list[NewSitesSum]:
    first: dict[tuple[str, str, int], dict[str, NewSites]] = {}
    for one in kept:
        for answer in one.summary["siting"]:
            key = answer["category"], answer["group"], answer["cutoff_min"]
            first.setdefault(key, {}).setdefault(one.name, _new_sites(one, answer))
    return [
        {
            "category": category,
            "group": group,
            "cutoff_min": cutoff,
            "studies": len(found),
            "sites": sum(one["sites"] for one in found.values()),
            "persons_newly": sum(micro(one["persons_newly"]) for one in found.values()) / c.MICRO,
            "cost": _cost([one["cost"] for one in found.values()]),
        }
        for (category, group, cutoff), found in first.items()
    ]
