"""Read what a comparison needs of a results folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from circle15.errors import InputDataError, MissingFileError, clause, require_memory_for
from circle15.inputs.formats.views import require_modest_views
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
from circle15.workflow.comparison.compared_layers import (
    files_of,
    read_frame,
    read_raw,
    require_columns,
    shapes_of,
    short,
)
from circle15.workflow.folders.kept_json import read_kept
from circle15.workflow.reruns.history import GEOPACKAGE, LINKED
from circle15.workflow.reruns.run_record import short_code

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

_LAYERS: Final = ("demand", "facilities")
_WORDS: Final = (c.DEMAND_ID, c.CATEGORY, c.FACILITY_ID, c.STATE)
_COSTS: Final = ("base_mm_fwd", "base_mm_bwd", "delay_ms_fwd", "delay_ms_bwd")
_ENDS: Final = 2
_LARGEST: Final = 1e12
"""Of positions, lengths and costs: no street has as much."""


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
    needed = [*(folder / name for name in LINKED), *files_of(folder, _LAYERS)]
    missing = [path.name for path in needed if not path.exists()]
    if missing:
        what = "is not a results folder" if folder.is_dir() else "is not a folder"
        raise MissingFileError(
            f"{what}: it has no {' and no '.join(missing)}.",
            file=folder,
            mend="Give the folder that `circle15 run STUDY --out DIR` wrote.",
        )
    for path in needed:
        require_plain_file(path)
        if path.name == GEOPACKAGE:
            require_modest_views(path)
    summary = kept_summary(_json(folder / "summary.json"), folder / "summary.json")
    coverage = _coverage(folder / "coverage.parquet", summary["parameters"].get("speed_m_s"))
    groups = [one["group"] for one in summary["population"]]
    people = [c.DEMAND_ID, c.IN_AREA, *LEVELS.values(), *groups]
    demand = read_frame(folder, "demand", people, shapes=False)
    fields = [c.FACILITY_ID, c.CATEGORY, *SITE_FIELDS]
    sites = read_frame(folder, "facilities", fields, shapes=True)
    homes, zones = judged_homes(summary, coverage, demand, sites, folder)
    code = short_code((folder / LINKED[0]).read_bytes())
    return KeptResults(str(folder), summary, homes, zones, sites, _streets(folder), code)


def _json(path: Path) -> Any:
    try:
        return read_kept(path)
    except (OSError, ValueError, RecursionError) as error:
        raise InputDataError(f"cannot be read ({clause(error)}).", file=path, mend=AGAIN) from error


def _coverage(path: Path, speed_m_s: object) -> pd.DataFrame:
    """Read the rows at the judged speed; `group` is empty for those who walk as all do."""
    try:
        with pq.ParquetFile(path) as opened:
            names = opened.schema_arrow.names
        needed = [*_WORDS, c.SPEED_M_S, c.CUTOFF_MIN]
        require_columns(path, needed, names)
        own = [name for name in (c.GROUP, c.FACTOR) if name in names]
        at = (c.FACTOR, "=", 1.0) if own else (c.SPEED_M_S, "=", speed_m_s)
        words = [*_WORDS, *(name for name in own if name == c.GROUP)]
        table = pq.read_table(
            path, columns=[*words, c.CUTOFF_MIN], filters=[at], read_dictionary=words
        )
    except (pa.ArrowException, OSError) as error:
        require_memory_for(error)
        raise InputDataError(
            f"cannot be read ({clause(short(error))}).", file=path, mend=AGAIN
        ) from error
    # A row for each home, category and cutoff: texts stay numbers of distinct words.
    frame: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True)
    del table
    for name in (c.DEMAND_ID, c.FACILITY_ID):  # the layers have them without control characters
        frame[name] = _printable(frame[name])
    if c.GROUP not in frame:
        frame[c.GROUP] = pd.Categorical.from_codes(np.zeros(len(frame), np.int64), pd.Index([""]))
    return frame


def _printable(column: pd.Series) -> pd.Categorical:
    """Return a column of texts with each distinct one without control characters."""
    words = column.astype("category").cat
    codes = words.codes.to_numpy()
    texts = [str(one) for one in words.categories.to_numpy(object)]
    together = "\n".join(texts)
    if printable(together) == together:
        return pd.Categorical.from_codes(codes, pd.Index(texts, dtype=object))
    number, distinct = pd.factorize(np.array([printable(one) for one in texts], object))
    return pd.Categorical.from_codes(np.append(number, -1)[codes], pd.Index(distinct))


def _streets(folder: Path) -> KeptStreets | None:
    """Read the pieces of streets; None if the layer was removed to save space."""
    needed = [c.EDGE_ID, "kind", "length_m", *_COSTS]
    found = read_raw(folder, "walk_network", needed, optional=[c.NAME])
    if found is None:
        return None
    columns, (path,) = found.columns, files_of(folder, ["walk_network"])
    shapes = shapes_of(found.shapes, path, "walk_network")
    ends = shapely.get_coordinates(shapes)
    if not (shapely.get_num_coordinates(shapes) == _ENDS).all() or not _modest(ends):
        raise InputDataError(
            "has lines in layer 'walk_network' that are not straight.", file=path, mend=AGAIN
        )
    numbers = {name: _numbers(columns[name]) for name in ("length_m", *_COSTS)}
    costs = [np.nan_to_num(numbers[name], nan=CLOSED) for name in _COSTS]
    texts = [one for name in (c.EDGE_ID, "kind") for one in columns[name]]
    whole = all(isinstance(one, str) for one in texts)
    if not whole or not _modest(numbers["length_m"]) or not _modest(np.concatenate(costs)):
        raise InputDataError(
            "has streets in layer 'walk_network' without id, kind, length or cost.",
            file=path,
            mend=AGAIN,
        )
    return kept_streets(
        ends_m=ends.reshape(-1, 2, 2),
        costs=np.column_stack(costs).astype(np.int64),
        length_m=numbers["length_m"],
        edge_ids=columns[c.EDGE_ID],
        kind=columns["kind"],
        name=columns.get(c.NAME),  # earlier versions did not write it
    )


def _numbers(column: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return a column as numbers; all infinite if one is a text."""
    try:
        return column.astype(np.float64)
    except (TypeError, ValueError):
        return np.full(len(column), np.inf)


def _modest(values: npt.NDArray[np.float64]) -> bool:
    """Whether all are numbers of a size that streets can have."""
    return bool((np.abs(values) < _LARGEST).all())
