// The figures beside the map while sites are tried: people by state, today and then.

import { labelOf } from "../../data/choices.js";
import { data } from "../../data/held.js";
import { message, numberText, say } from "../../data/words.js";
import { element, svgPicture } from "../../drawing/elements.js";
import { wholeMoved, wholeStates } from "./count.js";
import { timeText, tool } from "./tool.js";

/** @import { State } from "../../data/types.js" */

const STATES = ["covered", "gap", "unknown"];

/**
 * A change of whole persons with its sign.
 *
 * @param {number} persons
 */
export const signedText = (persons) =>
  (persons ? (persons > 0 ? "+" : "−") + numberText(Math.abs(persons)) : "0");

/**
 * What the shown plan changes, as the report of a scenario prints it; null if nothing is counted.
 */
export function printedChange() {
  const { counted } = tool;
  if (!counted) {
    return null;
  }
  const { comparison, trial, found } = counted;
  const [today, then] = [wholeStates(comparison.today.all), wholeStates(trial.sums.all)];
  return { today, then, ...wholeMoved(found.gained.all, found.lost.all, then[0] - today[0]), farthest: found.farthest };
}

/**
 * The figures; empty if nothing can be tried for the shown choice.
 *
 * @param {State} state
 * @param {string} group the judged group
 */
export function triedFigures(state, group) {
  const found = printedChange();
  if (!found) {
    return [];
  }
  const heading = element("h2", {}, [say("figures", { group, what: labelOf(state.choice), minutes: state.cutoff })]);
  const head = element("tr", {}, ["", message("trials.today"), message("trials.then")].map((text) =>
    (text ? element("th", { scope: "col" }, [text]) : element("td"))));
  const rows = STATES.map((name, k) => {
    const swatch = svgPicture(16, 10, [["rect", { width: 10, height: 10, fill: data().colours.states[k] }]]);
    return element("tr", {}, [
      element("th", { scope: "row" }, [swatch, message("states." + name)]),
      element("td", {}, [numberText(found.today[k])]), element("td", {}, [numberText(found.then[k])]),
    ]);
  });
  const table = element("table", { class: "c15-tried-figures" }, [element("thead", {}, [head]), element("tbody", {}, rows)]);
  /**
   * @param {"gained" | "lost"} key
   * @param {string} word
   */
  const moved = (key, word) => {
    const box = { width: 10, height: 10, fill: data().colours.changes[key] };
    return element("p", { class: "c15-moved" }, [
      svgPicture(16, 10, [["rect", box]]), element("b", {}, [signedText(found[key])]), " " + word,
    ]);
  };
  const far = found.farthest === null ? [] : [element("p", { class: "c15-served" }, [message("trials.farthest", { time: timeText(found.farthest) })])];
  return [heading, table, moved("gained", message("trials.newly")), moved("lost", message("trials.lost")), ...far];
}
