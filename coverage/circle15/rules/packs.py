"""Rule packs: what a dated document requires, as data, each rule with its quote."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from circle15.errors import InputDataError, MissingFileError, StudyError
from circle15.rules.comparing import COMPARISONS, Comparison
from circle15.rules.households import FloorAreaLaw
from circle15.rules.pack_tables import PackTable, lines_of
from circle15.rules.parameters import Evaluator, Known, checked_parameters
from circle15.study.categories import known_categories
from circle15.study.indicators import Indicator, known_indicators, make_indicator, unit_words

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from circle15.study.config import Language

__all__ = [
    "LAW_EVALUATORS",
    "Evaluator",
    "Force",
    "Printed",
    "Rule",
    "RulePack",
    "Source",
    "Status",
    "known_packs",
    "load_pack",
    "load_packs",
    "pack_faults",
]

_T = TypeVar("_T")


class Force(StrEnum):
    """
    Whether a document calls an indicator 约束性 (binding) or 预期性 (expected).

    `status` is a statement of what is there already, not a target.
    """

    BINDING = "binding"
    EXPECTED = "expected"
    NOT_STATED = "not_stated"
    STATUS = "status"


class Status(StrEnum):
    """
    What a pack quotes: the document itself, a draft for comment that is no law, or an excerpt.

    Figures of an excerpt were read in a publication about the document: it has no quotes, and the
    official text must be read before a number is called law.
    """

    DOCUMENT = "document"
    DRAFT = "draft"
    EXCERPT = "excerpt"
    DRAFT_EXCERPT = "draft_excerpt"

    @property
    def is_excerpt(self) -> bool:
        """Whether there are no quotes, because the text itself was not read."""
        return self in {Status.EXCERPT, Status.DRAFT_EXCERPT}


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One requirement of a document.

    `quote` stands verbatim in the document (empty in an excerpt). `threshold` and `comparison`
    are null together unless another indicator sets the threshold: then the document states no
    number. `level` is what the rule is judged for: zone, site, street, community, district, city.
    `contradicts` names rules of the pack that set another threshold for the same figure. `notes`
    say what is ambiguous and how it is read here.
    """

    id: str
    quote: str
    meaning: Mapping[Language, str]
    evaluator: Evaluator
    parameters: Mapping[str, Any]
    threshold: Decimal | None
    comparison: Comparison | None
    unit: str
    level: str
    target_year: int | None
    force: Force
    contradicts: tuple[str, ...] = ()
    notes: Mapping[Language, str] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The document that a pack quotes; `date` is null where it is not known."""

    title: str
    publisher: str
    date: dt.date | None


@dataclass(frozen=True, slots=True)
class Printed:
    """
    A figure that a document prints, with the numbers it follows from.

    `value` is what these numbers give (exact), `stated` what the document says it is; null where
    it only gives the numbers.
    """

    rule: str
    quote: str
    value: Fraction
    numerator: Decimal | None
    denominator: Decimal | None
    per: int
    stated: Decimal | None


@dataclass(frozen=True, slots=True)
class RulePack:
    """The rules of one document; `floor_area` is null if it has no such rule."""

    id: str
    title: Mapping[Language, str]
    source: Source
    rules: tuple[Rule, ...]
    floor_area: FloorAreaLaw | None = None
    status: Status = Status.DOCUMENT
    notes: Mapping[Language, str] | None = None
    printed: tuple[Printed, ...] = ()
    indicators: Mapping[str, Indicator] = field(default_factory=dict)


LAW_EVALUATORS: Final = (
    Evaluator.FLOOR_AREA_NEW,
    Evaluator.FLOOR_AREA_EXISTING,
    Evaluator.FLOOR_AREA_SITE,
)
_TOP: Final = (
    "id", "title", "status", "notes", "source", "floor_area", "categories", "indicators",
    "printed", "rules",
)  # fmt: skip


def known_packs() -> tuple[str, ...]:
    """
    List the names of the packs that come with circle15.

    Examples
    --------
    >>> "liangxi-2025" in known_packs()
    True
    """
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_pack(name_or_path: str | Path) -> RulePack:
    """
    Read a rule pack by the name of a bundled one, or from a file `*.toml`.

    Numbers are decimals, exactly as written.

    Raises
    ------
    StudyError
        If no bundled pack has this name.
    MissingFileError
        If the file does not exist.
    InputDataError
        If the file is no TOML, or a key is missing, unknown or has a wrong value; it names the
        line.

    Examples
    --------
    >>> load_pack("liangxi-2025").floor_area.min_site_m2
    Decimal('300')
    """
    faults: list[InputDataError] = []
    pack = _read(*_found(name_or_path), faults)
    if pack is None:
        raise faults[0]
    return pack


def load_packs(names_or_paths: Sequence[str | Path]) -> list[RulePack]:
    """
    Read several packs.

    Raises
    ------
    InputDataError
        As `load_pack`; and if two of them have one id, or rules of one id.
    """
    packs: list[RulePack] = []
    of_pack: dict[str, str] = {}
    of_rule: dict[str, str] = {}
    for name in names_or_paths:
        pack = load_pack(name)
        if pack.id in of_pack:
            raise InputDataError(
                f"the pack id '{pack.id}' is that of {of_pack[pack.id]} too.",
                file=str(name),
                mend="Give the pack an id of its own, or leave one of the two out.",
            )
        of_pack[pack.id] = str(name)
        for rule in pack.rules:
            if rule.id in of_rule:
                raise InputDataError(
                    f"the rule id '{rule.id}' stands in {of_rule[rule.id]} too.",
                    file=str(name),
                    mend="Give each rule an id of its own.",
                )
            of_rule[rule.id] = str(name)
        packs.append(pack)
    return packs


def pack_faults(name_or_path: str | Path) -> list[InputDataError]:
    """List everything that is wrong with a pack, each with its line; nothing where it is whole."""
    faults: list[InputDataError] = []
    _read(*_found(name_or_path), faults)
    return faults


def _folder() -> Traversable:
    return resources.files("circle15.rules").joinpath("packs")


def _found(name_or_path: str | Path) -> tuple[Traversable, str]:
    """Find the file of a pack, and the name by which faults call it."""
    if isinstance(name_or_path, Path) or name_or_path.endswith(".toml"):
        path = Path(name_or_path)
        if not path.is_file():
            message = "there is no such rule pack."
            raise MissingFileError(message, file=path, mend="Correct the path.")
        return path, str(path)
    if name_or_path not in known_packs():
        raise StudyError(
            f"there is no rule pack '{name_or_path}'; known are: {', '.join(known_packs())}.",
            mend="Name one of these, or a file that ends in .toml.",
        )
    return _folder().joinpath(f"{name_or_path}.toml"), name_or_path


def _read(file: Traversable, name: str, faults: list[InputDataError]) -> RulePack | None:
    """Read a pack; None where faults were found, all of which are added to the list."""
    try:
        text = file.read_text("utf-8")
        content = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(
            InputDataError(f"the rule pack is no TOML file in UTF-8: {error}.", file=name)
        )
        return None
    return _Reader(PackTable(name, "", content, lines_of(text)), faults).pack()


class _Reader:
    """Turns the tables of one pack file into records, and collects what is wrong."""

    def __init__(self, table: PackTable, faults: list[InputDataError]) -> None:
        self.table = table
        self.faults = faults

    def tried(self, read: Callable[[], _T]) -> _T | None:
        """Read one part; a fault in it does not hide the faults of the others."""
        try:
            return read()
        except InputDataError as error:
            self.faults.append(error)
            return None

    def pack(self) -> RulePack | None:
        table = self.table
        self.tried(lambda: table.refuse_unknown(*_TOP))
        own = self.tried(self.indicators) or {}
        known = Known({**known_indicators(), **own}, (*known_categories(), *self.categories()))
        status = self.tried(self.status) or Status.DOCUMENT
        rules = self.rules(known, status)
        head = self.tried(lambda: (table.get("id", str), table.words("title"), self.source()))
        law = self.tried(lambda: self.law(rules))
        notes = self.tried(lambda: _notes(table))
        printed = self.printed(rules)
        if self.faults or head is None:
            return None
        return RulePack(*head, tuple(rules), law, status, notes, printed, own)

    def status(self) -> Status:
        if "status" not in self.table.content:
            return Status.DOCUMENT
        return Status(self.table.one_of("status", tuple(Status)))

    def source(self) -> Source:
        source = self.table.table("source")
        source.refuse_unknown("title", "publisher", "date")
        date = source.get("date", dt.date) if "date" in source.content else None
        return Source(source.get("title", str), source.get("publisher", str), date)

    def categories(self) -> Sequence[str]:
        """Ids of categories that the study must add under [categories]."""
        if "categories" not in self.table.content:
            return ()
        return self.tried(lambda: self.table.texts("categories")) or ()

    def indicators(self) -> dict[str, Indicator]:
        """Read the indicators that only this pack knows."""
        if "indicators" not in self.table.content:
            return {}
        found = {}
        tables = self.table.table("indicators")
        for key in tables.content:
            row = tables.table(key)
            row.refuse_unknown("zh", "en", "unit", "object")
            row.one_of("unit", (*unit_words(), "date", "text", "flag"))
            names = {"zh": row.get("zh", str), "en": row.get("en", str)}
            if key in known_indicators():
                raise tables.fault(key, "is the id of a built-in indicator")
            found[key] = make_indicator(key, {**row.content, **names})
        return found

    def rules(self, known: Known, status: Status) -> list[Rule]:
        rules: dict[str, Rule] = {}
        for row in self.tried(lambda: self.table.tables("rules")) or []:
            rule = self.tried(lambda row=row: _rule(row, known, status))  # type: ignore[misc]
            if rule is None:
                continue
            if rule.id in rules:
                self.faults.append(row.fault("id", f"is '{rule.id}' a second time"))
            rules[rule.id] = rule
        for row, rule in zip(self.table.content.get("rules", []), rules.values(), strict=False):
            for other in rule.contradicts:
                if other not in rules:
                    place = self.table.with_values({"rules": row})
                    self.faults.append(
                        place.fault("rules", f"of '{rule.id}' contradicts an unknown '{other}'")
                    )
        return list(rules.values())

    def law(self, rules: Sequence[Rule]) -> FloorAreaLaw | None:
        """Build the law from the floor-area rules and the table [floor_area], or from none."""
        table = self.table
        if "floor_area" not in table.content:
            return None
        parameters = table.table("floor_area")
        parameters.refuse_unknown("counts")
        counts = tuple(parameters.get("counts", list))
        if not all(isinstance(category, str) for category in counts):
            raise parameters.fault("counts", "must list ids of categories")
        numbers = {
            rule.evaluator: rule.threshold
            for rule in rules
            if rule.evaluator in LAW_EVALUATORS and rule.threshold is not None
        }
        # A document may state no least size of a site: then any size will do.
        numbers.setdefault(Evaluator.FLOOR_AREA_SITE, Decimal(0))
        missing = [evaluator.value for evaluator in LAW_EVALUATORS if evaluator not in numbers]
        if missing:
            found = f"needs rules with a threshold for {', '.join(missing)}"
            raise table.fault("floor_area", found)
        try:
            new, existing, site = (numbers[evaluator] for evaluator in LAW_EVALUATORS)
            return FloorAreaLaw(new, existing, site, counts)
        except InputDataError as error:
            raise table.fault("rules", error.found) from error

    def printed(self, rules: Sequence[Rule]) -> tuple[Printed, ...]:
        if "printed" not in self.table.content:
            return ()
        ids = [rule.id for rule in rules]
        tables = self.tried(lambda: self.table.tables("printed")) or []
        found = [
            self.tried(lambda row=row: _printed(row, ids))  # type: ignore[misc]
            for row in tables
        ]
        return tuple(one for one in found if one is not None)


def _rule(table: PackTable, known: Known, status: Status) -> Rule:
    table.refuse_unknown(*(f.name for f in fields(Rule)))
    threshold = table.number("threshold") if "threshold" in table.content else None
    evaluator = Evaluator(table.one_of("evaluator", tuple(Evaluator)))
    parameters = checked_parameters(table, evaluator, known)
    has_threshold = threshold is not None or "threshold_from" in parameters
    if ("comparison" in table.content) != has_threshold:
        raise table.fault("comparison", "must stand with a threshold, and only with one")
    quote = table.get("quote", str)
    if not quote and not status.is_excerpt:
        raise table.fault("quote", "is empty")
    return Rule(
        id=table.get("id", str),
        quote=quote,
        meaning=table.words("meaning"),
        evaluator=evaluator,
        parameters=parameters,
        threshold=threshold,
        comparison=table.one_of("comparison", COMPARISONS) if has_threshold else None,
        unit=table.get("unit", str),
        level=table.get("level", str),
        target_year=table.get("target_year", int) if "target_year" in table.content else None,
        force=Force(table.one_of("force", tuple(Force))),
        contradicts=tuple(table.texts("contradicts")) if "contradicts" in table.content else (),
        notes=_notes(table),
    )


def _notes(table: PackTable) -> dict[Language, str] | None:
    return table.words("notes") if "notes" in table.content else None


def _printed(table: PackTable, rule_ids: Sequence[str]) -> Printed:
    table.refuse_unknown("rule", "quote", "value", "numerator", "denominator", "per", "stated")
    rule = table.get("rule", str)
    table.refuse_other("rule", rule, rule_ids, "rule of this pack")
    numbers = {
        key: table.number(key)
        for key in ("value", "numerator", "denominator", "stated")
        if key in table.content
    }
    per = table.get("per", int) if "per" in table.content else 100
    whole = {"numerator", "denominator"} <= numbers.keys()
    if whole == ("value" in numbers) or (whole and not numbers["denominator"]):
        raise table.fault("rule", "needs a value, or a numerator and a denominator above 0")
    if whole:
        value = per * Fraction(numbers["numerator"]) / Fraction(numbers["denominator"])
    else:
        value = Fraction(numbers["value"])
    return Printed(
        rule, table.get("quote", str), value, numbers.get("numerator"),
        numbers.get("denominator"), per, numbers.get("stated"),
    )  # fmt: skip
