"""
Limits of inputs: one table, printed by `circle15 doctor` and in docs/limits.md.

The limits are far above real files of a bureau. They keep what a file of less than 10 MB can
cause within 1 GB of memory and one minute; a larger file may take more, and some limits rise faster
with each byte beyond 10 MB: the list of a whole province is not refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError
from circle15.study.messages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.study.database_tables import Source
    from circle15.study.languages import Language

MB: Final = 1_000_000
SMALL: Final = 10 * MB
"""Files up to this size take at most 1 GB and one minute, bytes."""


@dataclass(frozen=True)
class Limit:
    """
    A limit of an input; its texts are in the messages of the part `limits`.

    Attributes
    ----------
    name
        Name in the table of limits.
    most
        Largest number allowed.
    unit
        Unit of the number.
    per_byte
        Increase of the limit per byte of the file; 0 if it does not depend on the file size.
    beyond
        Increase per byte from the 10 millionth on; None if it is the same.
    """

    name: str
    most: int
    unit: str
    per_byte: float = 0.0
    beyond: float | None = None

    def of(self, size: int) -> int:
        """
        Return the limit for a file of `size` bytes.

        Examples
        --------
        >>> list_of_sites = Limit("sites", 25_000, "sites", 0.003, beyond=0.05)
        >>> list_of_sites.of(10_000_000), list_of_sites.of(20_000_000)
        (55000, 555000)
        """
        if self.beyond is None:
            return self.most + int(self.per_byte * size)
        return self.most + int(
            self.per_byte * min(size, SMALL) + self.beyond * max(size - SMALL, 0)
        )

    def fault(
        self,
        found: str,
        *,
        file: Source | str | None,
        size: int = 0,
        row: int | None = None,
        column: str | None = None,
    ) -> InputDataError:
        """
        Return the error for an input beyond the limit.

        Examples
        --------
        >>> print(ROOMS.fault("lists 1,200 rooms", file="a.csv"))  # doctest: +ELLIPSIS
        a.csv: lists 1,200 rooms; the limit is 1,000 rooms. Enter their sum, ...
        """
        of_size = f" for a file of {size:,} bytes" if self.per_byte else ""
        words = f"{found}; the limit{of_size} is {self.of(size):,} {self.unit}."
        return InputDataError(words, mend=self.past("en"), file=file, row=row, column=column)

    def where(self, language: Language) -> str:
        """Return which inputs the limit applies to."""
        return say(f"limits.of_{self.name}", language)

    def past(self, language: Language) -> str:
        """Return how to work around the limit."""
        return say(f"limits.past_{self.name}", language)

    @property
    def value(self) -> str:
        """The limit as printed."""
        more = f" + {self.per_byte:.2g} per byte of the file" if self.per_byte else ""
        if self.beyond is not None:
            more += f", {self.beyond:.2g} beyond 10 MB"
        return f"{self.most:,} {self.unit}{more}"


# Packed files
UNPACKED: Final = Limit("unpacked", 50 * MB, "bytes", 30)
WORKBOOK: Final = Limit("workbook", 50 * MB, "bytes", 20)
BLOCKS: Final = Limit("blocks", 20 * MB, "bytes", 6)
MEMBERS: Final = Limit("members", 10_000, "files")

# XML
XML_PIECE: Final = Limit("xml_piece", MB, "bytes")
XML_DEPTH: Final = Limit("xml_depth", 100, "levels")

# Tables and layers
ROWS: Final = Limit("rows", 800_000, "rows", 0.02, beyond=0.5)
COLUMNS: Final = Limit("columns", 16_384, "columns")
CELLS: Final = Limit("cells", 2 * MB, "cells", 0.5)
SHEET_CELLS: Final = Limit("sheet_cells", 20 * MB, "cells")
TEXTS: Final = Limit("texts", 50 * MB, "bytes", 10)
JSON_PARTS: Final = Limit("json_parts", 500_000, "lists and objects", 1 / 12)
VERTICES: Final = Limit("vertices", MB, "bytes", 1.5)
MERGES: Final = Limit("merges", 100_000, "ranges")
SHEETS: Final = Limit("sheets", 500, "sheets")
PART: Final = Limit("part", 50 * MB, "bytes")
NESTED: Final = Limit("nested", 32, "levels")
NUMBER: Final = Limit("number", 15, "digits before the point")
ROOMS: Final = Limit("rooms", 1000, "rooms")
PERSONS: Final = Limit("persons", 10**9, "persons")
PEOPLE: Final = Limit("people", 10**10, "persons")

# Sites, and the homes that they reach
SITES: Final = Limit("sites", 25_000, "sites", 0.003, beyond=0.05)
ZONES: Final = Limit("zones", 50_000, "zones")
AREA_ZONES: Final = Limit("area_zones", 30_000, "zones", 0.001)
OWN_AREAS: Final = Limit("own_areas", 10_000, "places")
IN_REACH: Final = Limit("in_reach", 100 * MB, "pairs")

# Polygons
SHAPE_PAIRS: Final = Limit("shape_pairs", 10 * MB, "corners")
LAND_PIECES: Final = Limit("land_pieces", 500_000, "pieces")
PIECES: Final = Limit("pieces", MB, "pieces")

# Rasters
RASTER_CELLS: Final = Limit("raster_cells", 500 * MB, "cells", 20)
RASTER_BLOCK: Final = Limit("raster_block", 100 * MB, "bytes", 1)
HEIGHTS: Final = Limit("heights", 50 * MB, "cells")
CELLS_WITH_PEOPLE: Final = Limit("cells_with_people", 20 * MB, "cells")
SIDE_BYTES: Final = Limit("side_bytes", 4 * MB, "bytes")

# Streets
EDGE_MM: Final = Limit("edge_mm", 10**9, "mm")
EDGE_MS: Final = Limit("edge_ms", 10**9, "ms")
LINE_PAIRS: Final = Limit("line_pairs", 50 * MB, "pairs")
MEETINGS: Final = Limit("meetings", 500_000, "places")
CROSSINGS: Final = Limit("crossings", 5000, "crossings")
SQUARE_NODES: Final = Limit("square_nodes", MB, "nodes")
SQUARE_LINES: Final = Limit("square_lines", 2 * MB, "lines")
PASSED_BY: Final = Limit("passed_by", 20 * MB, "lines")
LEGS: Final = Limit("legs", 2000 * MB, "comparisons")

VERSIONS: Final = Limit("versions", 500_000, "versions", 0.1)

# Answers of servers; more of them in network/download_limits.py
ANSWER: Final = Limit("answer", 500 * MB, "bytes")
ANSWER_ELEMENTS: Final = Limit("answer_elements", 2 * MB, "elements")
OUTLINE: Final = Limit("outline", 20_000, "points")

# Settings
TOML_BYTES: Final = Limit("toml_bytes", 4 * MB, "characters")
TOML_DEPTH: Final = Limit("toml_depth", 32, "levels")
TOML_ENTRIES: Final = Limit("toml_entries", 2000, "entries")
NUMBER_DIGITS: Final = Limit("number_digits", 60, "digits")
NUMBER_EXPONENT: Final = Limit("number_exponent", 40, "powers of ten")
SPEEDS: Final = Limit("speeds", 50, "speeds")

# The letterhead of report and sheets
LETTERHEAD: Final = Limit("letterhead", 20 * MB, "bytes")
LOGO: Final = Limit("logo", 5 * MB, "bytes")
LOGO_PIXELS: Final = Limit("logo_pixels", 25 * MB, "pixels")
SIGNATORIES: Final = Limit("signatories", 6, "names")

ALL: Final[Sequence[Limit]] = (
    UNPACKED,
    WORKBOOK,
    BLOCKS,
    MEMBERS,
    XML_PIECE,
    XML_DEPTH,
    ROWS,
    COLUMNS,
    CELLS,
    SHEET_CELLS,
    TEXTS,
    MERGES,
    SHEETS,
    PART,
    JSON_PARTS,
    VERTICES,
    NESTED,
    NUMBER,
    ROOMS,
    PERSONS,
    PEOPLE,
    SITES,
    ZONES,
    AREA_ZONES,
    OWN_AREAS,
    IN_REACH,
    SHAPE_PAIRS,
    LAND_PIECES,
    PIECES,
    RASTER_CELLS,
    RASTER_BLOCK,
    HEIGHTS,
    CELLS_WITH_PEOPLE,
    SIDE_BYTES,
    EDGE_MM,
    EDGE_MS,
    LINE_PAIRS,
    MEETINGS,
    PASSED_BY,
    LEGS,
    SQUARE_NODES,
    SQUARE_LINES,
    CROSSINGS,
    VERSIONS,
    TOML_BYTES,
    TOML_DEPTH,
    TOML_ENTRIES,
    NUMBER_DIGITS,
    NUMBER_EXPONENT,
    SPEEDS,
    LETTERHEAD,
    LOGO,
    LOGO_PIXELS,
    SIGNATORIES,
    ANSWER,
    ANSWER_ELEMENTS,
    OUTLINE,
)


def limit_table() -> list[str]:
    """Return a text table of all limits: name, limit, what it applies to."""
    rows = [(one.name, one.value, one.where("en")) for one in ALL]
    wide = [max(len(row[k]) for row in rows) for k in (0, 1)]
    return [f"{name:<{wide[0]}}  {value:<{wide[1]}}  {where}" for name, value, where in rows]
