"""Answer one question of a study on where new sites should go, and write what it proposes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from circle15.access.cohorts import Homes
from circle15.access.walks import Walks
from circle15.errors import InputDataError
from circle15.output.siting.files import candidates_csv, moved_csv, proposed_csv
from circle15.planning.proposals import SitingAnswer, answer
from circle15.planning.siting.locating import locate
from circle15.results.summary.siting import siting_entry
from circle15.results.summary.siting_entries import SitingEntry
from circle15.study.settings.records import Study
from circle15.study.settings.siting import Siting
from circle15.study.typed_toml.reader import nearest
from circle15.study.vocabulary.categories import known_categories
from circle15.workflow.checking import settings_of
from circle15.workflow.datum_check import refuse_wrong
from circle15.workflow.folders.pages import write_page
from circle15.workflow.reading import read_inputs, silent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle15.access.study_inputs import StudyInputs
    from circle15.study.vocabulary.finding import Finding

    Report = Callable[[str], None]


@dataclass(frozen=True)
class SitesOutcome:
    """
    What `propose_sites` returns.

    Attributes
    ----------
    answer
        The sites in order, whom each reaches, every candidate's gain, the bound.
    entry
        The same as it stands in `summary.json` under `siting`.
    findings
        What was found of the candidates.
    files
        Paths of what was written; empty if it was not said where to.
    """

    study: Study
    answer: SitingAnswer
    entry: SitingEntry
    findings: Sequence[Finding]
    files: Sequence[Path]


def propose_sites(
    study: Study | Path | str,
    *,
    name: str | None = None,
    category: str | None = None,
    add: int | None = None,
    out: Path | str | None = None,
    report: Report | None = None,
) -> SitesOutcome:
    """
    Find where the next sites of a category should go.

    Parameters
    ----------
    study
        Settings from `load_study`, or the path of a `study.toml`.
    name
        Of a table `[siting.NAME]` of the study; None takes the only one.
    category, add
        Instead of a name: add so many sites of a category, at points along the streets.
    out
        File for the proposed sites, a list of facilities which a study takes as it is. Beside it
        stand `<out>_candidates.csv`, every candidate with the people whom it would reach, and, if
        candidates cannot be joined to a street, `<out>_moved.csv`: the list of candidates again,
        with those at the nearest street.
    report
        Is told the name of each stage as it begins.

    Returns
    -------
    The answer, which is that of a run of the study.

    Raises
    ------
    InputDataError
        If an input cannot be used, or the question is none of the study's.
    OutsideError
        If a file cannot be written.

    Examples
    --------
    >>> import circle15 as c15
    >>> found = c15.propose_sites(
    ...     "data/sample/study.toml", category="bath_point", add=2)  # doctest: +SKIP
    >>> [site["persons_newly"] for site in found.entry["sites"]]  # doctest: +SKIP
    """
    settings = settings_of(study)
    asked, question = _question(settings, name, category, add)
    tell = report or silent
    if out is not None and Path(out).suffix.lower() != ".csv":
        raise InputDataError("is no csv.", file=out, mend="Name a file that ends in .csv.")
    inputs = read_inputs(replace(settings, siting={asked: question}), tell)
    refuse_wrong(inputs.findings)
    tell("times")
    walks = Walks(inputs, Homes(inputs))
    tell("siting")
    found = answer(inputs.questions[0], walks, locate=locate)
    files = [] if out is None else _write(found, Path(out), inputs)
    entry = siting_entry(found, settings, inputs.crs)
    return SitesOutcome(settings, found, entry, inputs.questions[0].candidates.findings, files)


def _question(
    study: Study, name: str | None, category: str | None, add: int | None
) -> tuple[str, Siting]:
    """Find the question that is asked, by its name or by its category and number of sites."""
    if category is not None or add is not None:
        if name is not None:
            mend = "Give a name, or a category and how many sites to add."
            raise InputDataError(f"{name!r} and a category or number are both given.", mend=mend)
        if category is None or add is None:
            mend = "Give both, as in --category home_care_station --add 3."
            raise InputDataError("A category goes with how many sites to add.", mend=mend)
        return category, _asked(study, category, add)
    names = tuple(study.siting)
    if name is None and len(names) == 1:
        return names[0], study.siting[names[0]]
    known = f"The study has {', '.join(names)}." if names else "The study has no [siting.NAME]."
    mend = "Name one of them, or give a category and how many sites to add."
    if name is None:
        raise InputDataError(f"It is not said what is asked. {known}", mend=mend)
    if name not in study.siting:
        near = nearest(name, names, cutoff=0.5)
        mend = f"Did you mean '{near}'?" if near else mend
        raise InputDataError(f"[siting.{name}] is not in the study. {known}", mend=mend)
    return name, study.siting[name]


def _asked(study: Study, category: str, add: int) -> Siting:
    known = (*known_categories(), *study.categories)
    if category not in known:
        near = nearest(category, known, cutoff=0.5)
        mend = f"Did you mean '{near}'?" if near else f"Known: {', '.join(known)}."
        raise InputDataError(f"{category!r} is no category.", mend=mend)
    if add < 1:
        raise InputDataError(f"{add} sites are none.", mend="Add 1 or more.")
    return Siting(category, add=add)


def _write(found: SitingAnswer, out: Path, inputs: StudyInputs) -> list[Path]:
    """Write the proposed sites, every candidate, and those that were moved."""
    texts = {
        out: proposed_csv(found, inputs.crs),
        out.with_name(f"{out.stem}_candidates.csv"): candidates_csv(found, inputs.crs),
    }
    moved = moved_csv(found, inputs.crs)
    if moved is not None:
        texts[out.with_name(f"{out.stem}_moved.csv")] = moved
    read = {path.resolve() for path in inputs.sources.paths()}
    for path in texts:
        if path.resolve() in read:
            raise InputDataError("is an input of the study.", file=path, mend="Name another file.")
    for path, text in texts.items():
        write_page(path, text)
    return list(texts)
