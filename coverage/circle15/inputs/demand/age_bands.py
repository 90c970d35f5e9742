"""Check the age and sex classes in WorldPop's file names against the demand group.

Two naming schemes are in use: `chn_m_60_2020.tif` of Global1, whose last class is 80 and over, and
`chn_m_60_2020_CN_100m_R2025A_v1.tif`, whose last class is 90 and over and which adds files of both
sexes (`t`). Files with other names are summed without a check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from circle15.study.settings.records import DemandLayer

_NAME = re.compile(
    r"(?P<country>[a-z]{3})_(?P<sex>[mft])_(?P<age>\d{1,2})(?:_(?P<year>\d{4}))?(?P<series>_.*)?",
    re.IGNORECASE,
)
_RELEASE = re.compile(r"_R20\d\d[A-Z]", re.IGNORECASE)  # releases with classes up to 90 and over
_LAST_OLD: Final = 80
_CLASSES: Final = (0, 1, *range(5, 95, 5))
_FROM_AGE: Final = {"total": 0, "p60": 60, "p65": 65, "p70": 70, "p80": 80}
_YOUNGEST: Final = "p0_3"  # the classes 0 and 1 hold the ages 0 to 4


@dataclass(frozen=True, slots=True)
class _Band:
    """The parts of a file name; `series` follows the year: resolution and release."""

    file: Path
    country: str
    sex: str
    age: int
    year: int | None
    series: str

    @property
    def name(self) -> str:
        return f"{self.sex}_{self.age:02d}"


def check_age_bands(layer: DemandLayer) -> list[Finding]:
    """
    Check that the rasters of a group are exactly its classes, each once.

    Parameters
    ----------
    layer
        Its `raster` and `group`; files without a name in WorldPop's schemes are not checked.

    Returns
    -------
    A warning where a year differs from the layer's, where only some names could be checked, or
    where classes include more ages than the group.

    Raises
    ------
    InputDataError
        If a file or class occurs twice, files of both sexes are mixed with those of one, one sex is
        missing, a class is missing or does not belong to the group, or countries, years or series
        are mixed.
    """
    for k, path in enumerate(layer.raster):
        if path in layer.raster[:k]:
            raise InputDataError("is given twice.", file=path, mend="Name each raster once.")
    bands = [band for path in layer.raster if (band := _band(path)) is not None]
    if not bands:
        return []
    _refuse_mixed(bands)
    _refuse_doubles(bands)
    _require_classes(bands, layer)
    return _warnings(bands, layer)


def _band(path: Path) -> _Band | None:
    match = _NAME.fullmatch(path.stem)
    if match is None or int(match["age"]) not in _CLASSES:
        return None
    year = int(match["year"]) if match["year"] else None
    series = (match["series"] or "").casefold()
    return _Band(
        path, match["country"].casefold(), match["sex"].casefold(), int(match["age"]), year, series
    )


def _refuse_mixed(bands: Sequence[_Band]) -> None:
    first = bands[0]
    for band in bands[1:]:
        for what, one, other in (
            ("country", first.country, band.country),
            ("year", first.year, band.year),
            ("resolution and release", first.series, band.series),
        ):
            if one != other:
                raise InputDataError(
                    f"has another {what} than {first.file.name}, by its name.",
                    file=band.file,
                    mend="Take all classes from one download.",
                )


def _refuse_doubles(bands: Sequence[_Band]) -> None:
    seen: dict[str, _Band] = {}
    for band in bands:
        if band.name in seen:
            raise InputDataError(
                f"is the class {band.name}, as is {seen[band.name].file.name}: its people would "
                "count twice.",
                file=band.file,
                mend="Name each class once.",
            )
        seen[band.name] = band
    both = next((band for band in bands if band.sex == "t"), None)
    single = next((band for band in bands if band.sex != "t"), None)
    if both is not None and single is not None:
        raise InputDataError(
            f"holds both sexes, and {single.file.name} one of them: people would count twice.",
            file=both.file,
            mend="Give the files of m and f, or only those of t.",
        )


def _require_classes(bands: Sequence[_Band], layer: DemandLayer) -> None:
    file, group = bands[0].file, layer.group
    if group not in _FROM_AGE and group != _YOUNGEST:
        raise InputDataError(
            f"counts people of an age class by its name, not {group}.",
            file=file,
            mend="Correct the group of the layer.",
        )
    # Without a release in the names, a class above 80 or files of both sexes show the new scheme.
    new = any(_RELEASE.search(b.series) or b.age > _LAST_OLD or b.sex == "t" for b in bands)
    classes = [age for age in _CLASSES if new or age <= _LAST_OLD]
    wanted = [0, 1] if group == _YOUNGEST else [a for a in classes if a >= _FROM_AGE[group]]
    sexes = ("t",) if any(band.sex == "t" for band in bands) else ("f", "m")
    needed = {f"{sex}_{age:02d}" for sex in sexes for age in wanted}
    have = {band.name for band in bands}
    foreign = next((band for band in bands if band.name not in needed), None)
    if foreign is not None:
        raise InputDataError(
            f"is the class {foreign.name}, which is not in the group '{group}'.",
            file=foreign.file,
            mend=f"Its classes: {', '.join(f'{age:02d}' for age in wanted)}.",
        )
    lacking = sorted(needed - have)
    if lacking and len(bands) == len(layer.raster):  # a file of another name may hold the rest
        raise InputDataError(
            f"is one of {len(bands)} classes of the group '{group}', which has {len(needed)}; "
            f"missing: {', '.join(lacking)}.",
            file=file,
            mend="Name all of them.",
        )


def _warnings(bands: Sequence[_Band], layer: DemandLayer) -> list[Finding]:
    file = bands[0].file.name
    findings = []
    if layer.year is not None and bands[0].year not in {None, layer.year}:
        detail = {"named": str(bands[0].year), "year": str(layer.year)}
        findings.append(Finding("RASTER_YEAR_DIFFERS", "warning", file, detail=detail))
    if len(bands) < len(layer.raster):
        other = [p.name for p in layer.raster if p not in {band.file for band in bands}]
        detail = {"files": ", ".join(other), "group": layer.group}
        findings.append(Finding("AGE_BANDS_UNCHECKED", "warning", file, detail=detail))
    if layer.group == _YOUNGEST:
        findings.append(Finding("AGE_BANDS_WIDER", "warning", file, detail={"ages": "0–4"}))
    return findings
