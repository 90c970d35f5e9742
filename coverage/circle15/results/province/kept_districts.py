"""The results of one study as a roll-up needs them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from circle15.access.counting import Counts
from circle15.results.summary.json_numbers import micro
from circle15.study.vocabulary.scopes import ALL, COMBINED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shapely.geometry.base import BaseGeometry

    from circle15.results.province.province_entries import HomesFile, Question
    from circle15.results.summary.entries import CoverageEntry, Summary
    from circle15.study.languages import Language


@dataclass(frozen=True)
class KeptDistrict:
    """
    The results of one study.

    Attributes
    ----------
    folder
        Its folder, seen from that of the province, with `/` between names.
    language
        Language of its texts.
    summary
        Content of its `summary.json`.
    sha256, code
        Hash and printed code of that file.
    homes
        Its partition of the data set of homes.
    outline
        Its boundary, or without one the hull of its homes; degrees (WGS 84). None without both.
    has_boundary
        Whether the outline is the boundary.
    categories
        Names of the categories that the study adds.
    """

    folder: str
    language: Language
    summary: Summary
    sha256: str
    code: str
    homes: HomesFile
    outline: BaseGeometry | None = None
    has_boundary: bool = True
    categories: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the study."""
        return self.summary["study"]["name"]

    @property
    def headline(self) -> CoverageEntry | None:
        """People by state for the headline: all required categories, the only, or the first one."""
        parameters = self.summary["parameters"]
        required = parameters["require"]
        circle = max(parameters["cutoffs_min"])
        rows = [
            row
            for row in self.judged()
            if row["group"] == parameters["group"] and row["cutoff_min"] == circle
        ]
        wanted = ALL if len(required) > 1 else next(iter(required), None)
        single = [row for row in rows if row["category"] not in COMBINED]
        named = [row for row in rows if row["category"] == wanted]
        return next(iter((*named, *(single if wanted is None else ()))), None)

    def judged(self) -> Iterator[CoverageEntry]:
        """Yield the people by state at the judged speed."""
        speed = self.summary["parameters"]["speed_m_s"]
        for row in self.summary["coverage"]:
            if row["factor"] == 1 if "factor" in row else row["speed_m_s"] == speed:
                yield row

    def question(self, row: Mapping[str, Any]) -> Question:
        """Return what a row on a category of this study asks."""
        parameters = self.summary["parameters"]
        category = row["category"]
        return {
            "category": category,
            "require": sorted(parameters["require"]) if category in COMBINED else [],
            "group": row["group"],
            "cutoff_min": row["cutoff_min"],
            "speed_m_s": None if "factors" in parameters else parameters["speed_m_s"],
        }


def counts_of(row: Mapping[str, Any]) -> Counts:
    """Return the people by state of an entry, in micro-persons, exactly."""
    return Counts(*(micro(row[key]) for key in ("persons", "covered", "gap", "unknown")))
