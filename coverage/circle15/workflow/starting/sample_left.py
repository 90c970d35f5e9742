"""Find what a study that began as a copy of the sample still has of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from circle15.inputs.files.source_files import input_files
from circle15.study.settings.reading import load_study
from circle15.study.vocabulary.finding import Finding
from circle15.workflow.sample import sample_folder

if TYPE_CHECKING:
    from circle15.study.settings.records import Study

_FEWEST: Final = 2
"""One setting may be that of the sample by chance; so many are not."""


def sample_left(study: Study) -> list[Finding]:
    """
    Return a finding for a study of other files that still has files or numbers of the sample.

    The sample itself, and a copy of it in which no file was replaced, have none.
    """
    own = [path for path in input_files(study) if isinstance(path, Path)]
    kept = [path for path in own if _is_of_sample(path)]
    if len(kept) == len(own):
        return []
    settings = _settings_left(study, load_study(sample_folder() / "study.toml"))
    if not kept and len(settings) < _FEWEST:
        return []
    name, found = study.file.name, []
    if kept:
        files = ", ".join(dict.fromkeys(path.name for path in kept))
        found.append(Finding("SAMPLE_FILES", "warning", name, detail={"files": files}))
    elif study.synthetic:
        found.append(Finding("SAMPLE_MARK", "warning", name, column="study.synthetic"))
    if settings:
        listed = ", ".join(f"{key} ({value})" for key, value in settings.items())
        found.append(Finding("SAMPLE_SETTINGS", "warning", name, detail={"settings": listed}))
    return found


def _is_of_sample(path: Path) -> bool:
    """Return whether a file has the name and the content of one of the sample."""
    other = sample_folder() / path.name
    if not other.is_file() or not path.is_file() or other.stat().st_size != path.stat().st_size:
        return False
    return path.read_bytes() == other.read_bytes()


def _settings_left(study: Study, sample: Study) -> dict[str, str]:
    """Return the settings that carry numbers or names of the sample's city, by key."""
    found: dict[str, str] = {}
    wanted = {(one.group, one.calibrate_to) for one in sample.demand.layers}
    for layer in study.demand.layers:
        if layer.calibrate_to is not None and (layer.group, layer.calibrate_to) in wanted:
            key = f"demand.layers.{layer.group}.calibrate_to"
            found[key] = str(layer.calibrate_to)
    if study.demand.household_size == sample.demand.household_size is not None:
        found["demand.household_size"] = str(study.demand.household_size)
    same = [pack for pack in study.rules.packs if pack in sample.rules.packs]
    if same:
        found["rules.packs"] = ", ".join(map(str, same))
    for key, own in study.capacity.items():
        if own == sample.capacity.get(key):
            found[f"capacity.{key}"] = str(own.per_person)
    for table, ours, theirs in (
        ("siting", study.siting, sample.siting),
        ("scenarios", study.scenarios, sample.scenarios),
    ):
        found |= {f"{table}.{name}": name for name in ours if name in theirs}
    if study.title == sample.title:
        found["study.title"] = study.title
    return found
