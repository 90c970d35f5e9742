"""Rule packs: what a dated document requires, as data, each rule with its quote."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, fields
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from circle15.errors import InputDataError, MissingFileError, StudyError
from circle15.rules.households import FloorAreaLaw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.resources.abc import Traversable

    from circle15.study.config import Language

Comparison = Literal[">=", ">", "<=", "<"]
COMPARISONS: Final[tuple[Comparison, ...]] = (">=", ">", "<=", "<")

_T = TypeVar("_T")
_S = TypeVar("_S", bound=str)


class Evaluator(StrEnum):
    """What computes the value of a rule."""

    SERVICE_CIRCLE = "service_circle"
    FLOOR_AREA_NEW = "floor_area_new"
    FLOOR_AREA_EXISTING = "floor_area_existing"
    FLOOR_AREA_SITE = "floor_area_site"
    UNITS_WITH_CATEGORY = "units_with_category"


class Force(StrEnum):
    """Whether a document calls an indicator 约束性 (binding) or 预期性 (expected)."""

    BINDING = "binding"
    EXPECTED = "expected"
    NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One requirement of a document.

    `quote` stands verbatim in the document. `threshold` and `comparison` are null together: then
    the document states no number, and the value is only reported. `level` is what the rule is
    judged for: zone, site, street, community, district.
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


@dataclass(frozen=True, slots=True)
class Source:
    """The document that a pack quotes."""

    title: str
    publisher: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class RulePack:
    """The evaluated rules of one document; `floor_area` is null if it has no such rule."""

    id: str
    title: Mapping[Language, str]
    source: Source
    rules: tuple[Rule, ...]
    floor_area: FloorAreaLaw | None = None


LAW_EVALUATORS: Final = (
    Evaluator.FLOOR_AREA_NEW,
    Evaluator.FLOOR_AREA_EXISTING,
    Evaluator.FLOOR_AREA_SITE,
)


def known_packs() -> tuple[str, ...]:
    """
    List the names of the packs that come with circle15.

    Examples
    --------
    >>> known_packs()
    ('liangxi-2025',)
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
        If the file is no TOML, or a key is missing, unknown or has a wrong value.

    Examples
    --------
    >>> load_pack("liangxi-2025").floor_area.min_site_m2
    Decimal('300')
    """
    if isinstance(name_or_path, Path) or name_or_path.endswith(".toml"):
        path = Path(name_or_path)
        if not path.is_file():
            message = "there is no such rule pack."
            raise MissingFileError(message, file=path, mend="Correct the path.")
        return _read(path, str(path))
    if name_or_path not in known_packs():
        raise StudyError(
            f"there is no rule pack '{name_or_path}'; known are: {', '.join(known_packs())}.",
            mend="Name one of these, or a file that ends in .toml.",
        )
    return _read(_folder().joinpath(f"{name_or_path}.toml"), name_or_path)


def _folder() -> Traversable:
    return resources.files("circle15.rules").joinpath("packs")


def _read(file: Traversable, name: str) -> RulePack:
    try:
        content = tomllib.loads(file.read_text("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        found = f"the rule pack is no TOML file in UTF-8: {error}."
        raise InputDataError(found, file=name) from error
    return _pack(_Table(name, "", content))


def _pack(table: _Table) -> RulePack:
    table.refuse_unknown("id", "title", "source", "floor_area", "rules")
    source = table.table("source")
    source.refuse_unknown("title", "publisher", "date")
    tables = table.tables("rules")
    rules: dict[str, Rule] = {}
    for row in tables:
        rule = _rule(row)
        if rule.id in rules:
            raise row.fault("id", f"is '{rule.id}' a second time")
        rules[rule.id] = rule
    return RulePack(
        id=table.get("id", str),
        title=table.words("title"),
        source=Source(
            source.get("title", str), source.get("publisher", str), source.get("date", dt.date)
        ),
        rules=tuple(rules.values()),
        floor_area=_law(table, rules.values()),
    )


def _rule(table: _Table) -> Rule:
    table.refuse_unknown(*(f.name for f in fields(Rule)))
    threshold = table.number("threshold") if "threshold" in table.content else None
    if ("comparison" in table.content) != (threshold is not None):
        raise table.fault("comparison", "must stand with a threshold, and only with one")
    return Rule(
        id=table.get("id", str),
        quote=table.get("quote", str),
        meaning=table.words("meaning"),
        evaluator=Evaluator(table.one_of("evaluator", tuple(Evaluator))),
        parameters=table.get("parameters", dict) if "parameters" in table.content else {},
        threshold=threshold,
        comparison=table.one_of("comparison", COMPARISONS) if threshold is not None else None,
        unit=table.get("unit", str),
        level=table.get("level", str),
        target_year=table.get("target_year", int) if "target_year" in table.content else None,
        force=Force(table.one_of("force", tuple(Force))),
    )


def _law(table: _Table, rules: Iterable[Rule]) -> FloorAreaLaw | None:
    """Build the law from the three floor-area rules and the table [floor_area], or from none."""
    if "floor_area" not in table.content:
        return None
    parameters = table.table("floor_area")
    parameters.refuse_unknown("counts")
    counts = tuple(parameters.get("counts", list))
    if not all(isinstance(category, str) for category in counts):
        raise parameters.fault("counts", "must list ids of categories")
    numbers: dict[Evaluator, Decimal] = {}
    for rule in rules:
        if rule.evaluator in LAW_EVALUATORS and rule.threshold is not None:
            numbers[rule.evaluator] = rule.threshold
    missing = [evaluator.value for evaluator in LAW_EVALUATORS if evaluator not in numbers]
    if missing:
        raise table.fault("floor_area", f"needs rules with a threshold for {', '.join(missing)}")
    try:
        new, existing, site = (numbers[evaluator] for evaluator in LAW_EVALUATORS)
        return FloorAreaLaw(new, existing, site, counts)
    except InputDataError as error:
        raise table.fault("rules", error.found) from error


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a pack file that knows where it stands."""

    file: str
    place: str
    content: dict[str, Any]

    def fault(self, key: str, found: str) -> InputDataError:
        """Say what is wrong with a key."""
        return InputDataError(f"key '{self.place}{key}' {found}.", file=self.file)

    def refuse_unknown(self, *known: str) -> None:
        """Refuse a misspelt key, which would else be ignored."""
        for key in self.content:
            if key not in known:
                near = get_close_matches(key, known, n=1, cutoff=0)
                raise self.fault(key, f"is unknown; the nearest known key is '{near[0]}'")

    def get(self, key: str, kind: type[_T]) -> _T:
        """Return the value of a required key, which has this type."""
        if key not in self.content:
            raise self.fault(key, "is missing")
        value = self.content[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.fault(key, f"is {value!r}, which is no {kind.__name__}")
        return value

    def number(self, key: str) -> Decimal:
        """Return a finite number, exactly as written."""
        value = self.content[key]
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.fault(key, f"is {value!r}, which is no number")
        if not Decimal(value).is_finite():
            raise self.fault(key, f"is {value}, which is no finite number")
        return Decimal(value)

    def one_of(self, key: str, allowed: tuple[_S, ...]) -> _S:
        """Return one of the words that may stand here."""
        value = self.get(key, str)
        for word in allowed:
            if word == value:
                return word
        raise self.fault(key, f"is '{value}', and may be {', '.join(allowed)}")

    def words(self, key: str) -> dict[Language, str]:
        """Return a text in both languages."""
        table = self.table(key)
        table.refuse_unknown("zh", "en")
        return {"zh": table.get("zh", str), "en": table.get("en", str)}

    def table(self, key: str) -> _Table:
        """Return a table below this one."""
        return _Table(self.file, f"{self.place}{key}.", self.get(key, dict))

    def tables(self, key: str) -> list[_Table]:
        """Return a list of tables below this one."""
        rows = self.get(key, list)
        if not all(isinstance(row, dict) for row in rows):
            raise self.fault(key, "must be a list of tables")
        return [_Table(self.file, f"{self.place}{key}[{i}].", row) for i, row in enumerate(rows)]
