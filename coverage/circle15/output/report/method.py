"""How the figures came about: parameters, inputs, licence, and the method in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.document.html_tables import definitions, paragraph, section, table
from circle15.output.document.markup import Child, Markup, el, join
from circle15.output.text.columns_told import columns_headings, columns_rows, tables_of
from circle15.output.text.numbers import NOTHING, count
from circle15.output.text.study_parameters import parameters
from circle15.output.text.wording import shortened
from circle15.study.settings.street_source import is_osm

if TYPE_CHECKING:
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult

METHOD: Final = (
    "direction", "time", "impedance", "slope", "ages", "groups", "cutoff", "snapping", "states",
    "combined", "people", "calibration", "circles", "floor_area", "readings", "shortfall", "exact",
    "drawing",
)  # fmt: skip
"""Paragraphs of the method page."""

FORMULAS: Final = (
    "time", "impedance", "cutoff", "states", "people", "calibration", "circles", "floor_area",
    "readings", "shortfall",
)  # fmt: skip


SIGNING: Final = ("made", "checked", "released", "date")


def parameters_section(result: StudyResult, words: Words) -> Markup:
    """List every setting that changes an answer."""
    headings = [
        (words.say("columns.parameter"), "k"), (words.say("columns.meaning"), "t"),
        (words.say("columns.setting"), "t"),
    ]  # fmt: skip
    rows: list[list[Child]] = [
        [shortened(p.key, 60), p.meaning, shortened(p.value, 200)]
        for p in parameters(result, words)
    ]
    note = paragraph(words.say("report.parameters_note"))
    return section("parameters", words, note, table(headings, rows, class_="parameters"))


def provenance_section(result: StudyResult, words: Words) -> Markup:
    """Name the files with their hashes, the versions, and whose data they are."""
    headings = [
        (words.say("columns.file"), "t"), (words.say("columns.rows"), "n"), ("SHA-256", "k"),
    ]  # fmt: skip
    rows: list[list[Child]] = [
        [
            shortened(str(entry["path"])),
            NOTHING if entry["rows"] is None else count(int(entry["rows"])),
            el("code", str(entry["sha256"])),
        ]
        for entry in result.provenance.get("inputs", [])
    ]
    packages = result.provenance.get("packages", {})
    versions = ", ".join(f"{name} {version or NOTHING}" for name, version in packages.items())
    return section(
        "provenance",
        words,
        paragraph(words.say("report.version", version=result.provenance.get("circle15", NOTHING))),
        table(headings, rows, class_="hashes"),
        _columns(result, words),
        paragraph(words.say("report.rerun", study=shortened(result.study.file.name))),
        paragraph(words.say("report.packages", packages=versions), "caption"),
        paragraph(attribution(result, words), "attribution"),
    )


def _columns(result: StudyResult, words: Words) -> Markup | None:
    """Say of each table which column became which field, and which were left unread."""
    rows = columns_rows(tables_of(result.provenance), words)
    if not rows:
        return None
    caption = paragraph(words.say("check.columns"), "caption")
    return el("div", caption, table(columns_headings(words), rows, class_="columns"))


def signing_lines(words: Words) -> Markup:
    """Leave room for the names of those who answer for the report."""
    names = (el("span", words.say(f"report.sign_{who}")) for who in SIGNING)
    return el("div", *names, class_="signing")


def attribution(result: StudyResult, words: Words) -> Child:
    """Say whose the streets are, and on which terms."""
    if result.study.synthetic:
        return words.say("report.attribution_synthetic")
    if is_osm(result.study):
        return words.say("report.attribution_osm")
    return words.say("report.attribution_other", file=result.study.network.file.name)


def method_section(result: StudyResult, words: Words) -> Markup:
    """Explain the method in plain words, with its formulas."""
    walk, dem = result.study.walk, result.study.network.dem
    values = {
        "minutes": walk.circle_min, "milliseconds": count(walk.circle_min * 60_000),
        "speed": walk.speed_m_s, "snap": walk.max_snap_m, "cell": f"{result.served_cell_m:g}",
        "reading": result.study.rules.reading,
        "dem": dem.name if dem else NOTHING,
    }  # fmt: skip
    parts: list[tuple[Child, Child]] = []
    values["groups"] = words.list([words.group(group) for group in walk.profiles])
    used = {"ages": bool(walk.age_speeds), "groups": bool(walk.profiles)}
    for key in (one for one in METHOD if used.get(one, True)):
        said = "flat" if key == "slope" and dem is None else key
        text = words.say(f"report.method_{said}", **values)
        formula = None
        if key in FORMULAS:
            formula = el("code", words.say(f"report.method_{key}_formula"), class_="formula")
        parts.append((words.say(f"report.method_{key}_title"), join((text, formula))))
    return section("method", words, definitions(parts))
