"""Sections on parameters, inputs and licence, and on the method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.access.assignment.serving import WAYS
from circle15.access.supply.floating import METHODS
from circle15.output.document.model import Column, Definitions, Notice, Paragraph, Table
from circle15.output.document.texts import Look, Span, code, joined
from circle15.output.report.section_parts import section
from circle15.output.text.columns_told import columns_headings, columns_rows, tables_of
from circle15.output.text.numbers import NOTHING, count
from circle15.output.text.study_parameters import parameters
from circle15.output.text.wording import shortened
from circle15.results.street_source import is_osm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.document.model import Block, Line, Section
    from circle15.output.document.texts import Text
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult

METHOD: Final = (
    "direction",
    "time",
    "impedance",
    "slope",
    "ages",
    "groups",
    "cutoff",
    "snapping",
    "states",
    "combined",
    "people",
    "calibration",
    "circles",
    "floor_area",
    "readings",
    "shortfall",
    "exact",
    "drawing",
)
"""Paragraphs of the method section, in order."""

FORMULAS: Final = (
    "time",
    "impedance",
    "cutoff",
    "states",
    "people",
    "calibration",
    "circles",
    "floor_area",
    "readings",
    "shortfall",
)


OBJECTIVES: Final = ("people", "everybody", "minutes", "served")


def parameters_section(result: StudyResult, words: Words) -> Section:
    """Return every setting that affects the results."""
    headings = [
        Column(words.say("columns.parameter"), "k"),
        Column(words.say("columns.meaning")),
        Column(words.say("columns.setting")),
    ]
    rows: list[Line] = [
        [shortened(p.key, 60), p.meaning, shortened(p.value, 200)]
        for p in parameters(result, words)
    ]
    note = Paragraph(words.say("report.parameters_note"))
    return section("parameters", words, note, Table(headings, rows, name="parameters"))


def provenance_section(result: StudyResult, words: Words) -> Section:
    """Return the input files with hashes and columns read, versions, and the attribution."""
    headings = [
        Column(words.say("columns.file")),
        Column(words.say("columns.rows"), "n"),
        Column("SHA-256", "k"),
    ]
    rows: list[Line] = [
        [
            shortened(str(entry["path"])),
            NOTHING if entry["rows"] is None else count(int(entry["rows"])),
            code(str(entry["sha256"])),
        ]
        for entry in result.provenance.get("inputs", [])
    ]
    packages = result.provenance.get("packages", {})
    versions = ", ".join(f"{name} {version or NOTHING}" for name, version in packages.items())
    return section(
        "provenance",
        words,
        Paragraph(words.say("report.version", version=result.provenance.get("circle15", NOTHING))),
        Table(headings, rows, name="hashes"),
        *_columns(result, words),
        Paragraph(words.say("report.rerun", study=shortened(result.study.file.name))),
        Paragraph(words.say("report.packages", packages=versions), "caption"),
        Notice(attribution(result, words), "licence"),
    )


def _columns(result: StudyResult, words: Words) -> list[Block]:
    """Return how the columns of each input table were read, and which were not."""
    rows = columns_rows(tables_of(result.provenance), words)
    if not rows:
        return []
    headings = [Column(one) for one in columns_headings(words)]
    return [
        Paragraph(words.say("check.columns"), "caption"),
        Table(headings, rows, name="columns"),
    ]


def attribution(result: StudyResult, words: Words) -> str:
    """Return the attribution and licence of the street data."""
    if result.study.synthetic:
        return words.say("report.attribution_synthetic")
    if is_osm(result.study):
        return words.say("report.attribution_osm")
    return words.say("report.attribution_other", file=result.study.network.file.name)


def method_section(result: StudyResult, words: Words) -> Section:
    """Return the explanation of the method with its formulas."""
    walk, dem = result.study.walk, result.study.network.dem
    values = {
        "minutes": walk.circle_min,
        "milliseconds": count(walk.circle_min * 60_000),
        "speed": walk.speed_m_s,
        "snap": walk.max_snap_m,
        "cell": f"{result.served_cell_m:g}",
        "reading": result.study.rules.reading,
        "dem": dem.name if dem else NOTHING,
    }
    parts: list[tuple[Text, Text]] = []
    values["groups"] = words.list([words.group(group) for group in walk.profiles])
    used = {"ages": bool(walk.age_speeds), "groups": bool(walk.profiles)}
    for key in (one for one in METHOD if used.get(one, True)):
        if key == "floor_area":
            parts += _planning(result, words)
        said = "flat" if key == "slope" and dem is None else key
        text = words.say(f"report.method_{said}", **values)
        formula = None
        if key in FORMULAS:
            formula = Span(words.say(f"report.method_{key}_formula"), Look.FORMULA)
        parts.append((words.say(f"report.method_{key}_title"), joined(text, formula)))
    return section("method", words, Definitions(parts))


def _planning(result: StudyResult, words: Words) -> list[tuple[Text, Text]]:
    """Explain supply, assignment, equity, gap areas and new sites, as far as the study has them."""
    found: list[tuple[Text, Text]] = []
    capacity = result.study.capacity
    for method in METHODS:
        using = [key for key, one in capacity.items() if one.method == method]
        if not using:
            continue
        text = words.say(
            "report.method_supply",
            categories=words.list([words.category(key) for key in using]),
            weights=words.say(f"report.method_weights_{'alike' if method == '2sfca' else 'fall'}"),
        )
        name = words.say(f"report.method_supply_{method}")
        title = words.say("report.method_supply_title", method=name)
        found.append((title, _with_formulas(text, [f"supply_{method}"], words)))
    ways = []
    for way in WAYS:
        serving = [key for key, one in capacity.items() if one.per_person and one.assign == way]
        if serving:
            categories = words.list([words.category(key) for key in serving])
            ways.append(words.say(f"report.method_served_{way}", categories=categories))
    if ways:
        text = ("" if words.language == "zh" else " ").join(ways)
        title = words.say("report.method_served_title")
        found.append((title, _with_formulas(text, ["served"], words)))
    if result.access:
        for key, formulas in (("equity", ["equity"]), ("gap_areas", [])):
            text = words.say(f"report.method_{key}")
            title = words.say(f"report.method_{key}_title")
            found.append((title, _with_formulas(text, formulas, words)))
    if result.siting:
        sought = {answer.question.settings.objective for answer in result.siting}
        formulas = [f"siting_{one}" for one in OBJECTIVES if one in sought]
        text = words.say("report.method_siting")
        title = words.say("report.method_siting_title")
        found.append((title, _with_formulas(text, [*formulas, "siting_gap"], words)))
    return found


def _with_formulas(text: str, formulas: Sequence[str], words: Words) -> Text:
    said = [words.say(f"report.method_{key}_formula") for key in formulas]
    return joined(text, *(Span(one, Look.FORMULA) for one in said))
