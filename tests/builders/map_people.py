"""The people layer of a map, read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.map.people import PeopleLayer, people_layer
from circle15.results.states_by_choice import states_by_choice

if TYPE_CHECKING:
    from circle15.results.records import StudyResult

Plan = list[list[str | int]]


def unpack(plan: Plan, content: bytes) -> dict[str, list[int]]:
    """Read packed columns back, byte by byte, as a browser does it."""
    found, at = {}, 0
    for name, n, width, steps in plan:
        count, size = int(n), int(width)
        planes = content[at : at + count * size]
        values = [int.from_bytes(planes[k::count], "little") for k in range(count)]
        for k in range(1, count if steps else 0):
            values[k] = (values[k] + values[k - 1]) % 256**size
        found[str(name)] = values
        at += count * size
    assert at == len(content)
    return found


def people_of(result: StudyResult) -> PeopleLayer | None:
    """Build the people layer of a result."""
    return people_layer(result, states_by_choice(result))
