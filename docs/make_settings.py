# ruff: noqa: INP001 - a script, no part of a package
"""Write `docs/settings.md` and `docs/settings.zh.md` from the records of the settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from circle15.study.languages import LANGUAGES
from circle15.study.messages import messages, say
from circle15.study.settings.editor_schema import keys_of_study

if TYPE_CHECKING:
    from circle15.study.languages import Language

PAGES: Final[dict[Language, Path]] = {
    "en": Path(__file__).with_name("settings.md"),
    "zh": Path(__file__).with_name("settings.zh.md"),
}
_HEADS: Final[dict[Language, list[str]]] = {
    "en": [
        "# Every key of study.toml",
        "",
        "*[中文](settings.zh.md)*",
        "",
        (
            "Made by `docs/make_settings.py` from the records of `circle15.study.settings`; do"
            " not edit it. A dash means: none. `area.streets` takes the same keys as"
            " `area.communities`. `circle15 schema study` prints the keys as a JSON schema: an"
            " editor such as Even Better TOML completes and checks a study by it, with"
            " `#:schema study.schema.json` in the first line of the file. Fields of `columns` and"
            " formats of files stand in the [inputs](inputs.md)."
        ),
    ],
    "zh": [
        "# study.toml 的全部键",
        "",
        "*[English](settings.md)*",
        "",
        (
            "本页由 `docs/make_settings.py` 按 `circle15.study.settings` 的记录生成，请勿手工修改。"
            "“—”表示没有默认值。`area.streets` 的键与 `area.communities` 相同。"
            "`circle15 schema study --lang zh` 把这些键输出为 JSON 模式：在文件第一行写"
            " `#:schema study.schema.json`，Even Better TOML 等编辑器即可补全和检查。"
            "`columns` 的字段和文件格式见[输入数据](inputs.zh.md)。"
        ),
    ],
}
_COLUMNS: Final[dict[Language, str]] = {
    "en": "| key | default | meaning |",
    "zh": "| 键 | 默认值 | 含义 |",
}
_REQUIRED: Final[dict[Language, str]] = {"en": "required", "zh": "必填"}


def settings_page(language: Language) -> str:
    """Return the page of the keys."""
    lines = list(_HEADS[language])
    section = ""
    for key, default in keys_of_study():
        first = key.partition(".")[0]
        if first != section:
            section = first
            lines += ["", f"## {section}", ""]
            if f"settings.{section}" in messages(language) and key != section:
                lines += [say(f"settings.{section}", language), ""]
            lines += [_COLUMNS[language], "|---|---|---|"]
        shown = _REQUIRED[language] if default is None else default
        shown = shown if shown in {"—", _REQUIRED[language]} else f"`{shown}`"
        lines.append(f"| `{key}` | {shown} | {say(f'settings.{key}', language)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for language in LANGUAGES:
        PAGES[language].write_text(settings_page(language), encoding="utf-8")
