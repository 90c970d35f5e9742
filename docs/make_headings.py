# ruff: noqa: INP001 - a script, no part of a package
"""Write `docs/headings.md` from the lists of headings and of status words."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

PAGE = Path(__file__).with_name("headings.md")
KINDS = {
    "facility": "Facilities 设施",
    "place": "Street and community of a facility without a position 无坐标设施所在街道、社区",
    "residential": "Residential zones 居住区",
    "demand": "People at points 人口点",
    "zone": "Zones, and tables of counts 行政区与统计表",
    "building": "Buildings 建筑",
    "register": "Registers 台账",
}

MADE_BY = (
    "Made by `docs/make_headings.py` from `headings.toml` and `statuses.toml` of"
    " `circle15.inputs`; do not edit it."
)
MATCHING_EN = (
    "Case, spaces, the width of characters, a unit in brackets, _ or - between English words, and"
    " numbers or stars of a form (1. 名称*) do not matter. Headings in italics are looked for only"
    " where none of the others of their field is there."
    ' `columns = { field = "heading" }` in `study.toml` goes before these lists.'
)
MATCHING_ZH = (
    "大小写、空格、全角半角、括号内的单位、英文词间的 _ 或 -、表单的序号和星号均不影响识别；"
    "斜体的列名仅在该字段没有其他列名时采用；`study.toml` 中的"
    ' `columns = { 字段 = "列名" }` 优先于本表。'
)
ANSWERS = (
    "`yes` is open and `no` closed, unless the heading asks whether a site is closed"
    " (是否停业). A blank cell is open. "
    "“是”为运营、“否”为停业；若列名问的是是否停业，则相反。空白按运营计。"
)


def _read(folder: str, name: str) -> dict[str, dict[str, list[str]]]:
    text = resources.files(f"circle15.inputs.{folder}").joinpath(name).read_text("utf-8")
    return tomllib.loads(text)


def headings_page() -> str:
    """Return the page of the known headings."""
    lines = [
        "# Known headings 已知列名",
        "",
        MADE_BY,
        "",
        MATCHING_EN,
        "",
        MATCHING_ZH,
    ]
    headings = _read("tables", "headings.toml")
    for kind, title in KINDS.items():
        lines += ["", f"## {title}", "", "| field 字段 | headings 列名 |", "|---|---|"]
        also = headings.get(f"{kind}_also", {})
        for field, names in headings[kind].items():
            first, others = " · ".join(names), " · ".join(also.get(field, []))
            lines.append(f"| `{field}` | {first}{f' · *{others}*' if others else ''} |")
    lines += ["", "## Status words 状态用词", "", "| status 状态 | words 用词 |", "|---|---|"]
    for status, words in _read("facilities", "statuses.toml").items():
        if not status.startswith("asks_"):
            lines.append(f"| `{status}` | {' · '.join(map(str, words))} |")
    lines += [
        "",
        ANSWERS,
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(headings_page(), encoding="utf-8")
