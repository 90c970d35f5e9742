"""Facilities: a row per site and category, every unusable cell listed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from circle15.errors import InputDataError, StudyError
from circle15.inputs.demand_points import content_id
from circle15.inputs.points import locate, require_position
from circle15.inputs.tables import choose_rows, find_columns, read_table
from circle15.inputs.values import clean, parse_area, parse_count, parse_date, parse_flag, parse_id
from circle15.inputs.zones import assign_points
from circle15.study import columns as c
from circle15.study.categories import category_of, known_categories, normalise
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyproj import CRS

    from circle15.inputs.tables import Table
    from circle15.inputs.zones import StudyArea
    from circle15.study.config import FacilityLayer, Study

DUPLICATE_M: Final = 20.0
"""Sites of one category and name this close are probably one site (DESIGN §3)."""

_STATUS: Final = {
    "open": {"", "open", "运营", "运营中", "營運", "在营", "开放", "正常", "已建成"},
    "planned": {"planned", "在建", "在建中", "拟建", "规划", "筹建", "construction"},
    "closed": {"closed", "停用", "停业", "关闭", "注销", "停運"},
}

COLUMNS: Final = (
    c.FACILITY_ID,
    c.CATEGORY,
    c.NAME,
    c.X_M,
    c.Y_M,
    c.STATUS,
    c.OPENED,
    c.OPEN,
    c.OPEN_AT_PLAN,
    c.IN_AREA,
    c.STREET_ID,
    c.COMMUNITY_ID,
    c.POSITION_UNSURE,
    c.FLOOR_AREA_M2,
    *c.CAPACITIES,
    c.ZONE_ID,
    c.DUPLICATE_OF,
    "file",
    "row",
)


@dataclass(frozen=True)
class Facilities:
    """
    The facilities of a study.

    Attributes
    ----------
    table
        Sorted by (`facility_id`, `category`). `floor_area_m2` and the capacity fields are
        objects, Decimal or None (unknown). `x_m`, `y_m` are NaN without a position. `open` and
        `open_at_plan` tell whether the site counts at `as_of` and `plan_as_of`; a probable
        duplicate names the site it repeats in `duplicate_of` and never counts.
    """

    table: pd.DataFrame
    issues: list[Issue]
    files: dict[str, int]


def read_facilities(study: Study, area: StudyArea, crs: CRS) -> Facilities:
    """
    Read every facility layer of a study.

    Raises
    ------
    StudyError
        If a layer names no category, or one that is unknown.
    InputDataError
        If a file cannot be used, or one id stands for two sites of a category.
    """
    issues: list[Issue] = []
    tables = [pd.DataFrame({name: [] for name in COLUMNS}, dtype=object)]
    files: dict[str, int] = {}
    for layer in study.facilities:
        table = read_table(layer.file, sheet=layer.sheet)
        if layer.where is not None:
            table = _chosen(table, layer.where, study, issues)
        tables.append(_read_layer(table, layer, study, crs, issues))
        files[str(layer.file)] = files.get(str(layer.file), 0) + len(table.rows)
    frame = pd.concat([t for t in tables if len(t)] or tables, ignore_index=True)
    frame[[c.X_M, c.Y_M]] = frame[[c.X_M, c.Y_M]].astype(np.float64)
    _refuse_repeated_ids(frame)
    frame = frame.sort_values([c.FACILITY_ID, c.CATEGORY], ignore_index=True)
    zones = assign_points(area, frame[c.X_M].to_numpy(), frame[c.Y_M].to_numpy())
    frame[[c.IN_AREA, c.STREET_ID, c.COMMUNITY_ID]] = zones.to_numpy()
    frame[c.IN_AREA] = frame[c.IN_AREA].astype(bool) & frame[c.X_M].notna()
    _mark_duplicates(frame, issues)
    for flag in (c.OPEN, c.OPEN_AT_PLAN, c.IN_AREA, c.POSITION_UNSURE):
        frame[flag] = frame[flag].astype(bool)
    return Facilities(frame[list(COLUMNS)], issues, files)


def _read_layer(
    table: Table, layer: FacilityLayer, study: Study, crs: CRS, issues: list[Issue]
) -> pd.DataFrame:
    mapping = dict(layer.columns)
    if layer.category_column is not None:
        mapping["category"] = layer.category_column
    columns = find_columns(table, "facility", mapping)
    located = locate(table, columns, crs, layer_crs=layer.crs, datum=layer.datum)
    require_position(located, table)
    issues += located.issues
    cells = {field: table.column(name) for field, name in columns.items()}
    categories = _categories(table, layer, cells["category"], study, issues)
    rows = []
    for i, category in enumerate(categories):
        if category is None:
            continue

        def read(field: str, parse: Callable[[Any], Any], i: int = i) -> Any:
            try:
                return parse(cells[field][i])
            except ValueError:
                row, value = table.rows[i], str(cells[field][i])
                issues.append(table.finding("UNREADABLE", row, columns[field], value=value))
                return None

        status = _status(cells["status"][i], table, i, columns["status"], issues)
        opened = read("opened", parse_date)
        rows.append(
            {
                c.FACILITY_ID: parse_id(cells["facility_id"][i]) or content_id(table, i),
                c.CATEGORY: category,
                c.NAME: clean(cells["name"][i]) or "",
                c.X_M: located.x_m[i],
                c.Y_M: located.y_m[i],
                c.STATUS: status,
                c.OPENED: opened,
                c.OPEN: is_open(status, opened, study.as_of),
                c.OPEN_AT_PLAN: opens_by(status, opened, study.plan_as_of),
                c.POSITION_UNSURE: bool(
                    layer.position_unsure or read("position_unsure", parse_flag)
                ),
                c.FLOOR_AREA_M2: read("floor_area_m2", parse_area),
                **{field: read(field, parse_count) for field in c.CAPACITIES},
                c.ZONE_ID: parse_id(cells["zone_id"][i]),
                c.DUPLICATE_OF: None,
                "file": table.file.name,
                "row": table.rows[i],
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _chosen(table: Table, where: str, study: Study, issues: list[Issue]) -> Table:
    """Keep the rows that a layer's `where` chooses, and say how many it leaves out."""
    try:
        chosen = choose_rows(table, where)
    except ValueError as error:
        raise StudyError(
            f"{where!r}: {error}.",
            file=study.file,
            column="facilities.where",
            mend="Write it as `column = value`; for numbers also !=, >, >=, < and <=.",
        ) from None
    left_out = len(table.rows) - len(chosen.rows)
    if left_out:
        detail = {"rows": str(left_out), "where": where}
        issues.append(Issue("ROWS_LEFT_OUT", "note", table.file.name, detail=detail))
    if not chosen.rows:
        raise InputDataError(f"no row has {where}.", file=table.file, mend="Mend `where`.")
    return chosen


def _categories(
    table: Table, layer: FacilityLayer, cells: list[Any], study: Study, issues: list[Issue]
) -> list[str | None]:
    """Category of each row; a row whose word is unknown is listed and left out."""
    if layer.category is not None:
        known = [*known_categories(), *study.categories]
        if layer.category not in known:
            raise StudyError(
                f"{layer.category!r} is no category.",
                file=study.file,
                column="facilities.category",
                mend=f"Known: {', '.join(known)}; add your own under [categories].",
            )
        return [layer.category] * len(table.rows)
    if layer.category_column is None:
        raise StudyError(
            f"{layer.file.name} has no category.",
            file=study.file,
            column="facilities.category",
            mend="Give `category` or `category_column`.",
        )
    found: list[str | None] = []
    for cell, row in zip(cells, table.rows, strict=True):
        word = clean(cell)
        category = category_of(word, study.categories) if word else None
        if category is None:
            heading = layer.category_column
            issues.append(table.finding("UNKNOWN_CATEGORY", row, heading, value=word or ""))
        found.append(category)
    return found


def _status(cell: Any, table: Table, index: int, column: str | None, issues: list[Issue]) -> str:
    """Status of a site; one that cannot be read does not count as open."""
    word = normalise(clean(cell) or "")
    for status, words in _STATUS.items():
        if word in words:
            return status
    issues.append(table.finding("UNKNOWN_STATUS", table.rows[index], column, value=str(cell)))
    return "unknown"


def is_open(status: str, opened: dt.date | None, as_of: dt.date) -> bool:
    """Tell whether a site is open at a date: in operation, and not opened later."""
    return status == "open" and (opened is None or opened <= as_of)


def opens_by(status: str, opened: dt.date | None, plan_as_of: dt.date | None) -> bool:
    """
    Tell whether a site counts in the plan year.

    A site under construction without a date counts then, and only then.
    """
    if plan_as_of is None or status not in {"open", "planned"}:
        return False
    return opened is None or opened <= plan_as_of


def _refuse_repeated_ids(frame: pd.DataFrame) -> None:
    keys = [c.FACILITY_ID, c.CATEGORY]
    again = frame[frame.duplicated(keys, keep="first")]
    if again.empty:
        return
    row = again.iloc[0]
    same = frame[(frame[keys] == row[keys]).all(axis=1)].iloc[0]
    raise InputDataError(
        f"the id {row[c.FACILITY_ID]!r} stands in row {same['row']} of {same['file']} too "
        f"({len(again)} such rows).",
        file=row["file"],
        row=int(row["row"]),
        mend="Give each site its own id, or take the repeated row out.",
    )


def _mark_duplicates(frame: pd.DataFrame, issues: list[Issue]) -> None:
    """Count sites of one category and name within 20 m once, and list the others."""
    frame["_name"] = [normalise(name) for name in frame[c.NAME]]
    placed = frame[frame[c.X_M].notna() & (frame["_name"] != "")]
    for _, group in placed.groupby([c.CATEGORY, "_name"], sort=True):
        if len(group) < 2:
            continue
        # The site that says most stands for the others: open, of known size, first by id.
        ranked = group.assign(
            _less=~group[c.OPEN].astype(bool), _bare=group[c.FLOOR_AREA_M2].isna()
        )
        ranked = ranked.sort_values(["_less", "_bare", c.FACILITY_ID])
        x, y = ranked[c.X_M].to_numpy(), ranked[c.Y_M].to_numpy()
        stands: dict[int, str] = {}
        for place in range(1, len(ranked)):
            apart_m = np.hypot(x[:place] - x[place], y[:place] - y[place])
            earlier = [k for k in np.flatnonzero(apart_m <= DUPLICATE_M) if k not in stands]
            if earlier:
                stands[place] = ranked[c.FACILITY_ID].iloc[earlier[0]]
        for place, original in stands.items():
            index = ranked.index[place]
            frame.loc[index, c.DUPLICATE_OF] = original
            area = frame.loc[index, c.FLOOR_AREA_M2]
            issues.append(
                Issue(
                    "PROBABLE_DUPLICATE",
                    "warning",
                    frame.loc[index, "file"],
                    int(frame.loc[index, "row"]),
                    floor_area_m2=area if isinstance(area, Decimal) else None,
                    detail={"facility_id": frame.loc[index, c.FACILITY_ID], "original": original},
                )
            )
    repeated = frame[c.DUPLICATE_OF].notna()
    frame.loc[repeated, [c.OPEN, c.OPEN_AT_PLAN]] = False
    del frame["_name"]
