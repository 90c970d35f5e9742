"""Files of an answer to a siting question: proposed sites, candidates, and moved candidates."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from circle15.inputs.crs.degrees import DECIMALS, lon_lat
from circle15.output.text.numbers import persons_exact, plain_decimal
from circle15.output.text.wording import defused, printable
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyproj import CRS

    from circle15.planning.proposals import SitingAnswer

_BYTE_ORDER_MARK: Final = "\ufeff"
"""Lets spreadsheet programs recognise UTF-8."""
MOVED_HEADINGS: Final = "lon,lat,moved_m"
"""What the first line of a file of moved candidates ends in."""


def proposed_csv(answer: SitingAnswer, crs: CRS) -> str:
    """
    Format the proposed sites as a list of facilities that a study can read unchanged.

    Columns are `facility_id`, `name`, `category`, `lon`, `lat` (WGS 84), `x_m`, `y_m` (`crs`), and
    `floor_area_m2` and the capacity fields if the candidates have them.
    """
    table = answer.question.candidates.table.iloc[[one.candidate for one in answer.sites]]
    stated = [key for key in (c.FLOOR_AREA_M2, *c.CAPACITIES) if table[key].notna().any()]
    places = _places(table[c.X_M], table[c.Y_M], crs)
    rows = [
        [site.facility_id, _text(row[c.NAME]), answer.category, *place, *_cells(row, stated)]
        for site, row, place in zip(answer.sites, table.to_dict("records"), places, strict=True)
    ]
    head = [c.FACILITY_ID, c.NAME, c.CATEGORY, "lon", "lat", c.X_M, c.Y_M, *stated]
    return _csv(head, rows)


def candidates_csv(answer: SitingAnswer, crs: CRS) -> str:
    """
    Format all candidates, each with the people it would reach if it alone were built.

    Columns are those of the candidates, `persons_reached`, `persons_newly`, `persons_unknown`
    (state unknown today) and `order` (rank among the proposed sites; empty for the others).
    """
    table, gains = answer.question.candidates.table, answer.gains
    stated = [key for key in (c.FLOOR_AREA_M2, c.COST, *c.CAPACITIES) if table[key].notna().any()]
    order = {site.candidate: k for k, site in enumerate(answer.sites, 1)}
    places = _places(table[c.X_M], table[c.Y_M], crs)
    rows = [
        [
            row[c.CANDIDATE_ID],
            _text(row[c.NAME]),
            *place,
            row[c.STREET_ID] or "",
            *_cells(row, stated),
            *(persons_exact(int(of[k])) for of in (gains.reached, gains.newly, gains.unknown)),
            order.get(k, ""),
        ]
        for k, (row, place) in enumerate(zip(table.to_dict("records"), places, strict=True))
    ]
    counted = ["persons_reached", "persons_newly", "persons_unknown", "order"]
    head = [c.CANDIDATE_ID, c.NAME, "lon", "lat", c.X_M, c.Y_M, c.STREET_ID, *stated, *counted]
    return _csv(head, rows)


def moved_csv(answer: SitingAnswer, crs: CRS) -> str | None:
    """
    Format the file of candidates with those that cannot be joined moved to the nearest street.

    All rows are kept, those that the question's `where` excludes too, and all columns except the
    position, which becomes `lon` and `lat` (WGS 84). `moved_m` is the distance by which a candidate
    was moved.

    Returns
    -------
    The text of the file, or None if no candidate can be moved.
    """
    candidates = answer.question.candidates
    source, moved = candidates.source, candidates.moved
    if source is None or not moved:
        return None
    x_m, y_m = (source.table[key].to_numpy(np.float64).copy() for key in (c.X_M, c.Y_M))
    for row, (x, y) in moved.items():
        x_m[row], y_m[row] = x, y
    metres = [
        plain_decimal(round(candidates.moved_m[i], 3)) if i in moved else ""
        for i in range(len(source.table))
    ]
    cells, ids, file_rows = (
        source.cells.cells,
        list(source.table[c.CANDIDATE_ID]),
        source.cells.rows,
    )
    if source.others is not None:  # another question may ask for these
        cells = pd.concat([cells, source.others.cells.cells], ignore_index=True)
        ids, file_rows = [*ids, *source.others.ids], [*file_rows, *source.others.cells.rows]
        x_m, y_m = (
            np.r_[of, others]
            for of, others in zip((x_m, y_m), source.others.placed_m.T, strict=True)
        )
        metres += [""] * len(source.others.ids)
    names = [str(name) for name in cells.columns if str(name) not in source.places]
    kept = [name for name in names if name not in {"lon", "lat", "x_m", "y_m", "moved_m"}]
    columns = [list(cells[name]) for name in kept]
    own = [] if c.CANDIDATE_ID in kept else [c.CANDIDATE_ID]
    places = _places(x_m, y_m, crs)
    rows = [
        [
            *(ids[i] for _ in own),
            *("" if column[i] is None else _text(column[i]) for column in columns),
            *places[i][:2],
            metres[i],
        ]
        for i in np.argsort(file_rows, kind="stable").tolist()
    ]
    return _csv([*own, *kept, *MOVED_HEADINGS.split(",")], rows)


def _places(x_m: Any, y_m: Any, crs: CRS) -> list[tuple[str, str, str, str]]:
    """Format degrees and metres of each position; empty strings if there is none."""
    x, y = np.asarray(x_m, np.float64), np.asarray(y_m, np.float64)
    lon, lat = lon_lat(x, y, crs)
    return [
        (f"{a:.{DECIMALS}f}", f"{b:.{DECIMALS}f}", f"{e:.3f}", f"{n:.3f}")
        if np.isfinite(a)
        else ("", "", "", "")
        for a, b, e, n in zip(lon, lat, x, y, strict=True)
    ]


def _cells(row: dict[Any, Any], names: Sequence[str]) -> list[str]:
    return ["" if row[name] is None else plain_decimal(row[name]) for name in names]


def _text(value: object) -> str:
    return defused(printable("" if value is None else str(value)))


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return _BYTE_ORDER_MARK + text.getvalue()
