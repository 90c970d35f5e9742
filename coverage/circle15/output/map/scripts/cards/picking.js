// Picking: hovering shows a short card; a click, Enter or the search pins the full one.

import { isFull, sitesOf } from "../data/choices.js";
import { stage } from "../data/held.js";
import { say } from "../data/words.js";
import { ownBounds, showOwn } from "../drawing/own_areas.js";
import { pathOptions } from "../drawing/panes.js";
import { latLng, polygons } from "../drawing/shapes.js";
import { existingBrief, existingCard, triedBrief, triedCard, triedTitle } from "../trials/tool/cards.js";
import { tool } from "../trials/tool/tool.js";
import { candidateBrief, candidateCard, candidateTitle } from "./candidate_cards.js";
import { changeBrief, changeCard, changeTitle } from "./change_cards.js";
import { gapBrief, gapCard, gapTitle } from "./gap_cards.js";
import { cardOptions } from "./room.js";
import { facilityBrief, facilityCard } from "./site_cards.js";
import { areaBrief, areaCard, zoneBrief, zoneCard } from "./zone_cards.js";

/** @import { ChangedSite, Items, Kind, Picked, Polygons, Residential, Site, State, Zone } from "../data/types.js" */

const CLOSE_UP = 17;
const CARD_HEIGHT = 330;
const CARD_WIDTH = 350;

/**
 * An item that can be picked: its position, its cards, and the layer that must be on to see it.
 *
 * @template Item
 * @typedef {object} Pickable
 * @property {(item: Item) => string} title
 * @property {(item: Item) => L.LatLngExpression | null} place
 * @property {(item: Item, state: State) => HTMLElement} card
 * @property {(item: Item, state: State) => HTMLElement} brief
 * @property {(item: Item, state: State) => string} [layer]
 */

/** @param {Polygons} shape */
const boundsOfShape = (shape) => L.polygon(polygons(shape)).getBounds();

/** @type {Pickable<Zone>} */
const ZONE = {
  title: (zone) => zone.name,
  place: (zone) => (zone.label ? latLng(zone.label) : null),
  card: areaCard,
  brief: areaBrief,
};

/** @type {{ [K in Kind]: Pickable<Items[K]> }} */
const KINDS = {
  site: {
    title: (site) => site.name || site.id,
    place: (site) => (site.at ? latLng(site.at) : null),
    card: facilityCard,
    brief: facilityBrief,
    layer: (site, state) => (sitesOf(state, true).includes(site) ? "sites" : "others"),
  },
  street: ZONE,
  community: ZONE,
  residential: {
    title: (zone) => zone.name,
    place: residentialPlace,
    card: zoneCard,
    brief: zoneBrief,
    layer: () => "residential",
  },
  gap: {
    title: gapTitle,
    place: (area) => latLng(area.at),
    card: gapCard,
    brief: gapBrief,
    layer: (area) => (isFull(area) ? "full_gaps" : "gaps"),
  },
  candidate: {
    title: candidateTitle,
    place: (one) => latLng(one.at),
    card: candidateCard,
    brief: candidateBrief,
    layer: () => "candidates",
  },
  change: {
    title: changeTitle,
    place: changePlace,
    card: changeCard,
    brief: changeBrief,
    layer: () => "changed_sites",
  },
  existing: {
    title: (site) => site.name || site.id,
    place: (site) => (site.at ? latLng(site.at) : null),
    card: existingCard,
    brief: existingBrief,
    layer: () => "tried",
  },
  tried: {
    title: triedTitle,
    place: (site) => /** @type {[number, number]} */ (tool.degrees(site.x, site.y).reverse()),
    card: triedCard,
    brief: triedBrief,
    layer: () => "tried",
  },
};

/**
 * @param {ChangedSite} site
 * @returns {L.LatLngExpression | null}
 */
function changePlace(site) {
  const at = site.at || site.before;
  return at ? latLng(at) : null;
}

/**
 * @param {Residential} zone
 * @returns {L.LatLngExpression | null}
 */
function residentialPlace(zone) {
  if (zone.at) {
    return latLng(zone.at);
  }
  return zone.shape.length ? boundsOfShape(zone.shape).getCenter() : null;
}

/**
 * The pickable of a kind of item.
 *
 * @template {Kind} K
 * @param {K} kind
 * @returns {Pickable<Items[K]>}
 */
const kindOf = (kind) => KINDS[kind];

/**
 * The title of an item in the search and the lists.
 *
 * @template {Kind} K
 * @param {K} kind
 * @param {Items[K]} item
 */
export const titleOf = (kind, item) => kindOf(kind).title(item);

/** @typedef {{ popup: L.Popup, item: unknown, opener: (Element & HTMLOrSVGElement) | null, marks: L.Layer[] }} Pinned */

/** @type {Pinned | null} */
let pinned = null;
/** @type {L.Tooltip | null} */
let hovered = null;
let returning = false;

function forget() {
  const old = pinned;
  pinned = null;
  if (!old) {
    return;
  }
  old.marks.forEach((mark) => mark.remove());
  showOwn(null);
  const box = old.popup.getElement();
  const focused = document.activeElement;
  const here = focused === document.body || box?.contains(focused);
  if (old.opener && here) {
    returning = true;
    const back = old.opener.isConnected ? old.opener : stage().map.getContainer();
    back.focus({ preventScroll: true });
    returning = false;
  }
}

/**
 * The outline of an item; null if it has none.
 *
 * @param {Items[Kind]} item
 */
const shapeOf = (item) => ("shape" in item && item.shape.length ? item.shape : null);

/** @param {Polygons | null} shape */
function outline(shape) {
  if (!shape) {
    return [];
  }
  return [
    L.polygon(polygons(shape), pathOptions("own", { color: "#ffffff", weight: 6, fill: false })),
    L.polygon(polygons(shape), pathOptions("own", { color: "#000000", weight: 2.6, fill: false })),
  ];
}

/**
 * How a card is pinned: position, element that gets the focus back, whether to move the map first.
 *
 * @typedef {{ at?: L.LatLng | null, opener?: (Element & HTMLOrSVGElement) | null, travel?: boolean }} How
 */

/**
 * Pin the card of an item.
 *
 * @template {Kind} K
 * @param {K} kind
 * @param {Items[K]} item
 * @param {How} [how]
 */
export function pick(kind, item, { at = null, opener = null, travel = false } = {}) {
  const { map, state, turnOn } = stage();
  const its = kindOf(kind);
  const site = kind === "site" ? /** @type {Site} */ (item) : null;
  map.closePopup();
  if (travel) {
    if (its.layer) {
      turnOn(its.layer(item, state));
    }
    goTo(map, kind, item, its.place(item));
  }
  const place = at || (site && aboveAreas(map, site)) || its.place(item) || map.getCenter();
  const options = { ...cardOptions(map), className: isLow(map) ? "c15-beside" : "" };
  const popup = L.popup(options).setLatLng(place).setContent(its.card(item, state));
  popup.on("remove", forget);
  popup.openOn(map);
  if (isLow(map)) {
    putBeside(map, popup, at && !site ? null : boundsOf(item, site));
  }
  pinned = { popup, item, opener, marks: outline(shapeOf(item)).map((mark) => mark.addTo(map)) };
  showOwn(site);
  const box = popup.getElement();
  if (box) {
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", its.title(item).slice(0, 120));
    box.setAttribute("tabindex", "-1");
    nameClose(box);
  }
  if (box && opener) {
    box.focus({ preventScroll: true });
  }
}

/**
 * Label the button that closes a card.
 *
 * @param {HTMLElement} box
 */
const nameClose = (box) => box.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", say("close"));

/**
 * Open a card at a position, as a click on a shape does.
 *
 * @param {L.Map} map
 * @param {L.LatLng} at
 * @param {HTMLElement} content
 */
export function openCard(map, at, content) {
  const popup = L.popup(cardOptions(map)).setLatLng(at).setContent(content).openOn(map);
  const box = popup.getElement();
  if (box) {
    nameClose(box);
  }
}

/** Close the pinned card and the short one. */
export function unpick() {
  const { map } = stage();
  if (hovered) {
    map.closeTooltip(hovered);
  }
  map.closePopup();
}

/**
 * Whether the map is too low for a card above its item; the card is then placed beside it, or over
 * it if there is no room beside it either.
 *
 * @param {L.Map} map
 */
const isLow = (map) => map.getSize().y < CARD_HEIGHT + 200 && !isNarrow(map);

/** @param {L.Map} map */
const isNarrow = (map) => map.getSize().x < CARD_WIDTH + 200;

/**
 * @param {Items[Kind]} item
 * @param {Site | null} site the item, where it is one
 */
function boundsOf(item, site) {
  if (site) {
    return ownBounds(site);
  }
  const shape = shapeOf(item);
  return shape ? boundsOfShape(shape) : null;
}

/**
 * @param {L.Map} map
 * @param {L.Popup} popup
 * @param {L.LatLngBounds | null} box
 */
function putBeside(map, popup, box) {
  const shown = popup.getElement();
  const at = popup.getLatLng();
  if (!shown || !at) {
    return;
  }
  /** @param {L.LatLng} place */
  const x = (place) => map.latLngToLayerPoint(place).x;
  const away = box ? Math.min(x(box.getNorthEast()) - x(at), map.getSize().x - CARD_WIDTH) : 0;
  popup.options.offset = L.point(Math.max(away, 0) + 14 + shown.offsetWidth / 2, shown.offsetHeight / 2);
  popup.update();
}

/**
 * The position of a facility's card above its service areas, so that they stay visible, if there is room.
 *
 * @param {L.Map} map
 * @param {Site} site
 */
function aboveAreas(map, site) {
  const box = ownBounds(site);
  if (!box || !site.at || isLow(map) || isNarrow(map)) {
    return null;
  }
  const high = map.latLngToLayerPoint(box.getSouthWest()).y - map.latLngToLayerPoint(box.getNorthEast()).y;
  return high + CARD_HEIGHT <= map.getSize().y ? L.latLng(box.getNorth(), latLng(site.at)[1]) : null;
}

/**
 * @template {Kind} K
 * @param {L.Map} map
 * @param {K} kind
 * @param {Items[K]} item
 * @param {L.LatLngExpression | null} place
 */
function goTo(map, kind, item, place) {
  const site = kind === "site" ? /** @type {Site} */ (item) : null;
  const box = boundsOf(item, site);
  if (box) {
    /** @type {L.FitBoundsOptions} */
    const high = site ? { paddingTopLeft: [30, CARD_HEIGHT + 20], paddingBottomRight: [30, 30] } : { padding: [60, 60] };
    /** @type {L.FitBoundsOptions} */
    const over = isNarrow(map) ? { padding: [20, 20] } : high;
    /** @type {L.FitBoundsOptions} */
    const room = isLow(map) ? { paddingTopLeft: [20, 20], paddingBottomRight: [CARD_WIDTH + 20, 20] } : over;
    // A small area is shown with its surroundings, where its people could walk.
    map.fitBounds(kind === "community" ? box.pad(0.5) : box, { ...room, maxZoom: CLOSE_UP, animate: false });
  } else if (place) {
    map.setView(place, Math.max(map.getZoom(), CLOSE_UP - 1.5), { animate: false });
  }
}

/** A shape that can be reached by keys: its position, and the function that opens its card.
 * @typedef {{ place: L.LatLngExpression | null, open: () => void }} Target */

/** @type {WeakMap<Element, Target>} */
const targets = new WeakMap();

/**
 * The target at an element of the map, for keys.
 *
 * @param {EventTarget | null} shape
 */
export const targetOf = (shape) => (shape instanceof Element ? targets.get(shape) : undefined);

/**
 * Make a shape on the map respond to the pointer and, in its pane, to keys.
 *
 * @template {Kind} K
 * @template {L.Path} Shape
 * @param {Shape} layer
 * @param {K} kind
 * @param {Items[K]} item
 * @param {string} label
 */
export function pickable(layer, kind, item, label) {
  const its = kindOf(kind);
  layer.bindTooltip(() => its.brief(item, stage().state), { sticky: true, opacity: 1 });
  layer.on("tooltipopen", (event) => {
    hovered = event.tooltip;
    if (returning || (pinned && pinned.item === item)) {
      layer.closeTooltip();
    }
  });
  /** @param {How} how */
  const open = (how) => {
    layer.closeTooltip();
    pick(kind, item, how);
  };
  layer.on("click", (event) => open({ at: kind === "site" ? null : event.latlng }));
  layer.on("add", () => {
    const shape = layer.getElement();
    if (!(shape instanceof SVGElement) || targets.has(shape)) {
      return;
    }
    targets.set(shape, { place: its.place(item), open: () => open({ opener: shape }) });
    shape.setAttribute("role", "button");
    shape.setAttribute("tabindex", "-1");
    shape.setAttribute("aria-label", label.slice(0, 120));
  });
  return layer;
}

/**
 * Pin the card of a row.
 *
 * @param {Picked} picked
 * @param {How} how
 */
export const pickRow = ([kind, item], how) => pick(kind, /** @type {any} */ (item), how);
