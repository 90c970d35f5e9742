"""Numeric types with limits, for the JSON schema of `summary.json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Limit:
    """JSON-schema keywords added to an annotated type."""

    keywords: tuple[tuple[str, Any], ...]

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        return handler(schema) | dict(self.keywords)


NotNegative = Annotated[float, Limit((("minimum", 0),))]
AboveZero = Annotated[float, Limit((("exclusiveMinimum", 0),))]
Share = Annotated[float, Limit((("minimum", 0), ("maximum", 1)))]
Count = Annotated[int, Limit((("minimum", 0),))]
Positive = Annotated[int, Limit((("minimum", 1),))]
Sha256 = Annotated[str, Limit((("pattern", "^[0-9a-f]{64}$"),))]
TEN: Limit = Limit((("maxItems", 10),))
