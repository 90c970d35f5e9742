"""The page around the map: a figure of folium's with a template of our own, and folium's map."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

from branca.element import Figure, MacroElement

from circle15.output.document.offline import content_policy, leaflet, own_asset
from circle15.output.document.scripts import page_script

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@contextmanager
def _imported_when_used(name: str) -> Iterator[None]:
    """Let modules that are imported here have another one that is loaded when it is used."""
    if name in sys.modules:
        yield
        return
    later = ModuleType(name)
    vars(later)["__getattr__"] = lambda part: getattr(importlib.import_module(name), part)
    sys.modules[name] = later
    try:
        yield
    finally:
        del sys.modules[name]


# folium reads addresses by it, which none of our maps has; it makes a socket when it is loaded.
with _imported_when_used("requests"):
    import folium
    from folium.template import Template

STYLES = ("map.css", "map_print.css")


class OfflineMap(folium.Map):
    """A folium map that has no tiles, and the same ids in every build."""

    def __init__(self) -> None:
        super().__init__(
            tiles=None,
            zoom_control=False,
            prefer_canvas=False,
            attribution_control=False,
            max_zoom=None,
            zoom_snap=0.25,
            zoom_delta=0.5,
            wheel_px_per_zoom_level=90,
        )
        self.options["maxZoom"] = 19
        self.options["trackResize"] = False  # our script does, and frames the map again
        self.options["fadeAnimation"] = False  # a card that is closed is gone at once
        self._id = "circle15"


class _Start(MacroElement):
    """Starts our script when folium has made the map."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "circle15.start({{ this._parent.get_name() }});"
        "{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca ships no types here
        self._name = "start"
        self._id = "circle15"


class MapPage(Figure):
    """
    A page that needs nothing but itself: Leaflet, our scripts, the data, and folium's map.

    Of folium it shows the element of the map and the script that makes it; what folium would put
    into the head (addresses of scripts and styles, and that people may not enlarge the page) is not
    shown. Its policy refuses everything that it does not hold.

    Parameters
    ----------
    title
        Plain text; it is escaped.
    language
        Language of the page, as HTML names it.
    panel
        HTML of what stands beside the map.
    blocks
        The data, each as an element that no browser runs.
    images_from
        Scheme and host of the map service of the online variant; empty for none.
    """

    _template = Template(
        "{% set start = this.script.render(**kwargs) %}"
        "<!DOCTYPE html>\n"
        '<html lang="{{ this.language }}">\n'
        '<head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="{{ this.policy(start) }}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{{ this.title | e }}</title>\n"
        "{% for style in this.styles %}<style>{{ style }}</style>\n{% endfor %}"
        "{% for script in this.scripts %}<script>{{ script }}</script>\n{% endfor %}"
        "</head>\n"
        "<body>\n"
        "{{ this.panel }}{% for block in this.blocks %}{{ block }}{% endfor %}\n"
        "{{ this.html.render(**kwargs) }}\n"
        "<script>{{ start }}</script>\n"
        "</body>\n"
        "</html>\n"
    )

    def __init__(
        self, *, title: str, language: str, panel: str, blocks: Sequence[str], images_from: str = ""
    ) -> None:
        super().__init__(title=title)
        self._id = "circle15_page"
        self.language, self.panel, self.blocks = language, panel, blocks
        script, style = leaflet()
        self.styles = [style, "".join(own_asset(name) for name in STYLES)]
        self.scripts = [script, page_script("circle15.output.map", "scripts", "main.js")]
        self._images_from = images_from
        frame = OfflineMap()
        frame.add_child(_Start(), name="start")
        self.add_child(frame)

    def policy(self, start: str) -> str:
        """Write the content policy of the page, with the script that starts it."""
        scripts = [*self.scripts, start]
        return content_policy(scripts=scripts, styles=self.styles, images_from=self._images_from)
