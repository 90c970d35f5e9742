"""Collect the results of the studies of a batch, one after the other, and write the province."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.errors import Circle15Error
from circle15.inputs.files.source_files import sha256
from circle15.output.document.write_faults import disk_faults_named
from circle15.output.province.home_parts import home_columns, write_homes
from circle15.output.province.page import province_page
from circle15.output.province.workbook import write_province_workbook
from circle15.results.province.kept_districts import KeptDistrict
from circle15.results.province.overlapping_areas import overlapping_areas, people_inside
from circle15.results.province.remarks import CountedTwice
from circle15.results.province.rolling_up import province_of
from circle15.results.summary.json_text import to_json
from circle15.study.vocabulary import columns as c
from circle15.workflow.batch.kept_studies import (
    hull_of,
    outline_of,
    read_homes,
    read_kept_study,
)
from circle15.workflow.batch.part_files import place_part, remove_other_parts
from circle15.workflow.batch.province_names import HOMES, PAGE, PART, PROVINCE, WORKBOOK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from circle15.results.province.overlapping_areas import AreaOverlap
    from circle15.results.province.province_entries import HomesFile, MissingStudy, Province
    from circle15.study.languages import Language
    from circle15.workflow.batch.given_studies import GivenStudy
    from circle15.workflow.batch.kept_studies import KeptStudy
    from circle15.workflow.batch.tasks import Outcome
    from circle15.workflow.folders.held import ResultsFolder


@dataclass(frozen=True)
class _Read:
    """The homes of a study as they were written, and its people within each overlap."""

    part: HomesFile
    twice: Mapping[tuple[str, str], int]


def collect(
    given: Sequence[GivenStudy],
    outcomes: Mapping[str, Outcome],
    place: ResultsFolder,
    language: Language,
    languages: Mapping[str, Language],
) -> tuple[Province | None, list[MissingStudy]]:
    """
    Roll the results of the studies up and write the province.

    Parameters
    ----------
    given
        All studies of the batch.
    outcomes
        What became of each that was handed out, by name.
    place
        The locked folder of the batch.
    language
        Language of page and workbook.
    languages
        Language of the results of each study, by name.

    Returns
    -------
    The content of `province.json`, None if no study has results, and then nothing is written; and
    the studies without results.

    Raises
    ------
    OutsideError
        If the folder cannot be written.
    """
    kept, missing = _kept(given, outcomes)
    if not kept:
        return None, missing
    outlines, stated = _outlines(kept)
    overlaps = overlapping_areas(outlines)
    columns = home_columns([own.columns for own in kept], [_groups(own) for own in kept])
    read = {own.study.name: _write_part(own, columns, overlaps, place.path) for own in kept}
    remove_other_parts(place.path / HOMES, list(read))
    districts = [
        KeptDistrict(
            folder=os.path.relpath(own.folder, place.path).replace(os.sep, "/"),
            language=languages[own.study.name],
            summary=own.summary,
            sha256=own.sha256,
            code=own.code,
            homes=read[own.study.name].part,
            has_boundary=own.study.name in stated,
            categories=own.study.categories,
        )
        for own in kept
    ]
    twice = [
        CountedTwice(one.a, one.b, *(read[name].twice[one.a, one.b] for name in (one.a, one.b)))
        for one in overlaps
    ]
    inhabited = [one for one in twice if one.people_a or one.people_b]
    province = province_of(districts, missing, inhabited)
    lost = [one.settings for one in given if one.settings and one.settings.name not in read]
    without = {study.name: outline_of(study, kept[0].crs) for study in lost}
    _write(province, {**without, **outlines}, place, language)
    return province, missing


def _kept(
    given: Sequence[GivenStudy], outcomes: Mapping[str, Outcome]
) -> tuple[list[KeptStudy], list[MissingStudy]]:
    """Return the results that are there, and the studies without, each with the reason."""
    kept: list[KeptStudy] = []
    missing: list[MissingStudy] = []
    for one in given:
        if one.settings is None or one.fault is not None:
            missing.append(_missing(one, one.fault or "", one.exit_code))
            continue
        outcome = outcomes[one.settings.name]
        if outcome.state == "failed":
            missing.append(_missing(one, outcome.message, outcome.exit_code))
            continue
        try:
            kept.append(read_kept_study(one.settings, outcome))
        except Circle15Error as error:
            missing.append(_missing(one, str(error), error.exit_code))
    return kept, missing


def _outlines(kept: Sequence[KeptStudy]) -> tuple[dict[str, BaseGeometry], set[str]]:
    """Return the area of each study where it is known, and the names of those that state one."""
    found: dict[str, BaseGeometry] = {}
    stated = {own.study.name for own in kept if own.study.area.boundary is not None}
    for own in kept:
        shape = outline_of(own.study, own.crs)
        shape = hull_of(read_homes(own)) if shape is None else shape
        if shape is not None:
            found[own.study.name] = shape
    return found, stated


def _missing(one: GivenStudy, message: str, code: int) -> MissingStudy:
    settings = one.settings
    return {
        "file": str(one.file),
        "name": None if settings is None else settings.name,
        "title": None if settings is None else settings.title,
        "message": " ".join(message.split()),
        "exit_code": 2 if code == 2 else 3,
    }


def _groups(one: KeptStudy) -> list[str]:
    return [row["group"] for row in one.summary["population"]]


def _write_part(
    one: KeptStudy, columns: Mapping[str, str], overlaps: Sequence[AreaOverlap], out: Path
) -> _Read:
    """Write the homes of a study into its partition; count the people in each overlap."""
    homes = read_homes(one)
    name = one.study.name
    folder = out / HOMES / f"study={name}"
    with place_part(folder, PART) as draft, disk_faults_named(draft):
        write_homes(homes, columns, _groups(one), draft)
    part: HomesFile = {
        "file": f"{HOMES}/{folder.name}/{PART}",
        "sha256": sha256(folder / PART),
        "rows": len(homes),
    }
    mine = [overlap for overlap in overlaps if name in {overlap.a, overlap.b}]
    return _Read(part, {(o.a, o.b): _people_in(o.shape, homes, one) for o in mine})


def _people_in(shape: BaseGeometry, homes: gpd.GeoDataFrame, one: KeptStudy) -> int:
    """Return the micro-persons of the judged group inside the study's area and a shape."""
    inside = homes[homes[c.IN_AREA]]
    lon, lat = shapely.get_coordinates(inside.geometry).T
    persons = inside[one.summary["parameters"]["group"]].to_numpy(np.float64)
    return people_inside(shape, lon, lat, np.rint(persons * c.MICRO).astype(np.int64))


def _write(
    province: Province,
    outlines: Mapping[str, BaseGeometry | None],
    place: ResultsFolder,
    language: Language,
) -> None:
    with place.replacing() as folder:
        (folder / PAGE).write_bytes(province_page(province, outlines, language).encode())
        write_province_workbook(province, folder / WORKBOOK, language)
        (folder / PROVINCE).write_bytes(to_json(province).encode())
