"""Sections on the data: facilities, people, unknown states, network and snapping, findings."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.output.document.model import (
    Column,
    Definitions,
    Listing,
    Paragraph,
    SideBySide,
    Subheading,
    Table,
)
from circle15.output.document.texts import strong
from circle15.output.report.section_parts import columns, section
from circle15.output.text.numbers import (
    NOTHING,
    area,
    count,
    decimals,
    people,
    percent,
    plain_decimal,
    rounded,
    whole_people,
    whole_persons,
)
from circle15.output.text.people_by_reason import unknown_persons
from circle15.output.text.wording import shortened
from circle15.results.figures import (
    balance_holds,
    coverage_row,
    everybody_has_a_state,
    facility_sums,
    shown_categories,
    snapping_of_demand,
    snapping_sum,
    unsnapped_facilities,
)
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import worst_first

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.inputs.demand.balance import Balance
    from circle15.output.document.model import Block, Cell, Line, Section
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.study.vocabulary.finding import Finding

FINDINGS_SHOWN = 50
ALIKE_SHOWN = 3
"""Most findings shown of one kind in one file, so that they do not hide all others."""


def facilities_section(result: StudyResult, words: Words) -> Section:
    """Return the sites of each category: all, open, floor area and capacities."""
    sums = facility_sums(result.facilities, result.categories)
    if not sums:
        return section("facilities", words, Paragraph(words.say("report.no_facilities")))
    keys = ("category", "sites", "open", "floor_area_m2", "area_unknown", "capacity")
    headings = columns(keys, ("t", "n", "n", "n", "n", "t"), words)
    rows: list[Line] = [
        [
            words.category(one.category),
            count(one.rows),
            count(one.open),
            area(one.floor_area_m2),
            count(one.area_unknown),
            words.list(
                [f"{words.say(f'columns.{k}')} {area(n)}" for k, n in one.capacities.items()]
            )
            or NOTHING,
        ]
        for one in sums
    ]
    note = Paragraph(words.say("report.facilities_note", date=result.study.as_of))
    return section("facilities", words, note, Table(headings, rows))


def people_section(result: StudyResult, words: Words) -> Section:
    """Return the balance sheet of every demand group: people read, inside, outside, calibrated."""
    keys = (
        "group",
        "raw_input",
        "raw_inside",
        "raw_outside",
        "factor",
        "inside",
        "nodata_cells",
        "basis",
        "year",
    )
    headings = columns(keys, ("t", "n", "n", "n", "n", "n", "n", "t", "t"), words)
    rows = [_balance(balance, words) for balance in result.population.balances]
    notes = [Paragraph(words.say("report.balance_note"))]
    unplaced = [b for b in result.population.balances if b.unplaced]
    notes += [
        Paragraph(
            words.say(
                "report.balance_unplaced", group=words.group(b.group), people=people(b.unplaced)
            )
        )
        for b in unplaced
    ]
    if any(b.derived for b in result.population.balances):
        size = result.study.demand.household_size
        notes.append(Paragraph(words.say("report.balance_derived", size=size)))
    exact = all(balance_holds(result, balance) for balance in result.population.balances)
    check = words.say("report.balance_exact" if exact else "report.balance_broken")
    return section(
        "people",
        words,
        *notes,
        Table(headings, rows),
        *_by_state(result, words),
        Paragraph(check, "caption"),
    )


def _by_state(result: StudyResult, words: Words) -> list[Block]:
    """Show that all people of the judged group have a state or are outside the area."""
    group, walk = result.study.demand.group, result.study.walk
    balance = next((b for b in result.population.balances if b.group == group), None)
    rows: list[Line] = []
    whole = True
    for category in shown_categories(result):
        row = coverage_row(result, category)
        if row is None or balance is None:
            continue
        inside = whole_people(row.counts)
        total = whole_persons(row.counts.persons + balance.outside)
        printed = [*inside, total - sum(inside)]
        rows.append([words.category(category), *map(count, printed), count(sum(printed))])
        whole &= everybody_has_a_state(row.counts, balance)
    if not rows:
        return []
    headings = [
        Column(words.say("columns.category")),
        *(Column(words.say(f"columns.{key}"), "n") for key in ("covered", "gap", "unknown")),
        Column(words.say("paper.outside"), "n"),
        Column(words.say("report.sum"), "n"),
    ]
    note = words.say("paper.states_note", group=words.group(group), minutes=walk.circle_min)
    check = words.say("paper.states_exact" if whole else "report.balance_broken")
    return [Paragraph(note), Table(headings, rows), Paragraph(check, "caption")]


def _balance(balance: Balance, words: Words) -> list[Cell]:
    """Format a balance so that the printed inside and outside sum to the printed input."""
    raw = balance.raw_inside + balance.raw_outside
    whole = rounded(Fraction(raw, c.MICRO))
    inside = rounded(Fraction(balance.raw_inside, c.MICRO))
    calibrated = balance.calibration_factor != 1.0
    return [
        words.group(balance.group),
        count(whole),
        count(inside),
        count(whole - inside),
        f"{balance.calibration_factor:.6f}" if calibrated else NOTHING,
        people(balance.inside),
        count(balance.nodata_cells),
        balance.basis or NOTHING,
        str(balance.year or NOTHING),
    ]


def unknown_section(result: StudyResult, words: Words) -> Section:
    """Return the reasons for unknown states, their people, and what would settle each."""
    found = unknown_persons(result)
    reasons = list(dict.fromkeys(reason for by_reason in found.values() for reason in by_reason))
    parts: list[Block] = [Paragraph(words.say("report.unknown_note"))]
    if reasons:
        headings = [Column(words.say("columns.category"))]
        headings += [Column(words.reason(reason), "n") for reason in reasons]
        headings.append(Column(words.say("columns.unknown"), "n"))
        rows: list[Line] = [
            [
                words.category(category),
                *(count(by_reason.get(reason, 0)) for reason in reasons),
                count(sum(by_reason.values())),
            ]
            for category, by_reason in found.items()
        ]
        parts.append(Table(headings, rows))
        parts.append(Subheading(words.say("report.settle")))
        parts.append(
            Definitions([(words.reason(r), words.say(f"reasons.{r}_settle")) for r in reasons])
        )
    else:
        parts.append(Paragraph(words.say("report.no_unknown")))
    return section("unknown", words, *parts)


def network_section(result: StudyResult, words: Words) -> Section:
    """Return the figures of the walking network, ways used and left out, and snapping."""
    figures = network_figures(result)
    shown = Definitions(
        [
            (words.say(f"report.network_{key}"), count(value) if isinstance(value, int) else value)
            for key, value in figures.items()
        ]
    )
    ways = SideBySide(
        [
            _reasons(result.network.kept, "report.ways_kept", words),
            _reasons(result.network.dropped, "report.ways_dropped", words),
        ]
    )
    return section(
        "network",
        words,
        shown,
        ways,
        Subheading(words.say("report.snapping")),
        *_snapping(result, words),
    )


def _reasons(found: Mapping[str, int], key: str, words: Words) -> Table:
    total = sum(found.values())
    rows: list[Line] = [
        [words.say(f"reasons.way_{reason}"), count(n)]
        for reason, n in sorted(found.items(), key=lambda kv: -kv[1])
    ]
    rows.append([strong(words.say("report.sum")), count(total)])
    headings = [Column(words.say(key)), Column(words.say("columns.ways"), "n")]
    return Table(headings, rows, summed=True)


def _snapping(result: StudyResult, words: Words) -> list[Block]:
    demand = snapping_of_demand(result)
    headings = [
        Column(words.say("columns.snap_code")),
        Column(words.say("columns.points"), "n"),
        Column(words.say("columns.persons"), "n"),
    ]
    rows: list[Line] = [
        [words.reason(code or "SNAPPED"), count(one.points), people(one.persons)]
        for code, one in demand.items()
        if one.points or not code
    ]
    total = snapping_sum(demand.values())
    rows.append(
        [
            strong(words.say("report.sum")),
            count(total.points),
            people(total.persons),
        ]
    )
    note = words.say(
        "report.snapping_note",
        limit=plain_decimal(result.study.walk.max_snap_m),
        group=words.group(result.study.demand.group),
    )
    return [
        Paragraph(note),
        Table(headings, rows, summed=True, narrow=True),
        *_unsnapped_sites(result, words),
    ]


def _unsnapped_sites(result: StudyResult, words: Words) -> list[Block]:
    lost = unsnapped_facilities(result)
    if not lost:
        return [Paragraph(words.say("report.sites_all_snapped"))]
    listed = [
        words.say(
            "report.site_unsnapped",
            site=shortened(result.site_in_words(row, name)),
            category=words.category(category),
            reason=words.reason(code),
        )
        for row, category, name, code in lost[:FINDINGS_SHOWN]
    ]
    if len(lost) > FINDINGS_SHOWN:
        listed.append(words.say("paper.more_sites", count=len(lost) - FINDINGS_SHOWN))
    return [Paragraph(words.say("report.sites_unsnapped", count=len(lost))), Listing(listed)]


def findings_section(result: StudyResult, words: Words) -> Section:
    """Return the worst findings; `issues.csv` has all."""
    if not result.findings:
        return section("issues", words, Paragraph(words.say("report.no_issues")))
    keys = ("severity", "file", "row", "message", "persons", "floor_area_m2")
    headings = columns(keys, ("c", "t", "n", "t", "n", "n"), words)
    shown, rest = few_of_each(worst_first(result.findings))
    note = words.say("report.issues_note", count=len(result.findings), shown=len(shown))
    rows = [_finding(finding, words) for finding in shown]
    more = [
        words.say("report.issues_more", file=shortened(file), code=code, count=others)
        for (file, code), others in rest.items()
    ]
    return section("issues", words, Paragraph(note), Table(headings, rows), *map(Paragraph, more))


def few_of_each(worst: Sequence[Finding]) -> tuple[list[Finding], Counter[tuple[str, str]]]:
    """Select the worst findings, a few per file and code; count the others by file and code."""
    seen: Counter[tuple[str, str]] = Counter()
    shown: list[Finding] = []
    for finding in worst:
        kind = finding.file, finding.code
        seen[kind] += 1
        if seen[kind] <= ALIKE_SHOWN and len(shown) < FINDINGS_SHOWN:
            shown.append(finding)
    return shown, seen - Counter((finding.file, finding.code) for finding in shown)


def _finding(finding: Finding, words: Words) -> list[Cell]:
    place = finding.file if finding.column is None else f"{finding.file} · {finding.column}"
    return [
        words.say(f"report.severity_{finding.severity}"),
        shortened(place),
        NOTHING if finding.row is None else str(finding.row),
        shortened(words.finding(finding), 300),
        people(finding.persons_micro),
        area(finding.floor_area_m2),
    ]


def network_figures(result: StudyResult) -> dict[str, str | int]:
    """Return nodes, edges, length and components of the walking network, and its input counts."""
    network, quality = result.network, result.quality
    return {
        "nodes": len(network.x_m),
        "edges": len(network.u),
        "length_km": decimals(quality.length_m / 1000, 1),
        "components": quality.components,
        "largest_component": percent(quality.largest_share),
        "ways_read": network.counts.get("ways_read", 0),
        "ways_walkable": network.counts.get("ways_walkable", 0),
        "missing_nodes": network.counts.get("missing_nodes", 0),
        "exits": len(network.exits),
        "barriers": len(network.barriers),
    }
