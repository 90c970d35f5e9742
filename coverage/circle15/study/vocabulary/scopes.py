"""Scopes that combine the required categories: `any` of them, or `all` of them."""

from __future__ import annotations

from typing import Final

ANY: Final = "any"
ALL: Final = "all"
COMBINED: Final = (ANY, ALL)
