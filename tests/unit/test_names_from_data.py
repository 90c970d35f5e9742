"""Names in data that become names of files, folders, sheets and columns."""

from __future__ import annotations

import unicodedata
import zipfile

import pytest

from circle15.errors import InputDataError
from circle15.inputs.formats.archives import unpacked
from circle15.output.document.workbook_file import sheet_name
from circle15.study.names import names_folder
from circle15.study.vocabulary.categories import fault_of_added


def geodatabase(path, *names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("gdb", "a00000001.gdbtable", *names):
            archive.writestr(f"x.gdb/{name}", b"")
    return path


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "a" * 300,
        "字" * 100,
        "CON",
        "nul.gdbtable",
        "a:b",
        "a\x01b",
        "a.",
        "b/c",
        "b/../../c",
        ".DS_Store",
    ],
)
def test_only_plain_names_of_a_geodatabase_are_unpacked(tmp_path, name):
    with unpacked(geodatabase(tmp_path / "a.zip", name), None) as (folder, _):
        assert {one.name for one in folder.iterdir()} == {"gdb", "a00000001.gdbtable"}
        assert [one.name for one in folder.parent.iterdir()] == ["layer.gdb"]


def test_files_of_a_geodatabase_that_differ_in_case_only_are_refused(tmp_path):
    path = geodatabase(tmp_path / "a.zip", "A00000001.gdbtable")
    with pytest.raises(InputDataError, match="differ only in case"), unpacked(path, None):
        pass


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "C:\\x", "..\\..\\x", "nul", "x" * 300])
def test_a_layer_of_an_archive_never_keeps_its_name_on_disk(tmp_path, name):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.geojson", b"{}")
    with unpacked(path, None) as (file, _):
        assert file.name == "layer.geojson"
        assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "...", ".a", "a.", "a ", " a", "a/b", "a\\b", "a:b", "a\x00", "a\n"),
        *("con", "PRN", "Aux", "nul.txt", "com1", "LPT9.a.b", "com¹", "lpt³.x"),
        *("x" * 201, "字" * 67, "\u200ba", "a\u202e", "a\ud800"),
        unicodedata.normalize("NFD", "é"),
        unicodedata.normalize("NFD", "한"),
    ],
)
def test_a_study_is_not_called_what_some_system_cannot_store(name):
    assert not names_folder(name)


@pytest.mark.parametrize("name", ["a", "a.b", "console", "com10", "x" * 200, "字" * 66, "한"])
def test_a_study_is_called_what_every_system_can_store(name):
    assert names_folder(name)


def test_names_of_sheets_differ_whatever_the_case_and_width():
    taken: list[str] = []
    for wanted in ("Z", "z", "Ｚ", "Z", "Z (2)"):
        taken.append(sheet_name(wanted, taken))
    assert taken == ["Z", "z (2)", "Ｚ (3)", "Z (4)", "Z (2) (2)"]


def test_a_name_of_a_sheet_is_counted_as_excel_counts_it():
    assert sheet_name("𠮷" * 40, []) == "𠮷" * 15  # each takes two of 31
    assert sheet_name("𠮷" * 40, ["𠮷" * 15]) == "𠮷" * 13 + " (2)"


@pytest.mark.parametrize("wanted", ["", " ", "'", "[]:*?/\\", "\x00", "history"])
def test_a_name_that_excel_refuses_becomes_another(wanted):
    name = sheet_name(wanted, [])
    assert name.strip()
    assert name.lower() != "history"
    assert not set(name) & set("[]:*?/\\'\x00")


def test_the_id_of_an_added_category_has_a_length():
    assert fault_of_added({"x" * 200: "亭"}, ()) is None
    fault = fault_of_added({"字" * 67: "亭"}, ())
    assert fault is not None
    assert fault[:2] == (f"categories.{'字' * 67}", "cannot be the id of an added category.")
    assert "200 bytes" in fault[2]
