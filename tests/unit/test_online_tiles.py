"""The online variant of the map: it may ask the named service, and no other."""

from __future__ import annotations

import re

import pytest
from tests.builders.small_map import data_of, small_result
from tests.builders.tile_keys import KEY

from circle15.errors import InputDataError
from circle15.output.map.html import build_map
from circle15.output.map.online_tiles import KEY_VARIABLE, tiles_named

ADDRESS = re.compile(r"(?:https?|wss?)://[\w.:/-]+", re.ASCII)


def policy_of(page):
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert found is not None
    return dict(part.strip().split(" ", 1) for part in found[1].split(";"))


def test_the_offline_map_is_the_same_with_and_without():
    before = build_map(small_result(), "zh")
    build_map(small_result(), "zh", tiles_named("tianditu", key=KEY))
    assert build_map(small_result(), "zh") == before
    assert data_of(before)["tiles"] is None
    assert policy_of(before)["img-src"] == "data:"
    for word in ("openstreetmap.org", "tianditu", KEY):
        assert word not in before


@pytest.mark.parametrize(
    ("name", "host"),
    [("osm", "https://tile.openstreetmap.org"), ("tianditu", "https://t0.tianditu.gov.cn")],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_online_map_names_its_host_alone(name, host, language):
    offline = build_map(small_result(), language)
    online = build_map(small_result(), language, tiles_named(name, key=KEY))
    policy, closed = policy_of(online), policy_of(offline)
    assert policy["img-src"] == f"data: {host}"
    assert policy["default-src"] == "'none'"
    assert {k: v for k, v in policy.items() if k != "img-src"} == {
        k: v for k, v in closed.items() if k != "img-src"
    }
    tiles = data_of(online)["tiles"]
    assert all(address.startswith(host + "/") for address in tiles["layers"])
    assert tiles["attribution"]
    added = set(ADDRESS.findall(online)) - set(ADDRESS.findall(offline))
    assert added == {host}
    assert host in re.sub(r"(?s)<script.*?</script>", "", online)  # and says so to its reader


def test_a_tile_of_tianditu_is_asked_for_with_the_key():
    base, names = tiles_named("tianditu", key=KEY).layers
    assert base == (
        "https://t0.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        "&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
        f"&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={KEY}"
    )
    assert "LAYER=cva" in names


def test_the_key_may_stand_in_the_environment(monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    assert all(KEY in address for address in tiles_named("tianditu").layers)


@pytest.mark.parametrize("key", [None, "", "short", "0123456789abcdef&x=1", 'a"><script>' + KEY])
def test_without_a_key_nothing_is_written(key, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    with pytest.raises(InputDataError, match="Tianditu key") as caught:
        tiles_named("tianditu", key=key)
    assert KEY_VARIABLE in str(caught.value)


def test_an_unknown_service_is_refused():
    with pytest.raises(InputDataError, match="Use osm or tianditu"):
        tiles_named("google")
