"""Verify results: whole and unaltered, of these inputs, and found again by another run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle15.errors import InputDataError, MissingFileError
from circle15.results.summary.building import build_summary
from circle15.results.summary.json_text import to_json
from circle15.study.names import readable_name
from circle15.workflow.checking import settings_of
from circle15.workflow.folders.result_names import RECORD, SUMMARY
from circle15.workflow.pipeline import run_study
from circle15.workflow.reading import silent
from circle15.workflow.reruns.history import altered_runs
from circle15.workflow.reruns.run_record import altered, code_of, read_sealed
from circle15.workflow.reruns.standing import changed_since

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.study.settings.records import Study


@dataclass(frozen=True)
class Verification:
    """
    What `verify` has found.

    Attributes
    ----------
    folder
        The results folder.
    finished
        When the run ended, UTC, in the ISO form; None if its record was altered.
    code
        Code of the numbers, such as `7Q2M-0XKD`; None without `summary.json`.
    files
        Number of files that are as the run wrote them.
    faults
        What is not as the run wrote it, or is of other numbers; empty if nothing is.
    changed
        What a run would read now that is not what this one read, program included; None if no
        study was given.
    same_numbers
        Whether the study was computed again with the same numbers; None if it was not.
    """

    folder: Path
    finished: str | None
    code: str | None
    files: int
    faults: tuple[str, ...]
    changed: tuple[str, ...] | None = None
    same_numbers: bool | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing was found that speaks against the results."""
        return not self.faults and not self.changed and self.same_numbers is not False


def verify(
    folder: Path | str,
    *,
    study: Study | Path | str | None = None,
    rerun: bool = False,
    code: str | None = None,
    report: Callable[[str], None] | None = None,
) -> Verification:
    """
    Verify the results in a folder: whole, unaltered, and of the inputs at hand.

    Parameters
    ----------
    folder
        Results folder of `run`.
    study
        The study with its inputs; without it only the folder is looked at.
    rerun
        Also compute the study again, in memory, and compare all numbers (`summary.json`).
    code
        Code on a printed report, to be compared with that of the numbers.
    report
        Called with the name of each stage of `rerun` as it begins.

    Returns
    -------
    What was found; `holds` says whether the results stand.

    Raises
    ------
    MissingFileError
        If the folder holds no results of a run.
    InputDataError
        If `rerun` is asked for without a study, or an input cannot be used.

    Examples
    --------
    >>> import circle15 as c15
    >>> found = c15.verify("maps/liangxi-sample")  # doctest: +SKIP
    >>> found.holds, found.code  # doctest: +SKIP
    (True, '7Q2M-0XKD')
    """
    place = readable_name(Path(folder))
    if rerun and study is None:
        raise InputDataError("needs a study.", file="--rerun", mend="Name it with --study.")
    if not (place / RECORD).is_file():
        raise MissingFileError(
            f"is not a results folder: it has no {RECORD}.",
            file=place,
            mend="Give the folder that `circle15 run STUDY --out DIR` wrote.",
        )
    settings = None if study is None else settings_of(study)
    record = read_sealed(place)
    own = code_of(place)
    if record is None:
        faults = [f"{RECORD} has been altered, or is of an older version"]
        return Verification(place, None, own, 0, tuple(faults + _of_code(code, own)))
    wrong = altered(place, record)
    faults = [*wrong, *altered_runs(place), *_of_code(code, own)]
    return Verification(
        folder=place,
        finished=str(record.get("finished")),
        code=own,
        files=len(record["files"]) + 1 - len([one for one in wrong if "not of this" not in one]),
        faults=tuple(faults),
        changed=None if settings is None else tuple(_changed(record, settings)),
        same_numbers=_again(settings, place, report) if rerun and settings is not None else None,
    )


def _of_code(code: str | None, own: str | None) -> list[str]:
    if code is None or _plain(code) == _plain(own or ""):
        return []
    return [f"the code {code} is not that of these numbers, which is {own or 'missing'}"]


def _plain(code: str) -> str:
    """Return a code without what people add or mix up when they copy it."""
    return code.upper().replace("-", "").replace(" ", "").translate(str.maketrans("OIL", "011"))


def _changed(record: dict[str, Any], study: Study) -> list[str]:
    before = record.get("fingerprint")
    if not isinstance(before, dict):
        return ["the run could not know all that it read"]
    return changed_since(before, study)


def _again(study: Study, folder: Path, report: Callable[[str], None] | None) -> bool:
    """Compute a study and compare its numbers with those in a folder."""
    found = to_json(build_summary(run_study(study, report=report or silent)))
    try:
        return (folder / SUMMARY).read_bytes() == found.encode()
    except OSError:
        return False
