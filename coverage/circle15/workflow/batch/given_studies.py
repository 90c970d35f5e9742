"""The studies that a batch is given: read, named, and refused where two have one name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from circle15.errors import Circle15Error, InputDataError
from circle15.study.messages import say
from circle15.study.settings.reading import load_study
from circle15.workflow.batch.province_names import FILES, HOMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.study.languages import Language
    from circle15.study.settings.records import Study

_TAKEN: Final = frozenset(name.casefold() for name in (HOMES, *FILES))
"""Names that the folder of a batch has for its own files."""


@dataclass(frozen=True)
class GivenStudy:
    """
    A study of a batch.

    Attributes
    ----------
    file
        Its path as given.
    settings
        None if it cannot be read.
    fault
        Why it cannot be run; None if it can.
    exit_code
        That of the fault, 0 without.
    """

    file: Path
    settings: Study | None
    fault: str | None = None
    exit_code: int = 0


def given_studies(paths: Sequence[Path | str], language: Language) -> list[GivenStudy]:
    """
    Read the settings of the studies of a batch, in the order given; a file given twice counts once.

    Of several studies of one name none is run, as each would replace the results of the others.

    Parameters
    ----------
    paths
        Files of studies.
    language
        Language of the faults that this function finds.

    Raises
    ------
    InputDataError
        If no study is given.
    """
    files = list({_resolved(Path(path)): Path(path) for path in paths}.values())
    if not files:
        raise InputDataError("no study is given.", mend="Give the paths of study.toml files.")
    read = [_read(file) for file in files]
    by_name: dict[str, list[GivenStudy]] = {}
    for one in read:
        if one.settings is not None:
            by_name.setdefault(one.settings.name.casefold(), []).append(one)
    return [_named(one, by_name, language) for one in read]


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a loop of links, of which reading tells
        return path


def _read(file: Path) -> GivenStudy:
    try:
        return GivenStudy(file, load_study(file))
    except Circle15Error as error:
        return GivenStudy(file, None, " ".join(str(error).split()), error.exit_code)


def _named(one: GivenStudy, by_name: dict[str, list[GivenStudy]], language: Language) -> GivenStudy:
    """Return a study with a fault if its name is that of another, or of a file of the batch."""
    if one.settings is None:
        return one
    name = one.settings.name
    others = [str(same.file) for same in by_name[name.casefold()] if same is not one]
    if others:
        fault = say("batch.same_name", language, file=one.file, name=name, others=", ".join(others))
    elif name.casefold() in _TAKEN:
        fault = say("batch.taken_name", language, file=one.file, name=name)
    else:
        return one
    return GivenStudy(one.file, one.settings, fault, InputDataError.exit_code)
