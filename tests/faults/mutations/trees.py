"""Trees mutated node by node: JSON, TOML and XML."""

from __future__ import annotations

import copy
import datetime as dt
import json
import math
import tomllib
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

from tests.faults.mutations.oddities import odd_text, odd_value

if TYPE_CHECKING:
    from random import Random

Path = tuple[Any, ...]


def paths_of(tree: Any) -> list[Path]:
    """Paths of all nodes of nested dicts and lists but the root."""
    found: list[Path] = []
    waiting: list[tuple[Path, Any]] = [((), tree)]
    while waiting:
        path, node = waiting.pop()
        keys = node.keys() if isinstance(node, dict) else range(len(node))
        for key in keys:
            found.append((*path, key))
            if isinstance(node[key], dict | list):
                waiting.append(((*path, key), node[key]))
    return found


def tree_mutated(rng: Random, tree: Any) -> Any:
    """One to three nodes dropped, doubled, renamed, nested, swapped, or of another kind."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        paths = paths_of(tree)
        if not paths:
            return rng.choice(([], {}, None, 5, "x"))
        _at(rng, tree, rng.choice(paths), rng.choice(paths))
    return tree


def _at(rng: Random, tree: Any, path: Path, other: Path) -> None:
    parent, key = _node(tree, path[:-1]), path[-1]
    old, kind = parent[key], rng.randrange(12)
    if kind == 0:
        del parent[key]
    elif kind == 1 and isinstance(parent, list):
        parent.insert(rng.randrange(len(parent) + 1), copy.deepcopy(old))
    elif kind == 2 and isinstance(parent, dict):
        parent[rng.choice((f"{key}x", str(key).upper(), odd_text(rng)))] = parent.pop(key)
    elif kind == 3:
        parent[key] = [old] * rng.choice((0, 1, 2, 50))
    elif kind == 4:
        parent[key] = {odd_text(rng): old}
    elif kind == 5:
        parent[key] = copy.deepcopy(_node(tree, other))
    elif kind == 6:
        for _ in range(rng.randrange(1, 60)):
            old = [old]
        parent[key] = old
    elif kind == 7 and isinstance(old, list):
        rng.shuffle(old)
    else:
        parent[key] = odd_value(rng, old)


def _node(tree: Any, path: Path) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def json_mutated(rng: Random, raw: bytes) -> bytes:
    """A JSON text with nodes mutated."""
    tree = tree_mutated(rng, json.loads(raw))
    return json.dumps(tree, ensure_ascii=rng.random() < 0.3).encode("utf-8", "replace")


def toml_mutated(rng: Random, raw: bytes) -> bytes:
    """A TOML text with keys and values mutated."""
    tree = tree_mutated(rng, tomllib.loads(raw.decode()))
    if not isinstance(tree, dict):
        return b"x"
    lines = [f"{_key(k)} = {_toml(v)}" for k, v in tree.items() if v is not None]
    return "\n".join(lines).encode("utf-8", "replace")


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "a").isalnum() else json.dumps(key)


def _toml(node: Any) -> str:
    if isinstance(node, dict):
        inside = (f"{_key(k)} = {_toml(v)}" for k, v in node.items() if v is not None)
        return "{ " + ", ".join(inside) + " }"
    if isinstance(node, list):
        return "[ " + ", ".join(_toml(v) for v in node if v is not None) + " ]"
    if isinstance(node, bool):
        return str(node).lower()
    if isinstance(node, float):
        return repr(node) if math.isfinite(node) else str(node)
    if isinstance(node, dt.date | dt.time | int):
        return str(node) if isinstance(node, int) else node.isoformat()
    return json.dumps(node, ensure_ascii=True)


def xml_mutated(rng: Random, raw: bytes) -> bytes:
    """An XML text with elements and attributes mutated; one that is none gets odd words."""
    try:
        root = ET.fromstring(raw)
    except ET.ParseError:
        return raw[: rng.randrange(len(raw) + 1)] + odd_text(rng).encode("utf-8", "replace")
    for _ in range(rng.choice((1, 1, 2, 3))):
        _element(rng, root)
    text = ET.tostring(root, encoding="unicode")
    if rng.random() < 0.1:
        text = f'<!DOCTYPE x [<!ENTITY a "b">]>{text}'
    return text.encode("utf-8", "replace")


def _element(rng: Random, root: ET.Element) -> None:
    parents = [one for one in root.iter() if len(one)] or [root]
    parent = rng.choice(parents)
    every = list(root.iter())
    one = rng.choice(every)
    kind = rng.randrange(11)
    if kind == 0 and len(parent):
        parent.remove(rng.choice(list(parent)))
    elif kind == 1 and len(parent):
        parent.insert(rng.randrange(len(parent) + 1), copy.deepcopy(rng.choice(list(parent))))
    elif kind == 2:
        one.tag = rng.choice(("x", "node", "way", "nd", "data", "graph", rng.choice(every).tag))
    elif kind == 3 and len(parent):
        parent.append(copy.deepcopy(rng.choice(every)))
    elif kind == 4:
        one.text = str(odd_value(rng, one.text))
    elif kind == 5:
        children = list(parent)
        rng.shuffle(children)
        parent[:] = children
    elif one.attrib:
        name = rng.choice(list(one.attrib))
        old = one.attrib[name]
        if kind == 6:
            del one.attrib[name]
        elif kind == 7:
            one.attrib[rng.choice((f"{name}x", "id", "v", "k", "lat", "version"))] = old
        elif kind == 8:
            other = rng.choice(every)
            one.attrib[name] = other.attrib.get(name, rng.choice(["", *other.attrib.values()]))
        else:
            one.attrib[name] = str(odd_value(rng, old))
