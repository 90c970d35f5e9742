"""Answer a siting question of a study, and write the proposed sites."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from circle15.access.cohorts import Homes
from circle15.access.walks import Walks
from circle15.errors import InputDataError
from circle15.output.siting.files import MOVED_HEADINGS, candidates_csv, moved_csv, proposed_csv
from circle15.planning.proposals import SitingAnswer, answer
from circle15.planning.siting.locating import locate
from circle15.results.summary.siting import siting_entry
from circle15.results.summary.siting_entries import SitingEntry
from circle15.study.settings.records import Study
from circle15.study.settings.siting import Siting
from circle15.study.typed_toml.reader import nearest
from circle15.study.vocabulary.categories import known_categories
from circle15.workflow.cache.stage_cache import kept_stages
from circle15.workflow.checking import settings_of
from circle15.workflow.datum_check import refuse_wrong
from circle15.workflow.folders.pages import remove_page, write_page
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
        The sites in order, the people each reaches, the gain of every candidate, the bound.
    entry
        The answer as an entry of `siting` in `summary.json`.
    findings
        Findings about the candidates.
    files
        Paths of the files written; empty without `out`.
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
    cache: bool = False,
) -> SitesOutcome:
    """
    Find where the next sites of a category should go.

    Parameters
    ----------
    study
        Settings from `load_study`, or the path of a `study.toml`.
    name
        Name of a table `[siting.NAME]` of the study; None for the only one.
    category, add
        Instead of a name: category and number of new sites, with candidates along the streets.
    out
        CSV file for the proposed sites, a list of facilities that a study can read unchanged. Also
        written beside it are `<out>_candidates.csv`, all candidates with the people each would
        reach, and, if candidates cannot be joined to a street, `<out>_moved.csv`: the candidates
        again, with these moved to the nearest street. Where none is moved, such a file of an
        earlier answer is removed, unless the study reads it.
    report
        Called with the name of each stage when it begins.
    cache
        Read streets, people and where homes join the streets from the cache, where earlier runs
        have put them and nothing that they depend on has changed; the results are the same.

    Returns
    -------
    The answer, the same as in a run of the study.

    Raises
    ------
    InputDataError
        If an input cannot be used, or the study has no such question.
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
        raise InputDataError("is not a .csv file.", file=out, mend="Use a name that ends in .csv.")
    own = replace(settings, siting={asked: question}, scenarios={})
    inputs = read_inputs(own, tell, kept=kept_stages() if cache else None)
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
    """Return the question with this name, or make one of a category and a number of sites."""
    if category is not None or add is not None:
        if name is not None:
            mend = "Give either a name, or a category and the number of sites to add."
            raise InputDataError(f"{name!r} and a category or number are both given.", mend=mend)
        if category is None or add is None:
            mend = "Give both, as in --category home_care_station --add 3."
            raise InputDataError("A category and the number of sites go together.", mend=mend)
        return category, _asked(study, category, add)
    names = tuple(study.siting)
    if name is None and len(names) == 1:
        return names[0], study.siting[names[0]]
    known = f"The study has {', '.join(names)}." if names else "The study has no [siting.NAME]."
    mend = "Name one of them, or give a category and the number of sites to add."
    if name is None:
        raise InputDataError(f"No question is named. {known}", mend=mend)
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
        raise InputDataError(f"{category!r} is not a category.", mend=mend)
    if add < 1:
        raise InputDataError(f"The number of sites is {add}.", mend="Add 1 or more.")
    return Siting(category, add=add)


def _write(found: SitingAnswer, out: Path, inputs: StudyInputs) -> list[Path]:
    """Write the files of proposed sites, of all candidates and of moved candidates."""
    texts = {
        out: proposed_csv(found, inputs.crs),
        out.with_name(f"{out.stem}_candidates.csv"): candidates_csv(found, inputs.crs),
    }
    moved, moved_to = moved_csv(found, inputs.crs), out.with_name(f"{out.stem}_moved.csv")
    if moved is not None:
        texts[moved_to] = moved
    read = {path.resolve() for path in inputs.sources.paths()}
    for path in texts:
        if path.resolve() in read:
            raise InputDataError("is an input of the study.", file=path, mend="Name another file.")
    for path, text in texts.items():
        write_page(path, text)
    if moved is None and moved_to.resolve() not in read:
        remove_page(moved_to, ending=MOVED_HEADINGS)  # of an answer that no longer holds
    return list(texts)
