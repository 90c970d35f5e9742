"""What a batch writes, for comparing: all files by their bytes, but those with a clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import circle15

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CLOCK = {"run.json", "run.log"}


def run_one_by_one(studies: Sequence[Path], out: Path) -> Path:
    """Run each study into a folder of its name, as `circle15 run` does."""
    for study in studies:
        circle15.run(study, out=out / circle15.load_study(study).name)
    return out


def contents(folder: Path, names: Sequence[str]) -> dict[str, bytes]:
    """Return the content of every result of studies by `study/file`."""
    return {
        f"{name}/{path.name}": path.read_bytes()
        for name in names
        for path in sorted((folder / name).iterdir())
        if path.name not in CLOCK
    }


def province_files(folder: Path) -> dict[str, bytes]:
    """Return the content of the files of a province, the data set of homes included."""
    found = {one.name: one.read_bytes() for one in sorted(folder.glob("province.*"))}
    parts = sorted((folder / "homes").rglob("*"))
    return found | {str(p.relative_to(folder)): p.read_bytes() for p in parts if p.is_file()}
