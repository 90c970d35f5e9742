"""Write the files for geographic information systems and CAD that a study asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.gis.dxf import write_dxf
from circle15.output.gis.geodatabase import write_geodatabase
from circle15.output.gis.geopackage import write_geopackage
from circle15.output.gis.layers import result_layers, result_tables

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.results.records import StudyResult
    from circle15.study.languages import Language


def write_gis_files(
    result: StudyResult, folder: Path, language: Language, *, scratch: Path | None = None
) -> None:
    """
    Write `results.gpkg`, and `results.gdb.zip` and `results.dxf` if the study asks for them.

    Parameters
    ----------
    scratch
        Temporary folder in which a geodatabase is made; without it there is none.
    """
    layers = result_layers(result)
    write_geopackage(result, folder / "results.gpkg", language, layers=layers)
    if result.study.output.gdb and scratch is not None:
        path, tables = folder / "results.gdb.zip", result_tables(result)
        write_geodatabase(result, path, language, layers, tables, scratch=scratch)
    if result.study.output.dxf:
        write_dxf(result, folder / "results.dxf", language, layers)
