"""The zone sheets as document pages, for HTML, Word and Excel."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from circle15.access.zone_circle import HOME_SPACING_M
from circle15.inputs.tables.shown_ids import is_made, known_by
from circle15.output.document.letterhead import masthead_of, signing_lines
from circle15.output.document.model import (
    Column,
    Facts,
    Header,
    Lines,
    Notice,
    Page,
    Paragraph,
    Section,
    Table,
)
from circle15.output.document.texts import Badge, joined, strong
from circle15.output.text.numbers import (
    NOTHING,
    area,
    clock,
    count,
    percent,
    plain_decimal,
    rounded,
)
from circle15.output.text.wording import shortened
from circle15.output.text.zone_words import FIGURES, mend_text, reasons, rooms_by_id
from circle15.output.zones.arithmetic import required_line
from circle15.output.zones.capacity import capacity_section
from circle15.output.zones.circle_lines import homes_line, way_line, why_unknown
from circle15.output.zones.clauses import clause_lines, neighbours_mend
from circle15.results.summary.parameters import pack_names
from circle15.rules.floor_area.readings import READINGS
from circle15.study.vocabulary.categories import category_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.output.document.model import Block, Cell, Masthead
    from circle15.output.document.texts import Text
    from circle15.output.text.wording import Words
    from circle15.rules.floor_area.floor_area_sheet import FloorAreaSheet
    from circle15.rules.floor_area.rooms import Room
    from circle15.rules.floor_area.zone_checks import ZoneCheck
    from circle15.rules.packs.load import RulePack
    from circle15.zones.records import Reached, ZoneDossier, ZonePapers

WAYS_SHOWN: Final = 3
HASH_SHOWN: Final = 12


def zone_pages(papers: ZonePapers, words: Words, code: str | None = None) -> Iterator[Page]:
    """Yield the page of every zone, in order, with the code of the check."""
    for dossier in papers.dossiers:
        yield _page(dossier, papers, words, code)


def overview(papers: ZonePapers, words: Words) -> Table:
    """Return a table with a row per zone: verdict, floor areas, verdict by reading, circle."""
    head = [
        Column(words.say("columns.zone")),
        Column(words.say("columns.name")),
        Column(words.say("columns.verdict"), "c"),
        Column(words.say("zone_sheet.dependent"), "c"),
        *(Column(words.say(f"columns.{key}"), "n") for key in FIGURES),
        *(Column(reading, "c") for reading in READINGS),
        Column(words.say("zone_sheet.at_plan"), "c"),
        *(Column(words.category(one), "c") for one in papers.study.circle.require),
    ]
    return Table(head, [_overview_row(dossier.check, words) for dossier in papers.dossiers])


def _overview_row(check: ZoneCheck, words: Words) -> list[Cell]:
    sheet = check.sheet
    states: list[Cell] = [_state(one.state, words) for one in check.circle]
    name = shortened(check.zone.name)
    if sheet is None:
        return [check.zone.zone_id, name, _verdict(sheet, words), None, *[None] * 10, *states]
    dependent = words.say("zone_sheet.yes") if sheet.reading_dependent else None
    return [
        check.zone.zone_id,
        name,
        _verdict(sheet, words),
        dependent,
        *(getattr(sheet, key) for key in FIGURES),
        *(Badge(v.value, words.say(f"verdicts.{v.value}")) for v in sheet.readings.values()),
        _verdict(sheet.at_plan or sheet, words) if words.study.plan_as_of else None,
        *states,
    ]


def hashes(papers: ZonePapers) -> list[tuple[str, str]]:
    """Return the path and the full SHA-256 of every input; a dash if it has none."""
    return [(one["path"], one["sha256"] or NOTHING) for one in papers.provenance["inputs"]]


def _page(dossier: ZoneDossier, papers: ZonePapers, words: Words, code: str | None) -> Page:
    check = dossier.check
    sections = [
        _floor_area(dossier, papers.pack, words),
        _rooms(dossier, words),
        _circle(dossier, words),
        capacity_section(dossier, words),
        _mend(dossier, words),
        _clauses(dossier, papers.pack, words),
        _parameters(papers, words),
    ]
    # Documents in Chinese, and those of a study in China, are stamped.
    stamped = words.language == "zh" or papers.in_china
    signing = signing_lines(words, stamp=words.say("zone_sheet.stamp") if stamped else None)
    return Page(
        check.zone.zone_id,
        _header(dossier, words, code, masthead_of(papers.letterhead)),
        [*(section for section in sections if section is not None), signing],
    )


def _header(
    dossier: ZoneDossier, words: Words, code: str | None, masthead: Masthead | None
) -> Header:
    """Return the page header with the verdict; the first line says if it depends on the reading."""
    check, study = dossier.check, words.study
    verdict = joined(_verdict(check.sheet, words), " ", _verdict_text(check, words))
    blocks: list[Block] = [Paragraph(verdict, "verdict"), Facts(_facts(dossier, words))]
    first = _first(check.sheet, words)
    if first is not None:
        blocks.insert(0, Notice(first, "important"))
    if study.synthetic:
        blocks.append(Notice(words.say("report.synthetic"), "warning"))
    kicker = words.say("zone_sheet.kicker", title=shortened(study.title), as_of=study.as_of)
    shown_code = [] if code is None else [words.say("report.code", code=code)]
    return Header(
        f"{shortened(check.zone.zone_id)} {shortened(check.zone.name)}".strip(),
        " · ".join([kicker, *shown_code]),
        blocks,
        masthead,
    )


def _verdict(sheet: FloorAreaSheet | None, words: Words) -> Badge:
    verdict = "undetermined" if sheet is None else sheet.verdict.value
    return Badge(verdict, words.say(f"verdicts.{verdict}"))


def _state(state: str, words: Words) -> Badge:
    return Badge(state, words.say(f"states.{state}"))


def _verdict_text(check: ZoneCheck, words: Words) -> str:
    sheet = check.sheet
    if sheet is None:
        return words.say("report.no_floor_area_law")
    if sheet.required_m2 is None:
        return words.say("zone_sheet.verdict_unknown", reading=sheet.reading)
    key = "verdict_short" if sheet.shortfall_m2 else "verdict_enough"
    return words.say(
        f"zone_sheet.{key}",
        reading=sheet.reading,
        required=area(sheet.required_m2),
        counted=area(sheet.counted_m2, apart_from=sheet.required_m2),
        shortfall=area(sheet.shortfall_m2),
    )


def _first(sheet: FloorAreaSheet | None, words: Words) -> str | None:
    if sheet is None or not sheet.reading_dependent:
        return None
    verdicts = [f"{r} {words.say(f'verdicts.{v.value}')}" for r, v in sheet.readings.items()]
    return words.say("zone_sheet.reading_dependent", verdicts=words.list(verdicts))


def _facts(dossier: ZoneDossier, words: Words) -> list[Text]:
    zone, sheet = dossier.check.zone, dossier.check.sheet
    unit = sheet.basis if sheet is not None else "households"
    # The floor-area sheet of a pool has the households of all zones; a page shows its zone's own.
    own = zone.dwellings if unit == "dwellings" else zone.households
    if own is None and len(dossier.pool) == 1 and sheet is not None and sheet.households:
        own = Decimal(int(sheet.households))
    found = [
        (words.say("columns.kind"), words.say(f"report.kind_{zone.kind}")),
        (words.say(f"zone_sheet.{unit}"), area(own)),
    ]
    parts = [(key, getattr(zone, f"households_{key}")) for key in ("new", "existing")]
    if zone.kind == "mixed" and unit == "households":
        found += [(words.say(f"report.kind_{key}"), area(n)) for key, n in parts]
    if dossier.check.pool_id is not None:
        members = words.list([one.zone.zone_id for one in dossier.pool])
        found.append((words.say("zone_sheet.pool"), f"{dossier.check.pool_id} ({members})"))
    found.append((words.say("zone_sheet.source_row"), f"{zone.file}:{zone.row}"))
    states = [
        f"{words.category(one.category)} {words.say(f'states.{one.state}')}"
        for one in dossier.check.circle
    ]
    if states:
        minutes = words.study.walk.circle_min
        found.append((words.say("zone_sheet.circle_fact", minutes=minutes), words.list(states)))
    return [joined(f"{word} ", strong(value)) for word, value in found]


def _floor_area(dossier: ZoneDossier, pack: RulePack | None, words: Words) -> Section | None:
    check = dossier.check
    sheet = check.sheet
    if sheet is None or pack is None:
        return None
    required = required_line(dossier, pack, words)
    plan = words.study.plan_as_of
    keys = ("required_m2", "counted_m2", "shortfall_m2")
    head = [Column(words.say("zone_sheet.reading"))]
    head += [Column(words.say(f"columns.{key}"), "n") for key in keys]
    head.append(Column(words.say("zone_sheet.verdict_at", date=words.study.as_of), "c"))
    if plan is not None:
        head += [
            Column(words.say("zone_sheet.counted_then"), "n"),
            Column(words.say("zone_sheet.verdict_at", date=plan), "c"),
        ]
    then = sheet.at_plan or sheet
    rows: list[list[Cell]] = []
    for reading in READINGS:
        mark = "▸ " if reading == sheet.reading else ""
        row: list[Cell] = [
            f"{mark}{reading} {words.say(f'report.reading_{reading}')}",
            sheet.required_m2,
            sheet.counted[reading],
            sheet.shortfalls[reading],
            _reading_badge(sheet, reading, words),
        ]
        if plan is not None:
            row += [then.counted[reading], _reading_badge(then, reading, words)]
        rows.append(row)
    why = ("" if words.language == "zh" else " ").join(reasons(check, words))
    lines = [
        *([required] if required else []),
        words.say(
            "zone_sheet.plain",
            gap=area(sheet.plain_gap_m2),
            judged=sheet.reading,
            sum=area(sheet.plain_sum_m2, apart_from=sheet.required_m2),
            rate=area(sheet.rate_m2_per_100),
        ),
        *([why] if why else []),
    ]
    heading = words.say("zone_sheet.floor_area")
    return Section("floor_area", heading, [Table(head, rows), Lines(lines)])


def _reading_badge(sheet: FloorAreaSheet, reading: str, words: Words) -> Badge:
    verdict = {str(r): v.value for r, v in sheet.readings.items()}[reading]
    return Badge(verdict, words.say(f"verdicts.{verdict}"))


def _rooms(dossier: ZoneDossier, words: Words) -> Section:
    heading = words.say("zone_sheet.rooms")
    rooms = [(check, room) for check in dossier.pool for room in check.rooms]
    if not rooms:
        return Section("rooms", heading, [Lines([words.say("zone_sheet.no_rooms")])])
    head = [
        Column(words.say("zone_sheet.room")),
        Column(words.say("zone_sheet.source_row")),
        Column(words.say("zone_sheet.area_m2"), "n"),
        Column(words.say("zone_sheet.counts")),
    ]
    names = {room.room_id: _room_name(check, room, dossier, words) for check, room in rooms}
    unique = {room.room_id: room for _, room in rooms}
    rows: list[list[Cell]] = [
        [
            names[key],
            room.origin,
            _fraction(room.area_m2),
            _counts(room, dossier.check.sheet, words),
        ]
        for key, room in unique.items()
    ]
    return Section("rooms", heading, [Table(head, rows)])


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _room_name(check: ZoneCheck, room: Room, dossier: ZoneDossier, words: Words) -> str:
    own = room.room_id.startswith(f"{check.zone.zone_id}#")
    name = (
        words.say("report.own_room", number=room.room_id.rpartition("#")[2])
        if own
        else f"{shortened(room.room_id, 40)} {shortened(room.name, 40)}".strip()
    )
    kinds = words.list(
        [category_label(k, words.language, words.study.categories) for k in room.categories]
    )
    named = f"{name} · {kinds}" if kinds else name
    return f"{check.zone.zone_id}: {named}" if len(dossier.pool) > 1 else named


def _counts(room: Room, sheet: FloorAreaSheet | None, words: Words) -> str:
    """Return whether a room counts, and if not, why."""
    if sheet is None:
        return NOTHING
    if room.room_id in sheet.excluded:
        return words.say("zone_sheet.excluded")
    if room.room_id in sheet.not_open:
        key = "opens_by_plan" if room.opens == "plan" else "never_open"
        return words.say(f"zone_sheet.{key}", date=words.study.plan_as_of)
    if room.room_id in sheet.unmeasured:
        return words.say("zone_sheet.unmeasured")
    if room.room_id in sheet.too_small:
        return words.say("zone_sheet.too_small")
    if room.shared_by and room.area_m2 is not None and room.share is not None:
        part = area(Fraction(room.area_m2) * room.share)
        return words.say("zone_sheet.shared", part=part, zones=words.list([*room.shared_by]))
    return words.say("zone_sheet.counts_fully")


def _circle(dossier: ZoneDossier, words: Words) -> Section:
    minutes = words.study.walk.circle_min
    heading = words.say("zone_sheet.circle", minutes=minutes, speed=words.study.walk.speed_m_s)
    if not dossier.reached:
        return Section("circle", heading, [Lines([words.say("report.no_circle")])])
    head = [
        Column(words.say("columns.category")),
        Column(words.say("zone_sheet.state"), "c"),
        Column(words.say("zone_sheet.nearest")),
        Column(words.say("columns.median"), "n"),
        Column(words.say("columns.worst"), "n"),
        Column(words.say("columns.share_inside"), "n"),
    ]
    rows: list[list[Cell]] = [
        [
            words.category(one.category),
            _state(one.state, words),
            _site(reached),
            clock(one.median_s),
            clock(one.worst_s),
            percent(one.share_inside),
        ]
        for reached in dossier.reached
        for one in (reached.circle,)
    ]
    lines = [homes_line(dossier, words)]
    lines += [why_unknown(one, words) for one in dossier.reached if one.circle.unknown_reason]
    lines += [way_line(one, words) for one in dossier.reached if one.route is not None]
    return Section("circle", heading, [Table(head, rows), Lines(lines)])


def _site(one: Reached) -> str:
    if not one.facility_id:
        return NOTHING
    if is_made(one.facility_id) and not one.name:
        return one.origin
    return f"{known_by(shortened(one.facility_id, 40), shortened(one.name, 40))} ({one.origin})"


def _mend(dossier: ZoneDossier, words: Words) -> Section | None:
    sheet = dossier.check.sheet
    if sheet is None or not (sheet.mend or dossier.sharing):
        return None
    rooms = rooms_by_id(dossier.pool)
    lines = [
        words.say(
            "zone_sheet.share_with",
            zone=shortened(one.zone_id, 40),
            name=shortened(one.name, 40),
            metres=count(rounded(one.distance_m)),
            counted=area(one.sheet.counted_m2, apart_from=one.sheet.required_m2),
            required=area(one.sheet.required_m2),
        )
        for one in dossier.sharing
    ]
    lines += neighbours_mend(dossier, words)
    lines += [mend_text(way, dossier.check, rooms, words) for way in sheet.mend[:WAYS_SHOWN]]
    told = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    return Section("mend", words.say("zone_sheet.mend"), [Lines(told)])


def _clauses(dossier: ZoneDossier, pack: RulePack | None, words: Words) -> Section | None:
    if pack is None:
        return None
    lines = clause_lines(dossier, pack, words)
    return Section("clauses", words.say("zone_sheet.clauses"), [Lines(lines)])


def _parameters(papers: ZonePapers, words: Words) -> Section:
    study = papers.study
    walk = study.walk
    line = words.say(
        "zone_sheet.parameters_line",
        speed=walk.speed_m_s,
        minutes=walk.circle_min,
        judge=words.say(f"zone_sheet.judge_{walk.judge}"),
        snap=plain_decimal(walk.max_snap_m),
        gated=words.say(f"report.gated_{study.network.gated}"),
        spacing=plain_decimal(HOME_SPACING_M),
        reading=study.rules.reading,
        basis=words.say(f"zone_sheet.{study.rules.basis}"),
        mixed=words.say(f"zone_sheet.mixed_{study.rules.mixed}"),
        packs=words.list(pack_names(study)) or NOTHING,
        as_of=study.as_of,
        plan=study.plan_as_of or NOTHING,
        size=NOTHING if study.demand.household_size is None else study.demand.household_size,
        version=papers.provenance["circle15"],
    )
    shown = words.list([f"{path} {sha[:HASH_SHOWN]}" for path, sha in hashes(papers)])
    files = words.say("zone_sheet.files", files=shown)
    heading = words.say("zone_sheet.parameters")
    return Section("parameters", heading, [Lines([line, files], small=True)])
