"""Commands on results and rule packs, this installation, schemas."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circle15.cli.program import (
    AsJson,
    Lang,
    app,
    language_of,
    print_json,
    print_lines,
    progress,
    say,
)

if TYPE_CHECKING:
    from circle15.workflow.reruns.verifying import Verification


@app.command()
def compare(
    a: Annotated[
        Path, typer.Argument(help="Results folder: before; or a study, alone.", metavar="A")
    ],
    b: Annotated[Path | None, typer.Argument(help="Results folder: after.", metavar="B")] = None,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the comparison.", metavar="DIR")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en; zh by default.")] = None,
    as_json: AsJson = False,
) -> None:
    """
    Compare two results folders: who gained and lost access, and through what, to the person.

    With a study.toml or one results folder alone, its last run with the one before.

    Example: circle15 compare results/2025-q3 results/2025-q4 --out results/change
    """
    from circle15.output.comparison.terminal import comparison_lines
    from circle15.workflow.comparison.comparing_folders import compare as compare_folders
    from circle15.workflow.comparison.comparing_folders import write_comparison

    language = language_of(lang) or "zh"
    found = compare_folders(a, b)
    if as_json:
        print_json(found)
    else:
        print_lines(comparison_lines(found, language))
    if out is not None:
        for path in write_comparison(found, out, language):
            say(str(path))


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="Results folder.", metavar="DIR")],
    *,
    study: Annotated[
        Path | None, typer.Option("--study", help="Compare with its inputs.", metavar="STUDY")
    ] = None,
    rerun: Annotated[
        bool, typer.Option("--rerun", help="Also compute the study again, and compare all numbers.")
    ] = False,
    code: Annotated[
        str | None, typer.Option("--code", help="Code on a printed sheet.", metavar="CODE")
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", help="zh or en; by default that of the results.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """
    Verify results: whole, unaltered, of these inputs; exit 1 if they are not.

    Example: circle15 verify maps/liangxi-sample --study data/sample/study.toml
    """
    from circle15.workflow.reruns.verifying import verify as verify_results
    from circle15.workflow.stages import RUN_STAGES

    with progress(RUN_STAGES, folder) as report:
        found = verify_results(
            folder,
            study=study,
            rerun=rerun,
            code=code,
            language=language_of(lang),
            report=report,
        )
    if as_json:
        print_json({**asdict(found), "folder": str(found.folder), "holds": found.holds})
    else:
        print_lines(_verified(found))
    if not found.holds:
        raise typer.Exit(1)


def _verified(found: Verification) -> list[str]:
    """Return the lines on a verification."""
    from circle15.study.messages import say as words

    language = found.language
    when = found.finished or words("verify.unknown_time", language)
    code = found.code or words("verify.missing", language)
    key = {"run": "head", "zones": "head_zones", "comparison": "head_compare"}[found.kind]
    lines = [words(f"verify.{key}", language, folder=found.folder, finished=when, code=code)]
    lines += [words("verify.fault", language, fault=fault) for fault in found.faults]
    if found.kind == "comparison":
        lines.append(words("verify.no_whole", language))
    elif not found.faults:
        lines.append(words("verify.whole", language, files=found.files))
    if found.changed is not None:
        lines += [words("verify.since", language, change=one) for one in found.changed]
        if not found.changed:
            key = "unchanged" if found.kind == "run" else "inputs_unchanged"
            lines.append(words(f"verify.{key}", language))
    if found.same_numbers is not None:
        key = "same_numbers" if found.same_numbers else "other_numbers"
        outcome = words(f"verify.{key}", language, file="summary.json")
        lines.append(words("verify.again", language, outcome=outcome))
    return lines


@app.command()
def rules(
    action: Annotated[str, typer.Argument(help="What to do.", metavar="list|show|check")],
    name: Annotated[
        str | None, typer.Argument(help="Name of a pack, or a .toml file.", metavar="PACK")
    ] = None,
    *,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """
    List the rule packs, show one, or check a file of your own.

    Example: circle15 rules show liangxi-2025
    """
    from circle15.output.text.rule_list import pack_entry, pack_lines, pack_list, pack_list_lines
    from circle15.rules.packs.load import load_pack, pack_faults

    language = language_of(lang) or "zh"
    if action not in {"list", "show", "check"}:
        raise typer.BadParameter(f"'{action}' is not one of list, show, check")
    if (name is None) != (action == "list"):
        raise typer.BadParameter("list takes no pack, show and check take one", param_hint="PACK")
    if name is None:
        lines = pack_list_lines(language)
        print_json(pack_list(language)) if as_json else print_lines(lines)
        return
    faults = pack_faults(name)
    for fault in faults:
        say(f"circle15: {fault}")
    if action == "check" and as_json:
        print_json({"pack": name, "faults": [str(fault) for fault in faults]})
    if faults:
        raise typer.Exit(2)
    pack = load_pack(name)
    if action == "show" and as_json:
        print_json(pack_entry(pack, language))
    elif action == "show":
        print_lines(pack_lines(pack, language))
    elif not as_json:
        typer.echo(f"{name}: {len(pack.rules)} rules, no faults.")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """
    Show versions, fonts and the sample of this installation, and the limits of inputs.

    Example: circle15 doctor
    """
    from circle15.study.limits import limit_table
    from circle15.workflow.doctor import examine, limits

    found = examine()
    if as_json:
        print_json({**found, "limits": limits()})
        return
    print_lines([f"{item}: {finding}" for item, finding in found.items()])
    print_lines(["", "Limits of inputs (docs/limits.md says how to work around them):"])
    print_lines(limit_table())


@app.command()
def cache(
    *,
    clean: Annotated[bool, typer.Option("--clean", help="Remove all entries.")] = False,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """
    Show where runs keep streets and people they have read, and how large that is; --clean empties.

    Example: circle15 cache --clean
    """
    from circle15.workflow.cache.state import cache_state, clean_cache, state_lines

    found = clean_cache() if clean else cache_state()
    if not as_json:
        print_lines(state_lines(found, language_of(lang) or "zh", cleaned=clean))
        return
    entries = [
        {"stage": one.stage, "file": one.path.name, "bytes": one.size} for one in found.entries
    ]
    folder = None if found.folder is None else str(found.folder)
    told = {"bytes": found.size, "most_bytes": found.most_bytes, "refusal": found.refusal}
    print_json({"folder": folder, "entries": entries, **told, "cleaned": clean})


@app.command()
def schema(
    name: Annotated[
        str, typer.Argument(help="summary, compare, province, check, study or pack", metavar="NAME")
    ] = "summary",
    lang: Annotated[
        str | None, typer.Option("--lang", help="zh or en, for the descriptions; en by default.")
    ] = None,
) -> None:
    """
    Print the JSON schema of a JSON file, of `check --json`, of study.toml or of a rule pack.

    Editors such as Even Better TOML complete and check a study.toml with it: write
    `#:schema study.schema.json` in its first line.

    Example: circle15 schema summary
    """
    from circle15.workflow.schemas import SCHEMAS

    if name not in SCHEMAS:
        raise typer.BadParameter(f"there is no schema '{name}'; known: {', '.join(SCHEMAS)}")
    print_json(SCHEMAS[name](language_of(lang) or "en"))
