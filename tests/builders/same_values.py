"""Whether two values are the same to the last bit, with the types of all that they hold."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

LEFT_OUT = frozenset({"sources", "questions", "scenarios"})
"""Fields of the inputs of a study that hold times of files, and functions."""


def require_same(a: Any, b: Any, place: str = "") -> None:
    """Fail with the place of the first difference."""
    assert type(a) is type(b), (place, type(a), type(b))
    if isinstance(a, pd.DataFrame):
        assert a.columns.equals(b.columns), place
        assert a.columns.dtype == b.columns.dtype, place
        assert a.dtypes.map(str).tolist() == b.dtypes.map(str).tolist(), place
        assert type(a.index) is type(b.index), place
        assert a.index.identical(b.index), place
        assert getattr(a, "crs", None) == getattr(b, "crs", None), place
        for name in a.columns:
            require_same(np.asarray(a[name]), np.asarray(b[name]), f"{place}[{name}]")
    elif isinstance(a, np.ndarray):
        assert (a.dtype, a.shape) == (b.dtype, b.shape), (place, a.dtype, b.dtype)
        assert b.flags.writeable >= a.flags.writeable, place
        if a.dtype == object:
            for k, (one, other) in enumerate(zip(a.ravel(), b.ravel(), strict=True)):
                require_same(one, other, f"{place}[{k}]")
        else:
            assert a.tobytes() == b.tobytes(), place
    elif isinstance(a, BaseGeometry):
        assert shapely.to_wkb(a) == shapely.to_wkb(b), place
    elif is_dataclass(a):
        for one in fields(a):
            if one.name not in LEFT_OUT:
                mine, others = getattr(a, one.name), getattr(b, one.name)
                require_same(mine, others, f"{place}.{one.name}")
    elif isinstance(a, dict):
        require_same(list(a), list(b), f"{place} keys")
        for key in a:
            require_same(a[key], b[key], f"{place}[{key!r}]")
    elif isinstance(a, list | tuple):
        assert len(a) == len(b), place
        for k, (one, other) in enumerate(zip(a, b, strict=True)):
            require_same(one, other, f"{place}[{k}]")
    elif isinstance(a, float | np.floating):
        assert np.float64(a).tobytes() == np.float64(b).tobytes(), (place, a, b)
    else:
        assert a == b, (place, a, b)
