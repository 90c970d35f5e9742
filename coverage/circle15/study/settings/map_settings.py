"""The table `[map]`: what the map of a study offers."""

from __future__ import annotations

from dataclasses import dataclass

from circle15.study.typed_toml.kinds import YesNo
from circle15.study.typed_toml.table import TomlTable


@dataclass(frozen=True, slots=True)
class MapSettings(TomlTable):
    """Whether sites can be tried on the map, which then holds the streets and homes."""

    try_sites: YesNo = True
