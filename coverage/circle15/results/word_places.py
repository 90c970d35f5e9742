"""Where the words of a column stand in a list of words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


def places_of(values: pd.Series[Any], words: Sequence[str] | npt.NDArray[np.object_]) -> Ints:
    """
    Place of each value among the words, -1 for one that is none of them.

    Examples
    --------
    >>> places_of(pd.Series(["b", "c", "b"]), ["a", "b"]).tolist()
    [1, -1, 1]
    """
    found = pd.Categorical(values)
    own, wanted = found.categories.to_numpy(dtype=object), np.asarray(words, dtype=object)
    if len(own) == len(wanted) and (own == wanted).all():  # many times faster than to look them up
        place = np.arange(len(own))
    else:
        place = pd.Index(wanted).get_indexer(own)
    numbers: Ints = np.append(place, -1)[found.codes].astype(np.int64)
    return numbers
