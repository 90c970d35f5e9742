"""Questions of where new meal points should go, on one street, and their answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

from circle15.inputs.area.study_area import area_within
from circle15.inputs.facilities.candidate_table import CandidateTable, OtherRows
from circle15.inputs.tables.cells import Table
from circle15.output.siting.terminal import answer_lines
from circle15.output.text.wording import Words
from circle15.planning.candidates import Ground, candidates_of
from circle15.planning.posing import Question, require_candidates
from circle15.planning.proposals import answer
from circle15.planning.siting.locating import locate
from circle15.study.vocabulary import columns as c
from tests.builders.small_inputs import in_subdistricts, inputs_of, streets, walks_of
from tests.streets import EAST_M, NORTH_M

NODES = {"A": (0.0, 0.0), "B": (6000.0, 0.0)}


def inputs_in_subdistricts(homes, sites, zones, **keys):
    """Homes (x, y, persons) and sites on a street of 6 km, each home in a zone."""
    return in_subdistricts(inputs_of(streets(NODES, "AB"), homes, sites, **keys), zones)


def table_of(*rows, **columns):
    """Candidates by id, name, x and y (None: without a position)."""
    table = pd.DataFrame(
        {
            c.CANDIDATE_ID: [row[0] for row in rows],
            c.NAME: [row[1] for row in rows],
            c.X_M: [float("nan") if row[2] is None else row[2] + EAST_M for row in rows],
            c.Y_M: [float("nan") if row[2] is None else row[3] + NORTH_M for row in rows],
            **dict.fromkeys((c.FLOOR_AREA_M2, c.COST, *c.CAPACITIES)),
            "file": "candidates.csv",
            "row": range(2, len(rows) + 2),
        }
    )
    return table.assign(**columns)


def ground_of(inputs, **changes):
    whole = area_within(None, inputs.crs)
    ground = Ground(inputs.network, whole, inputs.study.walk, inputs.sites.table)
    return replace(ground, **changes)


def candidates(inputs, settings, *rows, ground=None, file_rows=None, excluded=(), **columns):
    """
    Candidates of a file with these rows; without rows those along the streets.

    The file may have other rows, and places of these, that `where` excludes.
    """
    source = None
    if rows:
        table = table_of(*rows, **columns)
        cells = Table(Path("candidates.csv"), table, table["row"].tolist())
        places = np.array([(x + EAST_M, y + NORTH_M) for x, y in excluded]).reshape(-1, 2)
        source = CandidateTable(
            table,
            cells,
            frozenset(),
            (),
            file_rows or len(table),
            cast("Any", None),
            others=OtherRows(cells.take([0] * len(places)), ["other"] * len(places), places),
        )
    return candidates_of(settings, source, ground or ground_of(inputs))


def answered(inputs, settings, *rows, ground=None, **columns):
    found = candidates(inputs, settings, *rows, ground=ground, **columns)
    question = Question("q", settings, found)
    require_candidates(question)
    return answer(question, walks_of(inputs), locate=locate)


def lines(found, inputs, language="en"):
    return list(answer_lines(found, Words(language, inputs.study)))
