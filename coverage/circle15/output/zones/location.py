"""The page with the location map of a residential zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.inputs.tables.shown_ids import known_by
from circle15.output.charts.label_places import apart
from circle15.output.charts.zone_map import zone_map
from circle15.output.document.model import Figure, Header, Label, LegendEntry, Page, Picture
from circle15.output.document.texts import joined, strong
from circle15.output.text.attribution import attribution, map_use
from circle15.output.text.numbers import clock
from circle15.output.text.wording import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.output.charts.zone_map import ZoneMap
    from circle15.output.text.wording import Words
    from circle15.zones.records import ZoneDossier, ZonePapers

MOST_MAPS: Final = 100
"""Zones of a check up to which each has a location map."""
_CIRCLED_ONE: Final = 0x2460
_LONGEST_NAME: Final = 16
_LABEL_PX: Final = 30


def location_page(dossier: ZoneDossier, papers: ZonePapers, words: Words) -> Page | None:
    """Return the page with the map; None for a zone without a position, or one of very many."""
    network = papers.network
    if network is None or len(papers.dossiers) > MOST_MAPS:
        return None
    drawn = zone_map(dossier, network)
    if drawn is None:
        return None
    zone, study = dossier.check.zone, papers.study
    name = f"{shortened(zone.zone_id)} {shortened(zone.name)}".strip()
    title = words.say("zone_sheet.location_title", zone=name)
    picture = Picture(drawn.png, drawn.frame.width, drawn.frame.height, [*_labels(drawn)])
    scale = words.say("paper.metres", number=drawn.scale_m)
    note = words.say("zone_sheet.location_note", scale=scale)
    source = attribution(study, words.language)
    use = map_use(study, words.language, in_china=papers.in_china)
    caption = joined(f"{note} {source} ", strong(use))
    legend = [*_sites(dossier, drawn, words), *_legend(drawn, words)]
    figure = Figure(title, picture, caption, legend, wide=True)
    return Page(zone.zone_id, Header(title), [figure])


def _labels(drawn: ZoneMap) -> Iterator[Label]:
    named = ((shortened(printable(name), _LONGEST_NAME), x, y) for name, x, y in drawn.streets)
    for text, x, y in apart(named, size_px=_LABEL_PX, width=drawn.frame.width):
        yield Label(text, round(x), round(y), "street")


def _sites(dossier: ZoneDossier, drawn: ZoneMap, words: Words) -> Iterator[LegendEntry]:
    """Yield the sites in the order of their categories, each with its number and minutes."""
    for one in dossier.reached:
        number = drawn.numbers.get(one.facility_id)
        if number is None:
            continue
        text = words.say(
            "zone_sheet.location_site",
            category=words.category(one.circle.category),
            site=known_by(shortened(one.facility_id, 40), shortened(one.name, 40)),
            time=clock(one.circle.worst_s),
        )
        yield LegendEntry(text, chr(_CIRCLED_ONE + number - 1), "sites")


def _legend(drawn: ZoneMap, words: Words) -> Iterator[LegendEntry]:
    entries = (
        (drawn.outline, "outline", "▰", "zone-area"),
        (drawn.entrances, "entrances", "◆", "rim"),
        (drawn.homes, "homes", "●", "zone-area"),
        (drawn.routes, "routes", "▬", "route"),
        (drawn.barriers, "barriers", "▬", "barrier"),
    )
    for shown, key, glyph, tone in entries:
        if shown:
            yield LegendEntry(words.say(f"zone_sheet.location_{key}"), glyph, tone)
