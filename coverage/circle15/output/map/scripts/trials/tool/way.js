// The way of a home to the nearest site with what is tried.

import { data } from "../../data/held.js";
import { message } from "../../data/words.js";
import { element } from "../../drawing/elements.js";
import { wayOf } from "../ways.js";
import { nameOfRow, triedTitle } from "./cards.js";
import { isShut, timeText, tool } from "./tool.js";

/** @import { Line, Spot } from "../types.js" */

/** @param {string} text */
export const wayText = (text) => element("p", { class: "c15-way" }, [text]);

/**
 * The way from a place of the people layer to the nearest site, tried ones included.
 *
 * @param {number} place
 * @returns {{ text: string, lines: Line[] }}
 */
export function wayTo(place) {
  const { trial } = tool;
  for (const [k, own] of (trial?.trials.walkers || []).entries()) {
    const home = own.places.indexOf(place);
    if (trial && home >= 0 && home < own.homes.n) {
      /** @type {[string, Spot[]][]} */
      const sites = tool.sites.map((one) => [triedTitle(one), [own.spotAt(tool.joinedOf(one)[k])]]);
      for (const [row, spots] of own.sites("sure", trial.number)) {
        if (!isShut(data().facilities[row])) {
          sites.push([nameOfRow(row), spots]);
        }
      }
      const found = wayOf(own, home, sites.map(([, spots]) => spots));
      return found
        ? { text: message("trials.way", { time: timeText(found.ms), site: sites[found.site][0] }), lines: found.ways.map(({ line }) => line) }
        : { text: message("trials.way_none"), lines: [] };
    }
  }
  return { text: message("trials.way_none"), lines: [] };
}
