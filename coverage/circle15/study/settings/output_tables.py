"""What results show (`[coverage_basis]`), how map and papers look, which files are written."""

from __future__ import annotations

from dataclasses import dataclass

from circle15.study.limits import SIGNATORIES
from circle15.study.settings.files import FilePath, TableSource
from circle15.study.settings.named_layers import LayeredTable
from circle15.study.settings.words import Datum, UnknownUse
from circle15.study.typed_toml.kinds import FilledLine, Line, OneOrMore, YesNo
from circle15.study.typed_toml.table import TomlTable


@dataclass(frozen=True, slots=True)
class LandLayer(LayeredTable):
    """Polygons of residential land; `where` selects them from a layer of all land."""

    file: TableSource
    sheet: str | None = None
    where: str | None = None
    datum: Datum | None = None


@dataclass(frozen=True, slots=True)
class BuildingLayer(LayeredTable):
    """Polygons of buildings; the residential ones count, as in the layers of people."""

    file: TableSource
    sheet: str | None = None
    residential: OneOrMore[str] = ()
    unknown_use: UnknownUse = "lived_in"
    datum: Datum | None = None


@dataclass(frozen=True, slots=True)
class CoverageBasis(TomlTable):
    """Layers of land and buildings; by default the buildings over which people are spread."""

    land: LandLayer | None = None
    buildings: BuildingLayer | None = None


@dataclass(frozen=True, slots=True)
class MapSettings(TomlTable):
    """
    What the map offers, and what all maps say about their use.

    With `try_sites` the map holds streets and homes, so that sites can be tried. `use` replaces
    the note that a map of China is for internal use (empty: no note); `approval_number` is the
    number under which the map may be published, which stands in its place.
    """

    try_sites: YesNo = True
    use: Line | None = None
    approval_number: FilledLine | None = None


@dataclass(frozen=True, slots=True)
class ReportSettings(TomlTable):
    """
    The letterhead of report and zone sheets, and who signs them.

    `letterhead` is a Word file whose page, header, footer and styles are taken; `signatories`
    replace the usual lines for those who prepare, check and release.
    """

    letterhead: FilePath | None = None
    logo: FilePath | None = None
    organisation: FilledLine | None = None
    signatories: tuple[FilledLine, ...] = ()

    def check(self) -> None:
        """Refuse more signatories than fit on a page."""
        if len(self.signatories) > SIGNATORIES.most:
            found = f"lists {len(self.signatories)} names"
            raise SIGNATORIES.fault(found, file=None, column="signatories")


@dataclass(frozen=True, slots=True)
class FilesWritten(TomlTable):
    """
    Files for other programs that a run writes beside the usual ones, and what they leave out.

    `walk_network` is the layer of streets, the largest of `results.gpkg` and `results.gdb.zip`.
    """

    gdb: YesNo = False
    dxf: YesNo = False
    walk_network: YesNo = True
