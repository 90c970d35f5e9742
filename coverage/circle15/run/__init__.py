"""
Run a study from its files to its results.

The public function `circle15.run` has the name of this room. Once the room is imported Python
binds the name to it; so the room can be called, and does what the function does.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _CallableRoom(ModuleType):
    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return import_module("circle15.run.api").run(*arguments, **options)


sys.modules[__name__].__class__ = _CallableRoom
