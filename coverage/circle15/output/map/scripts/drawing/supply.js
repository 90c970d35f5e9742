// Places where people live, coloured by the supply that each person can reach, or by who is not served.

import { levelOf, needed } from "../data/columns.js";
import { data } from "../data/held.js";
import { element } from "./elements.js";

/** @import { Look, People, Values } from "../data/types.js" */

const UNKNOWN = 254;
const NOT_JUDGED = 255;
// Codes of the picture of places: dotted, in a class, unknown, or not drawn.
const [DOTTED, IN_CLASS, HATCHED, NOT_DRAWN] = [0, 1, 2, 255];

/** Colours of supply: where it is known what people need, in steps of that. @param {string} category */
export const supplyColours = (category) =>
  (data().supply[category]?.needed ? data().colours.need : data().colours.supply);

/** A canvas for a picture of the places; null if they are points. @param {People} people */
export function canvasOf(people) {
  const size = { width: people.width, height: people.height, "aria-hidden": "true" };
  return people.kind === "cells" ? element("canvas", size) : null;
}

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
  return { level, codes, canvas: canvasOf(people), colours: { ...data().colours, gap: supplyColours(category) } };
}

/** @param {number} code */
function codeOf(code) {
  if (code === NOT_JUDGED) {
    return NOT_DRAWN;
  }
  return code === UNKNOWN ? HATCHED : IN_CLASS;
}

/**
 * Places by the people who are covered and not served; null where it is not known what people need.
 *
 * All served is dotted, the rest unknown is hatched, a gap has the last of the colours.
 *
 * @param {People} people
 * @param {string} category
 * @param {ArrayLike<number>} persons of each place
 * @returns {Look & { codes: Values } | null}
 */
export function unservedLook(people, category, persons) {
  const away = people.column("away:" + category);
  if (!away) {
    return null;
  }
  const served = needed(people, "served:" + category);
  const states = needed(people, "code:" + category + ":" + data().cutoffs[data().cutoffs.length - 1]);
  const colours = { ...data().colours, gap: data().colours.unserved };
  const level = Uint8Array.from(away, (micro) =>
    (micro > 0 ? Math.min(levelOf(people, micro / 1e6), colours.gap.length - 2) : colours.gap.length - 1)
  );
  const codes = Uint8Array.from(away, (micro, k) => {
    if (states[k] === NOT_JUDGED || micro > 0 || states[k] === 1) {
      return states[k] === NOT_JUDGED ? NOT_DRAWN : IN_CLASS;
    }
    return states[k] === 0 && served[k] / 1e6 >= persons[k] ? DOTTED : HATCHED;
  });
  return { level, codes, canvas: canvasOf(people), colours };
}
