"""A key of a map service."""

from __future__ import annotations

KEY = "0123456789abcdef0123456789abcdef"
