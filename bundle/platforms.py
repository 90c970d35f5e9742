"""The platforms that a bundle is made for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GLIBC: Final = 28
"""Oldest glibc of a bundle, 2.28: that of Kylin V10, UOS 20, RHEL 8 and Debian 10."""
_LEGACY: Final = {
    "x86_64": ("manylinux2014", "manylinux2010", "manylinux1"),
    "aarch64": ("manylinux2014",),
}


@dataclass(frozen=True, slots=True)
class Platform:
    """
    A platform.

    Attributes
    ----------
    name
        As in names of bundles.
    machine
        What the system calls its processors.
    tags
        Platform tags of wheels that run there, for pip.
    markers
        What markers of requirements mean there, without the version of Python.
    versions
        Versions of Python that a bundle has packages for unless it is told otherwise.
    """

    name: str
    machine: str
    tags: tuple[str, ...]
    markers: dict[str, str]
    versions: tuple[str, ...]

    @property
    def is_windows(self) -> bool:
        """Whether run.bat starts circle15 there, not run.sh."""
        return self.markers["os_name"] == "nt"

    def environment(self, version: str) -> dict[str, str]:
        """Return all markers, for a version of Python such as 3.12."""
        return self.markers | {
            "python_version": version,
            "python_full_version": f"{version}.99",  # the latest of its kind
            "implementation_version": f"{version}.99",
        }


def _linux(machine: str) -> Platform:
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC, 4, -1)]
    tags += [f"{legacy}_{machine}" for legacy in _LEGACY[machine]]
    markers = _markers(os_name="posix", sys_platform="linux", system="Linux", machine=machine)
    return Platform(f"linux-{machine}", machine, tuple(tags), markers, ("3.11", "3.12", "3.13"))


def _markers(*, os_name: str, sys_platform: str, system: str, machine: str) -> dict[str, str]:
    return {
        "os_name": os_name,
        "sys_platform": sys_platform,
        "platform_system": system,
        "platform_machine": machine,
        "platform_release": "",
        "platform_version": "",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }


_WINDOWS: Final = Platform(
    "windows-x86_64",
    "AMD64",
    ("win_amd64",),
    _markers(os_name="nt", sys_platform="win32", system="Windows", machine="AMD64"),
    ("3.12",),
)
PLATFORMS: Final = {one.name: one for one in (_WINDOWS, _linux("x86_64"), _linux("aarch64"))}
"""All platforms by name."""
