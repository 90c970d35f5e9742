"""The wheels of the locked packages that circle15 needs to run on a platform."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bundle.platforms import Platform

SAME_TIME: Final = "315532800"
"""1980-01-01, the time of all files in wheels that are built here, so that their bytes repeat."""


class Pin(NamedTuple):
    """A package and its locked version."""

    name: str
    version: str


class NoWheelsError(Exception):
    """Packages have no wheel for a platform; the message names them."""


def locked(lock: Path, environment: dict[str, str]) -> dict[str, Pin]:
    """Return the pins of a lock file that hold in an environment, by canonical name."""
    found: dict[str, Pin] = {}
    for line in lock.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            one = Requirement(line)
            if one.marker is None or one.marker.evaluate(environment):
                (specifier,) = one.specifier
                found[canonicalize_name(one.name)] = Pin(one.name, specifier.version)
    return found


def runtime_wheels(
    own: Path, lock: Path, platform: Platform, version: str, store: Path
) -> list[Path]:
    """
    Return a wheel of every package that circle15 needs, fetching what the store does not have.

    Parameters
    ----------
    own
        The wheel of circle15, whose requirements are followed, without extras.
    lock
        The lock file, which sets the versions.
    platform, version
        Where the wheels must run: a platform and a version of Python such as 3.12.
    store
        Folder for wheels; it has one folder for each platform and version.

    Raises
    ------
    NoWheelsError
        If a package is not locked, or has no wheel for the platform and is not pure Python.
    """
    environment = platform.environment(version)
    pins = locked(lock, environment)
    folder = store / f"{platform.name}-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, Path] = {}
    wanted = set(_required(own, environment))
    while wanted:
        if unlocked := sorted(wanted - set(pins)):
            raise NoWheelsError(f"not in {lock.name}: {', '.join(unlocked)}")
        _fetch([pins[name] for name in sorted(wanted)], platform, version, folder)
        there = _by_pin(folder)
        found |= {name: there[name, pins[name].version] for name in wanted}
        wanted = {one for name in wanted for one in _required(found[name], environment)}
        wanted -= set(found)
    return sorted(found.values())


def _required(wheel: Path, environment: dict[str, str]) -> Iterator[str]:
    """Yield the canonical names of what a wheel requires."""
    with zipfile.ZipFile(wheel) as packed:
        (name,) = [one for one in packed.namelist() if one.endswith(".dist-info/METADATA")]
        headers = HeaderParser().parsestr(packed.read(name).decode("utf-8"))
    for text in headers.get_all("Requires-Dist", []):
        one = Requirement(text)
        if one.marker is None or one.marker.evaluate(environment | {"extra": ""}):
            if one.extras:
                raise NoWheelsError(f"{wheel.name} requires extras ({text}), not followed here")
            yield canonicalize_name(one.name)


def _by_pin(folder: Path) -> dict[tuple[str, str], Path]:
    """Return the wheels of a folder by canonical name and version."""
    found = {}
    for path in folder.glob("*.whl"):
        name, version, _, _ = parse_wheel_filename(path.name)
        found[str(name), str(version)] = path
    return found


def _fetch(pins: Iterable[Pin], platform: Platform, version: str, folder: Path) -> None:
    """Fetch the wheels that a folder does not have; build those of pure Python that have none."""
    there = _by_pin(folder)
    wanted = [pin for pin in pins if (canonicalize_name(pin.name), pin.version) not in there]
    if not wanted or _downloaded(wanted, platform, version, folder):
        return
    missing = [
        pin
        for pin in wanted
        if not _downloaded([pin], platform, version, folder) and not _built(pin, folder)
    ]
    if missing:
        names = ", ".join(f"{pin.name} {pin.version}" for pin in missing)
        raise NoWheelsError(
            f"no wheel for {platform.name} with Python {version}: {names} "
            "(or the package index cannot be reached)"
        )


def _downloaded(pins: Iterable[Pin], platform: Platform, version: str, folder: Path) -> bool:
    """Whether pip could download wheels of these packages for the platform."""
    tags = [part for tag in platform.tags for part in ("--platform", tag)]
    abis = [f"cp{version.replace('.', '')}", "abi3", "none"]
    of_python = ["--implementation", "cp", "--python-version", version]
    of_python += [part for abi in abis for part in ("--abi", abi)]
    return _pip("download", "--only-binary", ":all:", *tags, *of_python, "-d", folder, pins=pins)


def _built(pin: Pin, folder: Path) -> bool:
    """Whether pip could build a wheel of a package, and that is pure Python."""
    if not _pip("wheel", "-w", folder, pins=[pin]):
        return False
    wheel = _by_pin(folder)[canonicalize_name(pin.name), pin.version]
    _, _, _, tags = parse_wheel_filename(wheel.name)
    if pure := all((tag.abi, tag.platform) == ("none", "any") for tag in tags):
        return pure
    wheel.unlink()  # of this computer, not of the platform
    return False


def _pip(command: str, *options: str | Path, pins: Iterable[Pin]) -> bool:
    names = [f"{pin.name}=={pin.version}" for pin in pins]
    call = [sys.executable, "-m", "pip", command, "--quiet", "--no-deps", *options, *names]
    environment = os.environ | {"SOURCE_DATE_EPOCH": SAME_TIME}
    return subprocess.run(call, env=environment, capture_output=True, check=False).returncode == 0
