"""Print the lowest versions that `pyproject.toml` allows, as pip takes them: `make test-lowest`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

GROUPS: Final = ("postgis",)
"""Optional dependencies that the package itself imports."""
TOOLS: Final = ("pytest", "hypothesis", "jsonschema", "xlwt")
"""Of the tools for developers, those that the tests import; they are not held down."""
_LOWEST: Final = re.compile(r"([\w.-]+)(?:>=|==)([\w.]+)")


def lowest(project: dict[str, object]) -> list[str]:
    """Take the lower bound of each dependency of a project; raise ValueError where one has none."""
    optional = project["optional-dependencies"]
    assert isinstance(optional, dict)
    direct = project["dependencies"]
    assert isinstance(direct, list)
    found = []
    for entry in [*direct, *(entry for group in GROUPS for entry in optional[group])]:
        bound = _LOWEST.match(entry)
        if bound is None:
            raise ValueError(f"{entry} has no lower bound")
        found.append(f"{bound[1]}=={bound[2]}")
    return found


if __name__ == "__main__":
    content = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    print("\n".join([*lowest(content["project"]), *TOOLS]))
