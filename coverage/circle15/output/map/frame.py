"""The HTML page of the map: a folium figure with our own template, and folium's map."""

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
    """Replace a module, while others import it, by a proxy that loads it on first use."""
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


# folium needs requests only to read URLs, which our maps have none of; importing it opens a socket.
with _imported_when_used("requests"):
    import folium
    from folium.template import Template

STYLES = ("map.css", "map_trials.css", "map_print.css")


class OfflineMap(folium.Map):
    """A folium map without tiles, with the same element ids in every build."""

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
        self.options["trackResize"] = False  # our script does, and fits the map again
        self.options["fadeAnimation"] = False  # a closed card disappears at once
        self._id = "circle15"


class _Start(MacroElement):
    """Starts our script once folium has created the map."""

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
    A self-contained page: Leaflet, our scripts, the data, and folium's map.

    Only folium's map element and the script that creates it are used; what folium would add to
    the head (URLs of scripts and styles, a viewport that forbids zooming) is left out. The
    Content-Security-Policy allows only what the page contains.

    Parameters
    ----------
    title
        Plain text; it is escaped.
    language
        Language tag of the page.
    panel
        HTML of the panel beside the map.
    blocks
        The data, each embedded in an element that no browser runs.
    images_from
        Scheme and host of the tile service of the online variant; empty for none.
    workers
        Whether the page starts workers from its own data.
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
        "<script>{{ this.old_browser }}</script>\n"
        "<script>{{ start }}</script>\n"
        "</body>\n"
        "</html>\n"
    )

    def __init__(
        self,
        *,
        title: str,
        language: str,
        panel: str,
        blocks: Sequence[str],
        images_from: str = "",
        workers: bool = False,
    ) -> None:
        super().__init__(title=title)
        self._id = "circle15_page"
        self.language, self.panel, self.blocks = language, panel, blocks
        script, style = leaflet()
        self.styles = [style, "".join(own_asset(name) for name in STYLES)]
        self.old_browser = own_asset("old_browser.js")
        self.scripts = [script, page_script("circle15.output.map", "scripts", "main.js")]
        self._images_from, self._workers = images_from, workers
        frame = OfflineMap()
        frame.add_child(_Start(), name="start")
        self.add_child(frame)

    def policy(self, start: str) -> str:
        """Return the page's Content-Security-Policy, which includes the script that starts it."""
        scripts = [*self.scripts, self.old_browser, start]
        return content_policy(
            scripts=scripts,
            styles=self.styles,
            images_from=self._images_from,
            workers=self._workers,
        )
