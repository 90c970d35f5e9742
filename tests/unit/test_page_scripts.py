"""Script modules of a page joined into one: order, scopes, and what cannot be joined."""

from __future__ import annotations

import re

import pytest

from circle15.output.document.scripts import ScriptError, joined, page_script

PAGE = ("circle15.output.map", "scripts", "main.js")


def test_a_module_stands_behind_what_it_imports_and_once():
    """main → a → c, main → b → c: c, a, b, main."""
    script = joined(
        {
            "main.js": 'import { a } from "./x/a.js";\nimport { b } from "./x/b.js";\na(b);\n',
            "x/a.js": 'import { c } from "../c.js";\nexport const a = (one) => c + one;\n',
            "x/b.js": 'import { c } from "../c.js";\nexport const b = c;\n',
            "c.js": "export const c = 1;\n",
            "unused.js": "export const never = 1;\n",
        },
        "main.js",
    )
    places = [script.index(text) for text in ("const c =", "const a =", "const b =", "a(b);")]
    assert places == sorted(places)
    assert script.count("const c =") == 1
    assert "never" not in script


def test_names_of_two_modules_do_not_meet():
    script = joined(
        {
            "main.js": 'import { one } from "./a.js";\nconst size = 2;\none(size);\n',
            "a.js": "const size = 1;\nexport function one(n) {\n  return n + size;\n}\n",
        },
        "main.js",
    )
    assert script.count("const size") == 2
    assert "return { one };" in script


def test_a_generator_is_exported_like_a_function():
    script = joined(
        {
            "main.js": 'import { steps } from "./a.js";\n[...steps()];\n',
            "a.js": "export function* steps() {\n  yield 1;\n}\n",
        },
        "main.js",
    )
    assert "\nfunction* steps() {" in script
    assert "return { steps };" in script


def test_comments_go_and_texts_stay():
    source = (
        "// A header.\n\n/**\n * What it does.\n *\n * @param {string} a\n */\n"
        'export const f = (a) => "// " + a; // kept\n'
        "/** @type {number} */\nconst n = /** @type {any} */ (1);\n"
    )
    script = joined({"main.js": source}, "main.js")
    assert "header" not in script
    assert "What it does" not in script
    assert '"// " + a; // kept' in script
    assert "const n = /** @type {any} */ (1);" in script


def test_no_text_ends_the_script():
    script = joined({"main.js": 'const end = "</script>", END = "</SCRIPT >";\n'}, "main.js")
    assert r'"<\/script>"' in script
    assert r'"<\/SCRIPT >"' in script
    assert "</script" not in script.lower()


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (
            {
                "main.js": 'import { a } from "./a.js";\n',
                "a.js": 'import { b } from "./b.js";\n',
                "b.js": 'import { a } from "./a.js";\n',
            },
            r"import each other: a\.js → b\.js → a\.js",
        ),
        (
            {"main.js": 'import { a } from "./gone.js";\n'},
            r"imports gone\.js, which does not exist",
        ),
        ({"main.js": 'import { a } from "../../a.js";\n'}, r"imports \.\./\.\./a\.js, which"),
        ({"main.js": 'import { a } from "leaflet";\n'}, r"imports 'leaflet': write a path"),
        (
            {"main.js": 'import { b } from "./a.js";\n', "a.js": "export const a = 1;\n"},
            r"imports 'b' from a\.js, which does not export it",
        ),
        (
            {"main.js": 'import { a as b } from "./a.js";\n', "a.js": "export const a = 1;\n"},
            "'a as b': imports must not rename",
        ),
        (
            {"main.js": 'import { a } from "./a.js";\nlet a;\n', "a.js": "export const a = 1;\n"},
            r"main\.js: 'a' is imported or declared twice",
        ),
        ({"main.js": "let a = 1;\nfunction a() {}\n"}, "'a' is imported or declared twice"),
        ({"main.js": 'import "./a.js";\n'}, r'cannot be bundled: import "\./a\.js"'),
        ({"main.js": 'import * as a from "./a.js";\n'}, "cannot be bundled: import"),
        ({"main.js": "export default 1;\n"}, "cannot be bundled: export default 1;"),
        ({"main.js": "export let a = 1;\n"}, "cannot be bundled: export let"),
        ({"main.js": 'export { a } from "./a.js";\n'}, "cannot be bundled: export"),
        ({"main.js": 'const a = import("./a.js");\n'}, r'cannot be bundled: import\("\./a\.js"\)'),
        ({"main.js": 'const a = "<!--";\n'}, "begins a comment of the page"),
        ({"main.js": "const a = `\n// not a comment\n`;\n"}, "line 1: a string must not continue"),
        ({"main.js": "/* a\n*/ const a = 1;\n"}, "line 2: code after the end of a comment"),
    ],
)
def test_what_cannot_be_joined_is_named(sources: dict[str, str], message: str):
    with pytest.raises(ScriptError, match=message):
        joined(sources, "main.js")


def test_the_script_of_the_map_is_whole_and_the_same_each_time():
    script = page_script(*PAGE)
    page_script.cache_clear()
    assert page_script(*PAGE) == script
    assert re.findall(r"^\s*(?:import|export)\b.*", script, re.MULTILINE) == []
    assert script.count("const $") - script.count("const $0") > 20
    assert "@param" not in script


def test_every_module_of_the_map_is_in_its_script(repository):
    folder = repository / "coverage/circle15/output/map/scripts"
    script = page_script(*PAGE) + page_script(*PAGE[:2], "trials/worker.js")
    for path in folder.rglob("*.js"):
        text = path.read_text("utf-8")
        assert text.startswith("// "), f"{path.name} does not say what it is"
        if path.name == "types.js":
            continue
        exported = re.findall(r"^export (?:async )?(?:const|function) (\w+)", text, re.MULTILINE)
        assert all(re.search(rf"return {{.*\b{name}\b.*}};", script) for name in exported), path
