"""Save a contracted network as a folder of `.npy` files, memory-mapped on loading."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from circle15.errors import InputDataError
from circle15.travel.engine.chains import Chains
from circle15.travel.engine.graph import TravelNetwork

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

VERSION: Final = 2
"""Increased whenever the arrays or their meaning change; older folders are refused."""

_ABOUT = "about.json"


def save_network(travel: TravelNetwork, folder: Path) -> None:
    """
    Write the arrays of a contracted network into a folder, with its version and hash.

    The file that describes the folder is written last: a folder without it is incomplete.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _ABOUT).unlink(missing_ok=True)
    arrays = _arrays(travel)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    about = {
        "version": VERSION,
        "n_core": travel.chains.n_core,
        "links": travel.links,
        "sha256": _hash(arrays),
    }
    (folder / _ABOUT).write_text(json.dumps(about) + "\n", encoding="utf-8")


def load_network(folder: Path, *, verify: bool = False) -> TravelNetwork:
    """
    Open a folder written by `save_network`; the arrays are read from disk as they are used.

    Parameters
    ----------
    verify
        Whether to compare the hash of the arrays, which reads all of them.

    Raises
    ------
    InputDataError
        If the folder is incomplete, of another version, or changed since it was written.
    """
    try:
        about = json.loads((folder / _ABOUT).read_text("utf-8"))
        if about["version"] != VERSION:
            raise InputDataError(
                f"holds version {about['version']} of a network, not {VERSION}.",
                file=folder,
                mend="Save it again.",
            )
        names = [*_CHAIN_ARRAYS, *_BASE_ARRAYS]
        arrays = {n: np.load(folder / f"{n}.npy", mmap_mode="r", allow_pickle=False) for n in names}
        if verify and _hash(arrays) != about["sha256"]:
            raise InputDataError(
                "has changed since it was written.", file=folder, mend="Save the network again."
            )
        chains = Chains(about["n_core"], **{name: arrays[name] for name in _CHAIN_ARRAYS})
        base = {name: arrays[name] for name in _BASE_ARRAYS}
        return TravelNetwork(chains, **base, links=int(about["links"]))
    except (OSError, ValueError, KeyError) as error:
        if isinstance(error, InputDataError):
            raise
        raise InputDataError(
            f"holds no complete network ({error}).", file=folder, mend="Save it again."
        ) from error


_CHAIN_ARRAYS: Final = tuple(f.name for f in fields(Chains) if f.name != "n_core")
_BASE_ARRAYS: Final = tuple(
    f.name for f in fields(TravelNetwork) if f.name not in {"chains", "links"}
)


def _arrays(travel: TravelNetwork) -> dict[str, npt.NDArray[Any]]:
    own = {name: getattr(travel.chains, name) for name in _CHAIN_ARRAYS}
    return own | {name: getattr(travel, name) for name in _BASE_ARRAYS}


def _hash(arrays: dict[str, npt.NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.data)
    return digest.hexdigest()
