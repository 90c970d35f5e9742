"""`issues.csv`: worst first, readable by spreadsheets, and harmless in them."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.builders.report_result import make_result

from circle15.output.text.finding_list import write_findings
from circle15.study.vocabulary.finding import Finding, worst_first


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_worst_first_by_severity_then_people_then_area():
    findings = [
        Finding("A", "note", "f", persons_micro=9),
        Finding("B", "warning", "f", floor_area_m2=Decimal(5)),
        Finding("C", "warning", "f", persons_micro=1),
        Finding("D", "error", "f"),
        Finding("E", "warning", "f", floor_area_m2=Decimal(7)),
    ]
    assert [i.code for i in worst_first(findings)] == ["D", "C", "E", "B", "A"]


def test_columns_and_values(tmp_path):
    path = tmp_path / "issues.csv"
    write_findings(make_result(), path, "en")
    raw = path.read_bytes()
    assert raw.startswith(
        b"\xef\xbb\xbffile,row,column,code,severity,message,persons,floor_area_m2\n"
    )
    assert b"\r" not in raw
    first, second, third = read(path)
    assert (first["code"], first["persons"], first["row"]) == ("TOO_FAR", "1", "4")
    assert (second["code"], second["floor_area_m2"]) == ("UNREADABLE", "120.5")
    assert (third["row"], third["column"], third["persons"]) == ("", "", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t="])
def test_no_cell_is_a_formula(tmp_path, start):
    text = f'{start}HYPERLINK("http://x")'
    finding = Finding("UNREADABLE", "warning", text, 2, text, detail={"value": text})
    path = tmp_path / "issues.csv"
    write_findings(replace(make_result(), findings=[finding]), path, "en")
    (row,) = read(path)
    assert row["file"] == row["column"] == "'" + text


def test_any_text_passes(tmp_path):
    text = '𠮷🏠\x00\ud800,"\n' + "x" * 10_000
    finding = Finding("UNREADABLE", "warning", "f.csv", 2, None, detail={"value": text})
    path = tmp_path / "issues.csv"
    write_findings(replace(make_result(), findings=[finding]), path, "zh")
    (row,) = read(path)
    assert '𠮷🏠\ufffd\ufffd,"\n' + "x" * 10_000 in row["message"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_same_bytes_twice(tmp_path, language):
    for name in ("one", "two"):
        write_findings(make_result(), tmp_path / name, language)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
