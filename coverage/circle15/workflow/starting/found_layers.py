"""What the files of a new study hold, as settings with notes, and their text in `study.toml`."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from circle15.study.messages import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.study.languages import Language

Kind = Literal["found", "guessed", "missing"]


@dataclass(frozen=True)
class Note:
    """A note on a setting: how it was found, that it is guessed, or what is missing."""

    kind: Kind
    code: str
    detail: Mapping[str, str] = field(default_factory=dict)

    def words(self, language: Language) -> str:
        """Return the note as a sentence; a guess is marked as such."""
        text = " ".join(say(f"init.{self.code}", language, **self.detail).split())
        return text if self.kind == "found" else f"{say(f'init.{self.kind}', language)}{text}"


@dataclass(frozen=True)
class FoundLayer:
    """The settings of one table of `study.toml`, in the order of its keys, and notes on them."""

    file: Path
    settings: Mapping[str, Any]
    notes: Sequence[Note] = ()


def path_from(folder: Path, file: Path) -> str:
    """
    Return a file as `study.toml` in a folder names it: relative where both lie near each other.

    Examples
    --------
    >>> path_from(Path("/data/city/study"), Path("/data/city/streets.osm.pbf"))
    '../streets.osm.pbf'
    >>> path_from(Path("/home/me/study"), Path("/mnt/data/streets.osm.pbf"))
    '/mnt/data/streets.osm.pbf'
    """
    own, other = folder.resolve(), file.resolve()
    common = os.path.commonpath([own.parent, other]) if own.anchor == other.anchor else ""
    if common and Path(common) != Path(own.anchor):
        return Path(os.path.relpath(other, own)).as_posix()
    return other.as_posix()


def table_lines(head: str, settings: Mapping[str, Any], notes: Sequence[str] = ()) -> list[str]:
    """Return a table of `study.toml` with its notes above it."""
    keys = [f"{key} = {toml_text(value)}" for key, value in settings.items()]
    return [*(f"# {note}" for note in notes), head, *keys, ""]


def toml_text(value: Any) -> str:
    """
    Return a value as TOML.

    Examples
    --------
    >>> toml_text({"name": "设施名称", "lon": "X"}), toml_text(["a", 1]), toml_text(True)
    ('{ name = "设施名称", lon = "X" }', '["a", 1]', 'true')
    """
    if isinstance(value, dict):
        inner = ", ".join(f"{key} = {toml_text(one)}" for key, one in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list):
        return f"[{', '.join(toml_text(one) for one in value)}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower() if isinstance(value, bool) else str(value)
