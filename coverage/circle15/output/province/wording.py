"""Labels and sentences of the province report."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from circle15.output.text.numbers import area, count, people, percent, split_people
from circle15.output.text.wording import place_text, printable, shortened
from circle15.results.province.kept_districts import counts_of
from circle15.results.summary.json_numbers import micro
from circle15.study.messages import say
from circle15.study.settings.walkers import parse_band
from circle15.study.vocabulary.categories import category_label
from circle15.study.vocabulary.scopes import COMBINED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.results.province.province_entries import Province, Question, Remark
    from circle15.study.languages import Language

_MOST_NAMED: Final = 6
"""Of the studies that a sentence names, as many; of more it says how many."""


@dataclass(frozen=True)
class ProvinceWords:
    """Labels and sentences of a province in one language."""

    language: Language
    province: Province

    def say(self, key: str, **values: object) -> str:
        """Return a message of the province with its values filled in."""
        return say(f"batch.{key}", self.language, **values)

    def category(self, category: str) -> str:
        """Name a category, or `any` or `all` of the required ones."""
        if category in COMBINED:
            return say(f"report.scope_{category}", self.language)
        added = self.province["categories"]
        return shortened(printable(category_label(category, self.language, added)))

    def group(self, group: str) -> str:
        """Name a group of people or an age band."""
        band = parse_band(group)
        if band is not None and band.beyond is not None:
            return say("walkers.band", self.language, first=band.first, last=band.beyond - 1)
        return say(f"groups.{group}", self.language)

    def verdict(self, verdict: str) -> str:
        """Name a verdict."""
        return say(f"verdicts.{verdict}", self.language)

    def reason(self, reason: str | None) -> str:
        """Name the reason of a gap area."""
        return say(f"gap_reasons.{reason}", self.language) if reason else ""

    def services(self, asked: Question) -> str:
        """Name what has to be in reach, with the categories behind `all`."""
        if not asked["category"]:
            return self.say("nothing_judged")
        if not asked["require"]:
            return self.category(asked["category"])
        named = self.listed([self.category(one) for one in asked["require"]])
        return say(f"report.services_{asked['category']}", self.language, services=named)

    def listed(self, items: Sequence[str]) -> str:
        """Join items with the separator of the language."""
        return self.say("comma").join(items)

    def some(self, items: Sequence[str]) -> str:
        """Name the first items, and say how many more there are."""
        more = len(items) - _MOST_NAMED
        named = self.listed(items[:_MOST_NAMED])
        return self.say("and_more", named=named, n=more) if more > 0 else named

    def titles(self, studies: Sequence[str]) -> list[str]:
        """Return the titles of studies by their names."""
        known = {one["name"]: one["title"] for one in self.province["districts"]}
        return [self.title(known.get(name, name)) for name in studies]

    def title(self, title: str) -> str:
        """Return a title as it is printed."""
        return shortened(printable(title), 60)

    def heading(self) -> str:
        """Return the heading of the page."""
        return self.say("heading", n=len(self.province["districts"]))

    def facts(self) -> list[str]:
        """Return how many studies there are, and their dates."""
        dates = sorted({one["as_of"] for one in self.province["districts"]})
        shown = dates[0] if len(dates) == 1 else f"{dates[0]} – {dates[-1]}"
        studies, missing = self.province["studies"], len(self.province["missing"])
        return [
            self.say("fact_studies", with_results=studies - missing, n=studies),
            self.say("fact_as_of", date=shown),
            f"circle15 {self.province['circle15']}",
        ]

    def warnings(self) -> list[str]:
        """Name the studies that are missing; empty if none is."""
        missing = self.province["missing"]
        if not missing:
            return []
        named = [self.title(one["title"] or one["name"] or one["file"]) for one in missing]
        n, studies = len(missing), self.province["studies"]
        return [self.say("missing", n=n, studies=studies, named=self.listed(named))]

    def of_zones(self) -> dict[str, str]:
        """Return what the notes below tables say of residential zones."""
        zones = self.province["residential_zones"]
        return {
            "zones": count(zones["zones"]),
            "zones_not_met": count(zones["verdicts"].get("not_met", 0)),
            "shortfall": area(Fraction(str(zones["shortfall_m2"]))),
        }

    def sentences(self) -> list[str]:
        """Say who is covered, where most and fewest are, and where the gaps are."""
        found = []
        for row in self.province["headline"]:
            persons, covered, gap, unknown = split_people(counts_of(row))
            found.append(
                self.say(
                    "who",
                    studies=row["studies"],
                    group=self.group(row["group"]),
                    persons=persons,
                    minutes=row["cutoff_min"],
                    services=self.services(row),
                    covered=covered,
                    gap=gap,
                    unknown=unknown,
                    share=percent(row["share_covered"]),
                )
            )
        return [*found, *self._ends(), *self._gaps()]

    def _ends(self) -> list[str]:
        ranked = [one for one in self.province["districts"] if one["rank"] is not None]
        if not ranked or ranked[-1]["rank"] == 1:
            return []
        first, last = ranked[0], ranked[-1]
        return [
            self.say(
                "ends",
                first=self.title(first["title"]),
                first_share=percent(first["share_covered"]),
                last=self.title(last["title"]),
                last_share=percent(last["share_covered"]),
            )
        ]

    def _gaps(self) -> list[str]:
        areas = sum(one["areas"] for one in self.province["gaps"])
        if not areas:
            return []
        worst = self.province["largest_gaps"][0]
        (title,) = self.titles([worst["study"]])
        place = place_text([title, worst["street"] or "", worst["community"] or ""])
        persons = people(micro(worst["persons"]))
        return [self.say("gaps", areas=count(areas), place=printable(place), persons=persons)]

    def remark(self, remark: Remark) -> str:
        """Say a remark in one sentence."""
        code, parts = remark["code"], remark["parts"]
        if code == "overlap":
            a, b = self.titles([remark["a"], remark["b"]])
            return self.say(
                "remark_overlap",
                a=a,
                b=b,
                persons_a=people(micro(remark["persons_a"])),
                persons_b=people(micro(remark["persons_b"])),
            )
        if code in {"no_boundary", "synthetic"}:
            return self.say(f"remark_{code}", studies=self.some(self.titles(parts[0]["studies"])))
        told = [
            self.say(
                "part",
                value=self._value(code, part["value"]),
                studies=self.some(self.titles(part["studies"])),
            )
            for part in parts
        ]
        return self.say(f"remark_{code}", parts=self.say("semicolon").join(told))

    def _value(self, code: str, value: str) -> str:
        """Return a value of a setting in words."""
        if not value:
            return self.say("none")
        if code == "language":
            return self.say(f"language_{value}")
        if code == "group":
            return self.group(value)
        if code == "require":
            return self.listed([self.category(one) for one in value.split(", ")])
        if code == "cutoff":
            return self.say("minutes", n=value)
        if code == "speed":
            return self.say("speed", speed=value)
        return printable(value)


def link_to(folder: str, file: str) -> str:
    """
    Return the address of a file of a study, seen from the page.

    Examples
    --------
    >>> link_to("梁溪", "map.html")
    '%E6%A2%81%E6%BA%AA/map.html'
    """
    return f"{quote(folder)}/{file}"
