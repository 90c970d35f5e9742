"""axe-core (from npm, `package-lock.json`) on an open page: barriers to accessibility."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
GRAVE = {"serious", "critical"}


def axe_source() -> str:
    """Read the script of axe-core; skips where `npm ci` was not run."""
    folder = Path(os.environ.get("CIRCLE15_NODE_MODULES") or ROOT / "node_modules")
    script = folder / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("no axe-core in node_modules (`make setup` with npm): not checked")
    return script.read_text(encoding="utf-8")


def grave_findings(page: Page) -> list[str]:
    """
    List what axe-core finds serious or critical on the page as it is shown now.

    The script runs beside the page, past its content policy, and changes nothing of it.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(axe_source())
    found: list[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:160]} "
        f"{node.get('failureSummary', '')}"
        for one in found
        for node in one["nodes"]
        if (node.get("impact") or one["impact"]) in GRAVE
    ]
