"""
Bundle the ES modules of a page into one script.

Each module becomes a function that is called once and returns its exports, so that the names of
modules cannot collide:

    const $0 = (() => { …; return { data, held }; })();    // data/held.js
    const $1 = (() => { const { data } = $0; …; return { say }; })();

A module may use `import { a, b } from "./x.js";` and `export` before a function, class or constant,
each at the start of a line. Any other form of import or export is refused.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_IMPORT: Final = re.compile(r'^import \{([^{}]*)\} from "([^"\n]*)";$', re.MULTILINE)
_EXPORT: Final = re.compile(
    r"^export (?=(?:async function|function\*?|class|const) ([\w$]+)[ (=])", re.MULTILINE
)
_DECLARED: Final = re.compile(
    r"^(?:async function|function\*?|class|const|let|var) ([\w$]+)", re.MULTILINE
)
_OTHER: Final = re.compile(
    r"^(?:import|export)\b.*|\bimport\s*\(.*|\bimport\.meta\b.*", re.MULTILINE
)
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_END_OF_SCRIPT: Final = re.compile(r"</(?=script)", re.IGNORECASE)


class ScriptError(ValueError):
    """A module cannot be bundled; the message names the module and the reason."""


@dataclass(frozen=True, slots=True)
class _Module:
    """Imports of a module (names by path), its exports, and its code without either keyword."""

    imports: dict[str, list[str]]
    exports: list[str]
    code: str


@cache
def page_script(package: str, folder: str, entry: str) -> str:
    """Read the modules of a page from a folder of a package and bundle them (see `joined`)."""
    root = resources.files(package).joinpath(folder)
    found: dict[str, str] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        file = root.joinpath(*path.split("/"))
        if path not in found and file.is_file():
            found[path] = file.read_text("utf-8")
            waiting += [_resolved(path, target) for _, target in _IMPORT.findall(found[path])]
    return joined(found, entry)


def joined(sources: Mapping[str, str], entry: str) -> str:
    r"""
    Bundle modules into one script that can be placed inside a script element.

    Parameters
    ----------
    sources
        Text of each module by its path relative to the script's folder, such as `panel/panel.js`.
    entry
        Path of the module to run.

    Returns
    -------
    The modules that `entry` needs, each after those it imports, without comments. The same modules
    give the same text.

    Raises
    ------
    ScriptError
        If a module imports a module or name that does not exist, takes part in an import cycle,
        declares a name twice at its top level, or has a form that cannot be bundled or inlined.

    Examples
    --------
    >>> print(joined({"a.js": 'import { b } from "./b.js";\nb();\n',
    ...               "b.js": "export const b = () => 1;\n"}, "a.js"))
    (() => {
    "use strict";
    const $0 = (() => {
    const b = () => 1;
    return { b };
    })();
    const $1 = (() => {
    const { b } = $0;
    b();
    return {  };
    })();
    })();
    """
    modules: dict[str, _Module] = {}
    _gather(entry, sources, modules, ())
    number = {path: f"${k}" for k, path in enumerate(modules)}
    parts = [_written(module, number[path], number) for path, module in modules.items()]
    script = "\n".join(['(() => {\n"use strict";', *parts, "})();"])
    return _END_OF_SCRIPT.sub(r"<\\/", script)


def _gather(
    path: str, sources: Mapping[str, str], found: dict[str, _Module], above: tuple[str, ...]
) -> None:
    """Add a module after the modules that it imports."""
    if path in above:
        ring = " → ".join([*above[above.index(path) :], path])
        message = f"modules import each other: {ring}"
        raise ScriptError(message)
    if path in found:
        return
    module = _read(path, sources[path])
    for target, names in module.imports.items():
        if target not in sources:
            raise _fault(path, f"it imports {target}, which does not exist")
        _gather(target, sources, found, (*above, path))
        missing = [name for name in names if name not in found[target].exports]
        if missing:
            raise _fault(path, f"it imports {missing[0]!r} from {target}, which does not export it")
    found[path] = module


def _read(path: str, text: str) -> _Module:
    code = _without_comments(path, text.replace("\r\n", "\n"))
    imports: dict[str, list[str]] = {}
    for listed, target in _IMPORT.findall(code):
        if not target.startswith(("./", "../")) or not target.endswith(".js"):
            raise _fault(path, f"it imports {target!r}: write a path that begins with ./ or ../")
        names = [name.strip() for name in listed.split(",") if name.strip()]
        odd = [name for name in names if not _NAME.fullmatch(name)]
        if odd:
            raise _fault(path, f"it imports {odd[0]!r}: imports must not rename")
        imports.setdefault(_resolved(path, target), []).extend(names)
    exports = _EXPORT.findall(code)
    code = _EXPORT.sub("", _IMPORT.sub("", code))
    if other := _OTHER.search(code):
        raise _fault(path, f"this cannot be bundled: {other[0].strip()}")
    named = Counter([*_DECLARED.findall(code), *(n for names in imports.values() for n in names)])
    twice = [name for name, times in named.items() if times > 1]
    if twice:
        raise _fault(path, f"{twice[0]!r} is imported or declared twice at its top")
    if "<!--" in code:
        raise _fault(path, "'<!--' begins a comment of the page: write '<' + '!--'")
    return _Module(imports, exports, "\n".join(line for line in code.split("\n") if line.strip()))


def _without_comments(path: str, text: str) -> str:
    """Remove comment lines; refuse multi-line templates, as they could contain one."""
    kept, inside = [], False
    for number, line in enumerate(text.split("\n"), 1):
        start = line.strip()
        if inside or (start.startswith("/*") and "*/" not in start):
            rest = start.partition("*/")[2]
            inside = "*/" not in start
        elif start.startswith("//") or (start.startswith("/*") and start.endswith("*/")):
            rest = ""
        elif start.count("`") % 2 or start.endswith("\\"):
            raise _fault(path, f"line {number}: a string must not continue on the next line")
        else:
            kept.append(line)
            continue
        if rest.strip():
            raise _fault(path, f"line {number}: code after the end of a comment")
    return "\n".join(kept)


def _written(module: _Module, own: str, number: Mapping[str, str]) -> str:
    taken = [
        f"const {{ {', '.join(names)} }} = {number[path]};"
        for path, names in module.imports.items()
    ]
    end = f"return {{ {', '.join(module.exports)} }};"
    code = [module.code] if module.code else []
    return "\n".join([f"const {own} = (() => {{", *taken, *code, end, "})();"])


def _resolved(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def _fault(path: str, why: str) -> ScriptError:
    message = f"the script {path}: {why}"
    return ScriptError(message)
