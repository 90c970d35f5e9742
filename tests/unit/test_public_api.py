"""Every public function has an explicit signature and documents input, output and errors."""

from __future__ import annotations

import doctest
import inspect
import re
import subprocess
import sys

import pytest

import circle15

CLASSES = sorted(name for name in circle15.__all__ if name[0].isupper())
"""What the functions take and return."""
FUNCTIONS = sorted(set(circle15.__all__) - {"__version__", *CLASSES})
DATA = {"boundary", "b"}
"""Data that may be left out; options are keywords."""
OF_OTHERS = {
    "Any",
    "Callable",
    "DataFrame",
    "GeoDataFrame",
    "GeoSeries",
    "Graph",
    "Mapping",
    "None",
    "Path",
    "Sequence",
    "Series",
}
ALIASES = {
    "Basis",
    "Covers",
    "Datum",
    "Density",
    "Direction",
    "DownloadLimits",
    "Gated",
    "Language",
    "Layer",
    "Method",
    "Mixed",
    "Number",
    "Objective",
    "Owner",
    "Reading",
    "Report",
    "Squares",
    "Tiles",
    "Walls",
    "Way",
    "Worse",
}
"""Names of words, numbers and options in signatures; their values are said in the docstrings."""
NOT_RUN = {
    "run": "takes as long as a run",
    "propose_sites": "takes as long as a run",
    "run_batch": "takes as long as several runs",
    "compare": "takes the results of two runs",
    "verify": "takes the results of a run",
    "fetch_place": "needs the internet",
}
"""Public functions whose examples are skipped, each with the reason."""


def sections_of(function: object) -> dict[str, str]:
    """Sections of a docstring in numpy's style; what stands before them is ''."""
    lines = (inspect.getdoc(function) or "").splitlines()
    found, name = {"": ""}, ""
    for k, line in enumerate(lines):
        if k + 1 < len(lines) and line and set(lines[k + 1]) == {"-"}:
            name = line
            found[name] = ""
        elif not (line and set(line) == {"-"}):
            found[name] += line + "\n"
    return found


def test_all_that_design_names_is_there():
    """Siting comes with another issue."""
    assert {
        "read_network",
        "network_from_graph",
        "read_demand",
        "read_facilities",
        "snap_to_network",
        "nearest_facility",
        "od_times",
        "service_areas",
        "coverage",
        "count_people",
        "gap_areas",
        "floating_catchment",
        "assign_capacity",
        "equity",
        "load_rules",
        "check_zones",
        "load_study",
        "run",
        "check",
        "route",
        "fetch_place",
    } <= set(FUNCTIONS)
    assert set(circle15.__all__) <= set(dir(circle15))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_signature_is_explicit(name):
    function = getattr(circle15, name)
    assert inspect.isfunction(function)
    assert function.__name__ == name
    kinds = {one.kind for one in inspect.signature(function).parameters.values()}
    assert kinds <= {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY}
    for one in inspect.signature(function).parameters.values():
        assert one.annotation is not inspect.Parameter.empty, one.name
        if one.default is not inspect.Parameter.empty and one.name not in DATA:
            assert one.kind is inspect.Parameter.KEYWORD_ONLY, one.name
    assert inspect.signature(function).return_annotation not in {inspect.Signature.empty, "Any"}


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_says_what_it_holds(name):
    one = getattr(circle15, name)
    assert inspect.isclass(one)
    assert one.__name__ == name
    assert re.match(r"[A-Z][^\n]*\.?$", (inspect.getdoc(one) or "").splitlines()[0])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_help_shows_no_address_in_memory(name):
    assert "0x" not in str(inspect.signature(getattr(circle15, name)))
    assert "<" not in str(inspect.signature(getattr(circle15, name)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_it_takes_and_gives_of_ours_can_be_imported(name):
    signature = inspect.signature(getattr(circle15, name))
    said = [str(one.annotation) for one in signature.parameters.values()]
    words = set(re.findall(r"\b[A-Z]\w+", " ".join([*said, str(signature.return_annotation)])))
    assert words - set(circle15.__all__) <= OF_OTHERS | ALIASES


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_docstring_says_all(name):
    function = getattr(circle15, name)
    sections = sections_of(function)
    assert re.match(r"[A-Z][^\n]*\.$", sections[""].strip().splitlines()[0])
    assert {"Raises", "Examples"} <= set(sections)
    parameters = list(inspect.signature(function).parameters)
    described = re.findall(r"^(\w[\w, ]*)$", sections.get("Parameters", ""), re.MULTILINE)
    named = [one for line in described for one in line.split(", ")]
    assert named == parameters, "each parameter is described, in order"
    assert "Returns" in sections
    examples = doctest.DocTestParser().get_examples(inspect.getdoc(function) or "")
    assert "import circle15 as c15\n" in [one.source for one in examples]
    skipped = [one for one in examples if one.options.get(doctest.SKIP)]
    assert bool(skipped) == (name in NOT_RUN)


def test_it_loads_when_it_is_used():
    """Importing the package loads none of the libraries that take long, and none of our rooms."""
    slow = ["numpy", "pandas", "geopandas", "shapely", "numba", "networkx", "osmnx", "scipy"]
    code = (
        f"import sys, circle15; print(set({slow}) & set(sys.modules) or 'none'); "
        "print(*(name for name in sys.modules if name.startswith('circle15.')))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["none", "circle15._version"]


def test_type_checkers_see_what_is_loaded():
    """The lazy table names the module that defines each function, and `TYPE_CHECKING` the same."""
    assert set(circle15._HOMES) == {*FUNCTIONS, *CLASSES}
    for name, module in circle15._HOMES.items():
        assert getattr(circle15, name).__module__ == module
    source = inspect.getsource(circle15)
    told = source[source.index("if TYPE_CHECKING") : source.index("__all__")]
    for name, module in circle15._HOMES.items():
        assert re.search(rf"from {re.escape(module)} import [^\n]*\b{name}\b", told), name


def test_the_methods_of_a_network_are_public_too():
    from circle15.network.walk_network import WalkNetwork

    for method in (WalkNetwork.to_graph, WalkNetwork.to_gdfs):
        assert {"Returns", "Examples"} <= set(sections_of(method))
