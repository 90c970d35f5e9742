// Layers of communities or subdistricts, coloured by the gap or by what their people have.

import { pickable } from "../cards/picking.js";
import { measureOf } from "../data/equity.js";
import { data } from "../data/held.js";
import { equityColour } from "../drawing/equity.js";
import { labelLayer } from "../drawing/labels.js";
import { pathOptions } from "../drawing/panes.js";
import { polygons, polylines } from "../drawing/shapes.js";
import { shareColour } from "../drawing/styles.js";
import { tied } from "./ties.js";

/** @import { Level, State, Zone } from "../data/types.js" */

/**
 * Communities, or subdistricts if these are chosen or the study has no communities.
 *
 * @param {State} state
 * @returns {Level}
 */
const areasLevel = (state) =>
  (state.list?.endsWith("street") || !data().zones.community.length ? "street" : "community");

/**
 * @param {State} state
 * @param {L.Map} map
 * @param {string} lists start of the ids of the tables that list the same zones
 * @param {(zone: Zone) => string} colourOf
 */
function areaLayer(state, map, lists, colourOf) {
  const group = L.layerGroup();
  const level = areasLevel(state);
  const zones = data().zones[level];
  for (const zone of zones) {
    const style = { stroke: false, fillColor: colourOf(zone), fillOpacity: 0.82, interactive: true };
    const area = L.polygon(polygons(zone.shape), pathOptions("areas", style));
    pickable(area, level, zone, zone.name);
    area.on("mouseover", () => area.setStyle({ stroke: true, weight: 2.5, color: "#000000" }));
    area.on("mouseout", () => area.setStyle({ stroke: false }));
    group.addLayer(tied(area, lists + level, zone.id));
  }
  const border = { color: "#6d6d6d", weight: 0.8 };
  group.addLayer(L.polyline(polylines(data().borders[level]), pathOptions("outlines", border)));
  if (level === "community") {
    const named = zones.map((zone) => ({ name: zone.name, at: zone.label }));
    group.addLayer(labelLayer(map, named, { from: 14, class: "c15-small" }));
  }
  return group;
}

/**
 * @param {State} state
 * @param {L.Map} map
 */
export const communityLayer = (state, map) =>
  areaLayer(state, map, "", (zone) => shareColour((zone.counts[state.choice] || {})[state.cutoff]));

/**
 * Nothing is drawn of several services together, which have no equity.
 *
 * @param {State} state
 * @param {L.Map} map
 */
export const equityLayer = (state, map) =>
  (measureOf(state) ? areaLayer(state, map, "equity_", (zone) => equityColour(zone, state)) : L.layerGroup());
