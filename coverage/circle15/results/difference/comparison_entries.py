"""The structure of `compare.json`: every key with its type; its JSON schema is made from these."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

Through = Literal["value", "threshold", "pack", "people"]


class Side(TypedDict):
    """One of the two results."""

    folder: str
    name: str
    title: str
    as_of: str
    circle15: str
    code: str
    """Code of its `summary.json`, as its report bears it."""


class NotCompared(TypedDict):
    """What only one of the results has, and so is not compared."""

    what: Literal[
        "group",
        "category",
        "cutoff_min",
        "rule",
        "residential_zone",
        "walk_network",
        "street_names",
    ]
    """`walk_network`: the layer of that name in results.gpkg; `street_names`: its column `name`."""
    name: str
    only_in: Literal["a", "b", "both", "none"]
    """`both`: a group whose age bands differ, and a result lacks the people of an age. `none`:
    neither result has what older versions did not write."""


class HomesEntry(TypedDict):
    """Number of homes in the study area of either result; they are matched by their ids."""

    a: int
    b: int
    both: int


class ChangeEntry(TypedDict):
    """
    How the people covered changed: b − a = people + closed + opened + moved + walking, exactly.

    Persons are micro-persons / 10⁶. A home that is in one result only counts as people. `gap_a` and
    `gap_b` are the people in the gap; null for homes in no zone, and where a result lacks a zone.
    """

    a: float
    b: float
    gap_a: float | None
    gap_b: float | None
    people: float
    closed: float
    opened: float
    moved: float
    walking: float


class CoverageChange(ChangeEntry):
    """The change for one category, group and cutoff at the judged speed."""

    category: str
    group: str
    cutoff_min: int
    persons_a: float
    persons_b: float


class ZoneChange(ChangeEntry):
    """The same in one zone, for the judged group; an empty id is of homes in no zone."""

    level: Literal["street", "community"]
    id: str
    name: str
    category: str
    group: str
    cutoff_min: int


class Field(TypedDict):
    """A value that differs; null is not there or not known."""

    field: str
    a: Any
    b: Any


class SiteChange(TypedDict):
    """A site that is not the same in both results."""

    facility_id: str
    category: str
    name: str
    change: Literal["gone", "closed", "new", "opened", "moved", "changed"]
    """The first that holds."""
    moved_m: float | None
    """Metres between both positions; null unless both are known and differ."""
    fields: list[Field]
    """Fields that differ, where both results have the site."""


class PeopleChange(TypedDict):
    """People of one group inside the area, home by home."""

    group: str
    a: float
    b: float
    gone: float
    """At homes only in a."""
    new: float
    """At homes only in b."""
    fewer: float
    """At homes in both, where there are fewer."""
    more: float
    """At homes in both, where there are more."""


class StreetKm(TypedDict):
    """Streets by the exact line of each piece, kilometres: a_km - gone_km + added_km = b_km."""

    a_km: float
    b_km: float
    gone_km: float
    added_km: float
    changed_km: float
    """Pieces with the same line and another walking cost: slopes, surfaces, steps, signals."""


class StreetChange(StreetKm):
    """Streets of one kind; pieces that are of another kind in either result count there in it."""

    kind: str


class WayChange(StreetKm):
    """A street of which some pieces differ: all ways of one name, or one way without a name."""

    name: str | None
    ways: list[str]
    """Ids of its ways; those of pieces of both results are as in b."""
    kinds: list[str]
    change: Literal["new", "gone", "changed"]
    """`new`: the street has no piece in a; `gone`: none in b."""


class VerdictChange(TypedDict):
    """A verdict that flips, and through what."""

    pack: str
    id: str
    """Id of the rule, or of the residential zone, where `pack` is empty."""
    scope: str
    verdict_a: str
    verdict_b: str
    value_a: float | None
    value_b: float | None
    threshold_a: float | None
    threshold_b: float | None
    through: list[Through]
    """What differs: value, threshold, the pack's file or name; empty if none of them does."""


class Comparison(TypedDict):
    """The difference of two results: a is before, b after."""

    schema: Literal[1]
    a: Side
    b: Side
    headline: CoverageChange | None
    """The judged group and the service circle: all required categories, else the first one."""
    not_compared: list[NotCompared]
    homes: HomesEntry
    coverage: list[CoverageChange]
    zones: list[ZoneChange]
    """Zones where something changed."""
    sites: list[SiteChange]
    population: list[PeopleChange]
    parameters: list[Field]
    """Parameters by their dotted key."""
    inputs: list[Field]
    """SHA-256 of the input files by path."""
    versions: list[Field]
    """Version of circle15 and of packages."""
    packs: list[Field]
    """SHA-256 of the rule packs by id, where what they say differs."""
    network: list[Field]
    """Size of the network, where it differs."""
    streets: list[StreetChange]
    """Kinds of streets of which some differ."""
    ways: list[WayChange]
    """Streets by name of which some pieces differ, most kilometres first."""
    street_km: StreetKm | None
    """All streets; null if one of the results has no layer of streets."""
    verdicts: list[VerdictChange]
