"""The version of the package, and when this process loaded it."""

from __future__ import annotations

import time
from typing import Final

__version__ = "0.1.0"

LOADED_NS: Final = time.time_ns()
"""When this process loaded the package; files changed since then may not be what it runs."""
