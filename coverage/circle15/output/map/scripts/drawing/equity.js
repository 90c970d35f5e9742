// Colours of zones by what their people have of a service, and the Lorenz curve.

import { evennessOf, haveOf, measureOf } from "../data/equity.js";
import { data } from "../data/held.js";
import { svgPicture } from "./elements.js";
import { NO_SHARE, shareColour } from "./styles.js";
import { supplyColours } from "./supply.js";

/** @import { State, Zone } from "../data/types.js" */

const SIDE = 132;

/**
 * @param {Zone} zone
 * @param {State} state
 */
export function equityColour(zone, state) {
  const have = haveOf(zone, state.choice);
  const measure = measureOf(state);
  if (measure === "coverage") {
    return shareColour((zone.counts[state.choice] || {})[state.cutoff]);
  }
  const [level, colours] = measure === "supply"
    ? [have?.supplyClass, supplyColours(state.choice)]
    : [have?.minutesClass, data().colours.share];
  return level === null || level === undefined ? NO_SHARE : colours[Math.min(level, colours.length - 1)];
}

/**
 * The Lorenz curve beside the line of equal shares; null where it is undefined.
 *
 * @param {State} state
 */
export function lorenzPicture(state) {
  const found = evennessOf(state);
  if (!found || !found.curve.length) {
    return null;
  }
  const steps = found.curve.length - 1;
  const points = found.curve.map((share, k) => [(SIDE * k) / steps, SIDE * (1 - share)].map((one) => one.toFixed(1)).join(" "));
  const [curve, equal] = data().colours.states;
  const line = { fill: "none", "stroke-width": 2 };
  const picture = svgPicture(SIDE, SIDE, [
    ["rect", { x: 0.5, y: 0.5, width: SIDE - 1, height: SIDE - 1, fill: "#ffffff", stroke: "#c4ccd4" }],
    ["path", { ...line, d: "M0 " + SIDE + "L" + SIDE + " 0", stroke: equal, "stroke-dasharray": "5 3" }],
    ["path", { ...line, d: "M" + points.join("L"), stroke: curve }],
  ]);
  picture.setAttribute("class", "c15-lorenz");
  return picture;
}
