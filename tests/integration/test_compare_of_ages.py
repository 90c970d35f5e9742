"""Results of which one has age bands: people of each band are matched."""

from __future__ import annotations

from tests.builders.age_study import three_homes
from tests.builders.kept_folder import keep_results

from circle15.workflow.comparison.comparing_folders import compare


def test_age_speeds_are_a_change_of_walking(tmp_path):
    """
    A facility at 0 m; 10 people each at 600, 750 and 850 m, 1.5 of them aged 80 and over.

    At 1.0 m/s all 30 are within 900 m. At 0.9 m/s those of 70–79 are within 810 m: the 4.5 at
    850 m are lost; at 0.7 m/s those of 80 and over within 630 m: 3 at 750 and 850 m are lost.
    """
    folders = []
    for name, walk in (("alike", {"walk": ""}), ("ages", {})):
        (tmp_path / name).mkdir()
        study = three_homes(tmp_path / name, **walk)
        folders.append(keep_results(study, tmp_path / name / "results"))
    found = compare(*folders)
    rows = {
        row["group"]: row
        for row in found["coverage"]
        if (row["category"], row["cutoff_min"]) == ("meal_point", 15)
    }
    whole = rows["p60"]
    assert (whole["a"], whole["b"], whole["walking"], whole["people"]) == (30, 22.5, -7.5, 0)
    assert (rows["p80"]["a"], rows["p80"]["b"], rows["p80"]["walking"]) == (4.5, 1.5, -3)
    assert found["headline"] == whole
    bands = [one for one in found["not_compared"] if one["what"] == "group"]
    assert {(one["name"], one["only_in"]) for one in bands} == {("p60_69", "b"), ("p70_79", "b")}
    back = compare(*reversed(folders))
    assert back["headline"] is not None
    assert back["headline"]["walking"] == 7.5
