"""The online map in a browser whose tiles come from the test: it asks its host and no other."""

from __future__ import annotations

import base64

import pytest
from tests.builders.tile_keys import KEY

from circle15.output.map.html import build_map
from circle15.output.map.online_tiles import tiles_named

GREY = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize("name", ["osm", "tianditu"])
def test_tiles_lie_under_the_map(sample_result, browser, tmp_path, screenshots, name):
    tiles = tiles_named(name, key=KEY)
    file = tmp_path / "map_online.html"
    file.write_text(build_map(sample_result, "zh", tiles), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    asked, said = [], []

    def serve(route):
        asked.append(route.request.url)
        route.fulfill(body=GREY, content_type="image/png")

    try:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.route(lambda url: url.startswith("http"), serve)
        page.goto(file.as_uri())
        page.locator(".leaflet-tile-loaded").first.wait_for(state="attached")
        assert page.locator(".c15-online").inner_text().startswith("在线版")
        assert page.locator(".c15-online-note").inner_text() != ""
        page.click('#c15-views button[data-id="gaps"]')
        page.wait_for_timeout(500)
        page.screenshot(path=screenshots / f"map_online_{name}_zh.png")
        # A request to anybody else is stopped by the page's own policy.
        before = len(said)
        page.evaluate("new Image().src = 'https://example.org/x.png'")
        page.wait_for_timeout(200)
        assert len(said) == before + 1
    finally:
        context.close()
    assert "Content Security Policy" in said[before]
    assert said[:before] == []
    assert asked
    assert all(address.startswith(tiles.host + "/") for address in asked)
    assert "{" not in "".join(asked)
