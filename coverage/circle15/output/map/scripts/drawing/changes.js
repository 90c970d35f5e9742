// Places where people live, coloured by what a scenario changes for them.

import { data } from "../data/held.js";
import { CHANGES } from "../data/scenarios.js";
import { codesOf } from "./places.js";
import { canvasOf } from "./supply.js";

/** @import { Asked, Look, People, Values } from "../data/types.js" */

const GAP = 1;
const NOT_JUDGED = 255;
// Codes of the picture of places: in a class, unknown, or not drawn.
const [IN_CLASS, HATCHED, NOT_DRAWN] = [1, 2, 255];

/**
 * Places that change, in the colour of their change, and those that stay out of reach or unknown.
 *
 * @param {People} people
 * @param {Asked} state
 * @param {Map<number, number>} changed index in `CHANGES` by place
 * @returns {Look & { codes: Values } | null} null if the choice is not judged
 */
export function changeLook(people, state, changed) {
  const today = codesOf(people, state);
  if (!today) {
    return null;
  }
  const left = CHANGES.indexOf("gap");
  const level = new Uint8Array(people.n).fill(left);
  const codes = new Uint8Array(today.length).fill(NOT_DRAWN);
  for (let k = 0; k < today.length; k += 1) {
    if (today[k] !== NOT_JUDGED && today[k] !== 0) {
      codes[k] = today[k] === GAP ? IN_CLASS : HATCHED;
    }
  }
  changed.forEach((change, k) => {
    level[k] = change;
    codes[k] = CHANGES[change] === "unknown" ? HATCHED : IN_CLASS;
  });
  const gap = CHANGES.map((change) => data().colours.changes[change]);
  return { level, codes, canvas: canvasOf(people), colours: { ...data().colours, gap } };
}
