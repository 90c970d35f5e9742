"""Porto Alegre from its files to every result file, with all people accounted for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import jsonschema
import pandas as pd
import pyogrio
import pytest
from docx.oxml.ns import qn
from tests.builders.packed_pages import unpacked_block
from tests.builders.report_result import text_of

from circle15.output.text.numbers import decimals, percent, rounded
from circle15.output.text.wording import Words
from circle15.results.summary.schema import summary_schema
from circle15.workflow.api import run
from circle15.workflow.folders.result_names import FILES

if TYPE_CHECKING:
    from circle15.study.languages import Language
    from circle15.workflow.api import RunOutcome

STUDY = Path(__file__).parent / "porto_alegre" / "study.toml"
PEOPLE = 812_935


@pytest.fixture(scope="session")
def written(planned: RunOutcome, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the results of the planned study, by language."""
    folders = {one: tmp_path_factory.mktemp(f"planned_{one}") for one in ("en", "zh")}
    planned.write(folders["en"], language="en")
    planned.write(folders["zh"], language="zh")
    return folders


def test_land_stands_beside_people(
    planned: RunOutcome, written: dict[str, Path], real_data: Path
) -> None:
    """The share of land is that of hexagons with people, each counted once, by their states."""
    summary = planned.summary
    jsonschema.validate(summary, summary_schema())
    circle = summary["parameters"]["cutoffs_min"][-1]
    (entry,) = [
        one
        for one in summary["coverage_basis"]
        if (one["cutoff_min"], one["category"]) == (circle, "medical")
    ]
    land: Any = entry["residential_land"]
    assert land is not None
    homes = pd.read_parquet(written["en"] / "coverage.parquet")
    speed = summary["parameters"]["speed_m_s"]
    at = (homes["cutoff_min"] == circle) & (homes["speed_m_s"] == speed)
    table = pd.read_csv(real_data / "porto_alegre" / "poa_hexgrid.csv")
    lived = table.loc[table["population"] > 0, "id"]
    states = homes[at].set_index("demand_id")["state"].loc[lived]
    assert len(states) == 1124
    assert land["total_m2"] == pytest.approx(1124 * 400, rel=1e-4)
    # A piece of land is judged up to 14 m from the middle of its hexagon.
    for state in ("covered", "gap", "unknown"):
        assert land[f"{state}_m2"] / 400 == pytest.approx((states == state).sum(), abs=12), state
    people = entry["people"]["share_covered"]
    assert people is not None
    assert land["share_covered"] < people


@dataclass(frozen=True)
class Printed:
    """What every output must say of the planned study, and the summary that says it."""

    summary: Any
    words: Words

    @property
    def numbers(self) -> dict[str, str]:
        """Numbers as they are printed, by what they are."""
        (supply,) = self.summary["supply"]
        even = {one["measure"]: one for one in self.summary["equity"]}
        at = self.summary["parameters"]["cutoffs_min"][-1]
        (basis,) = [
            one
            for one in self.summary["coverage_basis"]
            if (one["category"], one["cutoff_min"]) == ("medical", at)
        ]
        return {
            "served": f"{rounded(supply['served']):,}",
            "covered, not served": f"{rounded(supply['turned_away']):,}",
            "Gini of supply": decimals(even["supply"]["gini"], 3),
            "Gini of minutes": decimals(even["minutes"]["gini"], 3),
            "land covered": percent(basis["residential_land"]["share_covered"]),
        }

    @property
    def sites(self) -> list[str]:
        """Candidates proposed by both questions."""
        return [one["candidate_id"] for asked in self.summary["siting"] for one in asked["sites"]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_of_it_stands_in_every_output(
    planned: RunOutcome, written: dict[str, Path], language: Language
) -> None:
    """Capacity, both tables of new sites, equity, gap areas and the basis of coverage."""
    words = Words(language, planned.result.study)
    told = Printed(planned.summary, words)
    assert [len(one["sites"]) for one in told.summary["siting"]] == [5, 4]
    assert len(told.summary["equity"]) == 3
    gaps = [one for one in told.summary["gap_areas"] if one["category"] == "medical"]
    assert gaps
    assert all(one["reason"] for one in gaps)
    folder = written[language]
    page = text_of((folder / "report.html").read_text("utf-8"))
    document = docx.Document(str(folder / "report.docx"))
    word = "".join(one.text or "" for one in document.element.iter(qn("w:t")))
    for name, text in (("page", page), ("word", word)):
        for what, number in told.numbers.items():
            assert number in text, (name, what)
        assert [site for site in told.sites if site not in text] == [], name
        assert words.say("gap_reasons." + gaps[0]["reason"]) in text

    sheets = pd.read_excel(folder / "report.xlsx", None, engine="calamine", dtype=object)

    def sheet(key: str) -> pd.DataFrame:
        return sheets[words.say(f"workbook.{key}")]

    def column(key: str) -> str:
        return words.say(f"columns.{key}")

    (supply,) = told.summary["supply"]
    assert sheet("supply")[column("served")].iloc[0] == pytest.approx(supply["served"])
    even = [one["gini"] for one in told.summary["equity"]]
    assert [*sheet("equity")[column("gini")]] == pytest.approx(even)
    assert [*sheet("new_sites")[column("candidate_id")]] == told.sites
    shown = sheet("gap_areas")[column("persons")]
    assert shown.iloc[0] == pytest.approx(gaps[0]["persons"])
    assert len(sheet("if_closed")) == 141
    basis = sheet("basis")
    assert set(basis[column("counted_by")]) == {words.say("basis.people"), words.say("basis.land")}

    gpkg = folder / "results.gpkg"
    table = pyogrio.read_dataframe(gpkg, layer="equity")
    assert [*table["gini"]] == pytest.approx(even)
    candidates = pyogrio.read_dataframe(gpkg, layer="candidates")
    proposed = candidates[candidates["proposed"]]
    assert sorted(proposed["candidate_id"]) == sorted(told.sites)
    bases = pyogrio.read_dataframe(gpkg, layer="coverage_basis")
    at = (bases["counted_by"] == "land") & (bases["category"] == "medical")
    covered = bases[at & (bases["cutoff_min"] == planned.result.study.walk.circle_min)]
    assert [percent(one) for one in covered["share_covered"]] == [told.numbers["land covered"]]
    areas = pyogrio.read_dataframe(gpkg, layer="gap_areas")
    assert set(areas["area_id"]) == {one["id"] for one in told.summary["gap_areas"]}
    homes = pyogrio.read_dataframe(gpkg, layer="demand", read_geometry=False)
    assert homes["medical_served"].sum() == pytest.approx(supply["served"], abs=1e-3)

    data = json.loads(unpacked_block((folder / "map.html").read_text("utf-8"), "circle15-data"))
    served = dict(
        zip(
            ("served", "covered, not served"),
            data["served_people"]["medical"]["persons"],
            strict=False,
        )
    )
    assert {key: f"{n:,}" for key, n in served.items()} == {
        key: told.numbers[key] for key in served
    }
    rows = {
        key: dict(one["rows"])[column("gini")] for key, one in data["equity"]["medical"].items()
    }
    assert rows["supply"] == told.numbers["Gini of supply"]
    assert rows["minutes"] == told.numbers["Gini of minutes"]
    circle = str(planned.result.study.walk.circle_min)
    assert data["basis"]["medical"][circle].endswith(" " + told.numbers["land covered"])
    numbered = [one["id"] for one in data["siting"]["candidates"] if one["number"] is not None]
    assert sorted(numbered) == sorted(told.sites)
    first = data["gaps"]["medical"][circle]["areas"][0]
    assert (first["persons"], first["reason"]) == (rounded(gaps[0]["persons"]), gaps[0]["reason"])


def test_porto_alegre_ends_with_every_result_file(
    real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIRCLE15_REAL_DATA", str(real_data))
    outcome = run(STUDY, out=tmp_path / "results")
    assert sorted(path.name for path in outcome.files) == sorted(FILES)
    assert all(path.stat().st_size > 0 for path in outcome.files)
    jsonschema.validate(outcome.summary, summary_schema())
    (people,) = outcome.summary["population"]
    assert (people["input"], people["inside"], people["outside"]) == (PEOPLE, PEOPLE, 0)
    for row in outcome.summary["coverage"]:
        parts = [round(row[state] * 1e6) for state in ("covered", "gap", "unknown")]
        assert sum(parts) == round(row["persons"] * 1e6) == PEOPLE * 1_000_000
    table = pd.read_parquet(tmp_path / "results" / "coverage.parquet")
    assert table["demand_id"].nunique() == 1227
