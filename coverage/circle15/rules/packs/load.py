"""Read rule packs: bundled ones by name, others from files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError, MissingFileError, StudyError, clause
from circle15.rules.packs.evaluator_parameters import Evaluator
from circle15.rules.packs.pack_faults import PackWording
from circle15.rules.packs.pack_reading import read_pack
from circle15.rules.packs.records import (
    LAW_EVALUATORS,
    Force,
    Printed,
    Rule,
    RulePack,
    Source,
    Status,
    Verified,
)
from circle15.study.servers import require_no_server
from circle15.study.settings.words import is_pack_file
from circle15.study.toml_text import parse_toml
from circle15.study.typed_toml.lines import Lines

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = [
    "LAW_EVALUATORS",
    "Evaluator",
    "Force",
    "Printed",
    "Rule",
    "RulePack",
    "Source",
    "Status",
    "Verified",
    "known_packs",
    "load_pack",
    "load_packs",
    "load_rules",
    "pack_faults",
]


_MOST_NAMED: Final = 3


def known_packs() -> tuple[str, ...]:
    """
    List the names of the packs that come with circle15.

    Examples
    --------
    >>> "liangxi-2025" in known_packs()
    True
    """
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_pack(name_or_path: str | Path) -> RulePack:
    """
    Read a rule pack by the name of a bundled one, or from a file `*.toml`.

    Numbers are decimals, exactly as written.

    Raises
    ------
    StudyError
        If no bundled pack has this name.
    MissingFileError
        If the file does not exist.
    InputDataError
        If the file is not TOML, or a key is missing, unknown or has a wrong value; the error names
        the line.

    Examples
    --------
    >>> load_pack("liangxi-2025").floor_area.min_site_m2
    Decimal('300')
    """
    pack, faults = _read(*_found(name_or_path))
    if pack is None:
        raise faults[0]
    return pack


def load_rules(pack: str | Path) -> RulePack:
    """
    Read a rule pack: the rules of a document, with their quotes, thresholds and evaluators.

    Parameters
    ----------
    pack
        The name of one that comes with circle15, such as `liangxi-2025`, or a file `*.toml`.

    Returns
    -------
    The pack: its `rules`, and its `floor_area` law, None where it has none. Numbers are decimals,
    exactly as written.

    Raises
    ------
    StudyError
        If no bundled pack has this name.
    MissingFileError
        If the file does not exist.
    InputDataError
        If the file is not TOML, or a key is missing, unknown or has a wrong value; the error names
        the line.

    Examples
    --------
    >>> import circle15 as c15
    >>> c15.load_rules("liangxi-2025").floor_area.min_site_m2
    Decimal('300')
    """
    return load_pack(pack)


def load_packs(
    names_or_paths: Sequence[str | Path],
    *,
    study_file: Path | None = None,
    least_verified: str | None = None,
) -> list[RulePack]:
    """
    Read several packs.

    Parameters
    ----------
    study_file
        The study that names them, for messages.
    least_verified
        The least grade (a word of `Verified`) that every rule must have; None for any.

    Raises
    ------
    StudyError
        If no bundled pack has a name, or a pack is of a lower grade than the study requires.
    InputDataError
        As `load_pack`, and if two packs, or rules of two packs, have the same id.
    """
    packs: list[RulePack] = []
    of_pack: dict[str, str] = {}
    of_rule: dict[str, str] = {}
    for name in names_or_paths:
        if isinstance(name, str) and not is_pack_file(name):
            _require_known(name, study_file)
        pack = load_pack(name)
        if pack.id in of_pack:
            raise InputDataError(
                f"the pack id '{pack.id}' is also that of {of_pack[pack.id]}.",
                file=str(name),
                mend="Give the pack an id of its own, or leave one of the two out.",
            )
        of_pack[pack.id] = str(name)
        for rule in pack.rules:
            if rule.id in of_rule:
                raise InputDataError(
                    f"the rule id '{rule.id}' is also used in {of_rule[rule.id]}.",
                    file=str(name),
                    mend="Give each rule an id of its own.",
                )
            of_rule[rule.id] = str(name)
        packs.append(pack)
    if least_verified is not None:
        _require_grade(packs, Verified(least_verified), study_file)
    return packs


def _require_grade(packs: Sequence[RulePack], least: Verified, study_file: Path | None) -> None:
    """Refuse packs with rules of a lower grade, all of them in one message."""
    lower = [pack for pack in packs if not pack.verified.suffices(least)]
    if not lower:
        return
    named = "; ".join(f"'{pack.id}' is '{pack.verified}' ({_lowest_rules(pack)})" for pack in lower)
    raise StudyError(
        f"the rule packs must be verified as '{least}', but {named}.",
        mend="Remove these packs, use a pack that was compared with the official text, or lower "
        "rules.verified.",
        file=study_file,
        column=None if study_file is None else "rules.packs",
    )


def _lowest_rules(pack: RulePack) -> str:
    """List the first rules of the lowest grade of a pack."""
    lowest = [rule.id for rule in pack.rules if pack.grade(rule) is pack.verified]
    more = [f"and {len(lowest) - _MOST_NAMED} more"] if len(lowest) > _MOST_NAMED else []
    return ", ".join([*lowest[:_MOST_NAMED], *more])


def pack_faults(name_or_path: str | Path) -> list[InputDataError]:
    """Return all faults of a pack, each with its line; none where it is valid."""
    return _read(*_found(name_or_path))[1]


def _folder() -> Traversable:
    return resources.files("circle15.rules").joinpath("packs")


def _require_known(name: str, study_file: Path | None) -> None:
    """Refuse a name that no bundled pack has."""
    if name not in known_packs():
        raise StudyError(
            f"there is no rule pack '{name}'; the known packs are: {', '.join(known_packs())}.",
            mend="Name one of these, or a file that ends in .toml.",
            file=study_file,
            column=None if study_file is None else "rules.packs",
        )


def _found(name_or_path: str | Path) -> tuple[Traversable, str]:
    """Return the file of a pack, and its name in messages."""
    require_no_server(name_or_path, mend="Download it and name the file.")
    if isinstance(name_or_path, Path) or is_pack_file(name_or_path):
        path = Path(name_or_path)
        if not path.is_file():
            message = "there is no such rule pack."
            raise MissingFileError(message, file=path, mend="Correct the path.")
        return path, str(path)
    _require_known(name_or_path, None)
    return _folder().joinpath(f"{name_or_path}.toml"), name_or_path


def _read(file: Traversable, name: str) -> tuple[RulePack | None, list[InputDataError]]:
    """Read a pack, and return all its faults; the pack is None where there are any."""
    try:
        text = file.read_text("utf-8")
        content = parse_toml(text)
    except ValueError as error:
        found = f"the rule pack is not a TOML file in UTF-8: {clause(error)}."
        return None, [InputDataError(found, file=name)]
    pack, faults = read_pack(content, PackWording(name, Lines.of(text)))
    return pack and replace(pack, sha256=_hash(content)), faults


def _hash(content: dict[str, Any]) -> str:
    """Return the SHA-256 of what a pack says, whatever its comments and line ends."""
    told = json.dumps(content, default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
