"""The tables `[rules]` and `[circle]` of a study: what is required."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from circle15.errors import InputDataError
from circle15.study.names import first_repeated
from circle15.study.settings.files import TableSource
from circle15.study.settings.named_layers import LayeredTable, refuse_sheets_alone
from circle15.study.settings.words import PackName
from circle15.study.typed_toml.kinds import OneOrMore
from circle15.study.typed_toml.table import TomlTable

Reading = Literal["R1", "R2", "R3"]


@dataclass(frozen=True, slots=True)
class Rules(LayeredTable):
    """Rule packs, the register of indicators, and the reading of the 300 m² clause."""

    packs: OneOrMore[PackName] = ()
    verified: Literal["official", "republished", "reported"] | None = None
    registers: TableSource | None = None
    registers_sheet: str | None = None
    reading: Reading = "R3"
    basis: Literal["households", "dwellings"] = "households"
    mixed: Literal["pooled", "split"] = "pooled"

    def check(self) -> None:
        """Refuse a pack that is named twice."""
        refuse_sheets_alone(self)
        again = first_repeated(self.packs)
        if again is not None:
            raise InputDataError(f"{again!r} occurs twice.", mend="Keep one.", column="packs")


@dataclass(frozen=True, slots=True)
class Circle(TomlTable):
    """The categories that the service circle of a home must contain."""

    require: OneOrMore[str] = ()

    def check(self) -> None:
        """Refuse a category that is named twice."""
        again = first_repeated(self.require)
        if again is not None:
            raise InputDataError(f"{again!r} occurs twice.", mend="Keep one.", column="require")
