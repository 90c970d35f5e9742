# ruff: noqa: E501 - what is written into a file stands in one piece
"""Bombs as settings: study files, rule packs, cells that hold lists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.bombs.study import replaced
from tests.builders.small_study import PACK, PEOPLE, RULE

if TYPE_CHECKING:
    from pathlib import Path

ZONES = '[[residential_zones]]\nfile = "zones.csv"\ncrs = "EPSG:4549"\n'


def _top(folder: Path, *, text: str) -> None:
    path = folder / "study.toml"
    path.write_text(text + "\n" + path.read_text("utf-8"), encoding="utf-8")


def _end(folder: Path, *, text: str) -> None:
    path = folder / "study.toml"
    path.write_text(path.read_text("utf-8") + "\n" + text + "\n", encoding="utf-8")


def _walk(folder: Path, *, text: str) -> None:
    replaced(folder, "[walk]", "[walk]\n" + text)


def _demand(folder: Path, *, count: int) -> None:
    replaced(folder, f"[ {PEOPLE} ]", "[ " + ",".join([PEOPLE] * count) + " ]")


def _pack(folder: Path, *, text: str) -> None:
    (folder / "p.toml").write_text(PACK + text, encoding="utf-8")
    _end(folder, text='[rules]\npacks = ["p.toml"]')


def _rooms(folder: Path, *, cell: str, zones: int = 1) -> None:
    rows = "".join(f'500000,3490000,Z{k},existing,1000,"{cell}"\n' for k in range(zones))
    (folder / "zones.csv").write_text(
        "x_m,y_m,zone_id,kind,households,rooms_m2\n" + rows, encoding="utf-8"
    )
    _end(folder, text=ZONES)


_KEYS = "\n".join(f"k{k} = 1" for k in range(100_000))
_FACILITY = '[[facilities]]\nfile = "sites.csv"\ncategory = "meal_point"\ncrs = "EPSG:4549"\ncovers = "extent"\n'

BOMBS = {
    "toml keys": partial(_top, text=_KEYS),
    "toml keys in a table": partial(
        _end, text="[categories]\n" + "\n".join(f'k{k} = "类{k}"' for k in range(100_000))
    ),
    "toml dotted": partial(_top, text=".".join(["a"] * 900_000) + " = 1"),
    "toml dotted and wide": partial(
        _top, text="\n".join(".".join(["a"] * 2000) + f".k{k} = 1" for k in range(1000))
    ),
    "toml dotted table": partial(_end, text="[" + ".".join(["a"] * 900_000) + "]"),
    "toml deep lists": partial(_top, text="a = " + "[" * 900 + "]" * 900),
    "toml inline tables": partial(_top, text="a = " + "{a=" * 300 + "1" + "}" * 300),
    "toml tables": partial(_end, text="\n".join(f"[t{k}]" for k in range(500_000))),
    "toml list of tables": partial(_end, text="[[x]]\n" * 1_500_000),
    "toml numbers": partial(_walk, text="sensitivity_m_s = [" + "1.1," * 1_500_000 + "]"),
    "toml exact numbers": partial(_walk, text="sensitivity_m_s = [" + "1.1e-20," * 500_000 + "]"),
    "toml a bad number behind many": partial(
        _walk, text="sensitivity_m_s = [" + "1.1," * 1_500_000 + "1e999]"
    ),
    "toml long text": partial(_top, text='a = "' + "b" * 9_000_000 + '"'),
    "toml long name": partial(
        _end,
        text=f'[[facilities]]\nfile = "sites.csv"\ncategory = "{"m" * 9_000_000}"\ncrs = "EPSG:4549"',
    ),
    "toml comments": partial(_top, text="#" * 9_000_000),
    "toml multiline": partial(_top, text='a = """' + "\n" * 9_000_000 + '"""'),
    "toml escapes": partial(_top, text='a = "' + "\\u0041" * 1_500_000 + '"'),
    "toml dates": partial(_top, text="a = [" + "2025-01-01," * 700_000 + "]"),
    "toml layers": partial(_demand, count=50_000),
    "toml 3,000 layers": partial(_demand, count=3000),
    "toml facilities": partial(_end, text=_FACILITY * 50_000),
    "toml 3,000 facilities": partial(_end, text=_FACILITY * 3000),
    "toml cutoffs": partial(_walk, text=f"cutoffs_min = {list(range(1, 100_000))}"),
    "toml speeds": partial(
        _walk, text=f"sensitivity_m_s = [{','.join(f'{1 + k / 100000:.5f}' for k in range(5000))}]"
    ),
    "toml categories": partial(
        _end, text="[categories]\n" + "\n".join(f'k{k} = "类{k}"' for k in range(5000))
    ),
    "toml packs": partial(_end, text="[rules]\npacks = [" + '"p.toml",' * 100_000 + "]"),
    "pack keys": partial(_pack, text=_KEYS),
    "pack rules": partial(_pack, text="".join(RULE % k for k in range(30_000))),
    "pack 3,000 rules": partial(_pack, text="".join(RULE % k for k in range(3000))),
    "pack dotted": partial(_pack, text=".".join(["a"] * 500_000) + " = 1"),
    "pack deep lists": partial(_pack, text="a = " + "[" * 900 + "]" * 900),
    "pack long quote": partial(_pack, text=(RULE % 1).replace('"q"', '"' + "q" * 9_000_000 + '"')),
    "rooms of 60,000 terms": partial(_rooms, cell="+".join(["1"] * 60_000)),
    "rooms of 100,000 terms": partial(_rooms, cell="+".join(["10"] * 100_000)),
    "rooms of 3,000,000 terms": partial(_rooms, cell="、".join(["1"] * 2_000_000)),
    "rooms of long numbers": partial(_rooms, cell="+".join(["1." + "1" * 9000] * 900)),
    "rooms of long exponents": partial(_rooms, cell="+".join(["1e-99999999"] * 900)),
    "rooms of exponents": partial(_rooms, cell="+".join(["1e-9999", "1e14"] * 450)),
    "rooms one long number": partial(_rooms, cell="1" * 9_000_000),
    "rooms one long fraction": partial(_rooms, cell="0." + "1" * 9_000_000),
    "rooms of words": partial(_rooms, cell="a" * 9_000_000),
    "rooms of blanks": partial(_rooms, cell="1" + " " * 9_000_000 + "2"),
    "rooms of commas": partial(_rooms, cell="1" + "," * 9_000_000 + "2"),
    "rooms of x": partial(_rooms, cell="1" + "x1" * 4_000_000),
    "rooms of brackets": partial(_rooms, cell="(" * 4_000_000 + "1" + ")" * 4_000_000),
    "zones": partial(_rooms, cell="10+10", zones=200_000),
    "zones, 50,000 of them": partial(_rooms, cell="10+10", zones=50_000),
}
