// The layer of candidates for new sites, each as large as its gain, with the proposed sites on top.

import { candidateTitle } from "../cards/candidate_cards.js";
import { pickable } from "../cards/picking.js";
import { candidateKey, candidatesOf, choiceOf, markOf, proposedOf } from "../data/choices.js";
import { labelLayer } from "../drawing/labels.js";
import { pathOptions } from "../drawing/panes.js";
import { latLng } from "../drawing/shapes.js";
import { candidateStyle } from "../drawing/styles.js";
import { tied } from "./ties.js";

/** @import { State } from "../data/types.js" */

const SMALLEST = 3;
const LARGEST = 9;
const PROPOSED = 10;

/**
 * @param {State} state
 * @param {L.Map} map
 */
export function candidateLayer(state, map) {
  const group = L.layerGroup();
  const shown = candidatesOf(state);
  const most = shown.reduce((least, one) => Math.max(least, one.newly), 1);
  // Those with most people lie below the smaller ones; the proposed ones above all.
  const order = [...shown].sort(
    (a, b) => Number(a.number !== null) - Number(b.number !== null) || b.newly - a.newly
  );
  for (const one of order) {
    const radius = one.number === null ? SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(one.newly / most) : PROPOSED;
    const look = candidateStyle(one.number !== null, one.newly > 0, choiceOf(one.category)?.colour);
    const style = {
      radius, color: look.stroke, weight: look["stroke-width"], fillColor: look.fill, fillOpacity: 0.85,
      interactive: true, bubblingMouseEvents: false,
    };
    const marker = L.circleMarker(latLng(one.at), pathOptions("sites", style));
    group.addLayer(pickable(tied(marker, "proposed", candidateKey(one)), "candidate", one, candidateTitle(one)));
  }
  const proposed = proposedOf(state);
  const named = [...proposed.values()].flat().map((one) => ({ name: markOf(one, proposed), at: one.at }));
  group.addLayer(labelLayer(map, named, { from: 0, first: true, class: "c15-number" }));
  return group;
}
