// Picking: hover shows a short card; a click, Enter or the search pins the whole one.
(function (circle15) {
  "use strict";

  const CLOSE_UP = 17;
  const CARD_HEIGHT = 330;
  const CARD_WIDTH = 350;

  const bounds = (shape) => L.polygon(circle15.polygons(shape)).getBounds();
  const zonePlace = (zone) => (zone.label ? circle15.place(zone.label) : null);

  function residentialPlace(zone) {
    if (zone.at) {
      return circle15.place(zone.at);
    }
    return zone.shape.length ? bounds(zone.shape).getCenter() : null;
  }

  // What can be picked: where it is, its cards, and the layer that must be on for it to be seen.
  circle15.kinds = {
    site: {
      title: (site) => site.name || site.id,
      place: (site) => (site.at ? circle15.place(site.at) : null),
      card: (site) => circle15.facilityCard(site),
      brief: (site) => circle15.facilityBrief(site),
      layer: (site, state) => (circle15.sitesOf(state, true).includes(site) ? "sites" : "others"),
    },
    street: { title: (zone) => zone.name, place: zonePlace, card: circle15.areaCard, brief: circle15.areaBrief },
    community: { title: (zone) => zone.name, place: zonePlace, card: circle15.areaCard, brief: circle15.areaBrief },
    residential: {
      title: (zone) => zone.name,
      place: residentialPlace,
      card: (zone) => circle15.zoneCard(zone),
      brief: (zone) => circle15.zoneBrief(zone),
      layer: () => "residential",
    },
    gap: {
      title: (area) => circle15.say("map.gap_area", { rank: area.rank, n: circle15.number(area.persons) }),
      place: (area) => circle15.place(area.at),
      card: (area, state) => circle15.gapCard(area, state),
      brief: (area, state) => circle15.gapBrief(area, state),
      layer: () => "gaps",
    },
  };

  let pinned = null;
  let hovered = null;
  let returning = false;

  function forget() {
    const old = pinned;
    pinned = null;
    if (!old) {
      return;
    }
    old.marks.forEach((mark) => mark.remove());
    circle15.showOwn(null);
    const inside = old.popup.getElement();
    const focused = document.activeElement;
    const here = focused === document.body || (inside && inside.contains(focused));
    if (old.opener && here) {
      returning = true;
      const back = old.opener.isConnected ? old.opener : circle15.stage.map.getContainer();
      back.focus({ preventScroll: true });
      returning = false;
    }
  }

  function outline(item) {
    if (!item.shape || !item.shape.length) {
      return [];
    }
    const shape = circle15.polygons(item.shape);
    return [
      L.polygon(shape, circle15.drawn("own", { color: "#ffffff", weight: 6, fill: false })),
      L.polygon(shape, circle15.drawn("own", { color: "#000000", weight: 2.6, fill: false })),
    ];
  }

  // Pin the card of an item at a place. `opener` gets the focus back; `travel`: go there first.
  circle15.pick = function (kind, item, { at = null, opener = null, travel = false } = {}) {
    const { map, state, turnOn } = circle15.stage;
    const its = circle15.kinds[kind];
    map.closePopup();
    if (travel) {
      if (its.layer) {
        turnOn(its.layer(item, state));
      }
      goTo(map, kind, item, its.place(item));
    }
    const place = at || (kind === "site" && aboveAreas(map, item)) || its.place(item) || map.getCenter();
    const options = { ...circle15.cardOptions(map), className: isLow(map) ? "c15-beside" : "" };
    const popup = L.popup(options).setLatLng(place).setContent(its.card(item, state));
    popup.on("remove", forget);
    popup.openOn(map);
    if (isLow(map)) {
      putBeside(map, popup, at && kind !== "site" ? null : boundsOf(kind, item));
    }
    pinned = { popup: popup, item: item, opener: opener, marks: outline(item).map((mark) => mark.addTo(map)) };
    circle15.showOwn(kind === "site" ? item : null);
    const box = popup.getElement();
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", its.title(item).slice(0, 120));
    box.setAttribute("tabindex", "-1");
    box.querySelector(".leaflet-popup-close-button").setAttribute("aria-label", circle15.say("map.close"));
    if (opener) {
      box.focus({ preventScroll: true });
    }
  };

  // Close the card that is pinned, and the short one.
  circle15.unpick = function () {
    const { map } = circle15.stage;
    if (hovered) {
      map.closeTooltip(hovered);
    }
    map.closePopup();
  };

  // A map that has no room for a card above what it is about: the card stands beside it, and over
  // it where there is no room beside it either.
  const isLow = (map) => map.getSize().y < CARD_HEIGHT + 200 && !isNarrow(map);
  const isNarrow = (map) => map.getSize().x < CARD_WIDTH + 200;

  function boundsOf(kind, item) {
    if (kind === "site") {
      return circle15.ownBounds(item);
    }
    return item.shape && item.shape.length ? bounds(item.shape) : null;
  }

  function putBeside(map, popup, box) {
    const card = popup.getElement();
    const x = (place) => map.latLngToLayerPoint(place).x;
    const away = box ? Math.min(x(box.getNorthEast()) - x(popup.getLatLng()), map.getSize().x - CARD_WIDTH) : 0;
    popup.options.offset = L.point(Math.max(away, 0) + 14 + card.offsetWidth / 2, card.offsetHeight / 2);
    popup.update();
  }

  // The card of a facility stands above its areas, so that all of them are seen, if there is room.
  function aboveAreas(map, site) {
    const box = circle15.ownBounds(site);
    if (!box || isLow(map) || isNarrow(map)) {
      return null;
    }
    const high = map.latLngToLayerPoint(box.getSouthWest()).y - map.latLngToLayerPoint(box.getNorthEast()).y;
    return high + CARD_HEIGHT <= map.getSize().y ? L.latLng(box.getNorth(), circle15.place(site.at)[1]) : null;
  }

  function goTo(map, kind, item, place) {
    const box = boundsOf(kind, item);
    if (box) {
      const high = kind === "site" ? { paddingTopLeft: [30, CARD_HEIGHT + 20], paddingBottomRight: [30, 30] } : { padding: [60, 60] };
      const over = isNarrow(map) ? { padding: [20, 20] } : high;
      const room = isLow(map) ? { paddingTopLeft: [20, 20], paddingBottomRight: [CARD_WIDTH + 20, 20] } : over;
      // A small area is shown with what lies around it: that is where its people could walk.
      map.fitBounds(kind === "community" ? box.pad(0.5) : box, { ...room, maxZoom: CLOSE_UP, animate: false });
    } else if (place) {
      map.setView(place, Math.max(map.getZoom(), CLOSE_UP - 1.5), { animate: false });
    }
  }

  // Let a shape on the map be hovered, clicked and, in its pane, reached by keys.
  circle15.pickable = function (layer, kind, item, label) {
    const its = circle15.kinds[kind];
    layer.bindTooltip(() => its.brief(item, circle15.stage.state), { sticky: true, opacity: 1 });
    layer.on("tooltipopen", (event) => {
      hovered = event.tooltip;
      if (returning || (pinned && pinned.item === item)) {
        layer.closeTooltip();
      }
    });
    const open = (how) => {
      layer.closeTooltip();
      circle15.pick(kind, item, how);
    };
    layer.on("click", (event) => open({ at: kind === "site" ? null : event.latlng }));
    layer.on("add", () => {
      const shape = layer.getElement();
      if (!shape || shape.circle15) {
        return;
      }
      shape.circle15 = { place: its.place(item), open: () => open({ opener: shape }) };
      shape.setAttribute("role", "button");
      shape.setAttribute("tabindex", "-1");
      shape.setAttribute("aria-label", label.slice(0, 120));
    });
    return layer;
  };
})((window.circle15 = window.circle15 || {}));
