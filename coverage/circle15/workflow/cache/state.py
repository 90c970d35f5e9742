"""The state of the cache: where it is, what it holds, and emptying it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from circle15.errors import OutsideError, clause
from circle15.study.messages import say
from circle15.workflow.cache.entries import MOST_BYTES, Entry, Store
from circle15.workflow.cache.place import cache_folder

if TYPE_CHECKING:
    from circle15.study.languages import Language

STAGES: Final = ("network", "people", "homes", "near", "living", "candidates")
"""Stages that are kept."""


@dataclass(frozen=True)
class CacheState:
    """
    The cache of this user.

    Attributes
    ----------
    folder
        Its folder; None where there is to be none.
    entries
        What it holds, the entry used last first.
    refusal
        Why nothing can be written into it; None if it can.
    most_bytes
        Limit of its size.
    """

    folder: Path | None
    entries: tuple[Entry, ...] = ()
    refusal: str | None = None
    most_bytes: int = MOST_BYTES

    @property
    def size(self) -> int:
        """Size of all entries, bytes."""
        return sum(entry.size for entry in self.entries)


def cache_state() -> CacheState:
    """Return the state of the cache."""
    folder = cache_folder()
    if folder is None:
        return CacheState(None)
    store = Store(folder)
    return CacheState(folder, tuple(store.entries()), store.refusal())


def clean_cache() -> CacheState:
    """
    Remove all entries of the cache, and return what it held.

    Raises
    ------
    OutsideError
        If an entry cannot be removed.
    """
    folder = cache_folder()
    if folder is None:
        return CacheState(None)
    try:
        return CacheState(folder, tuple(Store(folder).clean()))
    except OSError as error:
        raise OutsideError(
            f"the cache {folder} cannot be cleaned ({clause(error.strerror or error)})."
        ) from error


def state_lines(state: CacheState, language: Language, *, cleaned: bool = False) -> list[str]:
    """Return the state of the cache in words, a line for each kind of entry."""
    if state.folder is None:
        return [say("cache.off", language)]
    lines = [say("cache.place", language, folder=str(state.folder))]
    counts = Counter(entry.stage for entry in state.entries)
    for stage in sorted(counts):
        size = sum(entry.size for entry in state.entries if entry.stage == stage)
        what = say(f"cache.stages.{stage}", language) if stage in STAGES else stage
        lines.append(
            say("cache.stage", language, what=what, n=str(counts[stage]), mb=_megabytes(size))
        )
    total = {"n": str(len(state.entries)), "mb": _megabytes(state.size)}
    if cleaned:
        lines.append(say("cache.cleaned", language, **total))
    else:
        lines.append(say("cache.all", language, most_mb=_megabytes(state.most_bytes), **total))
    if state.refusal is not None:
        lines.append(say("cache.refusal", language, reason=state.refusal))
    return lines


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f}"
