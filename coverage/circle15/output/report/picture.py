"""The map of the first page: the picture, labels of subdistricts over it, legend beside it."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from circle15.output.charts.label_places import apart
from circle15.output.charts.map_picture import map_picture
from circle15.output.document.model import Figure, Label, LegendEntry, Picture
from circle15.output.document.texts import joined, strong
from circle15.output.text.attribution import map_use
from circle15.output.text.numbers import area
from circle15.output.text.wording import printable, shortened
from circle15.results.figures import headline_category
from circle15.results.siting.planned_sites import first_step
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.output.charts.map_picture import MapPicture
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult

_LABEL_PX: Final = 30
_MOST_LABELS: Final = 40
_LONGEST_LABEL: Final = {"zh": 10, "en": 18}
_GLYPHS: Final = {"disc": "●", "square": "■", "diamond": "◆", "triangle": "▲"}


def map_figure(result: StudyResult, words: Words) -> Figure | None:
    """Return the map of people in the gap with legend and labels; None if nothing can be drawn."""
    picture = map_picture(result)
    if picture is None:
        return None
    category, study = headline_category(result), result.study
    title = words.say("paper.map_without")
    if category is not None:
        title = words.say(
            "paper.map_title",
            group=words.group(study.demand.group),
            services=words.services(category),
            minutes=study.walk.circle_min,
        )
    labels = [*_labels(result, words, picture), *_scale_labels(picture, words)]
    drawing = Picture(picture.png, picture.frame.width, picture.frame.height, labels)
    note = words.say("paper.map_note", scale=_length(picture.scale_m, words))
    use = map_use(study, words.language, in_china=result.in_china)
    caption = joined(note, " ", strong(use)) if use else note
    return Figure(title, drawing, caption, list(_legend(result, words, picture)))


def _legend(result: StudyResult, words: Words, picture: MapPicture) -> Iterator[LegendEntry]:
    """Yield legend entries for what the picture shows; glyphs, so that Word can set them too."""
    if picture.gap:
        unit = "cells" if picture.cells else "points"
        yield LegendEntry(words.say(f"paper.legend_gap_{unit}"))
        for k, text in enumerate(class_texts(picture.breaks, words)):
            yield LegendEntry(text, "■", f"gap-{k}")
    if picture.unknown:
        yield LegendEntry(words.say("paper.legend_unknown"), "▨", "unknown-cells")
    if picture.served:
        yield LegendEntry(words.say("paper.legend_served"), "■", "served")
    for category, (shape, sites) in picture.sites.items():
        text = words.say("paper.legend_sites", category=words.category(category), count=sites)
        yield LegendEntry(text, _GLYPHS[shape], "sites")
    step = first_step(result)
    if step is not None:
        site = shortened(step.planned.own or step.planned.label, 40)
        yield LegendEntry(words.say("paper.legend_new_site", site=site), "★", "proposed")
    if result.area.boundary is not None:
        yield LegendEntry(words.say("paper.legend_boundary"), "▬", "rim")
    for level in ("streets", "communities"):
        if len(getattr(result.area, level)):
            yield LegendEntry(words.say(f"paper.legend_{level}"), "▬", "zone-rim")
            break


def class_texts(breaks: Sequence[float], words: Words) -> list[str]:
    """
    Return a label for each class of people, given the lower bounds of all but the first class.

    A value equal to a break belongs to the class above it.
    """
    if not breaks:
        return [words.say("paper.class_any")]
    return [
        words.say("paper.class_below", most=area(breaks[0])),
        *(
            words.say("paper.class_between", least=area(a), most=area(b))
            for a, b in pairwise(breaks)
        ),
        words.say("paper.class_above", least=area(breaks[-1])),
    ]


def _labels(result: StudyResult, words: Words, picture: MapPicture) -> Iterator[Label]:
    """Place the names of subdistricts, the largest first; names that would overlap are left out."""
    subdistricts = result.area.streets
    if not len(subdistricts):
        return
    shapes: Any = shapely.intersection(subdistricts.geometry.to_numpy(), picture.frame.box)
    seen = np.flatnonzero(shapely.area(shapes) > 0)  # those outside the picture get no label
    shapes = shapes[seen]
    middles = shapely.centroid(shapes)
    outside = ~shapely.within(middles, shapes)
    middles[outside] = shapely.point_on_surface(shapes[outside])
    places = picture.frame.place(shapely.get_coordinates(middles))
    names = [
        str(name or zone)
        for name, zone in subdistricts.iloc[seen][[c.NAME, c.ZONE_ID]].itertuples(index=False)
    ]
    order = np.argsort(-shapely.area(shapes), kind="stable").tolist()
    longest = _LONGEST_LABEL[words.language]
    named = ((shortened(printable(names[k]), longest), *places[k].tolist()) for k in order)
    shown = apart(islice(named, _MOST_LABELS), size_px=_LABEL_PX, width=picture.frame.width)
    yield from (Label(text, round(x), round(y), "street") for text, x, y in shown)


def _scale_labels(picture: MapPicture, words: Words) -> list[Label]:
    left, top, length = picture.scale_px
    text = _length(picture.scale_m, words)
    return [
        Label("0", left, top - 8, "scale", "middle"),
        Label(text, left + length, top - 8, "scale", "end"),
    ]


def _length(metres: int, words: Words) -> str:
    if metres % 1000:
        return words.say("paper.metres", number=metres)
    return words.say("paper.kilometres", number=metres // 1000)
