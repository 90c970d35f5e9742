"""The worksheets of the workbook as plain tables: column keys and rows of values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from circle15.output.tables.basis_sheet import basis_sheets
from circle15.output.tables.gap_sheet import gap_sheet
from circle15.output.tables.scenario_sheet import scenario_sheets
from circle15.output.tables.sheet_dictionary import dictionary_sheet
from circle15.output.tables.sheet_records import Cell, Sheet, people_cells
from circle15.output.tables.siting_sheets import sited_lines, siting_sheets
from circle15.output.tables.supply_sheets import SUPPLY_SHEETS, served_lines
from circle15.output.text.numbers import whole_people
from circle15.output.text.rule_scopes import scope_text
from circle15.output.text.rule_texts import SIGNS, RuleTexts
from circle15.output.text.study_parameters import parameters
from circle15.output.text.zone_words import notes, rooms_by_id, ways_text
from circle15.results.figures import (
    catchments_by_row,
    coverage_row,
    headline_category,
    verdict_counts,
    zone_counts,
)
from circle15.results.summary.json_numbers import finite
from circle15.rules.floor_area.readings import READINGS
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import worst_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from circle15.access.counting import Claimed, Counts
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.rules.floor_area.rooms import Room
    from circle15.rules.floor_area.zone_checks import ZoneCheck


_STATES = [
    ("persons", "people"),
    ("covered", "people"),
    ("gap", "people"),
    ("unknown", "people"),
    ("share_covered", "share"),
]
CIRCLES: Final = (
    "share_by_circles",
    "share_by_circles_of_judged",
    "share_covered_of_judged",
)
"""Columns of `_circles`."""


def sheets(result: StudyResult, words: Words) -> list[Sheet]:
    """Return all worksheets; the last is the data dictionary of the others."""
    made = [make(result, words) for make in _MAKERS]
    made += basis_sheets(result, words)
    after = [sheet.key for sheet in made].index("equity") + 1
    made[after:after] = [*siting_sheets(result, words), *scenario_sheets(result, words)]
    return [*made, dictionary_sheet(made, words)]


def _states(counts: Counts) -> list[Cell]:
    micro = (counts.persons, counts.covered, counts.gap, counts.unknown)
    whole = whole_people(counts)
    return [*people_cells(micro, [sum(whole), *whole]), counts.share_covered]


def _circles(circles: Claimed) -> list[Cell]:
    return [circles.share, circles.share_of_judged, circles.walking_of_judged]


def _summary(result: StudyResult, words: Words) -> Sheet:
    study = result.study
    rows: list[list[Cell]] = [
        [words.say("report.sheet_study"), study.title],
        [words.say("report.sheet_as_of"), str(study.as_of)],
    ]
    if study.synthetic:
        rows.insert(1, ["!", words.say("report.synthetic")])
    category = headline_category(result)
    row = coverage_row(result, category) if category else None
    if row is not None and category is not None:
        caption = words.say(
            "report.figures_caption",
            services=words.services(category),
            minutes=study.walk.circle_min,
        )
        rows.append([words.say("report.coverage"), caption])
        group = words.group(study.demand.group)
        for key, value in zip(
            ("persons", "covered", "gap", "unknown", "share_covered"),
            _states(row.counts),
            strict=True,
        ):
            rows.append([f"{group} · {words.say(f'columns.{key}')}", value])
        for key, value in zip(CIRCLES, _circles(row.circles), strict=True):
            rows.append([words.say(f"columns.{key}"), value])
    rows += served_lines(result, words) + sited_lines(result, words)
    for verdict, number in sorted(verdict_counts(result.rules).items()):
        rows.append([f"{words.say('report.rules')} · {words.say(f'verdicts.{verdict}')}", number])
    rows.append([words.say("report.issues"), len(result.findings)])
    return Sheet("summary", [("item", "text"), ("result", "mixed")], rows)


def _categories(result: StudyResult, words: Words) -> Sheet:
    columns = [
        ("category", "text"),
        ("category_id", "text"),
        ("group", "text"),
        ("speed_m_s", "number"),
        ("cutoff_min", "whole"),
        *_STATES,
        *((key, "share") for key in CIRCLES),
    ]
    rows: list[list[Cell]] = [
        [
            words.category(r.category),
            r.category,
            words.group(r.group),
            r.own_speed,
            r.cutoff_min,
            *_states(r.counts),
            *_circles(r.circles),
        ]
        for r in result.coverage_rows
    ]
    walk = result.study.walk
    if not walk.alike:
        columns.append(("speed_factor", "number"))
        for cells, r in zip(rows, result.coverage_rows, strict=True):
            cells.append(float(walk.factor(r.speed_m_s)))
    return Sheet("categories", columns, rows)


def _zones_of(level: str) -> Callable[[StudyResult, Words], Sheet]:
    def make(result: StudyResult, words: Words) -> Sheet:
        columns = [
            ("level_id", "text"),
            (level, "text"),
            ("category", "text"),
            ("category_id", "text"),
            ("cutoff_min", "whole"),
            *_STATES,
            *((key, "share") for key in CIRCLES),
        ]
        rows: list[list[Cell]] = [
            [
                z.zone_id,
                z.name,
                words.category(z.category),
                z.category,
                z.cutoff_min,
                *_states(z.counts),
                *_circles(z.circles),
            ]
            for z in zone_counts(result, level).values()
        ]
        return Sheet({"street": "streets", "community": "communities"}[level], columns, rows)

    return make


def _facilities(result: StudyResult, words: Words) -> Sheet:
    columns = [
        ("facility_id", "text"), ("name", "text"), ("category", "text"), ("category_id", "text"),
        ("status", "text"), ("open", "text"), ("in_area", "text"), ("street", "text"),
        ("floor_area_m2", "area"), *((k, "number") for k in c.CAPACITIES),
        ("catchment_persons", "people"), ("persons_only_here", "people"),
        ("position_unsure", "text"), ("duplicate_of", "text"), ("access_m", "area"),
        ("snap_code", "text"), ("file", "text"), ("row", "whole"),
    ]  # fmt: skip
    group = result.study.demand.group
    reach = catchments_by_row(result)
    subdistricts = dict(
        zip(result.area.streets[c.ZONE_ID], result.area.streets[c.NAME], strict=True)
    )
    rows: list[list[Cell]] = []
    for k, site in enumerate(result.facilities.to_dict("records")):
        one = reach.get(k)
        code = _text(site[c.SNAP_CODE])
        rows.append(
            [
                _text(site[c.FACILITY_ID]),
                _text(site[c.NAME]),
                words.category(site[c.CATEGORY]),
                site[c.CATEGORY],
                words.say(f"map.status_{site[c.STATUS]}"),
                _yes(bool(site[c.OPEN]), words),
                _yes(bool(site[c.IN_AREA]), words),
                _text(subdistricts.get(site[c.STREET_ID])),
                _decimal(site[c.FLOOR_AREA_M2]),
                *(_decimal(site[field]) for field in c.CAPACITIES),
                Decimal(one.persons[group]).scaleb(-6) if one else None,
                Decimal(one.persons_only_here[group]).scaleb(-6) if one else None,
                _yes(bool(site[c.POSITION_UNSURE]), words),
                _text(site[c.DUPLICATE_OF]),
                None if site[c.ACCESS_M] != site[c.ACCESS_M] else float(site[c.ACCESS_M]),
                words.joining(code, site[c.BARRIER], site[c.BARRIER_KIND]),
                _text(site["file"]),
                int(site["row"]),
            ]
        )
    return Sheet("facilities", columns, rows)


def _residential(result: StudyResult, words: Words) -> Sheet:
    columns = [
        ("zone_id", "text"),
        ("zone", "text"),
        ("pool_id", "text"),
        ("kind", "text"),
        ("households", "whole"),
        ("required_m2", "area"),
        ("counted_m2", "area"),
        ("plain_sum_m2", "area"),
        ("plain_gap_m2", "area"),
        ("shortfall_m2", "area"),
        ("rate_m2_per_100", "area"),
        *((reading, "text") for reading in READINGS),
        ("reading_dependent", "text"),
        ("verdict", "text"),
        ("mend", "long"),
        ("notes", "long"),
    ]
    titles: dict[int, str] = {}
    for category in result.study.circle.require:
        for part, kind in (
            ("state", "text"),
            ("median", "seconds"),
            ("worst", "seconds"),
            ("share", "share"),
        ):
            titles[len(columns)] = words.say(
                f"columns.circle_{part}", category=words.category(category)
            )
            columns.append(("circle", kind))
    rooms = rooms_by_id(result.zone_checks)
    rows = [
        [*_zone(check, rooms, words), *_circle(check, result, words)]
        for check in result.zone_checks
    ]
    return Sheet("residential", columns, rows, titles)


def _zone(check: ZoneCheck, rooms: Mapping[str, Room], words: Words) -> list[Cell]:
    zone, sheet = check.zone, check.sheet
    head: list[Cell] = [
        zone.zone_id,
        zone.name,
        check.pool_id,
        words.say(f"report.kind_{zone.kind}"),
    ]
    if sheet is None:
        return [*head, zone.households, *[None] * 13]
    return [
        *head,
        sheet.households,
        sheet.required_m2,
        sheet.counted_m2,
        sheet.plain_sum_m2,
        sheet.plain_gap_m2,
        sheet.shortfall_m2,
        sheet.rate_m2_per_100,
        *(words.say(f"verdicts.{sheet.readings[r].value}") for r in READINGS),
        _yes(sheet.reading_dependent, words),
        words.say(f"verdicts.{sheet.verdict.value}"),
        ways_text(check, rooms, words),
        " ".join(notes(check, rooms, words)),
    ]


def _circle(check: ZoneCheck, result: StudyResult, words: Words) -> Iterator[Cell]:
    found = {circle.category: circle for circle in check.circle}
    for category in result.study.circle.require:
        circle = found.get(category)
        if circle is None:
            yield from (None, None, None, None)
            continue
        yield words.say(f"states.{circle.state}")
        yield from (finite(circle.median_s), finite(circle.worst_s), circle.share_inside)


def _rules(result: StudyResult, words: Words) -> Sheet:
    columns = [
        ("pack", "text"),
        ("rule", "text"),
        ("quote", "long"),
        ("requirement", "long"),
        ("force", "text"),
        ("target_year", "year"),
        ("scope", "text"),
        ("zone", "text"),
        ("verdict", "text"),
        ("alone", "text"),
        ("value", "measure"),
        ("comparison", "text"),
        ("threshold", "measure"),
        ("margin", "measure"),
        ("shortfall", "measure"),
        ("lacking", "whole"),
        ("unit", "text"),
        ("near_threshold", "text"),
        ("reason", "long"),
        ("reason_code", "text"),
        ("missing", "long"),
        ("data_source", "text"),
        ("data_year", "year"),
        ("source", "long"),
        ("inputs", "long"),
    ]
    names = {check.zone.zone_id: check.zone.name for check in result.zone_checks}
    texts = RuleTexts(words, result.indicators)
    rows: list[list[Cell]] = [
        [
            r.pack,
            r.rule.id,
            r.rule.quote,
            r.rule.meaning[words.language],
            words.say(f"report.force_{r.rule.force.value}"),
            r.rule.target_year,
            r.scope if r.scope in names else scope_text(r.scope, names, texts),
            names.get(r.scope),
            words.say(f"verdicts.{r.verdict.value}"),
            words.say(f"verdicts.{r.alone.value}") if r.alone else None,
            r.value,
            SIGNS[r.rule.comparison] if r.rule.comparison else None,
            r.threshold,
            r.margin,
            r.shortfall,
            r.lacking,
            texts.unit(r.unit),
            _yes(r.near_threshold, words),
            texts.why(r),
            r.reason,
            words.list(list(r.missing)),
            r.data_source,
            r.data_year,
            texts.document(r),
            words.list(list(r.inputs)),
        ]
        for r in result.rules
    ]
    return Sheet("rules", columns, rows)


def _findings(result: StudyResult, words: Words) -> Sheet:
    columns = [
        ("severity", "text"),
        ("code", "text"),
        ("file", "text"),
        ("row", "whole"),
        ("column", "text"),
        ("message", "long"),
        ("persons", "people"),
        ("floor_area_m2", "area"),
    ]
    rows: list[list[Cell]] = [
        [
            words.say(f"report.severity_{i.severity}"),
            i.code,
            i.file,
            i.row,
            i.column,
            words.finding(i),
            None if i.persons_micro is None else Decimal(i.persons_micro).scaleb(-6),
            i.floor_area_m2,
        ]
        for i in worst_first(result.findings)
    ]
    return Sheet("issues", columns, rows)


def _people(result: StudyResult, words: Words) -> Sheet:
    columns = [
        ("group", "text"),
        ("raw_input", "people"),
        ("raw_inside", "people"),
        ("raw_outside", "people"),
        ("factor", "number"),
        ("input", "people"),
        ("inside", "people"),
        ("outside", "people"),
        ("unplaced", "people"),
        ("nodata_cells", "whole"),
        ("basis", "text"),
        ("year", "year"),
    ]
    rows: list[list[Cell]] = [
        [
            words.group(b.group),
            *(
                Decimal(n).scaleb(-6)
                for n in (b.raw_inside + b.raw_outside, b.raw_inside, b.raw_outside)
            ),
            b.calibration_factor,
            *(Decimal(n).scaleb(-6) for n in (b.total, b.inside, b.outside, b.unplaced)),
            b.nodata_cells,
            b.basis,
            b.year,
        ]
        for b in result.population.balances
    ]
    return Sheet("people", columns, rows)


def _parameters(result: StudyResult, words: Words) -> Sheet:
    columns = [("parameter", "text"), ("meaning", "long"), ("setting", "long")]
    rows: list[list[Cell]] = [[p.key, p.meaning, p.value] for p in parameters(result, words)]
    rows += [
        [str(entry["path"]), "SHA-256", str(entry["sha256"])]
        for entry in result.provenance.get("inputs", [])
    ]
    rows.append(["circle15", "", str(result.provenance.get("circle15", ""))])
    return Sheet("parameters", columns, rows)


_MAKERS: Final = (
    _summary,
    _categories,
    _zones_of("street"),
    _zones_of("community"),
    gap_sheet,
    _facilities,
    *SUPPLY_SHEETS,
    _residential,
    _rules,
    _people,
    _findings,
    _parameters,
)


def _yes(flag: bool, words: Words) -> str:  # noqa: FBT001 - the flag is the value that is printed
    return words.say("workbook.yes" if flag else "workbook.no")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _decimal(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
