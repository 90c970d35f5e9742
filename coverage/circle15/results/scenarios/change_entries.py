"""The changes of a scenario as parameters in `summary.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired

from typing_extensions import TypedDict

from circle15.study.database_tables import Source

if TYPE_CHECKING:
    from circle15.study.settings.records import Study
    from circle15.study.settings.scenarios.tables import Scenario


class ChangesEntry(TypedDict):
    """What a scenario changes: names of files, or ids; null or empty where it changes nothing."""

    add: str | None
    close: str | list[str]
    """Name of a table, or the ids themselves."""
    change: str | None
    links: str | None
    open_gates: Literal["all"] | list[int]
    homes: str | None
    datum: str | None
    crs: str | None


class OwnChanges(ChangesEntry):
    """The changes of the scenario that was run, with its name."""

    name: str


class SomeScenarios(TypedDict):
    """Only if the study has `[scenarios]`, or is a scenario itself."""

    scenarios: NotRequired[dict[str, ChangesEntry]]
    """The scenarios of the study by name."""
    changes: NotRequired[OwnChanges]
    """The changes by which this study differs from that in its file."""


def scenario_parameters(study: Study) -> SomeScenarios:
    """Return the scenarios of a study and its own changes; nothing where it has none."""
    found: SomeScenarios = {}
    if study.scenarios:
        found["scenarios"] = {name: changes_entry(one) for name, one in study.scenarios.items()}
    if study.changes is not None:
        found["changes"] = {"name": study.changes.name, **changes_entry(study.changes.scenario)}
    return found


def changes_entry(scenario: Scenario) -> ChangesEntry:
    """Return the changes of a scenario."""
    gates, closed = scenario.open_gates, scenario.close
    return {
        "add": _name(scenario.add),
        "close": closed.name if isinstance(closed, Source) else list(closed),
        "change": _name(scenario.change),
        "links": _name(scenario.links),
        "open_gates": "all" if gates == "all" else [int(one) for one in gates],
        "homes": _name(scenario.homes),
        "datum": scenario.datum,
        "crs": scenario.crs,
    }


def _name(source: Source | None) -> str | None:
    return None if source is None else source.name
