"""Where the cache is: a folder of the project, of the user, or the one that a variable names."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

VARIABLE: Final = "CIRCLE15_CACHE"
"""Environment variable with the folder of the cache, or `off`."""
OFF: Final = "off"
PROJECT: Final = Path("data", "cache")
"""Folder for the cache of a project, below the current folder."""
OWN: Final = "stages"
"""Folder of the cache in `PROJECT`, where downloads are, too."""


def cache_folder() -> Path | None:
    """
    Return the folder of the cache, which may not exist yet; None where there is to be none.

    It is the folder that `CIRCLE15_CACHE` names; else `data/cache/stages` of the current folder if
    that has `data/cache`, or `data` and `maps`; else a folder among the user's caches.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return None if named.casefold() == OFF else Path(named).absolute()
    with suppress(OSError):  # the current folder is gone
        here = Path.cwd()
        if (here / PROJECT).is_dir() or ((here / "data").is_dir() and (here / "maps").is_dir()):
            return here / PROJECT / OWN
    with suppress(RuntimeError):  # no home folder
        home = Path.home()
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or home, "circle15", "cache", OWN)
        if sys.platform == "darwin":
            return home / "Library" / "Caches" / "circle15" / OWN
        return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache", "circle15", OWN)
    return None
