"""Verify results: whole and unaltered, of these inputs, and found again by another run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from circle15.errors import InputDataError, MissingFileError
from circle15.results.summary.building import build_summary
from circle15.results.summary.json_text import to_json
from circle15.study.messages import say
from circle15.study.names import readable_name
from circle15.workflow.checking import settings_of
from circle15.workflow.folders.result_names import RECORD, SUMMARY
from circle15.workflow.pipeline import run_study
from circle15.workflow.reading import silent
from circle15.workflow.reruns.fingerprint import kept_fingerprint
from circle15.workflow.reruns.history import altered_runs
from circle15.workflow.reruns.run_record import (
    altered,
    altered_log,
    code_of,
    is_unaltered_file,
    read_sealed,
)
from circle15.workflow.reruns.sheets import Sheets, changed_inputs, code_faults, sheets_in
from circle15.workflow.reruns.standing import changed_since

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.study.languages import Language
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
    language
        Language of these words.
    kind
        What the folder holds: results of a run, sheets of zones, or a comparison. Of one that
        holds several it is the one of the code that was asked for, else the run.
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
    language: Language
    kind: Literal["run", "zones", "comparison"] = "run"
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
    language: Language | None = None,
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
    language
        `zh` or `en`, for what was found; by default that of the results.
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
    of_sheets = sheets_in(place, code, language)
    if of_sheets is not None:
        if rerun:
            raise InputDataError(
                "is for results of a run.", file="--rerun", mend="Run `zones` or `compare` again."
            )
        return _of_sheets(place, of_sheets, None if study is None else settings_of(study))
    if not (place / RECORD).is_file():
        raise MissingFileError(
            f"is not a results folder: it has no {RECORD}.",
            file=place,
            mend="Give the folder that `circle15 run STUDY --out DIR` wrote.",
        )
    settings = None if study is None else settings_of(study)
    record = read_sealed(place)
    own = code_of(place)
    words = language or _language_of(record)
    if record is None:
        faults = [say("verify.record_altered", words, file=RECORD), *code_faults(code, own, words)]
        return Verification(place, None, own, 0, tuple(faults), words)
    wrong = altered(place, record, words)
    return Verification(
        folder=place,
        finished=str(record.get("finished")),
        code=own,
        files=1 + sum(is_unaltered_file(place, name, record) for name in record["files"]),
        faults=(
            *wrong,
            *altered_log(place, record, words),
            *altered_runs(place, words),
            *code_faults(code, own, words),
        ),
        language=words,
        changed=None if settings is None else tuple(_changed(record, settings, words)),
        same_numbers=_again(settings, place, report) if rerun and settings is not None else None,
    )


def _of_sheets(folder: Path, found: Sheets, study: Study | None) -> Verification:
    changed = None
    if study is not None and found.inputs is not None:
        changed = changed_inputs(found.inputs, study.file.parent, found.language)
    return Verification(
        folder=folder,
        finished=None,
        code=found.code,
        files=found.files,
        faults=(*found.faults,),
        language=found.language,
        kind=found.kind,
        changed=None if changed is None else tuple(changed),
    )


def _language_of(record: dict[str, Any] | None) -> Language:
    """Return the language of results; Chinese where they do not say."""
    found = (record or {}).get("fingerprint")
    return "en" if isinstance(found, dict) and found.get("language") == "en" else "zh"


def _changed(record: dict[str, Any], study: Study, words: Language) -> list[str]:
    before = kept_fingerprint(record)
    if before is None:
        return [say("verify.no_fingerprint", words)]
    return changed_since(before, study, words)


def _again(study: Study, folder: Path, report: Callable[[str], None] | None) -> bool:
    """Compute a study and compare its numbers with those in a folder."""
    found = to_json(build_summary(run_study(study, report=report or silent)))
    try:
        return (folder / SUMMARY).read_bytes() == found.encode()
    except OSError:
        return False
