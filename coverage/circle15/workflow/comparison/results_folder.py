"""Read what a comparison needs of a results folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from circle15.errors import InputDataError, MissingFileError, clause, require_memory_for
from circle15.output.text.wording import printable
from circle15.results.difference.changed_streets import CLOSED, KeptStreets, kept_streets
from circle15.results.difference.kept_results import (
    AGAIN,
    LEVELS,
    SITE_FIELDS,
    KeptResults,
    judged_homes,
    kept_summary,
)
from circle15.study.names import readable_name, require_plain_file
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

NEEDED: Final = ("summary.json", "coverage.parquet", "results.gpkg")
_WORDS: Final = (c.DEMAND_ID, c.CATEGORY, c.FACILITY_ID, c.STATE)
_COSTS: Final = ("base_mm_fwd", "base_mm_bwd", "delay_ms_fwd", "delay_ms_bwd")


def read_results(folder: Path) -> KeptResults:
    """
    Read the results in a folder.

    Raises
    ------
    MissingFileError
        If it is no results folder.
    InputDataError
        If its files are damaged, of another schema, or not of one run.
    """
    readable_name(folder)
    missing = [name for name in NEEDED if not (folder / name).exists()]
    if missing:
        what = "is not a results folder" if folder.is_dir() else "is not a folder"
        raise MissingFileError(
            f"{what}: it has no {' and no '.join(missing)}.",
            file=folder,
            mend="Give the folder that `circle15 run STUDY --out DIR` wrote.",
        )
    for name in NEEDED:
        require_plain_file(folder / name)
    summary = kept_summary(_json(folder / "summary.json"), folder / "summary.json")
    coverage = _coverage(folder / "coverage.parquet", summary["parameters"].get("speed_m_s"))
    geopackage = folder / "results.gpkg"
    groups = [one["group"] for one in summary["population"]]
    demand = _layer(
        geopackage,
        "demand",
        [c.DEMAND_ID, c.IN_AREA, *LEVELS.values(), *groups],
        read_geometry=False,
    )
    sites = _layer(geopackage, "facilities", [c.FACILITY_ID, c.CATEGORY, *SITE_FIELDS])
    homes, zones = judged_homes(summary, coverage, demand, sites, folder)
    return KeptResults(str(folder), summary, homes, zones, sites, _streets(geopackage))


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputDataError(f"cannot be read ({clause(error)}).", file=path, mend=AGAIN) from error


def _coverage(path: Path, speed_m_s: object) -> pd.DataFrame:
    """Read the rows at the judged speed; `group` is empty for those who walk as all do."""
    try:
        with pq.ParquetFile(path) as opened:
            names = opened.schema_arrow.names
        needed = [*_WORDS, c.SPEED_M_S, c.CUTOFF_MIN]
        _require(path, needed, names)
        own = [name for name in (c.GROUP, c.FACTOR) if name in names]
        at = (c.FACTOR, "=", 1.0) if own else (c.SPEED_M_S, "=", speed_m_s)
        table = pq.read_table(
            path, columns=[*needed, *own], filters=[at], read_dictionary=list(_WORDS)
        )
    except (pa.ArrowException, OSError) as error:
        require_memory_for(error)
        raise InputDataError(
            f"cannot be read ({clause(_short(error))}).", file=path, mend=AGAIN
        ) from error
    frame: pd.DataFrame = table.to_pandas()
    for name in (c.DEMAND_ID, c.FACILITY_ID):  # the layers have them without control characters
        column = frame[name].astype("category")
        clean = {word: printable(word) for word in column.cat.categories}
        frame[name] = column.map(clean).astype(object)
    frame[c.FACILITY_ID] = frame[c.FACILITY_ID].where(frame[c.FACILITY_ID].notna(), None)
    frame[c.GROUP] = frame[c.GROUP].fillna("").astype(str) if c.GROUP in frame else ""
    return frame


def _layer(path: Path, layer: str, needed: list[str], *, read_geometry: bool = True) -> Any:
    try:
        _require(path, needed, pyogrio.read_info(path, layer=layer)["fields"])
        return pyogrio.read_dataframe(
            path, layer=layer, columns=needed, read_geometry=read_geometry
        )
    except (DataSourceError, DataLayerError) as error:
        require_memory_for(error)
        raise InputDataError(
            f"cannot be read as layer '{layer}' ({clause(_short(error))}).", file=path, mend=AGAIN
        ) from error


def _streets(path: Path) -> KeptStreets | None:
    """Read the pieces of streets; None if the layer was removed to save space."""
    needed = [c.EDGE_ID, "kind", "length_m", *_COSTS]
    try:
        if "walk_network" not in pyogrio.list_layers(path)[:, 0]:
            return None
        meta, _, lines, fields = pyogrio.raw.read(
            path, layer="walk_network", columns=[*needed, c.NAME]
        )
    except (DataSourceError, DataLayerError) as error:
        require_memory_for(error)
        raise InputDataError(
            f"cannot be read as layer 'walk_network' ({clause(_short(error))}).",
            file=path,
            mend=AGAIN,
        ) from error
    columns = dict(zip(meta["fields"], fields, strict=True))
    _require(path, needed, columns)
    ends = shapely.get_coordinates(shapely.from_wkb(lines))
    if len(ends) != 2 * len(lines):
        raise InputDataError(
            "has lines in layer 'walk_network' that are not straight.", file=path, mend=AGAIN
        )
    costs = [np.nan_to_num(columns[name].astype(np.float64), nan=CLOSED) for name in _COSTS]
    return kept_streets(
        ends_m=ends.reshape(-1, 2, 2),
        costs=np.column_stack(costs).astype(np.int64),
        length_m=columns["length_m"],
        edge_ids=columns[c.EDGE_ID],
        kind=columns["kind"],
        name=columns.get(c.NAME),  # earlier versions did not write it
    )


def _require(path: Path, needed: Iterable[str], names: Iterable[str]) -> None:
    there = set(names)
    missing = [name for name in needed if name not in there]
    if missing:
        raise InputDataError(f"has no column '{missing[0]}'.", file=path, mend=AGAIN)


def _short(error: BaseException) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
