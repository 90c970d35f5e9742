// Places where people live, coloured by the supply that each person can reach.

import { data } from "../data/held.js";
import { element } from "./elements.js";

/** @import { Look, People, Values } from "../data/types.js" */

const UNKNOWN = 254;
const NOT_JUDGED = 255;
// Codes of the picture of places: in a class, unknown, or not drawn.
const [IN_CLASS, HATCHED, NOT_DRAWN] = [1, 2, 255];

/**
 * Classes of supply of the places, one canvas for each category; null without a capacity.
 *
 * @param {People} people
 * @param {string} category
 * @returns {Look & { codes: Values } | null}
 */
export function supplyLook(people, category) {
  const found = people.column("supply:" + category);
  if (!found) {
    return null;
  }
  const level = Uint8Array.from(found, (code) => (code < UNKNOWN ? code : 0));
  const codes = Uint8Array.from(found, (code) => codeOf(code));
  const size = { width: people.width, height: people.height, "aria-hidden": "true" };
  const canvas = people.kind === "cells" ? element("canvas", size) : null;
  return { level, codes, canvas, colours: { ...data().colours, gap: data().colours.supply } };
}

/** @param {number} code */
function codeOf(code) {
  if (code === NOT_JUDGED) {
    return NOT_DRAWN;
  }
  return code === UNKNOWN ? HATCHED : IN_CLASS;
}
