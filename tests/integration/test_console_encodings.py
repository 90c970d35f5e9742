"""Consoles of code page 936, which lacks characters such as m² and ✓: nothing fails on them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

COMMANDS = (
    ("check", "STUDY"),
    ("route", "STUDY", "--from", "120.29165,31.5968", "--to", "S-071"),
    ("rules", "show", "liangxi-2025"),
    ("doctor",),
    ("--help",),
)


@pytest.mark.parametrize("encoding", ["cp936", "gbk"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_what_a_code_page_lacks_becomes_a_question_mark(encoding, command, sample_study):
    words = [str(sample_study) if word == "STUDY" else word for word in command]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "circle15", *words],
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done
    said = done.stdout.decode(encoding)  # every byte is of this encoding
    if command[0] == "rules":
        assert "养老" in said
        assert "m²" not in said
        assert "?" in said


def test_without_a_wish_it_is_utf8():
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONIOENCODING"}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "circle15", "rules", "show", "liangxi-2025"],
        env=kept | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=True,
    )
    assert "m²" in done.stdout.decode("utf-8")
