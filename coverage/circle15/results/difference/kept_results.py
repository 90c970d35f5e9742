"""The results of a run as its folder keeps them, checked and brought into arrays."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final, NotRequired

import numpy as np
import pandas as pd
from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from circle15.errors import InputDataError
from circle15.inputs.demand.nested_groups import people_of_parts
from circle15.results.difference.matched_homes import Band, JudgedHomes, SiteState
from circle15.rules.verdicts import Verdict
from circle15.study.limits import PEOPLE
from circle15.study.settings.records import Walk
from circle15.study.settings.walkers import AGES, parts_of
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import COMBINED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd
    import numpy.typing as npt

    from circle15.arrays import Ints
    from circle15.results.difference.changed_streets import KeptStreets

AGAIN: Final = "Run the study again, or give another folder."
LEVELS: Final = {"street": c.STREET_ID, "community": c.COMMUNITY_ID}
SITE_FIELDS: Final = (
    c.NAME,
    c.STATUS,
    c.OPEN,
    c.IN_AREA,
    c.POSITION_UNSURE,
    c.FLOOR_AREA_M2,
    *c.CAPACITIES,
    c.STREET_ID,
    c.COMMUNITY_ID,
    c.ZONE_ID,
    c.DUPLICATE_OF,
)
"""Fields of a site that are compared, beside its position."""


class _Study(TypedDict):
    name: str
    title: str
    as_of: str
    crs: str


class _Input(TypedDict):
    path: str
    sha256: str


class _Provenance(TypedDict):
    circle15: str
    inputs: list[_Input]
    packages: dict[str, str | None]
    packs: NotRequired[dict[str, str]]
    """Not written by older versions."""


class _Profile(TypedDict):
    profile: str


class _Parameters(TypedDict, total=False):
    group: str
    speed_m_s: float | None
    require: list[str]
    age_speeds: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]]
    profiles: dict[str, _Profile]


class _Population(TypedDict):
    group: str


class _Covered(TypedDict):
    category: str
    group: str
    cutoff_min: int
    speed_m_s: float | None
    factor: NotRequired[float]
    covered: float
    gap: float


class _Zone(TypedDict):
    level: str
    id: str
    name: str
    category: str
    group: str
    cutoff_min: int
    speed_m_s: float | None
    gap: float


class _Rule(TypedDict):
    pack: str
    id: str
    verdict: Verdict
    value: float | None
    threshold: float | None
    scope: str


class _ResidentialZone(TypedDict):
    zone_id: str
    name: str
    verdict: Verdict
    counted_m2: float | None
    required_m2: float | None


class KeptSummary(TypedDict):
    """What a comparison needs of `summary.json`."""

    study: _Study
    parameters: _Parameters
    provenance: _Provenance
    population: list[_Population]
    network: dict[str, Any]
    coverage: list[_Covered]
    zones: list[_Zone]
    rules: list[_Rule]
    residential_zones: list[_ResidentialZone]


@dataclass(frozen=True)
class KeptResults:
    """
    The results in one folder.

    Attributes
    ----------
    folder
        Its path, as the user gave it.
    summary
        `summary.json`.
    homes
        Homes inside the area with their people and states.
    zones
        Id of the subdistrict and community of each home; empty in none.
    sites
        The layer `facilities`, by (facility_id, category).
    streets
        Pieces of streets; None without the layer.
    code
        Code of the numbers in `summary.json`.
    """

    folder: str
    summary: KeptSummary
    homes: JudgedHomes
    zones: Mapping[str, npt.NDArray[np.object_]]
    sites: gpd.GeoDataFrame
    streets: KeptStreets | None
    code: str

    @property
    def headline(self) -> str | None:
        """Category of the headline: all required ones, the only one, or the first."""
        required = self.homes.require
        if len(required) > 1:
            return COMBINED[1]
        return next(iter((*required, *self.categories)), None)

    @property
    def categories(self) -> list[str]:
        """Categories with states, without `any` and `all`."""
        return list(dict.fromkeys(category for _, category, _ in self.homes.covered))

    @property
    def circle_min(self) -> int:
        """Cutoff of the service circle: the longest."""
        return max((cutoff for _, _, cutoff in self.homes.covered), default=0)


def kept_summary(content: Any, file: object) -> KeptSummary:
    """
    Check the content of a `summary.json`.

    Raises
    ------
    InputDataError
        If it is of another schema, or lacks something.
    """
    if not isinstance(content, dict) or "schema" not in content:
        raise InputDataError("is not a summary of circle15.", file=file, mend=AGAIN)
    if content["schema"] != 1:
        raise InputDataError(
            f"has schema {content['schema']!r}, and this version of circle15 reads schema 1.",
            file=file,
            mend="Run the study again with this version, or compare with the version that wrote "
            "the results.",
        )
    try:
        TypeAdapter(KeptSummary).validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputDataError(
            f"cannot be used: '{where}': {first['msg'].lower()}.", file=file, mend=AGAIN
        ) from error
    summary: KeptSummary = content  # type: ignore[assignment]  # checked above; other keys stay
    return summary


def judged_homes(
    summary: KeptSummary,
    coverage: pd.DataFrame,
    demand: pd.DataFrame,
    sites: gpd.GeoDataFrame,
    folder: object,
) -> tuple[JudgedHomes, dict[str, npt.NDArray[np.object_]]]:
    """
    Return the homes of a result and the zones they lie in, from its tables.

    Parameters
    ----------
    summary
        Checked `summary.json`.
    coverage
        `coverage.parquet` at the judged speed: demand_id, category, facility_id, cutoff_min, state,
        and `group`, the part of a group with its own way of walking, empty for all others. Texts
        are best categorical, as of millions of rows few are distinct.
    demand
        Layer `demand`: demand_id, in_area, zone ids, and persons of each group.
    sites
        Layer `facilities`.
    folder
        The folder, for messages.

    Raises
    ------
    InputDataError
        If the tables contradict each other.
    """
    ids, home = _homes(coverage[c.DEMAND_ID])
    at = pd.Index(ids).get_indexer(pd.Index(demand[c.DEMAND_ID].to_numpy(object), dtype=object))
    rows = np.flatnonzero(at >= 0)
    at = at[rows]
    there = len(np.unique(at))
    if len(rows) != len(ids) or there != len(ids):
        raise InputDataError(
            f"coverage.parquet has {len(ids):,} homes, of which {there:,} are in the layer "
            "'demand' of results.gpkg.",
            file=folder,
            mend=f"The files are not of one run. {AGAIN}",
        )
    inside = demand.iloc[rows[np.argsort(at)]]
    weights = {
        one["group"]: _people(inside[one["group"]], one["group"], folder)
        for one in summary["population"]
    }
    covered, nearest = _states(coverage, home, len(ids), folder)
    homes = JudgedHomes(
        ids=ids,
        groups=_groups(summary["parameters"], weights),
        covered=covered,
        nearest=nearest,
        sites=_sites(sites, folder),
        require=tuple(summary["parameters"].get("require", ())),
    )
    zones = {}
    for level, column in LEVELS.items():
        words, code = _coded(inside[column])
        zones[level] = np.array([*words, ""], object)[code]
    return homes, zones


def _groups(
    parameters: Mapping[str, Any], weights: Mapping[str, Ints]
) -> dict[str, Sequence[Band]]:
    """Split each group by how its people walk, as the run did, and add the bands as groups."""
    speeds = {band: Decimal(str(v)) for band, v in parameters.get("age_speeds", {}).items()}
    profiles = {g: one["profile"] for g, one in parameters.get("profiles", {}).items()}
    walk = Walk(age_speeds=speeds, profiles=profiles)
    found: dict[str, Sequence[Band]] = {}
    bands: dict[str, Band] = {}
    for group in weights:
        parts = parts_of(group, walk)
        people = people_of_parts(group, parts, weights)
        split = [
            Band(part.first or AGES.get(group), part.name, weight)
            for part, weight in zip(parts, people, strict=True)
        ]
        found[group] = split
        if group == parameters.get("group"):
            bands = {part.label: band for part, band in zip(parts, split, strict=True)}
    return {label: [band] for label, band in bands.items()} | found


def _people(column: pd.Series, group: str, folder: object) -> Ints:
    """Return the people of a group at each home, micro-persons."""
    try:
        found = column.to_numpy(np.float64)
    except (TypeError, ValueError):  # texts
        found = np.array([np.nan])
    if not ((found >= 0) & (found <= PEOPLE.most)).all():
        raise InputDataError(
            "has homes whose people are no number.", file=folder, column=group, mend=AGAIN
        )
    micro: Ints = np.rint(found * c.MICRO).astype(np.int64)
    return micro


def _homes(column: pd.Series) -> tuple[npt.NDArray[np.object_], Ints]:
    """Return the ids of homes in the order of text, and the number of the home of each row."""
    words, code = _coded(column)
    every = np.append(words, "nan")  # a row without a home, which no layer has
    used = np.unique(code) % len(every)
    used = used[np.argsort(every[used])]
    number = np.empty(len(every), np.int32)
    number[used] = np.arange(len(used))
    return every[used], number[code]


def _coded(column: pd.Series) -> tuple[npt.NDArray[np.object_], npt.NDArray[Any]]:
    """Return the distinct words of a column, and the number of that of each row; -1 for null."""
    words = column.astype("category").cat
    texts = map(str, words.categories.to_numpy(object))
    return np.array([*texts, None], object)[:-1], words.codes.to_numpy()


def _states(
    coverage: pd.DataFrame, home: Ints, n_homes: int, folder: object
) -> tuple[dict[tuple[str, str, int], Any], dict[tuple[str, str], Any]]:
    """Return who is covered by part, category and cutoff, and the nearest sites."""
    words, state = _coded(coverage[c.STATE])
    is_covered = np.append(words == "covered", np.False_)[state]
    words, site = _coded(coverage[c.FACILITY_ID])
    sites = np.array([*words, None], object)
    covered: dict[tuple[str, str, int], Any] = {}
    nearest: dict[tuple[str, str], Any] = {}
    for key, rows in _blocks(coverage):
        seen = np.zeros(n_homes, np.bool_)
        seen[home[rows]] = True
        if len(rows) != n_homes or not seen.all():
            raise InputDataError(
                f"coverage.parquet does not have every home once at {key[2]} min of '{key[1]}'.",
                file=folder,
                mend=AGAIN,
            )
        states = np.zeros(n_homes, np.bool_)
        states[home[rows]] = is_covered[rows]
        site_of = np.full(n_homes, None, dtype=object)
        site_of[home[rows]] = sites[site[rows]]
        covered[key] = states
        nearest[key[:2]] = site_of
    return covered, nearest


def _blocks(coverage: pd.DataFrame) -> Iterator[tuple[tuple[str, str, int], Ints]]:
    """Yield the rows of each part, category and cutoff that there are."""
    words, part = _coded(coverage[c.GROUP])
    parts, number = np.unique(np.append(words, ""), return_inverse=True)
    categories, category = _coded(coverage[c.CATEGORY])
    cutoff, minutes = pd.factorize(coverage[c.CUTOFF_MIN].to_numpy(), sort=True)
    block = number[part].astype(np.int32) * len(categories) + category
    block = np.where((category < 0) | (cutoff < 0), -1, block * len(minutes) + cutoff)
    short = np.int16 if len(parts) * len(categories) * len(minutes) < 1 << 15 else np.int64
    order = np.argsort(block.astype(short), kind="stable")
    found, first = np.unique(block[order], return_index=True)
    for key, rows in zip(found.tolist(), np.split(order, first[1:]), strict=True):
        if key >= 0:
            of_part, minute = divmod(key, len(minutes))
            place, kind = divmod(of_part, len(categories))
            yield (str(parts[place]), str(categories[kind]), int(minutes[minute])), rows


def _sites(table: gpd.GeoDataFrame, folder: object) -> dict[tuple[str, str], SiteState]:
    ids = table[[c.FACILITY_ID, c.CATEGORY]]
    wrong = ""
    if not ids.map(lambda one: isinstance(one, str)).to_numpy().all():
        wrong = "a site without an id or a category"
    elif ids.duplicated().any():
        wrong = "two sites of one id and category"
    elif not (table.geometry.isna() | (table.geom_type == "Point")).all():
        wrong = "a site that is no point"
    elif not table[[c.OPEN, c.POSITION_UNSURE]].isin([True, False]).to_numpy().all():
        wrong = "a site of which it does not say whether it is open or where it is"
    if wrong:
        raise InputDataError(f"has {wrong} in layer 'facilities'.", file=folder, mend=AGAIN)
    found = {}
    for (key, position), is_open, unsure in zip(
        positions(table).items(), table[c.OPEN], table[c.POSITION_UNSURE], strict=True
    ):
        found[key] = SiteState(bool(is_open), position, bool(unsure))
    return found


def positions(table: Any) -> dict[tuple[str, str], tuple[float, float] | None]:
    """Return the position of each site by id and category, study CRS, metres; None without one."""
    keys = zip(table[c.FACILITY_ID], table[c.CATEGORY], strict=True)
    return {
        key: None if point is None or point.is_empty else (point.x, point.y)
        for key, point in zip(keys, table.geometry, strict=True)
    }
