"""The documents are correct: commands, keys and their defaults, links, examples."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.builders.least_study import LEAST
from tests.builders.schema_check import study_faults

from circle15 import check, cli
from circle15.study.database_tables import database_table
from circle15.study.toml_text import parse_toml
from circle15.study.vocabulary import categories
from circle15.workflow.folders.result_names import FILES
from circle15.workflow.sample import start_study

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh.md")
BOTH = (
    READMES,
    *(
        (f"docs/{page.name.replace('.zh', '')}", f"docs/{page.name}")
        for page in sorted((ROOT / "docs").glob("*.zh.md"))
    ),
)
"""Pages that say the same in both languages."""
GUIDES = [
    str(page.relative_to(ROOT))
    for page in sorted((ROOT / "docs").glob("*.md"))
    if page.name.partition(".")[0] not in {"rule-packs", "pack-keys"}
]
"""Pages of `docs` whose blocks of TOML are parts of studies."""
FOLDERS = (".", "coverage", "data/**", "docs/**", "maps", "notebooks", "tests/**")
PAGES = sorted(
    {
        page
        for folder in FOLDERS
        for page in ROOT.glob(f"{folder}/*.md")
        if folder != "maps" or page.name == "README.md"
    }
)


def commands() -> dict[str, Any]:
    """Every command by its name."""
    group: Any = typer.main.get_command(cli.app)
    found: dict[str, Any] = group.commands
    return found


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def said_as_code(name: str) -> list[str]:
    """Lines of the code blocks of commands, and what stands between backticks."""
    blocks = re.findall(r"^```(?:console)?\n(.*?)^```", text_of(name), re.DOTALL | re.MULTILINE)
    prose = re.sub(r"^```.*?^```", "", text_of(name), flags=re.DOTALL | re.MULTILINE)
    lines = [line.removeprefix("$ ") for line in "".join(blocks).splitlines()]
    return [*lines, *re.findall(r"`([^`]+)`", prose)]


def rows_of(name: str) -> list[tuple[str, str]]:
    """First column of the tables of a page, without its backticks, and the second."""
    return re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", text_of(name), re.MULTILINE)


def table(name: str) -> dict[str, str]:
    """First column of the tables of a README to the second."""
    rows = rows_of(name)
    assert len(dict(rows)) == len(rows)
    return dict(rows)


@pytest.mark.parametrize("name", READMES)
def test_categories_fields_and_results_are_listed(name):
    """In the README and the pages of its language that it leads to."""
    text = "".join(text_of(pages[READMES.index(name)]) for pages in BOTH)
    headings = tomllib.loads(
        resources.files("circle15.inputs.tables").joinpath("headings.toml").read_text("utf-8")
    )
    fields = [*headings["facility"], *headings["residential"]]
    words = [*categories.known_categories(), *fields]
    words += FILES
    assert [word for word in words if f"`{word}`" not in text] == []


@pytest.mark.parametrize("name", READMES)
def test_every_command_has_an_example(name):
    shown = table(name)
    assert set(commands()) <= set(shown)
    text = text_of(name)
    assert [word for word in commands() if f"`circle15 {word}" not in text] == []


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_help_has_an_example(command):
    assert f"Example: circle15 {command}" in (commands()[command].help or "")


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", *GUIDES])
def test_every_example_has_a_command_and_options_that_exist(name):
    for line in said_as_code(name):
        if not re.match(r"circle15 [a-z]", line):
            continue
        _, word, *rest = shlex.split(line)
        known = {option for p in commands()[word].params for option in p.opts} | {"--help"}
        assert {part for part in rest if part.startswith("--")} <= known, line


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_exists(name):
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.M))
    said = {match[1] for line in said_as_code(name) if (match := re.match(r"make (\w+)", line))}
    assert {"report", "test", "setup"} <= said <= targets


def test_the_two_commands_come_first():
    for name in READMES:
        first = re.search(r"```\n(.*?)```", text_of(name), re.DOTALL)
        assert first is not None
        assert first[1].split("\n")[:2] == ["make report", "make test"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_images_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
    local = [t.partition("#")[0] for t in targets if not t.startswith(("http:", "https:", "#"))]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_pictures_are_small():
    pictures = sorted((ROOT / "docs" / "images").glob("*.png"))
    assert [p.name for p in pictures] == [
        f"{what}.{language}.png"
        for what in ("map", "report", *(f"try-{step}" for step in range(1, 6)))
        for language in ("en", "zh")
    ]
    assert [p.name for p in pictures if p.stat().st_size > 300_000] == []
    assert [p.name for p in pictures if not p.read_bytes().startswith(b"\x89PNG\r\n")] == []


@pytest.mark.parametrize("pages", BOTH, ids=lambda pages: pages[0])
def test_both_languages_show_the_same_study(pages):
    one, two = ([tomllib.loads(block) for block in toml_blocks(name)] for name in pages)
    assert one == two


def test_examples_of_databases_have_no_password():
    shown = [tomllib.loads(block) for block in toml_blocks("docs/inputs.md")]
    (layers,) = (block for block in shown if "residential_zones" in block)
    for layer in (*layers["facilities"], *layers["residential_zones"]):
        assert database_table(layer["file"]).user == "planner"


def toml_blocks(name: str) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", text_of(name), re.DOTALL)


@pytest.mark.parametrize("name", GUIDES)
def test_every_part_of_a_study_has_keys_that_exist(name):
    for block in toml_blocks(name):
        study = parse_toml(LEAST)
        for key, value in parse_toml(block).items():
            whole = {**study.get(key, {}), **value} if isinstance(value, dict) else value
            study[key] = whole
        if "place" in study["network"]:
            del study["network"]["file"]
        assert study_faults(study) == [], block


@pytest.mark.slow
def test_the_smallest_study_runs_on_the_copied_sample(tmp_path):
    study = start_study(tmp_path / "mycity")
    study.write_text(toml_blocks("README.md")[0], encoding="utf-8")
    outcome = check(study)
    assert {Path(file).name for file in outcome.files} == {
        "boundary.geojson",
        "network.osm.pbf",
        "population_p60.tif",
        "stations.xlsx",
    }


@pytest.mark.parametrize("pages", BOTH, ids=lambda pages: pages[0])
def test_both_languages_have_the_same_shape(pages):
    """Headings of the same levels, and tables of the same keys, in the same order."""
    one, two = (re.findall(r"^#+", text_of(name), re.M) for name in pages)
    assert one == two
    one, two = ([first for first, _ in rows_of(name)] for name in pages)
    assert one == two


def test_a_readme_is_read_in_one_sitting():
    assert [name for name in READMES if len(text_of(name).splitlines()) > 200] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_headings_find_them(page):
    for target, anchor in re.findall(r"\]\(([^)\s#]*)#([^)\s]+)\)", page.read_text("utf-8")):
        if target.startswith("http"):
            continue
        other = (page.parent / target) if target else page
        titles = re.findall(r"^#+ (.+)$", other.read_text("utf-8"), re.M)
        slugs = [re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in titles]
        assert anchor in slugs, f"{page.name}: {target}#{anchor}"


def test_nothing_of_this_machine_is_in_the_documents():
    for page in PAGES:
        assert not re.search(r"/(home|root|tmp|Users)/|file:/", page.read_text("utf-8")), page


def test_the_page_on_quality_shows_the_numbers_of_the_sample():
    """Its table is written from the golden summary."""
    kept = json.loads((ROOT / "tests" / "golden" / "sample_summary.json").read_text("utf-8"))
    quality, network, gated = kept["quality"], kept["network"], kept["gated"]
    islands = quality["islands"]
    homes = {band["band_m"]: band["persons"] for band in quality["homes"]}
    sites = {band["band_m"]: band["facilities"] for band in quality["facilities"]}
    on_islands = f"{islands['persons']:.0f} people, {islands['facilities']} sites"
    shown = [
        f"{quality['components']}",
        f"{islands['count']} component, {islands['length_km']:.2f} km, {on_islands}",
        f"{quality['dead_ends']}, {quality['dead_end_share']:.1%}",
        f"{quality['private_km']:.1f} km, {quality['private_share']:.1%}",
        f"{gated['compounds']}, {gated['locked_gates']}",
        f"{homes['unsnapped']:.0f}",
        f"{sites['unsnapped']}",
        f"{quality['dem']['known_share']:.1%}",
        f"{quality['dem']['steepest']:.1%}",
        f"{network['ways_read']:,}, {network['ways_walkable']:,}",
    ]
    page = (ROOT / "docs" / "quality.md").read_text("utf-8")
    cells = [line.split("|")[3].strip() for line in page.splitlines() if line.startswith("| ")][1:]
    assert cells == [text.replace("%", " %") for text in shown]


def test_help_is_what_the_readme_says(tmp_path):
    """`circle15 --help` lists the commands of the README, in its order."""
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "circle15", "--help"],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
        cwd=tmp_path,
    )
    listed = re.findall(r"^  ([a-z]+)  ", answer.stdout.partition("Commands:")[2], re.M)
    assert listed == [key for key in table("README.md") if key in commands()]
