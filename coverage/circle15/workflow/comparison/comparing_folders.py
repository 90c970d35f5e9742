"""Compare two results folders, and write the comparison."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from circle15.output.comparison.page import comparison_document
from circle15.output.comparison.workbook import write_comparison_workbook
from circle15.output.document.html import render_html
from circle15.results.difference.comparison import comparison_of
from circle15.results.summary.json_text import to_json
from circle15.workflow.comparison.last_two_runs import last_two
from circle15.workflow.comparison.results_folder import read_results
from circle15.workflow.folders.held import held
from circle15.workflow.folders.own_results import listed_by_compare
from circle15.workflow.reruns.sheet_codes import comparison_code

if TYPE_CHECKING:
    from circle15.results.difference.comparison_entries import Comparison
    from circle15.study.languages import Language

FILES: Final = ("compare.html", "compare.xlsx", "compare.json")
"""Files that a comparison writes."""


def compare(a: Path | str, b: Path | str | None = None) -> Comparison:
    """
    Return what changed from the results in one folder to those in another.

    The people covered in b less those in a are split into parts that add up to the micro-person:
    other people at homes of the state they had, and homes of another state, by cause, the first
    that holds: the site that covered them is closed or gone; that covers them is new or opened; is
    in another place; all else (streets, walking, parameters). Homes are matched by id; one that is
    in one result only counts as people. A gap and an unknown state both count as not covered.

    Parameters
    ----------
    a, b
        Results folders of `run`: before and after. Without `b` the last two runs of `a`, a results
        folder or a `study.toml` with results in `maps/`: the folder and the newest of its history.

    Returns
    -------
    The content of `compare.json`; `circle15 schema compare` describes its keys.

    Raises
    ------
    MissingFileError
        If one is no results folder, or keeps no earlier run.
    CrsError
        If the results are in different coordinate systems.
    InputDataError
        If files are damaged, of another schema or not of one run, or nothing can be compared.

    Examples
    --------
    >>> import circle15 as c15
    >>> change = c15.compare("results/2025-q3", "results/2025-q4")  # doctest: +SKIP
    """
    before, after = last_two(Path(a)) if b is None else (Path(a), Path(b))
    return comparison_of(read_results(before), read_results(after))


def write_comparison(found: Comparison, out: Path, language: Language) -> list[Path]:
    """
    Write a comparison into a folder, which is made if it is not there; return the files.

    Raises
    ------
    InputDataError
        If a file in the folder has the name of one and is no comparison.
    OutsideError
        If the folder cannot be written; earlier files stay unchanged.
    """
    with held(out, FILES, listed=listed_by_compare) as place:
        place.require_own()
        code = comparison_code(found)
        with place.replacing() as folder:
            document = comparison_document(found, language, code=code)
            (folder / "compare.html").write_bytes(render_html(document).encode())
            write_comparison_workbook(found, folder / "compare.xlsx", language, code=code)
            (folder / "compare.json").write_bytes(to_json(found).encode())
    return [out / name for name in FILES]
