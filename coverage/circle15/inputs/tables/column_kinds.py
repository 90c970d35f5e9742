"""Give each column of a table its declared dtype, whatever pandas inferred."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import pandas as pd

from circle15.study.vocabulary.columns import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Frame = TypeVar("Frame", bound=pd.DataFrame)

DTYPES: Final[Mapping[Kind, str]] = {
    "text": "object",
    "number": "float64",
    "whole": "int64",
    "flag": "bool",
    "decimal": "object",
    "date": "object",
    "words": "object",
    "shape": "geometry",
}
"""Kind of a column to its dtype."""


def typed(frame: Frame) -> Frame:
    """
    Return a table with every column in its declared dtype.

    Nulls of text, decimals and dates are None, those of numbers NaN. Every reader ends with this.

    Raises
    ------
    KeyError
        If a column is not declared in `study.vocabulary.columns`.
    ValueError
        If a column that is never null holds a null.

    Examples
    --------
    >>> frame = typed(pd.DataFrame({"zone_id": ["a", float("nan")], "row": [2.0, 3.0]}))
    >>> frame["zone_id"].tolist(), frame["row"].tolist(), frame.dtypes.map(str).tolist()
    (['a', None], [2, 3], ['object', 'int64'])
    """
    made = {name: _column(frame[name]) for name in frame.columns if not _fits(frame[name])}
    return frame.assign(**made) if made else frame


def _fits(column: pd.Series) -> bool:
    """Return whether a column is as declared; the values of object columns are checked."""
    wanted = DTYPES[kind_of(str(column.name))]
    if wanted == "geometry":
        return True
    if wanted != "object" or column.dtype != object:
        return column.dtype == wanted
    lost = column.isna()
    return not lost.any() or all(one is None for one in column[lost])


def _column(column: pd.Series) -> pd.Series:
    """Make a column of the declared dtype."""
    wanted = DTYPES[kind_of(str(column.name))]
    if wanted != "object":
        return pd.Series(column.to_numpy(np.dtype(wanted)), index=column.index)
    values = column.to_numpy(dtype=object, copy=True)
    values[column.isna().to_numpy()] = None
    return pd.Series(values, index=column.index, dtype=object)
