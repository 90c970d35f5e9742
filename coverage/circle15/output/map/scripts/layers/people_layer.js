// The people layer for the chosen category and cutoff; each place has a card.

import { openCard } from "../cards/picking.js";
import { newHomeCard, placeCard } from "../cards/place_cards.js";
import { data } from "../data/held.js";
import { CHANGES, changedPlaces, scenarioOf } from "../data/scenarios.js";
import { changeLook } from "../drawing/changes.js";
import { pathOptions } from "../drawing/panes.js";
import { codesOf, drawPlaces, knownPlaces } from "../drawing/places.js";
import { latLng } from "../drawing/shapes.js";
import { supplyLook, unservedLook } from "../drawing/supply.js";

/** @import { State } from "../data/types.js" */

/**
 * @param {State} state
 * @param {L.Map} map
 */
export function peopleLayer(state, map) {
  const people = data().people;
  const codes = people && codesOf(people, state);
  const group = L.layerGroup();
  if (codes) {
    const at = drawPlaces(group, map, people, codes);
    giveTips(group, map, at, (k) => placeCard(people, k, state));
  }
  return group;
}

/**
 * The same places by supply per person; empty for a category without a capacity.
 *
 * @param {State} state
 * @param {L.Map} map
 */
export function supplyLayer(state, map) {
  const people = data().people;
  const look = people && supplyLook(people, state.choice);
  const group = L.layerGroup();
  if (look) {
    const at = drawPlaces(group, map, people, look.codes, look);
    giveTips(group, map, at, (k) => placeCard(people, k, state));
  }
  return group;
}

/**
 * The same places by the people who are covered and not served; empty where needs are not known.
 *
 * @param {State} state
 * @param {L.Map} map
 */
export function unservedLayer(state, map) {
  const people = data().people;
  const look = people && unservedLook(people, state.choice, knownPlaces(people).persons);
  const group = L.layerGroup();
  if (look) {
    const at = drawPlaces(group, map, people, look.codes, look);
    giveTips(group, map, at, (k) => placeCard(people, k, state));
  }
  return group;
}

/**
 * The same places by what the chosen scenario changes, with its new homes.
 *
 * @param {State} state
 * @param {L.Map} map
 */
export function changesLayer(state, map) {
  const people = data().people;
  const changed = people ? changedPlaces(people, state) : new Map();
  const look = people && changeLook(people, state, changed);
  const group = L.layerGroup();
  if (look) {
    const at = drawPlaces(group, map, people, look.codes, look);
    giveTips(group, map, at, (k) => placeCard(people, k, state, changed.get(k)));
  }
  const key = state.choice + ":" + state.cutoff;
  for (const home of scenarioOf(state)?.homes || []) {
    if (key in home.change) {
      const change = CHANGES[home.change[key]];
      const style = { radius: 5, color: "#ffffff", weight: 1, fillColor: data().colours.changes[change], fillOpacity: 1 };
      const marker = L.circleMarker(latLng(home.at), pathOptions("sites", { ...style, interactive: true }));
      marker.bindTooltip(() => newHomeCard(home, change), { sticky: true, opacity: 1 });
      group.addLayer(marker);
    }
  }
  return group;
}

/**
 * Show a card for the place under the pointer; a click or tap keeps it open.
 *
 * @param {L.LayerGroup} group
 * @param {L.Map} map
 * @param {(at: L.LatLng) => number} placeAt
 * @param {(k: number) => HTMLElement} build
 * @param {(k: number, at: L.LatLng) => boolean} [picked] called on a click; whether to keep the card
 */
export function giveTips(group, map, placeAt, build, picked = () => true) {
  const tip = L.tooltip({ opacity: 1, direction: "auto", className: "c15-tip" });
  let shown = -1;
  const hide = function () {
    shown = -1;
    map.closeTooltip(tip);
  };
  /** @param {Event} event */
  const taken = (event) =>
    event.target instanceof Element && event.target.closest(".leaflet-interactive, .leaflet-control, .leaflet-popup") !== null;
  /** @param {MouseEvent} event */
  const move = function (event) {
    const where = map.mouseEventToLatLng(event);
    const k = taken(event) ? -1 : placeAt(where);
    if (k < 0) {
      hide();
      return;
    }
    if (k !== shown) {
      tip.setContent(build(k));
      shown = k;
    }
    tip.setLatLng(where);
    map.openTooltip(tip);
  };
  /** @param {L.LeafletMouseEvent} event */
  const keep = function (event) {
    const k = taken(event.originalEvent) ? -1 : placeAt(event.latlng);
    if (k >= 0 && picked(k, event.latlng)) {
      hide();
      openCard(map, event.latlng, build(k));
    }
  };
  const box = map.getContainer();
  group.on("add", () => {
    box.addEventListener("mousemove", move);
    box.addEventListener("mouseleave", hide);
    map.on("movestart", hide);
    map.on("click", keep);
  });
  group.on("remove", () => {
    box.removeEventListener("mousemove", move);
    box.removeEventListener("mouseleave", hide);
    map.off("movestart", hide);
    map.off("click", keep);
    hide();
  });
}
