# ruff: noqa: INP001, T201 - a script, no part of a package
"""
Build the documentation site, in Chinese and in English, and a zip of it.

    python -P docs/build_site.py [FOLDER]

FOLDER (default `build`) gets `docs/` with `zh/` and `en/`, and `circle15-docs-<version>.zip`. Pages
are those of `docs/`, the READMEs, other pages of the repository and the notebooks. Where a page has
a twin `NAME.zh.md`, the Chinese site has that, under the same name. Any warning of Sphinx, and any
link that leads nowhere, ends the build with exit code 1.
"""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
import zipfile
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from sphinx import locale
from sphinx.application import Sphinx
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from circle15 import __version__

DOCS: Final = Path(__file__).resolve().parent
ROOT: Final = DOCS.parent
LANGUAGES: Final = {"zh": "zh_CN", "en": "en"}
OTHER_PAGES: Final = {
    "readme": "README.md",
    "changelog": "CHANGELOG.md",
    "contributing": "CONTRIBUTING.md",
    "security": "SECURITY.md",
    "architecture": "ARCHITECTURE.md",
    "sample": "data/sample/README.md",
    "notebooks/README": "notebooks/README.md",
}
"""Pages outside `docs/`, by their names in the site."""
UNTRANSLATED: Final = "*本页暂无中文版。*"
DOOR: Final = """<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>circle15</title>
<script>location.replace((/^zh/i.test(navigator.language) ? "zh" : "en") + "/index.html")</script>
</head><body><p><a href="zh/index.html">中文</a> · <a href="en/index.html">English</a></p>
</body></html>
"""
_LINK: Final = re.compile(r"(!?\[[^\]\n]*\])\(([^)\s]+)\)")
_SWITCH: Final = re.compile(r"^\*\[[^\]]*\]\([^)\s]*\)\*\n\n", re.MULTILINE)
_CODE: Final = re.compile(r"(^```.*?^```)", re.DOTALL | re.MULTILINE)
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


def pages_of(language: str) -> dict[str, Path]:
    """Return the source of every page by its name in the site."""
    english = {
        path.stem: path for path in sorted(DOCS.glob("*.md")) if not path.name.endswith(".zh.md")
    }
    english |= {name: ROOT / path for name, path in OTHER_PAGES.items()}
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    found = {name: _twin(path, language) for name, path in english.items()}
    return found | {f"notebooks/{path.stem}": path for path in notebooks}


def _twin(path: Path, language: str) -> Path:
    chinese = path.with_suffix(".zh.md")
    return chinese if language == "zh" and chinese.exists() else path


def sections() -> list[dict[str, Any]]:
    """Return the sections of `contents.toml`; pages that it does not name are how-to pages."""
    found: list[dict[str, Any]] = _contents()["sections"]
    pages = pages_of("en")
    named = {page for one in found for page in one["pages"]} | {"index"}
    if named - set(pages):
        raise SystemExit(f"contents.toml names pages that are not there: {named - set(pages)}")
    for page in sorted(set(pages) - named):
        place = "start" if page.startswith("notebooks/") else "howto"
        next(one for one in found if one["name"] == place)["pages"].append(page)
    return found


def _contents() -> dict[str, Any]:
    return tomllib.loads((DOCS / "contents.toml").read_text("utf-8"))


def staged(folder: Path, language: str) -> None:
    """Write the sources of one language into a folder, with links to pages of that folder."""
    pages = pages_of(language)
    names = {path: name for tongue in LANGUAGES for name, path in pages_of(tongue).items()}
    for name, path in pages.items():
        target = folder / f"{name}{path.suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".ipynb":
            shutil.copyfile(path, target)
            continue
        text = _SWITCH.sub("", path.read_text("utf-8"))
        rewrite = partial(_link, source=path, page=name, folder=folder, names=names)
        parts = [
            part if _CODE.fullmatch(part) else _LINK.sub(rewrite, part)
            for part in _CODE.split(text)
        ]
        text = "".join(parts)
        title, _, rest = text.partition("\n")
        if language == "zh" and path.suffixes[:1] != [".zh"] and not _HAN.search(title):
            text = f"{title}\n\n{UNTRANSLATED}\n{rest}"
        target.write_text(text, encoding="utf-8")
    _write_sections(folder, language)


def _link(
    found: re.Match[str], *, source: Path, page: str, folder: Path, names: dict[Path, str]
) -> str:
    """Return a link of a page as it is in the site; what is no page is copied beside it."""
    words, (target, hash_, anchor) = found[1], found[2].partition("#")
    if not target or target.startswith(("http:", "https:", "mailto:")):
        return found[0]
    path = (source.parent / target).resolve()
    up = "../" * page.count("/")
    if path in names:
        return f"{words}({up}{names[path]}{path.suffix}{hash_}{anchor})"
    if path.is_dir() or not path.is_file():
        return words.strip("![]")
    copy = Path("images" if path.parent == DOCS / "images" else "files") / path.name
    (folder / copy).parent.mkdir(exist_ok=True)
    shutil.copyfile(path, folder / copy)
    return f"{words}({up}{copy.as_posix()})"


def _write_sections(folder: Path, language: str) -> None:
    """Write a page with the contents of each section, and add the sections to the first page."""
    made, titles = sections(), _contents()["titles"]
    for one in made:
        pages = "\n".join(
            f"{titles[page][language == 'zh']} <{page}>" if page in titles else page
            for page in one["pages"]
        )
        text = f"# {one[language]}\n\n```{{toctree}}\n:maxdepth: 1\n\n{pages}\n```\n"
        (folder / f"{one['name']}.md").write_text(text, encoding="utf-8")
    names = "\n".join(one["name"] for one in made)
    with (folder / "index.md").open("a", encoding="utf-8") as index:
        index.write(f"\n```{{toctree}}\n:hidden:\n\n{names}\n```\n")


def dead_links(site: Path) -> list[str]:
    """Return the links of the built pages that lead to no file or to no place in it."""
    texts = {
        path: path.read_text("utf-8")
        for path in sorted(site.glob("*/**/*.html"))
        if "_static" not in path.parts
    }
    places = {path: set(re.findall(r'\bid="([^"]*)"', text)) for path, text in texts.items()}
    dead = []
    for path, text in texts.items():
        for link in set(re.findall(r'\b(?:href|src)="([^"]*)"', text)):
            if re.match(r"[a-z]+:", link) or link in {"", "#"}:
                continue
            target, _, anchor = link.partition("#")
            found = (path.parent / unquote(target.partition("?")[0])).resolve() if target else path
            known = anchor and found in places and unquote(anchor) not in places[found]
            if not found.is_file() or known:
                dead.append(f"{path.relative_to(site)}: {link}")
    return dead


def build(folder: Path) -> Path:
    """
    Build both languages into `folder / "docs"`; return the path of the zip.

    Raises
    ------
    SystemExit
        If Sphinx warns of anything, or a link leads nowhere.
    """
    nocolor()
    site, work = folder / "docs", folder / "docs-work"
    for old in (site, work):
        shutil.rmtree(old, ignore_errors=True)
    for language, tongue in LANGUAGES.items():
        staged(work / language, language)
        locale.translators.clear()  # else the words of the first language stay
        with patch_docutils(str(DOCS)), docutils_namespace():
            app = Sphinx(
                srcdir=work / language,
                confdir=DOCS,
                outdir=site / language,
                doctreedir=work / f"{language}-doctrees",
                buildername="html",
                confoverrides={"language": tongue, "html_title": f"circle15 {__version__}"},
                status=None,
                warningiserror=True,
            )
            app.build()
        if app.statuscode:
            raise SystemExit(1)
        for left in (".buildinfo", "objects.inv"):
            (site / language / left).unlink(missing_ok=True)
    (site / "index.html").write_text(DOOR, encoding="utf-8")
    dead = dead_links(site)
    if dead:
        raise SystemExit("\n".join(["links that lead nowhere:", *dead]))
    shutil.rmtree(work)
    return _zipped(site, folder / f"circle15-docs-{__version__}.zip")


def _zipped(site: Path, target: Path) -> Path:
    """Pack the site; the same pages give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in site.rglob("*") if path.is_file()):
            name = f"{target.stem}/{path.relative_to(site).as_posix()}"
            packed.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return target


if __name__ == "__main__":
    made = build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build").resolve())
    print(made.parent / "docs" / "index.html", made, sep="\n")
