"""
Make the bundles, zips of circle15 for computers without a network.

    python -m bundle [FOLDER] [--platform NAME] [--version 3.12] [--with-python ARCHIVE]

FOLDER (default `build/bundle`) gets `circle15-<version>-<platform>.zip` for each platform, and the
hashes of all zips in it as `SHA256SUMS`. A bundle holds circle15, the wheels of the locked packages
that it needs, the documentation, and programs that check, install and start it (`bundle/files`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from bundle.packing import SUMS, Content, sums_of, write_zip
from bundle.platforms import GLIBC, PLATFORMS, Platform
from bundle.pythons import PythonArchiveError, cpp_runtime, python_files
from bundle.wheels import NoWheelsError, runtime_wheels

ROOT: Final = Path(__file__).resolve().parents[1]
FILES: Final = Path(__file__).resolve().parent / "files"
LOCK: Final = ROOT / "requirements.lock"
STORE: Final = ROOT / ".cache" / "bundle"
READMES: Final = ("README.txt", "README.zh.txt")
LINUX: Final = ("run.sh",)
WINDOWS: Final = ("run.bat", "app/no-python.txt", "app/wrong-machine.txt")
"""Files of a bundle that are made of those in `bundle/files`, for one system."""


def circle15_wheel(folder: Path) -> Path:
    """Build the wheel of circle15."""
    call = [sys.executable, "-P", "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    done = subprocess.run(
        [*call, folder, ROOT], check=False, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        raise SystemExit(f"bundle: the wheel of circle15 cannot be built:\n{done.stderr}")
    (wheel,) = folder.glob("circle15-*.whl")
    return wheel


def bundle_files(
    platform: Platform, own: Path, wheels: dict[str, list[Path]], docs: Path
) -> dict[str, Content]:
    """
    Return the files of a bundle without a Python, by their paths in it.

    Parameters
    ----------
    platform
        The platform of the bundle.
    own
        The wheel of circle15.
    wheels
        The wheels of the other packages for each version of Python.
    docs
        The documentation as a zip.
    """
    each = {version: sorted({own, *paths}) for version, paths in wheels.items()}
    files: dict[str, Content] = {
        f"app/wheels/{path.name}": path for paths in each.values() for path in paths
    }
    about = {
        "machine": platform.machine,
        "pythons": {
            version: {
                "wheels": [path.name for path in paths],
                "bytes": sum(_unpacked_bytes(path) for path in paths),
            }
            for version, paths in each.items()
        },
    }
    files["app/bundle.json"] = (json.dumps(about, indent=1) + "\n").encode("utf-8")
    files["app/launch.py"] = (FILES / "launch.py").read_bytes()
    files["LICENSE"] = (ROOT / "LICENSE").read_bytes()
    return files | _written(platform, tuple(each)) | _docs(docs)


def _unpacked_bytes(wheel: Path) -> int:
    with zipfile.ZipFile(wheel) as packed:
        return sum(one.file_size for one in packed.infolist())


def _written(platform: Platform, versions: tuple[str, ...]) -> dict[str, bytes]:
    """Return the texts and programs for one system, with versions of Python filled in."""
    programs = WINDOWS if platform.is_windows else LINUX
    filled = {
        "@VERSIONS@": " ".join(versions),
        "@LIST@": ", ".join(versions),
        "@PYTHON@": versions[0],
        "@MACHINE@": platform.machine,
        "@GLIBC@": str(GLIBC),
        "@RUN@": "run.bat" if platform.is_windows else "./run.sh",
    }
    found = {}
    for name in (*READMES, *programs):
        text = (FILES / Path(name).name).read_text("utf-8")
        for mark, value in filled.items():
            text = text.replace(mark, value)
        ends = "\r\n" if platform.is_windows else "\n"
        found[name] = text.replace("\n", ends).encode("utf-8")
    return found


def _docs(docs: Path) -> dict[str, bytes]:
    """Return the pages of the documentation, from its zip."""
    with zipfile.ZipFile(docs) as packed:
        return {
            f"docs/{one.filename.partition('/')[2]}": packed.read(one)
            for one in packed.infolist()
            if not one.is_dir()
        }


def make_bundle(
    platform: Platform, versions: tuple[str, ...], *, own: Path, docs: Path, python: Path | None
) -> dict[str, Content]:
    """
    Return all files of a bundle; `python` is an archive with the Python to put into it.

    Raises
    ------
    NoWheelsError
        If a package has no wheel for the platform.
    PythonArchiveError
        If the archive holds no Python.
    """
    included: dict[str, bytes] = {}
    if python:
        version, included = python_files(python)
        versions = (version,)
    wheels = {one: runtime_wheels(own, LOCK, platform, one, STORE) for one in versions}
    if included and platform.is_windows:
        included |= cpp_runtime(wheels[versions[0]])
    return bundle_files(platform, own, wheels, docs) | included


def main() -> None:
    """Make the bundles that the command line asks for."""
    parser = argparse.ArgumentParser(prog="bundle", description="Bundles for closed networks.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "bundle")
    parser.add_argument("--platform", choices=PLATFORMS, action="append")
    parser.add_argument("--version", action="append", help="of Python, such as 3.12; repeatable")
    parser.add_argument("--with-python", type=Path, help="archive with a Python for one platform")
    parser.add_argument("--docs", type=Path, help="the documentation as a zip (make docs)")
    asked = parser.parse_args()
    if asked.with_python and len(asked.platform or ()) != 1:
        parser.error("--with-python is for one --platform")
    if asked.with_python and not asked.with_python.is_file():
        parser.error(f"there is no file {asked.with_python}")
    if not (docs := asked.docs or next((ROOT / "build").glob("circle15-docs-*.zip"), None)):
        parser.error("there is no documentation in build/: run make docs, or give --docs")
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        own = circle15_wheel(Path(scratch))
        for name in asked.platform or PLATFORMS:
            versions = tuple(asked.version or PLATFORMS[name].versions)
            try:
                files = make_bundle(
                    PLATFORMS[name], versions, own=own, docs=docs, python=asked.with_python
                )
            except (NoWheelsError, PythonArchiveError) as error:
                sys.exit(f"bundle: {error}")
            target = asked.folder / f"{'-'.join(own.name.split('-')[:2])}-{name}.zip"
            write_zip(target, files)
            print(f"{target}  {target.stat().st_size / 1_000_000:,.0f} MB")
    zips = {path.name: path for path in asked.folder.glob("*.zip")}
    (asked.folder / SUMS).write_bytes(sums_of(zips))


if __name__ == "__main__":
    main()
