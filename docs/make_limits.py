# ruff: noqa: INP001 - a script, no part of a package
"""Write `docs/limits.md` from the table of limits."""

from __future__ import annotations

from pathlib import Path

from circle15.study.limits import ALL

PAGE = Path(__file__).with_name("limits.md")
HEAD = (
    "# Limits of inputs 输入的上限\n\n"
    "Made by `docs/make_limits.py` from `circle15.study.limits`; do not edit it."
    " `circle15 doctor` prints the same table.\n\n"
    "They are far above what a bureau's files hold, and keep what a file of less than 10 MB can do"
    " within 1 GB of memory and a minute. What is beyond one is refused with its place, the limit"
    " and how to get past it (exit code 2; 3 for the answer of a server)."
    " Bytes are those of the file as it lies on the disk.\n\n"
    "这些上限远高于实际业务数据，用来保证 10 MB 以下的文件最多占用 1 GB 内存、一分钟时间。"
    "超过上限的输入会被拒绝，并说明位置、上限和解决办法（退出码 2；服务器的回复为 3）。"
    "字节数按磁盘上的文件计。\n\n"
    "| name 名称 | limit 上限 | of 对象 | past it 应对 |\n|---|---|---|---|\n"
)


def limits_page() -> str:
    """Return the page of the limits."""
    rows = [
        f"| `{one.name}` | {one.value} "
        f"| {one.where('en')}<br>{one.where('zh')} | {one.past('en')}<br>{one.past('zh')} |"
        for one in ALL
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(limits_page(), encoding="utf-8")
