# ruff: noqa: INP001 - settings of Sphinx, no part of a package
"""Settings of the documentation site; `build_site.py` sets the language."""

from __future__ import annotations

import sys
from pathlib import Path

import circle15

sys.path.insert(0, str(Path(__file__).parent / "site"))

project = "circle15"
copyright = "circle15, Apache-2.0"  # noqa: A001 - the name that Sphinx reads
version = release = circle15.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc", "chinese_search"]
templates_path = ["site/templates"]
html_static_path = ["site/static"]
html_css_files = ["site.css"]
html_theme = "pydata_sphinx_theme"
html_show_sourcelink = False
html_show_search_summary = False  # a page that is opened as a file cannot read another one
html_copy_source = False
html_context = {"default_mode": "light"}
html_sidebars = {"**": ["sidebar-nav-bs"]}
html_theme_options = {
    "logo": {"text": "circle15"},
    "navbar_end": ["language", "theme-switcher"],
    "navbar_persistent": ["search-button-field"],
    "header_links_before_dropdown": 6,
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
}
pygments_style = "tango"

myst_heading_anchors = 4
nb_execution_mode = "off"  # the tests execute the notebooks

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
python_use_unqualified_type_names = True
nitpicky = True
# Types of other libraries, whose pages are on the internet, and names of words and numbers, whose
# values the text says; a test looks at what of ours a public function takes and returns.
nitpick_ignore_regex = [
    ("py:class", r"[A-Z]\w*|dict\[\w+|(collections|dt|gpd|np|npt|nx|pandas|pathlib|pd|shapely)\..*")
]
