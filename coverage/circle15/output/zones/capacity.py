"""The section of a zone sheet on the capacity of the sites reached."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.inputs.tables.shown_ids import known_by
from circle15.output.document.model import Column, Lines, Section, Table
from circle15.output.text.numbers import plain_decimal, rounded
from circle15.output.text.wording import shortened
from circle15.output.zones.arithmetic import people_line
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.output.document.model import Cell
    from circle15.output.text.wording import Words
    from circle15.zones.records import ZoneDossier


def capacity_section(dossier: ZoneDossier, words: Words) -> Section | None:
    """Return what the sites reached have room for; None where none is reached."""
    if not any(one.facility_id for one in dossier.reached):
        return None
    group = words.group(words.study.demand.group)
    if dossier.people is None:
        lines = [words.say(f"zone_sheet.people_missing_{dossier.people_missing}", group=group)]
    else:
        lines = [
            people_line(dossier.people, words),
            words.say("zone_sheet.people_note", group=group),
        ]
    head = [
        Column(words.say("zone_sheet.nearest")),
        Column(words.say("columns.capacity")),
        Column(words.say("zone_sheet.own_people"), "n"),
        Column(words.say("zone_sheet.left"), "n"),
        Column(words.say("zone_sheet.others"), "n"),
    ]
    rows: list[list[Cell]] = []
    for one in dossier.reached:
        if not one.facility_id:
            continue
        others = Fraction(rounded(Fraction(one.others_micro, c.MICRO)))
        people = None if dossier.people is None else Fraction(rounded(dossier.people.persons))
        site = known_by(shortened(one.facility_id, 30), shortened(one.name, 30))
        if not one.capacities:
            rows.append([site, words.say("zone_sheet.capacity_missing"), people, None, others])
        for field, stated in (one.capacities or {}).items():
            what = f"{words.say(f'map.capacity_{field}')} {plain_decimal(stated)}"
            # Rounded down at a half, so that with the rounded people it sums to the capacity.
            left = Fraction(-rounded(-one.left[field])) if field in one.left else None
            rows.append([site, what, people, left, others])
    heading = words.say("zone_sheet.capacity")
    return Section("capacity", heading, [Table(head, rows), Lines(lines)])
