"""The map of a study: one HTML file that works offline."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import escape
from string import Template as Text
from typing import TYPE_CHECKING, Any

from circle15.inputs.crs.degrees import lon_lat
from circle15.output.document.offline import json_bytes, own_asset, packed_block
from circle15.output.document.scripts import page_script
from circle15.output.map.base.ground import pack_ground
from circle15.output.map.cells import CODE_WORDS
from circle15.output.map.choices import basis_shares, choices_of, headline_counts, headline_served
from circle15.output.map.equity import equity_measures, minute_breaks
from circle15.output.map.facilities import facility_rows, served_areas, site_outlines
from circle15.output.map.frame import MapPage
from circle15.output.map.gaps import full_gap_layers, gap_layers
from circle15.output.map.geometry import bounds_of, encode_polygons
from circle15.output.map.people import people_layer, supply_legend
from circle15.output.map.plans.scenarios import scenario_layers
from circle15.output.map.plans.siting import siting_layer
from circle15.output.map.print_sheet import sheet_parameters, walking
from circle15.output.map.tables import quality_rows, rule_rows
from circle15.output.map.trials.block import trial_block
from circle15.output.map.zones import residential_rows, zone_borders, zone_layers
from circle15.output.text.attribution import (
    HTML_LANGUAGE,
    asks_approval,
    attribution,
    map_use,
)
from circle15.output.text.palette import colours
from circle15.output.text.wording import Words, speed_text
from circle15.results.states_by_choice import states_by_choice
from circle15.study.messages import messages, say
from circle15.study.settings.walkers import parts_of
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.output.map.online_tiles import Tiles
    from circle15.output.map.people import PeopleLayer
    from circle15.results.records import StudyResult
    from circle15.study.languages import Language

_WORDS = ("map.", "states.", "verdicts.", "gap_reasons.", "scenarios.", "trials.")


def build_map(result: StudyResult, language: Language, tiles: Tiles | None = None) -> str:
    """
    Build the map of a study.

    Parameters
    ----------
    result
        The results of a run.
    language
        Language of all texts of circle15; names from data stay as they are.
    tiles
        A tile service for the online variant of the page, which is labelled as such.

    Returns
    -------
    One HTML page without any external address but that of `tiles`: folium's map with Leaflet, our
    scripts and the data inlined, under a Content-Security-Policy that allows nothing else. The
    same input gives the same bytes.
    """
    with _collector_paused():
        blocks = map_blocks(result, language, tiles)
    with ThreadPoolExecutor() as threads:  # zlib releases the GIL
        packed = list(threads.map(packed_block, blocks, blocks.values()))
    page = MapPage(
        title=say("map.page_title", language, title=result.study.title),
        language=HTML_LANGUAGE[language],
        panel=_panel(result, language, tiles),
        blocks=packed,
        images_from=tiles.host if tiles else "",
        workers=bool(blocks["circle15-worker"]),
    )
    return str(page.render())


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause garbage collection while hundreds of thousands of lists, none cyclic, are created."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _panel(result: StudyResult, language: Language, tiles: Tiles | None) -> str:
    """Return the HTML of the panel beside the map; every string is escaped."""
    study = result.study
    words = {
        key.removeprefix("map."): text
        for key, text in messages(language).items()
        if key.startswith("map.panel_")
    }
    words |= {
        "title": study.title,
        "as_of": say("map.as_of", language, date=study.as_of.isoformat()),
        "walking": walking(study, language),
        "synthetic": say("map.synthetic", language) if study.synthetic else "",
        "attribution": attribution(study, language),
        "online": say("map.online", language, host=tiles.host) if tiles else "",
        "use": map_use(study, language, in_china=result.in_china),
    }
    if not asks_approval(study, language, in_china=result.in_china):
        words["panel_print_hint"] = words["panel_print_hint_abroad"]
    values = {key: escape(text) for key, text in words.items()}
    return Text(own_asset("map_panel.html")).substitute(values)


def map_words(result: StudyResult, language: Language) -> dict[str, str]:
    """Return the map's texts; if speeds differ, the legend says whose states are drawn."""
    why = {f"reasons.{code}{more}" for code in CODE_WORDS for more in ("", "_settle")}
    found = {k: v for k, v in messages(language).items() if k.startswith(_WORDS) or k in why}
    study, words = result.study, Words(language, result.study)
    if study.walk.alike:
        return found
    speed = speed_text(result.drawn.walker.speed_m_s)
    who = words.say("walkers.at_speed", who=words.group(result.drawn.label), speed=speed)
    if len(parts_of(study.demand.group, study.walk)) > 1:
        group = words.group(study.demand.group)
        note = words.say("walkers.map_drawn", who=who, group=group)
    else:
        note = words.say("walkers.map_drawn_alone", who=who)
    gap = " " if language == "en" else "。"
    ends = "." if language == "en" else ""
    for key in ("map.legend_people_cells", "map.legend_people_points"):
        found[key] += ends + gap + note
    for key in ("map.legend_served", "map.legend_own"):
        found[key] = words.say("walkers.map_served", legend=found[key], who=who)
    return found


def map_blocks(
    result: StudyResult, language: Language, tiles: Tiles | None = None
) -> dict[str, bytes]:
    """
    Return the data of the page by the id of its block.

    `circle15-data` is `map_data` as JSON, in which `people` is `PeopleLayer.meta` (null without
    people). `circle15-ground` holds the packed streets and barriers (`pack_ground`),
    `circle15-people` the columns of that layer, `circle15-ids` its ids as JSON,
    `circle15-trials` the columns of `trial_block`, and `circle15-worker` the script of the worker
    that computes with them.
    """
    data = map_data(result, language)
    data["tiles"] = tiles.described(language) if tiles else None
    people: PeopleLayer | None = data["people"]
    trials, streets = trial_block(result) or (None, b"")
    data["trials"] = trials
    data["ground"], ground = pack_ground(result.network, result.area.boundary)
    return {
        "circle15-data": json_bytes(data | {"people": people.meta if people else None}),
        "circle15-trials": streets,
        "circle15-worker": _worker_script() if trials else b"",
        "circle15-ground": ground,
        "circle15-people": people.packed if people else b"",
        "circle15-ids": json_bytes(people.ids if people else []),
    }


def _worker_script() -> bytes:
    return page_script("circle15.output.map", "scripts", "trials/worker.js").encode("utf-8")


def map_data(result: StudyResult, language: Language) -> dict[str, Any]:
    """
    Return all data that the map's script draws.

    `people` is the whole `PeopleLayer`, or null without people. Geometries are encoded as in
    `map.geometry`, positions as longitude and latitude × 10⁵.
    """
    study = result.study
    choices = choices_of(result, language)
    boundary = encode_polygons([result.area.boundary], result.crs)[0]
    zones = zone_layers(result)
    served = served_areas(result)
    states = states_by_choice(result)
    outlines = boundary or [
        p for zone in zones["street"] + zones["community"] for p in zone["shape"]
    ]
    places = lon_lat(
        result.demand[c.X_M].to_numpy(float), result.demand[c.Y_M].to_numpy(float), result.crs
    )
    return {
        "language": HTML_LANGUAGE[language],
        "words": map_words(result, language),
        "group": say(f"groups.{study.demand.group}", language),
        "group_drawn": Words(language, study).group(result.drawn.label),
        "judge": study.walk.judge,
        "cutoffs": list(study.walk.cutoffs_min),
        "choices": [
            {"id": one.id, "label": one.label, "colour": one.colour, "categories": one.categories}
            for one in choices
        ],
        "counts": headline_counts(result),
        "basis": basis_shares(result, Words(language, study)),
        "bounds": bounds_of(outlines, places),
        "colours": colours(),
        "boundary": boundary,
        "borders": zone_borders(result),
        "served": served,
        "people": people_layer(result, states),
        "supply": supply_legend(result, Words(language, study)),
        "served_people": headline_served(result),
        "equity": equity_measures(result, Words(language, study)),
        "minute_breaks": minute_breaks(result),
        "facilities": facility_rows(result, Words(language, study)),
        "own_areas": site_outlines(result),
        "zones": zones,
        "residential": residential_rows(result, language),
        "gaps": gap_layers(result, states),
        "full_gaps": full_gap_layers(result),
        "groups": {
            one.group: Words(language, study).group(one.group) for one in result.population.balances
        },
        "siting": siting_layer(result),
        "scenarios": scenario_layers(result, Words(language, study)),
        "rules": rule_rows(result, language),
        "parameters": sheet_parameters(result, language),
        "approval": asks_approval(study, language, in_china=result.in_china),
        "approval_number": study.map.approval_number or "",
        "organisation": study.report.organisation or "",
        "quality": quality_rows(result, language),
    }
