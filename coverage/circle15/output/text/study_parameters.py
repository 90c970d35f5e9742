"""List every parameter that affects the results, with its meaning and value as text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from circle15.access.zone_circle import HOME_SPACING_M
from circle15.inputs.crs.datums import NAMES
from circle15.inputs.facilities.duplicates import DUPLICATE_M
from circle15.network.walk_network import EXIT_MARGIN_M
from circle15.output.text.numbers import NOTHING, count, plain_decimal
from circle15.output.text.siting_words import question_texts
from circle15.output.text.wording import speed_text
from circle15.results.scenarios.change_entries import changes_entry
from circle15.results.summary.parameters import pack_names
from circle15.study.settings.records import HORIZON_MIN
from circle15.study.vocabulary.profiles import known_profile, profiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.inputs.crs.points import Given
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.study.database_tables import Source
    from circle15.study.settings.records import DemandLayer, FacilityLayer
    from circle15.study.settings.scenarios.tables import Scenario
    from circle15.study.vocabulary.profiles import Profile


@dataclass(frozen=True, slots=True)
class Parameter:
    """A setting: its key in `study.toml`, its meaning, and its value."""

    key: str
    meaning: str
    value: str


def parameters(result: StudyResult, words: Words) -> list[Parameter]:
    """List the settings of a run, defaults included."""
    pairs = [
        *_study(result),
        *_network(result, words),
        *_walk(result, words),
        *_people(result, words),
        *_facilities(result, words),
        *_datums(result, words),
        *_basis(result, words),
        *_capacity(result, words),
        *_siting(result, words),
        *_scenarios(result, words),
        *_rules(result, words),
        *_fixed(words),
    ]
    return [
        Parameter(key, words.say(f"report.parameter_{_name(key)}"), value or NOTHING)
        for key, value in pairs
    ]


def _name(key: str) -> str:
    return key.split("[", maxsplit=1)[0].replace(".", "_")


def _file(path: Source | str | None) -> str:
    return "" if path is None else path if isinstance(path, str) else path.name


def _study(result: StudyResult) -> Iterator[tuple[str, str]]:
    study = result.study
    yield "study.as_of", str(study.as_of)
    yield "study.plan_as_of", str(study.plan_as_of or "")
    authority = result.crs.to_authority()
    name = ":".join(authority) + " " if authority else ""
    yield "study.crs", f"{study.crs} → {name}{result.crs.name}"
    if study.unknown_shift == "accept":
        yield "study.unknown_shift", study.unknown_shift
    yield "area.boundary", _file(study.area.boundary)
    yield "area.streets", _file(study.area.streets.file if study.area.streets else None)
    yield "area.communities", _file(study.area.communities.file if study.area.communities else None)
    if study.area.datum is not None:
        yield "area.datum", NAMES[study.area.datum]


def _basis(result: StudyResult, words: Words) -> Iterator[tuple[str, str]]:
    land, buildings = result.study.coverage_basis.land, result.study.coverage_basis.buildings
    if land is not None:
        parts = [land.file.name, *([land.where] if land.where else [])]
        yield "coverage_basis.land", " · ".join(parts)
    if buildings is not None:
        parts = [buildings.file.name]
        parts.append(words.say(f"report.layer_unknown_use_{buildings.unknown_use}"))
        if buildings.residential:
            uses = words.list(list(buildings.residential))
            parts.append(words.say("report.layer_residential", uses=uses))
        yield "coverage_basis.buildings", " · ".join(parts)


def _capacity(result: StudyResult, words: Words) -> Iterator[tuple[str, str]]:
    for category, one in result.study.capacity.items():
        parts = [words.say(f"columns.{one.field}"), one.method]
        if one.weights:
            parts.append(words.list([plain_decimal(weight) for weight in one.weights]))
        if one.per_person is not None:
            number = plain_decimal(one.per_person)
            parts += [words.say("report.capacity_asked", number=number), one.assign]
        yield f"capacity[{category}]", " · ".join(parts)


def _siting(result: StudyResult, words: Words) -> Iterator[tuple[str, str]]:
    for name, settings in result.study.siting.items():
        yield f"siting[{name}]", " · ".join(question_texts(settings, words))


def _scenarios(result: StudyResult, words: Words) -> Iterator[tuple[str, str]]:
    study = result.study
    if study.changes is not None:
        yield f"changes[{study.changes.name}]", changes_text(study.changes.scenario, words)
    for name, scenario in study.scenarios.items():
        yield f"scenarios[{name}]", changes_text(scenario, words)


def changes_text(scenario: Scenario, words: Words) -> str:
    """Name what a scenario changes: files, ids."""
    entry = changes_entry(scenario)
    gates, closed = entry["open_gates"], entry["close"]
    parts = {
        "add": entry["add"],
        "close": closed if isinstance(closed, str) else words.list(closed),
        "change": entry["change"],
        "links": entry["links"],
        "open_gates": "" if gates == "all" else words.list([str(one) for one in gates]),
        "homes": entry["homes"],
    }
    said = [words.say(f"scenarios.{key}", what=what) for key, what in parts.items() if what]
    if gates == "all":
        said.append(words.say("scenarios.open_gates_all"))
    return " · ".join(said)


def _network(result: StudyResult, words: Words) -> Iterator[tuple[str, str]]:
    source = result.study.network
    yield "network.file", _file(source.file)
    if source.place is not None:
        record = result.provenance.get("download", {})
        parts = (source.place, record.get("found"), record.get("fetched"), record.get("mirror"))
        yield "network.place", " · ".join(part for part in parts if part)
    if source.columns:
        yield "network.columns", words.list([f"{k} = {v}" for k, v in source.columns.items()])
    if source.default_highway is not None:
        yield "network.default_highway", source.default_highway
    if result.network.data_date:
        yield "network.data_date", result.network.data_date
    yield "network.extent", words.say(f"report.extent_{result.network.extent_source}")
    yield "network.squares", words.say(f"report.squares_{source.squares}")
    yield "network.dem", _file(source.dem) or words.say("report.dem_none")
    yield "network.gated", words.say(f"report.gated_{source.gated}")
    yield "network.barriers", _file(source.barriers)
    yield "network.walls", words.say(f"report.walls_{source.walls}")
    yield "network.min_component_m", f"{plain_decimal(source.min_component_m)} m"


def _walk(result: StudyResult, words: Words) -> Iterator[tuple[str, str]]:
    walk = result.study.walk
    yield "walk.judge", words.say(f"report.judge_{walk.judge}")
    yield "walk.profile", words.say(f"report.profile_{walk.profile.replace('-', '_')}")
    yield from _profile(walk.profile, words)
    for group, profile in walk.profiles.items():
        named = words.say(f"report.profile_{profile.replace('-', '_')}")
        own = f"{known_profile(profile).speed_m_s} m/s"
        yield f"walk.profiles[{group}]", f"{words.group(group)} · {named} · {own}"
        yield from _profile(profile, words, group)
    yield "walk.speed_m_s", f"{walk.speed_m_s} m/s"
    for name, speed in walk.age_speeds.items():
        yield f"walk.age_speeds[{name}]", f"{words.group(name)} · {speed} m/s"
    others = [
        f"{speed} m/s" if walk.alike else f"× {speed_text(walk.factor(speed))}"
        for speed in walk.sensitivity_m_s
    ]
    yield "walk.sensitivity_m_s", words.list(others)
    yield "walk.cutoffs_min", words.list([f"{minutes} min" for minutes in walk.cutoffs_min])
    yield "walk.max_snap_m", f"{plain_decimal(walk.max_snap_m)} m"
    yield "walk.access_speed_factor", plain_decimal(walk.access_speed_factor)


def _profile(key: str, words: Words, group: str = "") -> Iterator[tuple[str, str]]:
    """Yield every number of a walking profile, labelled with its demand group if given."""
    for name, value in _numbers(profiles()[key], words):
        plain, bracket, rest = name.partition("[")
        inside = " ".join(part for part in (group, rest.removesuffix("]")) if part)
        yield f"{plain}[{inside}]" if bracket or group else plain, value


def _numbers(profile: Profile, words: Words) -> Iterator[tuple[str, str]]:
    if profile.plain:
        return
    up, down = (f"× {ratio:.3g}" for ratio in (profile.up_ratio, profile.down_ratio))
    stairs = words.say("report.profile_stairs_value", up=up, down=down)
    if profile.stairs_need:
        stairs += " · " + words.say("report.profile_stairs_need", tag=profile.stairs_need)
    yield "profile.stairs", stairs
    for ratio in dict.fromkeys(profile.surface.values()):
        same = [surface for surface, one in profile.surface.items() if one == ratio]
        yield f"profile.surface[× {ratio:g}]", words.list(same)
    escalator = f"{profile.escalator_m_s:g} m/s"
    closed = words.say("report.profile_closed_value")
    yield "profile.escalator", escalator if profile.escalator_m_s else closed
    yield "profile.lift", f"{float(profile.lift_s):g} s"
    yield (
        "profile.signal",
        words.say(
            "report.profile_signal_value",
            cycle=profile.cycle_s,
            green=profile.green_s,
            wait=f"{float(profile.signal_s):g}",
        ),
    )
    yield "profile.junction", f"{profile.junction_m:g} m"
    roads = words.list(list(profile.main_roads))
    yield "profile.unsignalled", f"{float(profile.unsignalled_s):g} s · {roads}"
    for values in (profile.closed, profile.closed_nodes):
        for tag, listed in values.items():
            yield f"profile.closed[{tag}]", words.list(list(listed))
    if profile.max_incline_percent:
        yield "profile.closed[incline]", f"> {profile.max_incline_percent:g} %"


def _people(result: StudyResult, words: Words) -> Iterator[tuple[str, str]]:
    demand = result.study.demand
    yield "demand.group", words.group(demand.group)
    for layer in demand.layers:
        yield f"demand.layers[{layer.group}]", _demand_layer(layer, words)
    size = demand.household_size
    yield "demand.household_size", plain_decimal(size) if size is not None else ""


def _demand_layer(layer: DemandLayer, words: Words) -> str:
    files = [path.name for path in layer.raster] or [layer.file_name]
    parts = [words.list(files)]
    if layer.value:
        parts.append(words.say("report.layer_value", column=words.list(list(layer.value))))
    if layer.density not in {None, "count"}:
        parts.append(words.say("report.layer_density", unit=layer.density))
    if layer.table is not None:
        zones = layer.zones.name if isinstance(layer.zones, Path) else layer.zones
        parts.append(words.say("report.layer_zones", zones=zones))
    if layer.buildings is not None:
        parts.append(words.say("report.layer_buildings", file=layer.buildings.name))
        parts.append(words.say(f"report.layer_unknown_use_{layer.unknown_use}"))
    if layer.residential:
        uses = words.list(list(layer.residential))
        parts.append(words.say("report.layer_residential", uses=uses))
    if layer.calibrate_to is not None:
        parts.append(words.say("report.layer_calibrated", total=f"{layer.calibrate_to:,f}"))
    parts += [part for part in (layer.basis, str(layer.year or "")) if part]
    return " · ".join(parts)


def _facilities(result: StudyResult, words: Words) -> Iterator[tuple[str, str]]:
    for layer in result.study.facilities:
        yield f"facilities[{layer.file.name}]", _facility_layer(layer, words)


def _facility_layer(layer: FacilityLayer, words: Words) -> str:
    category = words.category(layer.category) if layer.category else layer.category_column or ""
    if layer.covers is None or isinstance(layer.covers, str):
        covered = words.say(f"report.covers_{layer.covers or 'default'}")
    else:
        covered = layer.covers.name
    parts = [category, words.say("report.covers", where=covered)]
    if layer.where:
        parts.append(layer.where)
    if layer.position_unsure:
        parts.append(words.say("report.position_unsure"))
    return " · ".join(parts)


def _datums(result: StudyResult, words: Words) -> Iterator[tuple[str, str]]:
    for layer in result.given:
        yield f"datum[{layer.file.name}]", datum_in_words(layer, words)


def datum_in_words(layer: Given, words: Words) -> str:
    """Name the datum or CRS of a layer, and whether it was given, read or assumed."""
    system = " ".join(NAMES.get(part, part) for part in layer.system.split())
    return f"{system} · " + words.say(f"report.datum_{layer.known}")


def _rules(result: StudyResult, words: Words) -> Iterator[tuple[str, str]]:
    rules = result.study.rules
    yield "rules.packs", words.list(pack_names(result.study))
    if rules.registers is not None:
        yield "rules.registers", rules.registers.name
    yield "rules.reading", f"{rules.reading} · " + words.say(f"report.reading_{rules.reading}")
    yield "rules.basis", words.say(f"report.basis_{rules.basis}")
    yield "rules.mixed", words.say(f"report.mixed_{rules.mixed}")
    yield "circle.require", words.required()


def _fixed(words: Words) -> Iterator[tuple[str, str]]:
    """Yield constants of the method that a study cannot change."""
    yield "fixed.horizon", f"{count(HORIZON_MIN)} min"
    yield "fixed.exit_margin", f"{EXIT_MARGIN_M:g} m"
    yield "fixed.duplicates", f"{DUPLICATE_M:g} m"
    yield "fixed.home_spacing", f"{HOME_SPACING_M:g} m"
    yield "fixed.weights", words.say("report.fixed_weights_value")
