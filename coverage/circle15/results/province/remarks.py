"""What a reader must know of studies before adding or ranking them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.results.province.kept_districts import KeptDistrict
    from circle15.results.province.province_entries import Part, Remark

Setting = Literal["as_of", "packs", "language", "group", "require", "cutoff", "speed"]
_WALKING: Final = (
    "profile",
    "profile_values",
    "judge",
    "gated",
    "walls",
    "squares",
    "access_speed_factor",
    "max_snap_m",
    "min_component_m",
    "profiles",
)
"""Parameters of walking, beside its speed, that decide who is covered."""


@dataclass(frozen=True)
class CountedTwice:
    """Micro-persons of the judged groups of two studies in the area that both have."""

    a: str
    b: str
    people_a: int
    people_b: int


def remarks_on(kept: Sequence[KeptDistrict], counted_twice: Sequence[CountedTwice]) -> list[Remark]:
    """Return the remarks, one for each overlap and for each setting in which studies differ."""
    found: list[Remark] = [
        {
            "code": "overlap",
            "parts": [],
            "a": one.a,
            "b": one.b,
            "persons_a": one.people_a / c.MICRO,
            "persons_b": one.people_b / c.MICRO,
        }
        for one in counted_twice
    ]
    without = [one.name for one in kept if not one.has_boundary]
    if without:
        found.append({"code": "no_boundary", "parts": [{"value": "", "studies": without}]})
    synthetic = [one.name for one in kept if one.summary["study"]["synthetic"]]
    if synthetic:
        found.append({"code": "synthetic", "parts": [{"value": "", "studies": synthetic}]})
    return [*found, *_differences(kept)]


def _differences(kept: Sequence[KeptDistrict]) -> Iterator[Remark]:
    for code, value in _SETTINGS.items():
        parts = _parts(kept, value)
        if len(parts) > 1:
            yield {"code": code, "parts": parts}
    differing: list[Part] = []
    for key in _WALKING:
        others = _parts(kept, _parameter(key))[1:]
        apart = [name for part in others for name in part["studies"]]
        if apart:
            differing.append({"value": key, "studies": apart})
    if differing:
        yield {"code": "rules_of_walking", "parts": differing}


def _parts(kept: Sequence[KeptDistrict], value: Callable[[KeptDistrict], str]) -> list[Part]:
    """Return each value with the studies that have it, that of most studies first."""
    found: dict[str, list[str]] = {}
    for one in kept:
        found.setdefault(value(one), []).append(one.name)
    order = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [{"value": key, "studies": names} for key, names in order]


def _required(one: KeptDistrict) -> str:
    """Return the categories of the headline, by their ids."""
    required = one.summary["parameters"]["require"]
    if required:
        return ", ".join(sorted(required))
    return one.headline["category"] if one.headline else ""


def _speed(one: KeptDistrict) -> str:
    parameters = one.summary["parameters"]
    speeds = parameters.get("age_speeds")
    if speeds:
        return ", ".join(f"{band} {speed}" for band, speed in speeds.items())
    return str(parameters["speed_m_s"])


def _parameter(key: str) -> Callable[[KeptDistrict], str]:
    return lambda one: json.dumps(one.summary["parameters"].get(key), sort_keys=True)


_SETTINGS: Final[dict[Setting, Callable[[KeptDistrict], str]]] = {
    "as_of": lambda one: one.summary["study"]["as_of"],
    "packs": lambda one: ", ".join(sorted(one.summary["parameters"]["packs"])),
    "language": lambda one: one.language,
    "group": lambda one: one.summary["parameters"]["group"],
    "require": _required,
    "cutoff": lambda one: str(max(one.summary["parameters"]["cutoffs_min"])),
    "speed": _speed,
}
"""What is compared between studies, by the code of the remark."""
