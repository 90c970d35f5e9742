"""Results written into a folder as a run writes them, in one step."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from circle15.workflow.folders.held import held

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@contextmanager
def replaced(target: Path, names: Sequence[str]) -> Iterator[Path]:
    """Yield a folder for new results, and replace those of the target with them at the end."""
    with held(target, names) as folder, folder.replacing() as new:
        yield new
