"""Write the homes of each study as one partition of a GeoParquet data set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_EXACT: Final = "micro"
"""Kind of the columns of micro-persons."""
_KINDS: Final = {"bool": "boolean", "object": "string", _EXACT: "Int64"}
"""Types of pandas, each with null, by kind of the layer; all others are numbers with decimals."""


def home_columns(
    layers: Sequence[Mapping[str, str]], groups: Sequence[Sequence[str]]
) -> dict[str, str]:
    """
    Return the columns of the data set with their kinds: all that any study has.

    Parameters
    ----------
    layers
        Columns of the layer of homes of each study, with their kinds.
    groups
        Columns of people of each study; the data set also has `GROUP_micro` of each, micro-persons,
        whose sums are exact.

    Examples
    --------
    >>> home_columns([{"demand_id": "object", "p60": "float64"}], [["p60"]])
    {'demand_id': 'object', 'p60': 'float64', 'p60_micro': 'micro'}
    """
    found: dict[str, str] = {}
    for layer, people in zip(layers, groups, strict=True):
        for name, kind in layer.items():
            found.setdefault(name, kind)
            if name in people:
                found.setdefault(f"{name}_micro", _EXACT)
    return found


def write_homes(
    homes: gpd.GeoDataFrame, columns: Mapping[str, str], groups: Sequence[str], path: Path
) -> None:
    """
    Write the homes of a study; the same homes give the same bytes.

    Parameters
    ----------
    homes
        Its layer of homes, in degrees (WGS 84).
    columns
        Columns of the data set, from `home_columns`; one that the study lacks is null.
    groups
        Its columns of people, persons.
    path
        The file.
    """
    made: dict[str, Any] = {}
    for name, kind in columns.items():
        dtype: Any = _KINDS.get(kind, "float64")
        if kind == _EXACT:
            group = name.removesuffix("_micro")
            if group in groups:
                micro = np.rint(homes[group].to_numpy(np.float64) * c.MICRO).astype(np.int64)
                made[name] = pd.Series(micro, index=homes.index, dtype=dtype)
                continue
        elif name in homes:
            made[name] = homes[name].astype(dtype)
            continue
        made[name] = pd.Series([None] * len(homes), index=homes.index, dtype=dtype)
    frame = gpd.GeoDataFrame(
        pd.DataFrame(made, index=homes.index), geometry=homes.geometry, crs=homes.crs
    )
    frame.to_parquet(path, index=False, compression="zstd", schema_version="1.1.0")
