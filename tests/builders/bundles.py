"""Bundles for closed networks with a small program in place of circle15, and how they end."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from bundle.__main__ import bundle_files
from bundle.packing import write_zip
from bundle.platforms import PLATFORMS

if TYPE_CHECKING:
    from bundle.packing import Content

VERSION = "{}.{}".format(*sys.version_info)
PROGRAM = "import sys, other\ndef start():\n    print('ran', *sys.argv[1:], other.NAME)\n"


def wheel(folder: Path, name: str, files: dict[str, str], *, needs: tuple[str, ...] = ()) -> Path:
    """Write a wheel of pure Python: `name` is that of the file, such as `a-1.0-py3-none-any`."""
    about = "-".join(name.split("-")[:2])
    lines = [f"Metadata-Version: 2.4\nName: {name.split('-', maxsplit=1)[0]}"]
    lines += [f"Requires-Dist: {one}" for one in needs]
    path = folder / f"{name}.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for inner, text in (files | {f"{about}.dist-info/METADATA": "\n".join(lines)}).items():
            packed.writestr(inner, text)
    return path


def small_files(folder: Path, name: str = f"linux-{platform.machine()}") -> dict[str, Content]:
    """Return the files of a bundle for this Python in which circle15 prints its arguments."""
    folder.mkdir(parents=True, exist_ok=True)
    program = {"circle15/__init__.py": "", "circle15/__main__.py": PROGRAM}
    own = wheel(folder, "circle15-1.0-py3-none-any", program, needs=("other",))
    other = wheel(folder, "other-2.0-py3-none-any", {"other.py": "NAME = 'other 2.0'\n"})
    docs = folder / "docs.zip"
    with zipfile.ZipFile(docs, "w") as packed:
        packed.writestr("circle15-docs-1.0/index.html", "<p>documentation</p>")
    return bundle_files(PLATFORMS[name], own, {VERSION: [other]}, docs)


def small_bundle(folder: Path, **changed: object) -> Path:
    """Make a small bundle and unpack it; `changed` are entries of `bundle.json` for its Python."""
    files = small_files(folder / "made")
    about = json.loads(bytes(files["app/bundle.json"]))
    about["pythons"][VERSION] |= changed
    files["app/bundle.json"] = json.dumps(about).encode("utf-8")
    write_zip(folder / "bundle 养老.zip", files)
    return unpacked(folder / "bundle 养老.zip", folder)


def unpacked(packed: Path, folder: Path) -> Path:
    """Unpack a bundle as a user does, with the modes in it."""
    with zipfile.ZipFile(packed) as opened:
        opened.extractall(folder)
        for one in opened.infolist():
            (folder / one.filename).chmod(one.external_attr >> 16)
    return folder / packed.stem


def tools(folder: Path, programs: dict[str, str]) -> Path:
    """Write a folder for PATH with some programs, scripts of a shell, before what run.sh calls."""
    folder.mkdir(parents=True)
    for name in ("sh", "uname", "getconf", "sed", "dirname", "chmod"):
        (folder / name).symlink_to(shutil.which(name) or name)
    for name, text in programs.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        (folder / name).chmod(0o755)
    return folder


def run_bundle(
    place: Path, *arguments: object, before: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Start a bundle with this Python, in the folder above it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [*before, str(place / "run.sh"), *map(str, arguments)],
        cwd=place.parent,
        env={**kept, "LC_ALL": "C.UTF-8", "CIRCLE15_PYTHON": sys.executable} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
