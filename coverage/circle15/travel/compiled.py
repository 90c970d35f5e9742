"""Compiled functions of this room."""

from circle15.network.compiled import compiled

__all__ = ["compiled"]
