"""Where the full numbers behind each section of the report are found, for tracing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from circle15.output.text.wording import Words

_STREETS: Final = "walk_network"
"""Layer that a study may leave out."""


@dataclass(frozen=True, slots=True)
class Source:
    """Keys of `summary.json`, a worksheet of `report.xlsx`, a layer of `results.gpkg`, a file."""

    summary: tuple[str, ...] = ()
    sheet: str | None = None
    layer: str | None = None
    file: str | None = None

    def text(self, words: Words) -> str:
        """Name all places in one sentence."""
        found = []
        if self.summary:
            found.append(words.say("paper.source_summary", keys=words.list(list(self.summary))))
        if self.sheet:
            sheet = words.say(f"workbook.{self.sheet}")
            found.append(words.say("paper.source_sheet", sheet=sheet))
        streets = words.study.output.walk_network or self.layer != _STREETS
        if self.layer and streets:
            found.append(words.say("paper.source_layer", layer=self.layer))
        if self.file:
            found.append(self.file)
        return words.say("paper.source", places=words.say("paper.source_and").join(found))


SOURCES: Final = {
    "coverage": Source(("coverage",), "categories"),
    "speed": Source(("coverage",), "categories"),
    "streets": Source(("zones",), "streets", "zones"),
    "communities": Source(("gap_areas",), "gap_areas", "gap_areas", "coverage.parquet"),
    "capacity": Source(("supply", "supply_zones", "catchments", "equity"), "supply"),
    "siting": Source(("siting",), "new_sites", "candidates"),
    "scenarios": Source(("scenarios",), "scenarios"),
    "rules": Source(("rules",), "rules"),
    "residential": Source(("residential_zones",), "residential", "residential_zones"),
    "facilities": Source(("facilities",), "facilities", "facilities"),
    "people": Source(("population", "coverage"), "people"),
    "unknown": Source(layer="demand", file="coverage.parquet"),
    "network": Source(("network", "snapping"), layer=_STREETS),
    "quality": Source(("quality", "gated")),
    "issues": Source(sheet="issues", file="issues.csv"),
    "parameters": Source(("parameters",), "parameters"),
    "provenance": Source(("provenance",)),
}
"""Sources by section id of the report; a section not listed has no numbers of its own."""

COMMUNITIES: Final = Source(("zones",), "communities", "zones", "coverage.parquet")
"""Source of the table of communities; the gap areas below it are summed from homes only."""

BASIS: Final = Source(("coverage_basis",), "basis")
"""Source of the table of land and buildings in the section on coverage."""
