// Layers of the views on gaps and on data quality.

import { gapTitle } from "../cards/gap_cards.js";
import { pickable } from "../cards/picking.js";
import { fullGapsOf, gapsOf, lostSites } from "../data/choices.js";
import { data } from "../data/held.js";
import { labelLayer } from "../drawing/labels.js";
import { pathOptions } from "../drawing/panes.js";
import { latLng, polygons } from "../drawing/shapes.js";
import { tied } from "./ties.js";

/** @import { Gaps, Place, State } from "../data/types.js" */

/**
 * Outlines of the gap areas with their ranks.
 *
 * @param {State} state
 * @param {L.Map} map
 */
export const gapLayer = (state, map) => areaLayer(gapsOf(state), "gaps", map);

/**
 * The same of people whom full sites turn away.
 *
 * @param {State} state
 * @param {L.Map} map
 */
export const fullGapLayer = (state, map) => areaLayer(fullGapsOf(state), "full_gaps", map);

/**
 * @param {Gaps} found
 * @param {string} list id of the table with these areas
 * @param {L.Map} map
 */
function areaLayer(found, list, map) {
  const group = L.layerGroup();
  const style = { color: "#1d2733", weight: 1.8, fillColor: "#ffffff", fillOpacity: 0, interactive: true };
  for (const area of found.areas) {
    const shape = L.polygon(polygons(area.shape), pathOptions("gaps", style));
    pickable(shape, "gap", area, gapTitle(area));
    group.addLayer(tied(shape, list, area.rank));
  }
  const named = found.areas.map((area) => ({ name: String(area.rank), at: area.at, shape: area.shape }));
  group.addLayer(labelLayer(map, named, { from: 0, first: true, class: "c15-rank" }));
  return group;
}

/** Homes and sites that are unsnapped. */
export function lostLayer() {
  const group = L.layerGroup();
  /**
   * @param {Place | null} place
   * @param {L.CircleMarkerOptions} style
   */
  const mark = (place, style) => place && group.addLayer(L.circleMarker(latLng(place), pathOptions("lost", style)));
  for (const home of data().quality.homes) {
    mark(home.at, { radius: 3.5, color: "#111111", weight: 1.2, fillColor: "#ffffff", fillOpacity: 1 });
  }
  for (const site of lostSites()) {
    mark(site.at, { radius: 7, color: "#111111", weight: 2.2, dashArray: "3 2", fillColor: "#ffe066", fillOpacity: 1 });
  }
  return group;
}
