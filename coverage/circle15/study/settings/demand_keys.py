"""Check which keys of a demand layer go together; an ignored key would give wrong results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from circle15.study.names import first_repeated

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from circle15.study.settings.records import Demand, DemandLayer, Study

_SOURCES: Final = ("raster", "points", "zones")
_BELONGS: Final = {
    "density": ("raster",),
    "value": ("points", "zones"),
    "id": ("points", "zones"),
    "datum": ("points", "zones"),
    **dict.fromkeys(("lon", "lat", "x", "y", "crs"), ("points",)),
    "sheet": ("points", "zones"),
    **dict.fromkeys(("table", "code", "name", "buildings", "residential"), ("zones",)),
}


def _same_file(name: Path | str) -> Hashable:
    """Return a key that identifies a file even under different names."""
    if isinstance(name, str):
        return name
    try:
        state = name.stat()
    except OSError:  # reported by its reader
        return name
    return (state.st_dev, state.st_ino) if state.st_ino else name


def fault_of_groups(layers: Sequence[DemandLayer]) -> tuple[str, str, str] | None:
    """
    Return the fault of a group that reads the same values as another group; None if there is none.

    Groups with the same values but different `calibrate_to` are allowed.

    Examples
    --------
    >>> from pathlib import Path
    >>> from circle15.study.settings.records import DemandLayer
    >>> one, other = (DemandLayer(g, points=Path("a.csv"), value=("n",)) for g in ("p60", "p80"))
    >>> fault_of_groups([one, other])[:2]
    ('p80', "has the same people as 'p60': n of a.csv.")
    """
    seen: dict[Hashable, str] = {}
    for layer in layers:
        if layer.raster:
            cells: Hashable = frozenset(map(_same_file, layer.raster))
        else:
            source = layer.table or layer.points or layer.zones
            place = _same_file(source) if isinstance(source, Path | str) else source
            cells = (place, layer.sheet, layer.zones_sheet, frozenset(layer.value))
        other = seen.setdefault((cells, layer.calibrate_to), layer.group)
        if other != layer.group:
            names = ", ".join(layer.value or (one.name for one in layer.raster))
            found = f"has the same people as '{other}': {names} of {layer.file_name}."
            mend = "Name the column or raster of each group, or the total of each as calibrate_to."
            return layer.group, found, mend
    return None


def fault_of_layer(layer: DemandLayer) -> tuple[str, str] | None:
    """
    Return what is wrong with the keys of a layer, and the fix; None if nothing is wrong.

    Examples
    --------
    >>> from circle15.study.settings.records import DemandLayer
    >>> fault_of_layer(DemandLayer("p60"))
    ("needs one of 'raster', 'points' and 'zones'.", '')
    """
    given = [key for key in _SOURCES if getattr(layer, key)]
    if len(given) != 1:
        return "needs one of 'raster', 'points' and 'zones'.", ""
    source = given[0]
    if source != "raster" and not layer.value:
        return f"'{source}' needs 'value'.", "Name the column of people."
    for key in ("raster", "value"):
        named = getattr(layer, key)
        again = first_repeated([_same_file(one) for one in named])
        if again is not None:
            again = next(one for one in named if _same_file(one) == again)
            return f"'{key}' names {again} twice, and its people would count twice.", "Keep one."
    for key, sources in _BELONGS.items():
        if getattr(layer, key) and source not in sources:
            return f"'{key}' does not belong to '{source}'.", "Remove it."
    if layer.table is None and (layer.code or layer.name):
        return "'code' and 'name' need 'table'.", "Remove them."
    if layer.sheet and source == "zones" and layer.table is None:
        return "'sheet' needs 'table'.", "Say `zones_sheet` for a layer of zones."
    if layer.zones_sheet and isinstance(layer.zones, str):
        return f"'zones_sheet' is that of area.{layer.zones}.", "Remove it."
    if layer.id and isinstance(layer.zones, str):
        return f"'id' is that of area.{layer.zones}.", "Remove it."
    if layer.residential and layer.buildings is None:
        return "'residential' needs 'buildings'.", "Remove it."
    if layer.unknown_use != "lived_in" and layer.buildings is None:
        return "'unknown_use' needs 'buildings'.", "Remove it."
    return None


def fault_of_demand(demand: Demand) -> tuple[str, str, str] | None:
    """Return which key of `[demand]` is wrong, what is wrong, and the fix; None if none is."""
    if not demand.layers:
        return "demand.layers", "is empty.", "Name at least one layer of people."
    groups = [layer.group for layer in demand.layers]
    for layer in demand.layers:
        where = f"demand.layers ({layer.group})"
        if groups.count(layer.group) > 1:
            return where, "occurs twice.", "Keep one layer per group."
        if (fault := fault_of_layer(layer)) is not None:
            return where, *fault
    if (wrong := fault_of_groups(demand.layers)) is not None:
        return f"demand.layers ({wrong[0]})", *wrong[1:]
    if demand.group not in groups:
        return "demand.group", f"{demand.group!r} has no layer.", "Add it to demand.layers."
    return None


def fault_of_zones(study: Study) -> tuple[str, str, str] | None:
    """Return the fault of a layer whose zones `[area]` does not define; None if there is none."""
    for layer in study.demand.layers:
        if isinstance(layer.zones, str) and getattr(study.area, layer.zones) is None:
            found = f"counts by '{layer.zones}', which [area] does not name."
            return f"demand.layers ({layer.group})", found, f"Add area.{layer.zones}."
    return None
