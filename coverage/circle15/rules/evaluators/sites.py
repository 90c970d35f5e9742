"""Rules on single sites, zones and buildings: functions, money, areas, dates, hubs, neighbours."""

from __future__ import annotations

import datetime as dt
import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.rules.evaluators.answers import Maker, RuleResult, remark
from circle15.rules.evaluators.evidence import (
    Figure,
    figure_sets,
    figures_of,
    inputs_of,
    known_figures,
    sources_of,
    year_of,
)
from circle15.rules.verdicts import Verdict
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from circle15.rules.evaluators.evidence import Evidence
    from circle15.rules.packs.evaluator_parameters import (
        Colocation,
        EachObject,
        Functions,
        InStep,
        OneHub,
    )

_LISTED = re.compile(r"[、,;\s]")


def functions(make: Maker, parameters: Functions, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Count the functions of each site: `value = |F_j ∩ F|`, a row for each site.

    A site has a function if a register states it (flag), or if it is listed under a category of
    the function. Unknown functions leave a site undetermined unless the known ones suffice, or
    are too few even if it had all others.
    """
    wanted = parameters.functions
    sites = list(dict.fromkeys(evidence.open_sites(parameters.of)[c.FACILITY_ID]))
    listed = {
        one: set(evidence.open_sites(evidence.indicators[one].categories)[c.FACILITY_ID])
        for one in wanted
    }

    def answer(site: str) -> list[RuleResult] | None:
        own = {one: Figure(Fraction(1), evidence.year, "", (site,)) for one in wanted}
        own = {one: figure for one, figure in own.items() if site in listed[one]}
        sets = [own | stated for stated in known_figures(wanted, evidence, object_id=site)]
        return [_functions_of(make, site, wanted, known) for known in sets] if sets[0] else None

    yield from _each(make, sites, answer, wanted)


def _functions_of(
    make: Maker, site: str, wanted: Sequence[str], known: Mapping[str, Figure]
) -> RuleResult:
    """Judge one site by its known flags, with the unknown ones taken as no and as yes."""
    used = list(known.values())
    has = sum((figure.value for figure in used), Fraction(0))
    unknown = [one for one in wanted if one not in known]
    lacking = "、".join(one for one, figure in known.items() if not figure.value)
    low = make.compared(
        site,
        has,
        inputs=inputs_of(used),
        data_source=sources_of(used),
        data_year=year_of(used),
        remarks=[remark("LACKS", {"indicators": lacking})] if lacking else [],
    )
    if make.compared(site, has + len(unknown)).verdict is low.verdict:
        return low
    return make.unknown(
        "OBJECT_REGISTER_MISSING", scope=site, missing=unknown, value=has, inputs=inputs_of(used)
    )


def _each(
    make: Maker,
    objects: Sequence[str],
    answer: Callable[[str], Sequence[RuleResult] | None],
    needed: Sequence[str],
) -> Iterator[RuleResult]:
    """Yield the results of every object; objects without data share one undetermined row."""
    silent = 0
    for one in objects:
        found = answer(one)
        if found is None:
            silent += 1
        else:
            yield from found
    if silent or not objects:
        counted = remark("OBJECTS_SILENT", {"objects": silent, "of": len(objects)})
        yield make.unknown(
            "OBJECT_REGISTER_MISSING", missing=needed, remarks=[counted] if objects else []
        )


def each_object(make: Maker, parameters: EachObject, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Compare a figure of every object to which the rule applies: `value = figure_j`.

    `where` names figures that the object must have (such as five stars); the rule does not apply to
    others. Used for money (eligible above an amount, a subsidy up to a cap) and for areas.
    """
    figure, where = parameters.figure, parameters.where
    names = [figure, *where]

    def answer(one: str) -> list[RuleResult]:
        sets, missing = figure_sets(list(where), evidence, object_id=one) if where else ([{}], ())
        if missing:
            return [make.unknown("OBJECT_REGISTER_MISSING", scope=one, missing=missing)]
        rows: list[RuleResult] = []
        for kind in sets:
            if any(kind[key].value != Fraction(value) for key, value in where.items()):
                place = inputs_of(list(kind.values()))
                rows.append(
                    make.row(one, Verdict.NOT_APPLICABLE, reason="OTHER_CLASS", inputs=place)
                )
                continue
            figures = figures_of(figure, evidence, object_id=one)
            if not figures:
                rows.append(make.unknown("OBJECT_REGISTER_MISSING", scope=one, missing=[figure]))
            for found in figures:
                used = [found, *kind.values()]
                rows.append(
                    make.compared(
                        one,
                        found.value,
                        inputs=inputs_of(used),
                        data_source=sources_of([found]),
                        data_year=year_of(used),
                    )
                )
        return rows

    yield from _each(make, evidence.objects([figure]) or evidence.objects(names), answer, names)


def in_step(make: Maker, parameters: InStep, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Count the steps in which the rooms of a zone come later than its housing.

    `value = Σ_s [date of the rooms in step s > date of the housing in step s]`; the same day is
    not late. A row for each new zone and for each zone that a register names. A step without both
    dates leaves the zone undetermined unless another step is late. Where a register states the flag
    `met_by` of a zone, no step is late.
    """
    names = [name for step in parameters.steps for name in step]
    names += [] if parameters.met_by is None else [parameters.met_by]
    zones = [check.zone.zone_id for check in evidence.zones if check.zone.kind != "existing"]
    zones = list(dict.fromkeys([*zones, *evidence.objects(names)]))

    def answer(zone: str) -> list[RuleResult] | None:
        sets = known_figures(names, evidence, object_id=zone)
        return [_steps_of(make, zone, parameters, known) for known in sets] if sets[0] else None

    yield from _each(make, zones, answer, names)


def _steps_of(
    make: Maker, zone: str, parameters: InStep, known: Mapping[str, Figure]
) -> RuleResult:
    """Judge one zone by its flag, else by the steps with two known dates."""
    steps, flag = parameters.steps, parameters.met_by
    if flag is not None and flag in known and known[flag].value:
        return make.compared(
            zone,
            Fraction(0),
            inputs=known[flag].inputs,
            data_source=sources_of([known[flag]]),
            data_year=known[flag].year,
        )
    dated = [step for step in steps if all(name in known for name in step)]
    late = [rooms for rooms, housing in dated if _day(known[rooms]) > _day(known[housing])]
    used = list(known.values())
    unknown = [name for step in steps for name in step if name not in known]
    if unknown and not late:
        return make.unknown(
            "OBJECT_REGISTER_MISSING", scope=zone, missing=unknown, inputs=inputs_of(used)
        )
    return make.compared(
        zone,
        Fraction(len(late)),
        inputs=inputs_of(used),
        data_source=sources_of(used),
        data_year=year_of(used),
        remarks=[remark("LATE", {"indicators": "、".join(late)})] if late else [],
    )


def _day(figure: Figure) -> dt.date:
    day: dt.date = figure.value
    return day


def one_hub(make: Maker, parameters: OneHub, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Count the hubs to which each centre is assigned in its own subdistrict: `value = n(hubs)`.

    A register names the hub of a centre by its id. A hub that is not listed, or lies in another
    subdistrict, does not count.
    """
    indicator = parameters.indicator
    members = evidence.open_sites(parameters.members)
    hubs = evidence.open_sites(parameters.hubs)
    street_of_hub = dict(zip(hubs[c.FACILITY_ID], hubs[c.STREET_ID], strict=True))
    street_of = dict(zip(members[c.FACILITY_ID], members[c.STREET_ID], strict=True))

    def answer(centre: str) -> list[RuleResult] | None:
        rows = []
        for figure in figures_of(indicator, evidence, object_id=centre):
            named = {part.strip() for part in _LISTED.split(figure.value) if part.strip()}
            street = street_of[centre]
            counted = [
                hub for hub in named if isinstance(street, str) and street_of_hub.get(hub) == street
            ]
            rows.append(
                make.compared(
                    centre,
                    Fraction(len(counted)),
                    inputs=(*figure.inputs, *sorted(counted)),
                    data_source=figure.source,
                    data_year=figure.year,
                )
            )
        return rows or None

    yield from _each(make, list(street_of), answer, [indicator])


def colocation(make: Maker, parameters: Colocation, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Report the share of sites with an adjacent partner, for each pair of kinds, per cent.

    `value = 100 · n(sites with a partner within d_adj metres on foot) / n(sites)`, and the same
    for d_adj = 0: one site that is listed as both, or both at one point. No document states
    metres; `d_adj_m` is printed with the value.
    """
    limit_m = parameters.d_adj_m
    for pair in parameters.pairs:
        name, here, there = pair.name, pair.of, pair.partners
        if not (evidence.listed(here) and evidence.listed(there)):
            yield make.unknown("PAIR_NOT_LISTED", scope=name)
            continue
        apart_m = evidence.nearest_m(here, there, limit_m)
        if not apart_m:
            yield make.unknown("NO_SITES_OPEN", scope=name)
            continue
        off_network = sum(math.isnan(metres) for metres in apart_m.values())
        notes = [remark("SITES_UNSNAPPED", {"sites": off_network})] if off_network else []
        for scope, metres in ((name, limit_m), (f"{name}:same_site", 0)):
            near = sum(apart <= metres for apart in apart_m.values())
            yield make.compared(
                scope,
                Fraction(near * 100, len(apart_m)),
                inputs=tuple(apart_m),
                data_year=evidence.year,
                remarks=[
                    remark("D_ADJ", {"metres": metres}),
                    remark("FROM", {"part": near, "whole": len(apart_m)}),
                    *notes,
                ],
            )
