# ruff: noqa: INP001 - a script, no part of a package
"""Write `docs/pack-keys.md` and `docs/pack-keys.zh.md` from the records of rule packs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from circle15.rules.packs.pack_schema import TABLES, keys_of_pack
from circle15.study.languages import LANGUAGES
from circle15.study.messages import say

if TYPE_CHECKING:
    from circle15.study.languages import Language

PAGES: Final[dict[Language, Path]] = {
    "en": Path(__file__).with_name("pack-keys.md"),
    "zh": Path(__file__).with_name("pack-keys.zh.md"),
}
_HEADS: Final[dict[Language, list[str]]] = {
    "en": [
        "# Every key of a rule pack",
        "",
        "*[中文](pack-keys.zh.md)*",
        "",
        (
            "Made by `docs/make_pack_keys.py` from the records of `circle15.rules.packs`; do not"
            " edit it. A dash means: none. [rule-packs.md](rule-packs.md) shows a pack and says"
            " what the evaluators compute. `circle15 schema pack` prints the keys as a JSON schema"
            " for editors. Texts in both languages (`title`, `notes`, `meaning`) are tables of"
            " `zh` and `en`."
        ),
    ],
    "zh": [
        "# 规则包的全部键",
        "",
        "*[English](pack-keys.md)*",
        "",
        (
            "本页由 `docs/make_pack_keys.py` 按 `circle15.rules.packs` 的记录生成，请勿手工修改。"
            "“—”表示没有默认值。[rule-packs.md](rule-packs.md) 给出完整示例并说明各计算方法。"
            "`circle15 schema pack --lang zh` 把这些键输出为编辑器用的 JSON 模式。"
            "`title`、`notes`、`meaning` 是含 `zh` 和 `en` 的表。"
        ),
    ],
}
_COLUMNS: Final[dict[Language, str]] = {
    "en": "| key | default | meaning |",
    "zh": "| 键 | 默认值 | 含义 |",
}
_REQUIRED: Final[dict[Language, str]] = {"en": "required", "zh": "必填"}
_PARAMETERS: Final[dict[Language, str]] = {
    "en": "Parameters of the evaluators",
    "zh": "计算方法的参数",
}
_TOP: Final[dict[Language, str]] = {"en": "The pack", "zh": "规则包"}


def pack_keys_page(language: Language) -> str:
    """Return the page of the keys."""
    lines = list(_HEADS[language])
    section: str | None = None
    for table, key, default in keys_of_pack():
        if table == "words":
            continue
        heading = _heading(table, language)
        if heading != section:
            section = heading
            lines += ["", f"## {section}", "", _COLUMNS[language], "|---|---|---|"]
        shown = _REQUIRED[language] if default is None else default
        shown = shown if shown in {"—", _REQUIRED[language]} else f"`{shown}`"
        name = f"{table}.{key}" if table else key
        lines.append(f"| `{name}` | {shown} | {say(f'packs.{name}', language)} |")
    return "\n".join(lines) + "\n"


def _heading(table: str, language: Language) -> str:
    if table in TABLES:
        return table.partition(".")[0] or _TOP[language]
    return _PARAMETERS[language]


if __name__ == "__main__":
    for language in LANGUAGES:
        PAGES[language].write_text(pack_keys_page(language), encoding="utf-8")
