// The layer of the chosen scenario: new links, and sites that it adds, closes, moves or changes.

import { changeTitle } from "../cards/change_cards.js";
import { pickable } from "../cards/picking.js";
import { data } from "../data/held.js";
import { changedSites, scenarioOf } from "../data/scenarios.js";
import { labelLayer } from "../drawing/labels.js";
import { pathOptions } from "../drawing/panes.js";
import { latLng, pointsOf } from "../drawing/shapes.js";
import { SIGNS } from "../drawing/styles.js";
import { tied } from "./ties.js";

/** @import { Place, State } from "../data/types.js" */

const RADIUS = 9;

/**
 * @param {State} state
 * @param {L.Map} map
 */
export function changedPlacesLayer(state, map) {
  const group = L.layerGroup();
  const scenario = scenarioOf(state);
  if (!scenario) {
    return group;
  }
  const colours = data().colours;
  for (const link of scenario.links) {
    const line = pointsOf(link.shape);
    group.addLayer(L.polyline(line, pathOptions("outlines", { color: "#ffffff", weight: 9 })));
    group.addLayer(L.polyline(line, pathOptions("outlines", { color: colours.link, weight: 5 })));
  }
  const shown = changedSites(scenario, state);
  /** @type {{ name: string, at: Place }[]} */
  const named = [];
  for (const site of shown) {
    const at = site.at || site.before;
    if (!at) {
      continue;
    }
    if (site.before && site.at) {
      const way = [latLng(site.before), latLng(site.at)];
      const dashed = { color: colours.changed_sites[site.change], weight: 2.4, dashArray: "5 4" };
      group.addLayer(L.polyline(way, pathOptions("outlines", dashed)));
    }
    const style = {
      radius: RADIUS, color: "#ffffff", weight: 2, fillColor: colours.changed_sites[site.change],
      fillOpacity: 1, interactive: true, bubblingMouseEvents: false,
    };
    const marker = L.circleMarker(latLng(at), pathOptions("sites", style));
    const key = scenario.sites.indexOf(site);
    group.addLayer(pickable(tied(marker, "changed_sites", key), "change", site, changeTitle(site)));
    named.push({ name: SIGNS[site.change], at });
  }
  group.addLayer(labelLayer(map, named, { from: 0, first: true, class: "c15-number" }));
  return group;
}
