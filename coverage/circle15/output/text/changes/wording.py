"""The sentences and lines of what changed between two results."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from circle15.inputs.tables.shown_ids import known_by
from circle15.output.text.numbers import (
    area,
    count,
    decimals,
    percent,
    whole_covered,
    whole_persons,
    whole_steps,
    with_sign,
)
from circle15.output.text.wording import printable, shortened
from circle15.results.summary.json_numbers import micro
from circle15.study.messages import messages, say
from circle15.study.settings.walkers import parse_band
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.categories import category_label
from circle15.study.vocabulary.scopes import COMBINED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.results.difference.comparison_entries import (
        ChangeEntry,
        Comparison,
        CoverageChange,
        Field,
        NotCompared,
        SiteChange,
        StreetKm,
        VerdictChange,
        WayChange,
    )
    from circle15.study.languages import Language

PARTS: Final = ("people", "closed", "opened", "moved", "walking")
"""The parts of a change, in the order in which they are added."""
_MOST_NAMED: Final = 3
"""Parameters, streets or ways that a sentence or cell names; of more it says how many."""
_SITES: Final = ("new", "opened", "closed", "gone", "moved", "changed")


@dataclass(frozen=True)
class ComparisonWords:
    """Labels and sentences of a comparison in one language."""

    language: Language

    def say(self, key: str, **values: object) -> str:
        """Return a message of the comparison with its values filled in."""
        return say(f"compare.{key}", self.language, **values)

    def codes(self, found: Comparison, code: str) -> str:
        """Return the code of a comparison and those of its two results."""
        return self.say("codes", code=code, a=found["a"]["code"], b=found["b"]["code"])

    def category(self, category: str) -> str:
        """Name a category, or `any` or `all` of the required ones."""
        if category in COMBINED:
            return say(f"report.scope_{category}", self.language)
        return shortened(printable(category_label(category, self.language, {})))

    def services(self, category: str) -> str:
        """Name a category, or the required ones, within a sentence."""
        combined = category in COMBINED
        return self.say(f"services_{category}") if combined else self.category(category)

    def group(self, group: str) -> str:
        """Name a group of people or an age band."""
        band = parse_band(group)
        if band is not None and band.beyond is not None:
            return say("walkers.band", self.language, first=band.first, last=band.beyond - 1)
        return say(f"groups.{group}", self.language)

    def sentences(self, found: Comparison) -> list[str]:
        """Say in three sentences what changed, why, and what else differs."""
        return [*self._headline(found["headline"]), self._rest(found)]

    def _headline(self, row: CoverageChange | None) -> list[str]:
        if row is None:
            return [self.say("no_headline")]
        parts = whole_parts_of(row)
        before, after = whole_ends_of(row)
        key = "more" if after > before else "fewer" if after < before else "same"
        first = self.say(
            key,
            covered=count(after),
            persons=count(rounded(row["persons_b"])),
            group=self.group(row["group"]),
            services=self.services(row["category"]),
            minutes=row["cutoff_min"],
            change=count(abs(after - before)),
            before=count(before),
            persons_before=count(rounded(row["persons_a"])),
            share_before=_share(row["a"], row["persons_a"]),
            share=_share(row["b"], row["persons_b"]),
        )
        second = self.say("causes", **{key: with_sign(value) for key, value in parts.items()})
        return [first, second]

    def _rest(self, found: Comparison) -> str:
        changes = [site["change"] for site in found["sites"]]
        return self.say(
            "rest",
            **{key: changes.count(key) for key in _SITES},
            verdicts=len(found["verdicts"]),
            parameters=len(found["parameters"]),
            inputs=len(found["inputs"]),
        )

    def behind(self, found: Comparison) -> str | None:
        """
        Say what lies behind "streets, walking, parameters"; None if no people changed by it.

        Streets, parameters and versions that differ are named; which of them changed how many
        people is not known.
        """
        head = found["headline"]
        if head is None or not head["walking"]:
            return None
        told = self._streets(found)
        if found["parameters"]:
            told.append(
                self.say(
                    "behind_parameters",
                    named=self._some([self.field(one) for one in found["parameters"]]),
                )
            )
        if found["versions"]:
            told.append(
                self.say(
                    "behind_versions",
                    named=self._some([self.field(one) for one in found["versions"]]),
                )
            )
        return self.say(
            "behind", what=self.say("semicolon").join(told) or self.say("behind_nothing")
        )

    def behind_with_tables(self, found: Comparison) -> str | None:
        """Say the same, and name the tables that list it."""
        told = self.behind(found)
        names = [
            self.say("named_table", name=self.say(f"table_{key}"))
            for key in ("ways", "streets", "parameters", "versions")
            if found[key]
        ]
        if told is None or not names:
            return told
        return told + self.say("behind_tables", tables=self.say("comma").join(names))

    def _streets(self, found: Comparison) -> list[str]:
        total = found["street_km"]
        if total is None:
            return [self.say("behind_no_streets")]
        if not found["ways"]:
            return []
        named = self._some([self.street(one) for one in found["ways"]])
        return [self.say("behind_streets", named=named, **_km(total))]

    def _some(self, names: Sequence[str]) -> str:
        told = self.say("comma").join(names[:_MOST_NAMED])
        more = len(names) - _MOST_NAMED
        return self.say("and_more", named=told, more=count(more)) if more > 0 else told

    def street(self, way: WayChange) -> str:
        """Name a street, or the number of a way without a name."""
        return shortened(way["name"] or self.say("way", id=way["ways"][0]))

    def ways(self, way: WayChange) -> str:
        """List the ids of a street's ways, the first of many."""
        return self._some(way["ways"])

    def change(self, row: CoverageChange) -> str:
        """Say in one line how coverage by a category changed."""
        parts = [
            self.say("part", cause=self.say(key), change=with_sign(value))
            for key, value in whole_parts_of(row).items()
            if value
        ]
        before, after = whole_ends_of(row)
        return self.say(
            "line",
            category=self.category(row["category"]),
            minutes=row["cutoff_min"],
            before=count(before),
            after=count(after),
            parts=self.say("semicolon").join(parts) or self.say("nothing"),
        )

    def site(self, site: SiteChange) -> str:
        """Say in one line how a site changed."""
        change = self.say(f"site_{site['change']}")
        if site["moved_m"] is not None:
            change = self.say("site_metres", change=change, metres=count(round(site["moved_m"])))
        fields = self.fields(site)
        return self.say(
            "site",
            site=known_by(shortened(site["facility_id"]), shortened(site["name"])),
            category=self.category(site["category"]),
            change=self.say("semicolon").join([change, *([fields] if fields else [])]),
        )

    def fields(self, site: SiteChange) -> str:
        """Say which fields of a site changed, apart from its position."""
        told = [self._site_field(one) for one in site["fields"] if one["field"] != "position"]
        return self.say("semicolon").join(told)

    def _site_field(self, one: Field) -> str:
        """Say how a field of a site changed, in the words of tables where they have one for it."""
        name = one["field"]
        known = messages(self.language)
        a, b = (self.value(one[side]) for side in ("a", "b"))
        if name == c.STATUS:
            a, b = (known.get(f"map.status_{value}", value) for value in (a, b))
        word = known.get(f"columns.{name}") or known.get(f"gdb.field_{name}", name)
        return self.say("field", field=word, a=a, b=b)

    def field(self, one: Field) -> str:
        """Say in a few words how a value changed."""
        a, b = (self.value(one[side]) for side in ("a", "b"))
        return self.say("field", field=one["field"], a=a, b=b)

    def value(self, value: object) -> str:
        """Say a value of a field or parameter."""
        if value is None:
            return "–"
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, list | tuple):
            return self.say("comma").join(map(self.value, value)) or "–"
        return area(Fraction(value)) if isinstance(value, float) else printable(str(value))

    def verdict(self, row: VerdictChange) -> str:
        """Say in one line which verdict flips, and through what."""
        a, b = (say(f"verdicts.{row[key]}", self.language) for key in ("verdict_a", "verdict_b"))
        return self.say(
            "verdict",
            id=f"{row['pack']} {row['id']}".strip(),
            scope=shortened(row["scope"]),
            a=a,
            b=b,
            through=self.through(row),
        )

    def through(self, row: VerdictChange) -> str:
        """Name what made a verdict flip."""
        values: dict[str, tuple[Any, Any]] = {
            "value": (row["value_a"], row["value_b"]),
            "threshold": (row["threshold_a"], row["threshold_b"]),
            "pack": (None, None),
        }
        told = [
            self.say(f"through_{key}", a=_number(values[key][0]), b=_number(values[key][1]))
            for key in row["through"]
        ]
        return self.say("semicolon").join(told) or self.say("through_other")

    def alone(self, row: NotCompared) -> str:
        """Say what only one of the results has."""
        what = self.say(f"what_{row['what']}")
        if row["only_in"] == "both":
            return self.say("alone_bands", name=self.group(row["name"]))
        if row["what"] == "street_names":
            lacks = {"a": "B", "b": "A"}.get(row["only_in"])
            return self.say("alone_names" if lacks else "none_names", side=lacks)
        if row["only_in"] == "none":
            return self.say("none_streets")
        return self.say("alone", side=row["only_in"].upper(), name=row["name"], what=what)


def rounded(persons: float) -> int:
    """Round persons to a whole number, half up."""
    return whole_persons(micro(persons))


def whole_ends_of(row: ChangeEntry | Mapping[str, Any]) -> tuple[int, int]:
    """
    Return the people covered before and after in whole persons, as the reports of both print them.

    Examples
    --------
    >>> whole_ends_of({"a": 1.5, "gap_a": 1.5, "b": 1.5, "gap_b": None})
    (1, 2)
    """
    return _whole(row["a"], row["gap_a"]), _whole(row["b"], row["gap_b"])


def _whole(covered: float, gap: float | None) -> int:
    return rounded(covered) if gap is None else whole_covered(micro(covered), micro(gap))


def whole_parts_of(row: ChangeEntry | Mapping[str, Any]) -> dict[str, int]:
    """
    Return the parts in whole persons; they add up to the difference of both rounded numbers.

    Examples
    --------
    >>> row = {"a": 1.4, "gap_a": 2.0, "b": 2.6, "gap_b": 0.8, "people": 0.4, "closed": -0.2,
    ...        "opened": 1.0, "moved": 0.0, "walking": 0.0}
    >>> whole_parts_of(row)
    {'people': 0, 'closed': 0, 'opened': 1, 'moved': 0, 'walking': 0}
    """
    before, after = whole_ends_of(row)
    parts = whole_steps([micro(row[key]) for key in PARTS], total=after - before)
    return dict(zip(PARTS, parts, strict=True))


def _km(total: StreetKm) -> dict[str, str]:
    keys = ("added_km", "gone_km", "changed_km")
    return {key: decimals(total[key], 2) for key in keys}  # type: ignore[literal-required]


def _share(part: float, whole: float) -> str:
    return percent(part / whole if whole else None)


def _number(value: float | None) -> str:
    return area(None if value is None else Fraction(value))
