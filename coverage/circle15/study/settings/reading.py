"""Read `study.toml`: unknown keys are refused with the nearest known one."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import MISSING, fields, replace
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from circle15.errors import InputDataError, MissingFileError, StudyError
from circle15.study.database_tables import DatabaseTable, Source, database_table, is_address
from circle15.study.languages import Language
from circle15.study.names import names_folder, readable_name, require_plain_file
from circle15.study.settings import records as config
from circle15.study.settings.demand_keys import (
    fault_of_groups,
    fault_of_layer,
    fault_of_zones,
    first_repeated,
)
from circle15.study.settings.kept_places import EXTENT, beside, kept_place
from circle15.study.settings.named_layers import GEODATABASE, sheet_alone, with_sheets
from circle15.study.settings.ranges import fault_of_numbers
from circle15.study.settings.records import (
    EDGE_FIELDS,
    GROUPS,
    Area,
    Circle,
    Demand,
    DemandLayer,
    FacilityLayer,
    NetworkSource,
    ResidentialLayer,
    Rules,
    Study,
    Walk,
    ZoneLayer,
)
from circle15.study.settings.walkers import fault_of_walkers
from circle15.study.settings.walking import with_profile
from circle15.study.toml_text import parse_toml
from circle15.study.variables import VARIABLE, expand_path
from circle15.study.vocabulary.categories import fault_of_added, known_categories
from circle15.study.vocabulary.scopes import COMBINED

if TYPE_CHECKING:
    from collections.abc import Iterable


# Keys of the design that this version cannot honour yet. They are refused, never ignored: a
# study that asks for slopes must not get flat times.
_LATER = {"scenarios"}

_TOP = (
    "study",
    "area",
    "network",
    "walk",
    "demand",
    "facilities",
    "residential_zones",
    "rules",
    "circle",
    "categories",
)
_STUDY_KEYS = ("name", "title", "as_of", "plan_as_of", "language", "crs", "unknown_shift")


def load_study(path: Path | str) -> Study:
    """
    Read a study file.

    Parameters
    ----------
    path
        A `study.toml`. Relative paths in it are relative to the file; `${NAME}` in a path is
        read from the environment.

    Returns
    -------
    The settings, with every default filled in and every path absolute. Files that the study
    names are known to exist; they have not been opened.

    Raises
    ------
    MissingFileError
        If the study or a file that it names does not exist.
    StudyError
        If the file is not TOML, a key is unknown or has the wrong type or value, a required key
        is missing, or an environment variable is not set.

    Examples
    --------
    >>> load_study("nowhere/study.toml")
    Traceback (most recent call last):
    ...
    circle15.errors.MissingFileError: nowhere/study.toml: no such file. ...
    """
    path = readable_name(Path(path))
    try:
        require_plain_file(path)
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        raise MissingFileError(
            "no such file.", file=path, mend="Give the path of a study.toml."
        ) from None
    except IsADirectoryError:
        raise StudyError("is a folder.", file=path, mend="Give its study.toml.") from None
    except UnicodeDecodeError as error:
        raise StudyError(
            f"is not UTF-8 (byte {error.start}).", file=path, mend="Save it as UTF-8."
        ) from None
    try:
        raw = parse_toml(text)
    except ValueError as error:
        raise StudyError(f"is not valid TOML: {error}.", file=path) from None
    return replace(_Reader(path).study(raw), sha256=hashlib.sha256(content).hexdigest())


class _Reader:
    """Turns the raw tables of one study file into settings."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.folder = file.resolve().parent

    def fail(self, where: str, found: str, mend: str = "") -> StudyError:
        return StudyError(found, mend=mend, file=self.file, column=where)

    def study(self, raw: dict[str, Any]) -> Study:
        self.refuse_unknown(raw, _TOP, "")
        head = self.section(raw, "study")
        self.refuse_unknown(head, (*_STUDY_KEYS, "synthetic"), "study")
        for key in ("name", "as_of"):
            if key not in head:
                raise self.fail(f"study.{key}", "is missing.", f"Add '{key}' under [study].")
        name = self.value(head["name"], str, "study.name")
        if not names_folder(name):
            raise self.fail(
                "study.name",
                f"{name!r} cannot name a folder.",
                "Use letters, digits, '-', '_' and '.', 200 bytes at most.",
            )
        added = self.added_categories(raw)
        shift = head.get("unknown_shift", "refuse")
        result = Study(
            file=self.file.resolve(),
            name=name,
            title=self.value(head.get("title", name), str, "study.title"),
            as_of=self.value(head["as_of"], dt.date, "study.as_of"),
            plan_as_of=self.optional(head, "plan_as_of", dt.date, "study"),
            language=self.choice(head.get("language", "zh"), Language, "study.language"),
            crs=self.value(head.get("crs", "auto"), str, "study.crs"),
            unknown_shift=self.choice(shift, config.UnknownShift, "study.unknown_shift"),
            synthetic=self.value(head.get("synthetic", False), bool, "study.synthetic"),
            area=self.area(self.section(raw, "area", optional=True)),
            network=self.network(self.section(raw, "network")),
            walk=self.walk(self.section(raw, "walk", optional=True)),
            demand=self.demand(self.section(raw, "demand")),
            facilities=self.records(FacilityLayer, raw, "facilities"),
            residential_zones=self.records(ResidentialLayer, raw, "residential_zones"),
            rules=self.rules(self.section(raw, "rules", optional=True)),
            circle=self.record(Circle, self.section(raw, "circle", optional=True), "circle"),
            categories=added,
        )
        if (wrong := fault_of_numbers(result)) is not None:
            raise self.fail(*wrong)
        if (wrong := fault_of_zones(result)) is not None:
            raise self.fail(f"demand.layers ({wrong[0]})", *wrong[1:])
        if (wrong := fault_of_walkers(result)) is not None:
            raise self.fail(*wrong)
        self.check_required(result)
        return replace(result, network=self.with_kept_place(result))

    def added_categories(self, raw: dict[str, Any]) -> dict[str, str]:
        table = self.section(raw, "categories", optional=True)
        named = {key: self.value(v, str, f"categories.{key}") for key, v in table.items()}
        if (wrong := fault_of_added(named, COMBINED)) is not None:
            raise self.fail(*wrong)
        return named

    def section(self, raw: dict[str, Any], key: str, *, optional: bool = False) -> dict[str, Any]:
        if key not in raw and not optional:
            raise self.fail(key, f"the section [{key}] is missing.", f"Add [{key}].")
        return self.table(raw.get(key, {}), key)

    def table(self, value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.fail(where, f"is {_kind(value)}.", "It must be a table of keys.")
        return value

    def walk(self, raw: dict[str, Any]) -> Walk:
        """Read how people walk; speeds that are not said are those of the profile."""
        walk: Walk = self.record(Walk, raw, "walk")
        try:
            return with_profile(walk, raw)
        except StudyError as error:
            raise self.fail(str(error.column), error.found, error.mend) from None

    def network(self, raw: dict[str, Any]) -> NetworkSource:
        """Read the network; that of a place has no file yet, and this study stands in for it."""
        if "place" in raw and "file" in raw:
            raise self.fail("network.place", "and 'file' are both given.", "Keep one of them.")
        if "place" not in raw and raw.keys() & {"mirror", "geocoder"}:
            raise self.fail("network.place", "is missing.", "A server serves a place only.")
        columns = self.table(raw.get("columns", {}), "network.columns")
        self.refuse_unknown(columns, EDGE_FIELDS, "network.columns")
        if "place" in raw:
            raw = {**raw, "file": self.file.name}
        source: NetworkSource = self.record(NetworkSource, raw, "network")
        if source.place is not None and not source.place.strip():
            raise self.fail("network.place", "is blank.", "Name a place.")
        return source

    def with_kept_place(self, study: Study) -> NetworkSource:
        """Name the file in which the download of a place is kept, and its extent."""
        source = study.network
        if source.place is None:
            return source
        kept = kept_place(self.folder, source.place, study.walk.reach_m)
        return replace(source, file=kept, extent=source.extent or beside(kept, EXTENT))

    def rules(self, raw: dict[str, Any]) -> Rules:
        """Read which packs apply; the paths of a bureau's own are relative to the study."""
        rules: Rules = self.record(Rules, raw, "rules")
        packs = [
            str(self.path(pack, "rules.packs")) if pack.endswith(".toml") else pack
            for pack in rules.packs
        ]
        again = first_repeated(packs)
        if again is not None:
            raise self.fail("rules.packs", f"{again!r} occurs twice.", "Keep one.")
        return replace(rules, packs=tuple(packs))

    def area(self, raw: dict[str, Any]) -> Area:
        raw = with_sheets(raw, Area)
        known = [f.name for f in fields(Area)]
        self.refuse_unknown(raw, known, "area")
        layers = {
            key: self.record(ZoneLayer, self.table(raw[key], f"area.{key}"), f"area.{key}")
            for key in ("streets", "communities")
            if key in raw
        }
        boundary = self.source(raw["boundary"], "area.boundary") if "boundary" in raw else None
        datum = self.choice(raw["datum"], config.Datum, "area.datum") if "datum" in raw else None
        sheet = self.optional(raw, "boundary_sheet", str, "area")
        if sheet is not None and boundary is None:
            raise self.fail("area.boundary", "is missing.", "`boundary_sheet` is of that file.")
        return Area(boundary, layers.get("streets"), layers.get("communities"), datum, sheet)

    def demand(self, raw: dict[str, Any]) -> Demand:
        self.refuse_unknown(raw, ("group", "layers", "household_size"), "demand")
        layers = self.records(DemandLayer, raw, "demand.layers", key="layers")
        if not layers:
            raise self.fail("demand.layers", "is empty.", "Name at least one layer of people.")
        seen: set[str] = set()
        for layer in layers:
            where = f"demand.layers ({layer.group})"
            if layer.group not in GROUPS:
                raise self.fail(where, "is no group.", f"Known groups: {', '.join(GROUPS)}.")
            if layer.group in seen:
                raise self.fail(where, "occurs twice.", "Keep one layer per group.")
            seen.add(layer.group)
            if (fault := fault_of_layer(layer)) is not None:
                raise self.fail(where, *fault)
        if (wrong := fault_of_groups(layers)) is not None:
            raise self.fail(f"demand.layers ({wrong[0]})", *wrong[1:])
        group = self.value(raw.get("group", "p60"), str, "demand.group")
        if group not in seen:
            raise self.fail("demand.group", f"{group!r} has no layer.", "Add it to demand.layers.")
        return Demand(layers, group, self.optional(raw, "household_size", Decimal, "demand"))

    def records(
        self, kind: type[Any], raw: dict[str, Any], where: str, *, key: str | None = None
    ) -> tuple[Any, ...]:
        rows = raw.get(key or where, [])
        if not isinstance(rows, list):
            raise self.fail(where, f"is {_kind(rows)}.", f"Write it as [[{where}]].")
        return tuple(self.record(kind, self.table(row, where), where) for row in rows)

    def record(self, kind: type[Any], raw: dict[str, Any], where: str) -> Any:
        """Fill a frozen record from a table; types come from its annotations."""
        types = get_type_hints(kind)
        names = [f.name for f in fields(kind)]
        raw = with_sheets(raw, kind)
        self.refuse_unknown(raw, names, where)
        if (alone := sheet_alone(raw)) is not None:
            raise self.fail(f"{where}.{alone}", "is of no file.", "Name the file, or remove it.")
        for f in fields(kind):
            required = f.default is MISSING and f.default_factory is MISSING
            if required and f.name not in raw:
                raise self.fail(f"{where}.{f.name}", "is missing.")
        values = {k: self.typed(v, types[k], f"{where}.{k}") for k, v in raw.items()}
        return kind(**values)

    def typed(self, value: Any, kind: Any, where: str) -> Any:
        """Check one value against an annotation of the settings."""
        parts = [part for part in get_args(kind) if part is not type(None)]
        origin = get_origin(kind)
        if origin is tuple:
            rows = [value] if isinstance(value, str) else self.value(value, list, where)
            return tuple(self.typed(row, parts[0], where) for row in rows)
        if origin is dict:
            table = self.table(value, where)
            return {k: self.value(v, parts[1], f"{where}.{k}") for k, v in table.items()}
        if origin is Literal:
            return self.choice(value, kind, where)
        words = [word for part in parts for word in get_args(part)]
        if isinstance(value, str) and value in words:
            return value
        if DatabaseTable in parts:
            return self.source(value, where)
        if kind is Path or Path in parts:
            return self.path(value, where)
        if parts:
            return self.typed(value, parts[0], where)
        return self.value(value, kind, where)

    def optional(self, raw: dict[str, Any], key: str, kind: type[Any], section: str) -> Any:
        return self.value(raw[key], kind, f"{section}.{key}") if key in raw else None

    def value(self, value: Any, kind: type[Any], where: str) -> Any:
        if kind is Decimal and isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        if kind is dt.date and isinstance(value, dt.datetime):
            mend = f"Give the date alone, such as {value.date()}."
            raise self.fail(where, f"is {value}, a date with a time.", mend)
        wrong_bool = isinstance(value, bool) and kind is not bool
        if not isinstance(value, kind) or wrong_bool:
            raise self.fail(where, f"is {_kind(value)}.", f"It must be {_KINDS[kind]}.")
        return value

    def choice(self, value: Any, literal: Any, where: str) -> Any:
        allowed = get_args(literal)
        if value not in allowed:
            mend = f"Use one of {', '.join(allowed)}."
            raise self.fail(where, f"{value!r} is not allowed.", mend)
        return value

    def source(self, value: Any, where: str) -> Source:
        """Read where a table comes from: a file, or a table of a database."""
        if not isinstance(value, dict) and not is_address(self.value(value, str, where)):
            return self.path(value, where)
        try:
            return database_table(value)
        except StudyError:
            raise
        except InputDataError as error:
            raise self.fail(where, error.found, error.mend) from None

    def path(self, value: Any, where: str) -> Path:
        """Read a path; one with `${NAME}` in it is shown as it is written, never its value."""
        written = self.value(value, str, where)
        if is_address(written):  # it may hold a password: it is not said again
            raise self.fail(where, "cannot be read from a database.", "Name a file.")
        try:
            text = expand_path(written)
        except InputDataError as error:
            raise self.fail(where, error.found, error.mend) from None
        if is_address(text):
            raise self.fail(
                where,
                f"{written!r} stands for the address of a database.",
                "Write the address in the study: a variable may stand for its password only.",
            )
        path = self.folder / text
        shown = written if VARIABLE.search(written) else str(path)
        try:
            found, folder = path.exists(), path.is_dir()
        except OSError:  # a name that is too long for any file
            found = folder = False
        if not found:
            raise MissingFileError(
                f"no such file: {shown}.", file=self.file, column=where, mend="Mend the path."
            )
        if folder and path.suffix.lower() != GEODATABASE:
            raise self.fail(where, f"{shown} is a folder.", "Name a file in it.")
        return path.resolve()

    def refuse_unknown(self, raw: dict[str, Any], known: Iterable[str], where: str) -> None:
        known = list(known)
        for key in raw:
            full = f"{where}.{key}" if where else key
            if full in _LATER:
                raise self.fail(full, "is not supported by this version yet.", "Remove it.")
            if key not in known:
                near = get_close_matches(key, known, n=1, cutoff=0.5)
                hint = f"Did you mean '{near[0]}'?" if near else f"Known keys: {', '.join(known)}."
                raise self.fail(full, "is an unknown key.", hint)

    def check_required(self, study: Study) -> None:
        known = [*known_categories(), *study.categories]
        again = first_repeated(study.circle.require)
        if again is not None:
            raise self.fail("circle.require", f"{again!r} occurs twice.", "Keep one.")
        for category in study.circle.require:
            if category not in known:
                raise self.fail(
                    "circle.require",
                    f"{category!r} is no category.",
                    f"Known: {', '.join(known)}; add your own under [categories].",
                )


_KINDS: dict[type[Any], str] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    Decimal: "a number",
    dt.date: "a date such as 2025-12-31",
    list: "a list",
}


def _kind(value: Any) -> str:
    """Name the kind of a TOML value, for messages."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, dt.datetime):
        return "a date with a time"
    return next((text for kind, text in _KINDS.items() if isinstance(value, kind)), repr(value))
