"""Whether earlier results still stand, so that a run has nothing to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circle15.errors import Circle15Error
from circle15.inputs.files.source_files import source_files
from circle15.study.messages import say
from circle15.workflow.folders.result_names import FILES, OPTIONAL, RECORD
from circle15.workflow.reruns.fingerprint import (
    differences,
    fingerprint,
    ingredients,
    kept_fingerprint,
    loaded_program,
)
from circle15.workflow.reruns.run_record import altered, read_sealed

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.output.map.online_tiles import Tiles
    from circle15.study.languages import Language
    from circle15.study.settings.records import Study


@dataclass(frozen=True)
class Standing:
    """
    Earlier results, and why they do not stand any more.

    Attributes
    ----------
    files
        Their paths, as a run lists them; empty without results of this version.
    finished
        When they were computed, in the ISO form; None without results.
    changed
        What has changed since then; empty if nothing has.
    """

    files: tuple[Path, ...] = ()
    finished: str | None = None
    changed: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether the results are whole and a run would give them again."""
        return bool(self.files) and not self.changed


def earlier_results(
    study: Study, folder: Path, *, language: Language | None = None, tiles: Tiles | None = None
) -> Standing:
    """
    Compare earlier results with what a run would read now.

    All contents are compared: of inputs, of the program, and of the results. Nothing is computed
    and no file is written.

    Parameters
    ----------
    study
        Settings from `load_study`.
    folder
        Folder with the results.
    language
        Language of the run; by default the study's own.
    tiles
        Tile service of the run.
    """
    record = read_sealed(folder)
    before = None if record is None else kept_fingerprint(record)
    if record is None or before is None:
        return Standing()
    files = tuple(folder / name for name in (*FILES, *OPTIONAL) if _was_written(name, record))
    changed = _changed(before, study, language or study.language, tiles) or altered(folder, record)
    return Standing(files, str(record.get("finished")), tuple(changed))


def changed_since(before: dict[str, Any], study: Study, language: Language = "en") -> list[str]:
    """
    Return what a run of a study would read now that an earlier run did not.

    Parameters
    ----------
    before
        Fingerprint of the earlier run. Its language, and its map online, are not compared.
    study
        Settings from `load_study`.
    language
        Language of the words.
    """
    same = before | {"language": study.language, "tiles": None}
    return _changed(same, study, study.language, None, words=language)


def _changed(
    before: dict[str, Any],
    study: Study,
    language: Language,
    tiles: Tiles | None,
    *,
    words: Language = "en",
) -> list[str]:
    try:
        found = ingredients(study, source_files(study))
    except Circle15Error:  # which the run reports
        return [say("verify.unreadable", words)]
    now = fingerprint(found, language, tiles, loaded_program())
    if now is not None:
        return differences(before, now, words)
    return [say("verify.database" if found is None else "verify.just_changed", words)]


def _was_written(name: str, record: dict[str, Any]) -> bool:
    return name == RECORD or name in record["files"]
