"""What the numbers in a raster of people mean: scale, nodata, rounding residue and densities."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from circle15.errors import InputDataError
from circle15.study.names import half_width

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.arrays import Floats


DUST: Final = 1e-6
"""Values below 0 by no more than this are residue of resampling cells without people."""
MOST_PER_KM2: Final = 1_000_000.0
"""No place has more people per km² than this; it is 10,000 people on a hectare."""
LEAST_AREA_M2: Final = 10_000.0
"""Smaller cells may hold a whole tower block: they are judged as if they had this size."""
_FEWEST_CELLS: Final = 3
_MANY: Final = 0.1  # of the cells that are not 0
_EXACT: Final = 2.0**53

_LIMITS: Final = (255, 32_767, 65_535, 2**31 - 1, 2**32 - 1, 2**63 - 1, 2**64 - 1)
_NINES: Final = tuple(10**k - 1 for k in range(3, 19))
# WorldPop's densities are `chn_pd_2020_1km.tif`; others state it in the name, the unit or a tag.
_DENSITY_STEMS = r"密度|densit|densid|dichte|плотност|popdens|popden(?![a-z])"
_DENSITY_NAME = re.compile(rf"(^|[_\W\d])(pd|dens|den)($|[_\W\d])|{_DENSITY_STEMS}", re.I)
_DENSITY_WORDS = re.compile(
    rf"{_DENSITY_STEMS}|per\s+(sq|km|hectare|ha\b)|/\s*(sq|km|ha\b)|km\s*\^?-2|人/|每(平方|公顷|公頃)",
    re.I,
)


class Scale:
    """
    The scale and offset of a band: cell × scale + offset.

    Cells that are integers are scaled as decimals: 10 × 0.1 is 1 and 3 × 0.1 is 0.3.
    """

    def __init__(self, scale: float, offset: float, *, integers: bool) -> None:
        self.plain = (scale, offset) == (1.0, 0.0)
        self._scale, self._offset = scale, offset
        factor, added = Fraction(_decimal(scale)), Fraction(_decimal(offset))
        whole = factor.denominator * added.denominator
        self._parts = (float(factor * whole), float(added * whole), float(whole))
        self._exact = integers and max(map(abs, self._parts)) < _EXACT

    def apply(self, values: Floats) -> Floats:
        """Return the scaled values."""
        if self.plain:
            return values
        factor, added, whole = self._parts
        if self._exact and np.abs(values).max(initial=0.0) * abs(factor) + abs(added) < _EXACT:
            return np.asarray((values * factor + added) / whole)
        return np.asarray(values * self._scale + self._offset)


def _decimal(number: float) -> Decimal:
    """Return the intended decimal; some files hold scales in single precision."""
    single = np.float32(number) if abs(number) < 3e38 else np.float32(0)
    return Decimal(str(single) if float(single) == number else repr(float(number)))


class Suspects:
    """Counts the cells with values that usually mean nodata but are not declared."""

    def __init__(self, dtype: str) -> None:
        kind = np.dtype(dtype)
        whole = np.array([*_LIMITS, *_NINES], np.float64)
        own = np.iinfo(kind).max if kind.kind in "iu" else np.finfo(np.float32).max
        single = whole.astype(np.float32).astype(np.float64)
        self._values: Floats = np.unique(np.concatenate((whole, single, np.array([float(own)]))))
        self._least = float(self._values[0])
        self._cells: Counter[float] = Counter()
        self._filled = 0

    def note(self, values: Floats) -> None:
        """Count in some of the cells as the file holds them; nodata is 0."""
        self._filled += int(np.count_nonzero(values))
        high = values[values >= min(self._least, 127)]
        if len(high):
            found, times = np.unique(high[np.isin(high, self._values)], return_counts=True)
            self._cells.update(dict(zip(found.tolist(), times.tolist(), strict=True)))

    def refuse(self, path: Path) -> None:
        """Raise InputDataError where one of them fills many cells."""
        for value, cells in self._cells.most_common(1):
            if cells >= max(_FEWEST_CELLS, _MANY * self._filled):
                raise InputDataError(
                    f"{cells:,} of its {self._filled:,} cells that are not 0 hold {value:.17g}: "
                    "this is nodata that the file does not declare.",
                    file=path,
                    mend=f"Declare it: gdal_edit.py -a_nodata {value:.17g} {path.name}",
                )


def without_dust(values: Floats) -> tuple[Floats, int]:
    """Set values barely below 0 to 0; return the number of such cells too."""
    dust = (values < 0) & (values >= -DUST)
    return np.where(dust, 0.0, values), int(dust.sum())


def refuse_density(source: Any, path: Path) -> None:
    """Raise if a raster declares that its cells are people per area, which cannot be summed."""
    words = [*source.units, *source.descriptions, *source.tags().values(), *source.tags(1).values()]
    said = next((str(word) for word in words if word and _says(_DENSITY_WORDS, str(word))), None)
    if said is None and not _says(_DENSITY_NAME, path.stem):
        return
    raise InputDataError(
        f"declares that it holds a density ({(said or path.stem)[:60]}), not people.",
        file=path,
        mend='Add density = "km2" (or "ha", "m2") to the layer; "count" if its cells hold people.',
    )


def _says(pattern: re.Pattern[str], text: str) -> bool:
    """Search a text in which capitals inside words begin new words: PopDens is pop_dens."""
    plain = half_width(text)
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", plain)
    return any(pattern.search(one) is not None for one in (plain, split))
