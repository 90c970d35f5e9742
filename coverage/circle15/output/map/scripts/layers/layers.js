// The layers of the map, drawn for the chosen category and cutoff, and the views that use them.

import { pickable } from "../cards/picking.js";
import { choiceOf, labelOf, siteKey, sitesOf } from "../data/choices.js";
import { data } from "../data/held.js";
import { inside } from "../drawing/elements.js";
import { labelLayer } from "../drawing/labels.js";
import { pathOptions } from "../drawing/panes.js";
import { latLng, polygons, polylines } from "../drawing/shapes.js";
import { servedColour, siteStyle } from "../drawing/styles.js";
import { communityLayer, equityLayer } from "./area_layers.js";
import { fullGapLayer, gapLayer, lostLayer } from "./gap_layers.js";
import { changesLayer, peopleLayer, supplyLayer, unservedLayer } from "./people_layer.js";
import { changedPlacesLayer } from "./scenario_layer.js";
import { candidateLayer } from "./siting_layer.js";
import { streetLayer } from "../streets/street_layer.js";
import { gainLayer } from "../trials/tool/gain_layer.js";
import { triedLayer } from "../trials/tool/layer.js";
import { tied } from "./ties.js";

/** @import { Layer, State, View } from "../data/types.js" */

/**
 * @param {State} _
 * @param {L.Map} map
 */
function outlines(_, map) {
  const group = L.layerGroup();
  const thin = { color: "#4a3b63", weight: 1.4, dashArray: "5 3", fill: false };
  const thick = { color: "#1d2733", weight: 2.6, fill: false };
  group.addLayer(L.polyline(polylines(data().borders.street), pathOptions("outlines", thin)));
  group.addLayer(L.polygon(polygons(data().boundary), pathOptions("outlines", thick)));
  const named = data().zones.street.map((zone) => ({ name: zone.name, at: zone.label }));
  group.addLayer(labelLayer(map, named, { from: 0 }));
  return group;
}

/** @param {State} state */
function served(state) {
  const areas = data().served[state.choice] || {};
  const group = L.layerGroup();
  for (const cutoff of data().cutoffs.filter((one) => one <= state.cutoff).reverse()) {
    const style = { stroke: false, fillColor: servedColour(cutoff), fillOpacity: 1, smoothFactor: 0.6 };
    group.addLayer(L.polygon(polygons(areas[cutoff] || []), pathOptions("served", style)));
  }
  return group;
}

// Facility symbols are smaller on a small map, which they would otherwise cover.
const SMALL_MAP_PX = 560;
const CLOSE_UP = 15;
const RADIUS = { chosen: [6, 4], others: [4.5, 3] };

/**
 * @param {L.Map} map
 * @param {boolean} chosen
 */
function radiusOf(map, chosen) {
  const small = Math.min(map.getSize().x, map.getSize().y) < SMALL_MAP_PX;
  return RADIUS[chosen ? "chosen" : "others"][Number(small && map.getZoom() < CLOSE_UP)];
}

/** Drawing order of symbols by status. @type {Record<string, number>} */
const RANK = { open: 2, planned: 1 };

/**
 * @param {State} state
 * @param {boolean} chosen
 * @param {L.Map} map
 */
function sites(state, chosen, map) {
  const group = L.layerGroup();
  const radius = radiusOf(map, chosen);
  /** @type {L.CircleMarker[]} */
  const markers = [];
  const shown = sitesOf(state, chosen).sort((a, b) => (RANK[a.status] || 0) - (RANK[b.status] || 0));
  for (const site of shown) {
    if (!site.at) {
      continue;
    }
    const look = siteStyle(site.status, choiceOf(site.category)?.colour || "", !site.snap, Boolean(site.room?.full));
    const style = {
      radius, color: look.stroke, weight: look["stroke-width"], fillColor: look.fill, fillOpacity: 1,
      dashArray: look["stroke-dasharray"], interactive: true, bubblingMouseEvents: false,
    };
    const marker = L.circleMarker(latLng(site.at), pathOptions("sites", style));
    tied(marker, "sites", siteKey(site));
    pickable(marker, "site", site, labelOf(site.category) + ": " + (site.name || site.id));
    markers.push(marker);
    group.addLayer(marker);
  }
  const again = () => markers.forEach((marker) => marker.setRadius(radiusOf(map, chosen)));
  group.on("add", () => map.on("zoomend resize", again));
  group.on("remove", () => map.off("zoomend resize", again));
  return group;
}

const areasName = () => (data().zones.community.length ? "communities" : "streets");

function residential() {
  const group = L.layerGroup();
  for (const zone of data().residential) {
    const style = {
      color: "#222222", weight: 1.5, fillColor: data().colours.verdicts[zone.verdict || "none"],
      fillOpacity: 0.75, interactive: true, radius: 9,
    };
    const options = pathOptions("zones", style);
    /** @type {L.Path | null} */
    let shape = null;
    if (zone.shape.length) {
      shape = L.polygon(polygons(zone.shape), options);
    } else if (zone.at) {
      shape = L.circleMarker(latLng(zone.at), options);
    }
    if (shape) {
      group.addLayer(pickable(tied(shape, "zones", zone.id), "residential", zone, zone.name));
    }
  }
  return group;
}

/** Tiles of a tile service, in the online variant only. */
function tiles() {
  const { layers, deepest, attribution } = data().tiles || { layers: [], deepest: 0, attribution: "" };
  inside(document, ".c15-online-note").textContent = attribution;
  const options = { maxNativeZoom: deepest, maxZoom: 19, pane: "tilePane" };
  return L.layerGroup(layers.map((address) => L.tileLayer(address, options)));
}

/**
 * All layers, in the order of the legend.
 *
 * @returns {Layer[]}
 */
export function availableLayers() {
  const found = new Set(data().facilities.map((site) => site.category));
  const someAreas = data().zones.community.length + data().zones.street.length > 0;
  const some = data().choices.length > 0;
  /** @type {Layer[]} */
  const all = [
    { id: "people", build: peopleLayer, shown: some },
    { id: "supply", build: supplyLayer, shown: Object.keys(data().supply).length > 0 },
    { id: "unserved", build: unservedLayer, shown: Object.keys(data().served_people).length > 0 },
    { id: "served", build: served, shown: some },
    { id: "sites", build: (state, map) => sites(state, true, map), shown: some },
    { id: "others", build: (state, map) => sites(state, false, map), shown: found.size > 1 },
    { id: "communities", build: communityLayer, shown: someAreas, name: areasName() },
    { id: "equity", build: equityLayer, shown: someAreas && Object.keys(data().equity).length > 0 },
    { id: "gaps", build: gapLayer, shown: Object.keys(data().gaps).length > 0 },
    { id: "full_gaps", build: fullGapLayer, shown: Object.keys(data().full_gaps).length > 0 },
    { id: "candidates", build: candidateLayer, shown: data().siting.candidates.length > 0 },
    { id: "changes", build: changesLayer, shown: some && data().scenarios.length > 0 },
    { id: "changed_sites", build: changedPlacesLayer, shown: data().scenarios.length > 0 },
    { id: "tried", build: triedLayer, shown: some && Boolean(data().trials) },
    { id: "gains", build: gainLayer, shown: some && Boolean(data().trials) },
    { id: "residential", build: residential, fixed: true, shown: data().residential.length > 0 },
    { id: "lost", build: lostLayer, fixed: true, shown: true },
    { id: "outlines", build: outlines, fixed: true, shown: data().boundary.length + data().zones.street.length > 0 },
    { id: "base", build: streetLayer, fixed: true, shown: true },
    { id: "tiles", build: tiles, fixed: true, shown: Boolean(data().tiles) },
  ];
  return all.filter((layer) => layer.shown);
}

/**
 * The views, each with its layers; every view is a button above the legend.
 *
 * @returns {View[]}
 */
export function availableViews() {
  const known = new Set(availableLayers().map((layer) => layer.id));
  // Our own streets, or those of the tile service.
  const ground = data().tiles ? "tiles" : "base";
  /** @type {View[]} */
  const all = [
    { id: "people", layers: ["people", "served", "sites", "outlines", ground] },
    { id: "facilities", layers: ["served", "sites", "outlines", ground], needs: "sites" },
    { id: "communities", layers: ["communities", "outlines", ground], name: areasName(), needs: "communities" },
    { id: "gaps", layers: ["gaps", "people", "outlines", ground], needs: "gaps" },
    { id: "supply", layers: ["supply", "sites", "outlines", ground], needs: "supply" },
    { id: "unserved", layers: ["unserved", "full_gaps", "sites", "outlines", ground], needs: "unserved" },
    { id: "equity", layers: ["equity", "sites", "outlines", ground], needs: "equity" },
    { id: "siting", layers: ["people", "candidates", "sites", "outlines", ground], needs: "candidates" },
    { id: "scenarios", layers: ["changes", "changed_sites", "sites", "outlines", ground], needs: "changes" },
    { id: "try", layers: ["tried", "outlines", ground], needs: "tried" },
    { id: "residential", layers: ["residential", "outlines", ground] },
    { id: "quality", layers: ["lost", "people", "outlines", ground] },
  ];
  const judged = data().residential.length + data().rules.length > 0;
  return all.filter((view) => (view.id === "residential" ? judged : !view.needs || known.has(view.needs)));
}
