"""
Results of stages as JSON and arrays of numbers, and back: no pickle, so reading runs no code.

Records are those of circle15; every value comes back with its type, and an object that occurs
twice comes back as one. What is of no known kind is not packed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine
from geopandas.array import GeometryDtype
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from circle15.network.walk_network import WalkNetwork
from circle15.workflow.cache.object_arrays import (
    as_objects,
    kinds_of,
    shapes_again,
    shapes_apart,
    words_again,
    words_apart,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Array = npt.NDArray[Any]
    Arrays = list[Array]

ROOM: Final = "circle15."
FEW: Final = 16
"""Shorter lists are kept as JSON."""
DERIVED: Final[dict[type, tuple[str, ...]]] = {
    WalkNetwork: ("edge_grid", "openings", "component", "exits", "low_barriers")
}
"""Properties of records that are computed once and kept with them."""
_PLAIN: Final = frozenset({type(None), bool, int, float, str})
_TEXTS: Final[dict[str, type]] = {
    "path": Path,
    "decimal": Decimal,
    "fraction": Fraction,
    "date": dt.date,
}
_ISO: Final = "date"


class UnknownKindError(TypeError):
    """A value is of a kind that is not packed."""


class Packer:
    """Packs values; their arrays are in `arrays`."""

    def __init__(self) -> None:
        self.arrays: Arrays = []
        self._seen: dict[int, tuple[int, Any]] = {}

    def pack(self, value: Any) -> Any:
        """
        Return a value as JSON can hold it.

        Raises
        ------
        UnknownKindError
            If it holds something of no known kind.
        """
        kind = type(value)
        if kind in _PLAIN:
            return value
        for name, of in _TEXTS.items():
            if kind is of or (name == "path" and isinstance(value, Path)):
                return [name, value.isoformat() if name == _ISO else str(value)]
        if kind in {list, tuple, set, frozenset}:
            members = sorted(value, key=repr) if kind in {set, frozenset} else value
            return [kind.__name__, self._members(members)]
        if kind is dict:
            return ["dict", self._members(list(value)), self._members(list(value.values()))]
        if isinstance(value, Enum):
            return ["member", _name_of(kind), value.value]
        if isinstance(value, np.generic) and not isinstance(value, np.void):
            return ["number", self._array(np.array(value))]
        if kind is Affine:
            return ["affine", list(value)[:6]]
        if isinstance(value, CRS):
            if CRS.from_user_input(value.srs) != value:
                raise UnknownKindError("CRS without a text of its own")
            return ["crs", value.srs]
        return self._once(value)

    def _once(self, value: Any) -> Any:
        """Pack an object, or refer to it if it has been packed before."""
        if id(value) in self._seen:
            return ["same", self._seen[id(value)][0]]
        number = len(self._seen)
        self._seen[id(value)] = number, value  # which keeps it, so that no other gets its id
        if isinstance(value, BaseGeometry):
            return ["shape", number, self._objects(as_objects([value]))]
        if isinstance(value, np.ndarray):
            return ["array", number, self._any_array(value)]
        if isinstance(value, pd.DataFrame):
            return ["frame", number, self._frame(value)]
        if is_dataclass(value):
            kind = type(value)
            own = {one.name: self.pack(getattr(value, one.name)) for one in fields(value)}
            there = getattr(value, "__dict__", {})
            known = [name for name in DERIVED.get(kind, ()) if name in there]
            return ["record", number, _name_of(kind), own | {n: self.pack(there[n]) for n in known}]
        raise UnknownKindError(type(value).__qualname__)

    def _members(self, values: Sequence[Any]) -> Any:
        """Pack the members of a list: many of one kind as an array."""
        kinds = {type(one) for one in values} if len(values) >= FEW else set()
        if kinds in ({int}, {float}):
            try:
                return {"numbers": self._array(np.array(values, int if int in kinds else float))}
            except OverflowError:  # whole numbers of more than 64 bits
                return [self.pack(one) for one in values]
        if kinds and kinds <= {str, type(None)}:
            return {"objects": self._objects(as_objects(values))}
        return [self.pack(one) for one in values]

    def _array(self, array: Array) -> int:
        self.arrays.append(array)
        return len(self.arrays) - 1

    def _any_array(self, array: Array) -> Any:
        if type(array) is not np.ndarray:
            raise UnknownKindError(type(array).__qualname__)
        if array.dtype.hasobject:
            if array.dtype != object:
                raise UnknownKindError(str(array.dtype))
            return [list(array.shape), self._objects(array.ravel())]
        return self._array(array)

    def _objects(self, values: npt.NDArray[np.object_]) -> Any:
        """Pack an array of objects of one dimension: words, geometries, or anything else."""
        kinds = kinds_of(values) - {type(None)}
        if len(values) >= FEW and all(issubclass(one, str | Decimal) for one in kinds):
            keys = [(type(one), str(one)) for one in values.tolist()]
            number = {key: k for k, key in enumerate(dict.fromkeys(keys))}
            if len(number) * 4 < len(values) or kinds != {str}:
                first = {number[key]: one for key, one in zip(keys, values.tolist(), strict=True)}
                codes = np.array([number[key] for key in keys], np.int64)
                return ["codes", self._array(codes), [self.pack(first[k]) for k in sorted(first)]]
        how, parts = "each", None
        if kinds == {BaseGeometry}:
            how, parts = "shapes", shapes_apart(values)
            if parts is None:
                raise UnknownKindError("a geometry that WKB does not hold")
        elif kinds == {str}:
            how, parts = "words", words_apart(values)
        if parts is None:
            return ["each", [self.pack(one) for one in values]]
        return [how, len(values), [None if one is None else self._array(one) for one in parts]]

    def _frame(self, frame: pd.DataFrame) -> Any:
        kind = type(frame)
        if kind not in {pd.DataFrame, gpd.GeoDataFrame} or not frame.columns.is_unique:
            raise UnknownKindError(kind.__qualname__)
        columns = [[self.pack(name), self._column(frame[name])] for name in frame.columns]
        active = frame.active_geometry_name if kind is gpd.GeoDataFrame else None
        names = str(frame.columns.dtype)
        if frame.columns.name is not None or frame.index.name is not None:
            raise UnknownKindError("index with a name")
        return [
            kind is gpd.GeoDataFrame,
            columns,
            names,
            self._index(frame.index),
            active,
            self.pack(dict(frame.attrs)),
        ]

    def _column(self, column: pd.Series) -> Any:
        if isinstance(column.dtype, GeometryDtype):
            values = np.asarray(column.array, dtype=object)
            return ["geometry", self._objects(values), self.pack(column.crs)]
        if not isinstance(column.dtype, np.dtype):
            raise UnknownKindError(str(column.dtype))
        return ["values", self.pack(column.to_numpy())]

    def _index(self, index: pd.Index) -> Any:
        if isinstance(index, pd.RangeIndex):
            return [index.start, index.stop, index.step]
        if type(index) is not pd.Index or not isinstance(index.dtype, np.dtype):
            raise UnknownKindError(type(index).__qualname__)
        return [self.pack(index.to_numpy())]


class Unpacker:
    """Unpacks what `Packer` packed, over its arrays."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self._seen: dict[int, Any] = {}

    def unpack(self, packed: Any) -> Any:
        """
        Return a packed value.

        Raises
        ------
        Exception
            Of any kind, if it is not what `Packer` packed.
        """
        if not isinstance(packed, list):
            return packed
        tag, *rest = packed
        match tag:
            case "list" | "tuple" | "set" | "frozenset":
                kind = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[tag]
                return kind(self._members(rest[0]))
            case "dict":
                return dict(zip(self._members(rest[0]), self._members(rest[1]), strict=True))
            case "member":
                return _class_of(rest[0], Enum)(rest[1])
            case "number":
                return self._arrays[rest[0]][()]
            case "affine":
                return Affine(*rest[0])
            case "crs":
                return CRS.from_user_input(rest[0])
            case "date":
                return dt.date.fromisoformat(rest[0])
            case "path" | "decimal" | "fraction":
                return _TEXTS[tag](rest[0])
            case "same":
                return self._seen[rest[0]]
        number, *rest = rest
        found = self._object(tag, rest)
        self._seen[number] = found
        return found

    def _object(self, tag: str, rest: list[Any]) -> Any:
        match tag:
            case "shape":
                return self._objects(rest[0])[0]
            case "array" if isinstance(rest[0], int):
                return self._arrays[rest[0]]
            case "array":
                shape, objects = rest[0]
                return self._objects(objects).reshape(shape)
            case "frame":
                return self._frame(rest[0])
            case "record":
                made = object.__new__(_class_of(rest[0], object))
                names = {one.name for one in fields(made)}
                for name, value in rest[1].items():
                    if name in names:
                        object.__setattr__(made, name, self.unpack(value))
                    else:  # where `cached_property` looks
                        made.__dict__[name] = self.unpack(value)
                return made
        raise ValueError(tag)

    def _members(self, packed: list[Any] | dict[str, Any]) -> list[Any]:
        if isinstance(packed, dict):
            many = self._arrays[packed["numbers"]] if "numbers" in packed else None
            found: list[Any] = (self._objects(packed["objects"]) if many is None else many).tolist()
            return found
        return [self.unpack(one) for one in packed]

    def _objects(self, packed: list[Any]) -> npt.NDArray[np.object_]:
        how, *rest = packed
        match how:
            case "each":
                return as_objects([self.unpack(one) for one in rest[0]])
            case "codes":
                few = as_objects([self.unpack(one) for one in rest[1]])
                return np.asarray(few[self._arrays[rest[0]]])
            case "words" | "shapes":
                parts = [None if one is None else self._arrays[one] for one in rest[1]]
                return (words_again if how == "words" else shapes_again)(parts, rest[0])
        raise ValueError(how)

    def _frame(self, packed: list[Any]) -> pd.DataFrame:
        is_geographic, columns, names, index, active, attrs = packed
        if len(index) == 1:
            labels = self.unpack(index[0])
            rows = pd.Index(labels, dtype=labels.dtype)
        else:
            rows = pd.RangeIndex(*index)
        series = [self._column(column, rows) for _, column in columns]
        frame = pd.DataFrame(dict(enumerate(series)), index=rows, copy=False)
        frame.columns = pd.Index([self.unpack(name) for name, _ in columns], dtype=names)
        if is_geographic:
            frame = gpd.GeoDataFrame(frame, geometry=active)
        frame.attrs = self.unpack(attrs)
        return frame

    def _column(self, packed: list[Any], index: pd.Index) -> pd.Series:
        if packed[0] == "geometry":
            shapes = gpd.array.GeometryArray(self._objects(packed[1]), crs=self.unpack(packed[2]))
            found: pd.Series = gpd.GeoSeries(shapes, index=index)
            return found
        values = self.unpack(packed[1])
        plain: pd.Series = pd.Series(values, index=index, dtype=values.dtype, copy=False)
        return plain


def _name_of(kind: type) -> str:
    if not kind.__module__.startswith(ROOM) or "." in kind.__qualname__:
        raise UnknownKindError(f"{kind.__module__}.{kind.__qualname__}")
    return f"{kind.__module__}:{kind.__qualname__}"


def _class_of(name: str, wanted: type) -> Any:
    module, _, own = name.partition(":")
    if not module.startswith(ROOM):
        raise ValueError(name)
    found = getattr(import_module(module), own)
    if not (isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum))):
        raise TypeError(name)
    if not issubclass(found, wanted):
        raise TypeError(name)
    return found
