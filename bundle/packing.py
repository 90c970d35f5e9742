"""Zips whose bytes depend on their files alone: sorted names, one time, fixed modes."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Content = bytes | Path
"""What a file of a zip holds: bytes, or those of another file."""

SUMS: Final = "SHA256SUMS"
_PACKED: Final = (".whl", ".zip", ".png", ".gz")
"""Files that are compressed already."""


def sums_of(files: Mapping[str, Content]) -> bytes:
    """Return the SHA-256 of files as sha256sum writes them."""
    lines = [f"{_sha256(files[name])}  {name}\n" for name in sorted(files)]
    return "".join(lines).encode("utf-8")


def _sha256(content: Content) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_zip(target: Path, files: Mapping[str, Content]) -> None:
    """Write files into a zip, in one folder that has its name, with their hashes in SHA256SUMS."""
    content = {**files, SUMS: sums_of(files)}
    with zipfile.ZipFile(target, "w") as packed:
        for name in sorted(content):
            entry = zipfile.ZipInfo(f"{target.stem}/{name}")
            entry.create_system = 3  # Unix, so that modes are kept
            entry.external_attr = (0o100755 if _is_program(name) else 0o100644) << 16
            stored = name.endswith(_PACKED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            one = content[name]
            packed.writestr(entry, one if isinstance(one, bytes) else one.read_bytes())


def _is_program(name: str) -> bool:
    return name.endswith(".sh") or name.startswith("python/bin/")
