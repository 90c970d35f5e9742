"""The keys of a rule pack: their meanings, defaults and JSON schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from circle15.rules.packs import evaluator_parameters, pack_tables, records
from circle15.rules.packs.evaluator_parameters import ONE_OF, PARAMETERS
from circle15.rules.packs.pack_values import Bilingual
from circle15.study.messages import messages, say
from circle15.study.typed_toml.json_schema import json_schema, keys_with_defaults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.study.languages import Language

TABLES: Final[dict[str, type]] = {
    "": pack_tables.PackTables,
    "words": Bilingual,
    "source": records.Source,
    "indicators": pack_tables.OwnIndicator,
    "rules": records.Rule,
    "floor_area": pack_tables.FloorAreaTable,
    "floor_area.pooling": pack_tables.PoolingTable,
    "printed": pack_tables.PrintedFigure,
}
"""Records of the tables of a pack; `words` are texts in both languages."""

OF_EVALUATORS: Final[dict[str, type]] = {
    **{evaluator.value: record for evaluator, record in PARAMETERS.items()},
    "tiers.tiers": evaluator_parameters.Tier,
    "colocation.pairs": evaluator_parameters.Pair,
}
"""Records of the parameters of each evaluator, and of the tables in them."""

_NAMES: Final = {
    record.__name__: f"{name}." if name else ""
    for name, record in {**TABLES, **OF_EVALUATORS}.items()
}


def pack_schema(language: Language) -> dict[str, Any]:
    """Return the JSON schema of a rule pack, with descriptions of its keys in a language."""
    known = messages(language)

    def describe(record: str, key: str) -> str | None:
        name = f"packs.{_NAMES[record]}{key}" if record in _NAMES else ""
        return say(name, language) if name in known else None

    found = json_schema(pack_tables.PackTables, describe)
    chosen = []
    for evaluator, record in PARAMETERS.items():
        own = json_schema(record, describe)
        del own["$schema"]
        found["$defs"] |= own.pop("$defs", {})
        if record in ONE_OF:
            own["oneOf"] = [{"required": [key]} for key in ONE_OF[record]]
        found["$defs"][record.__name__] = own
        then: dict[str, Any] = {
            "properties": {"parameters": {"$ref": f"#/$defs/{record.__name__}"}}
        }
        if own.get("required"):
            then["required"] = ["parameters"]
        condition = {"properties": {"evaluator": {"const": evaluator.value}}}
        chosen.append({"if": condition, "then": then})
    rule = found["$defs"][records.Rule.__name__]
    rule |= {"allOf": chosen, "dependencies": {"threshold": ["comparison"]}}
    return {"title": "circle15 rule pack", **found}


def keys_of_pack() -> Iterator[tuple[str, str, str | None]]:
    """
    Yield every key of a pack: its table or evaluator, the key, and its default as TOML.

    The default is None for a required key, and a dash for an optional key without one.
    """
    for name, record in {**TABLES, **OF_EVALUATORS}.items():
        yield from ((name, key, default) for key, default in keys_with_defaults(record))
