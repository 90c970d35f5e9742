// The figures in the panel: a bar, people by state, and their sum.

import { countsOf, labelOf, sumOf } from "../data/choices.js";
import { evennessOf } from "../data/equity.js";
import { data } from "../data/held.js";
import { amount, message, numberText, say } from "../data/words.js";
import { element, partOf, svgPicture } from "../drawing/elements.js";
import { lorenzPicture } from "../drawing/equity.js";
import { triedFigures } from "../trials/tool/figures.js";

/** @import { State } from "../data/types.js" */
/** @import { Attributes } from "../drawing/elements.js" */

/** @param {string} text */
const capital = (text) => text.charAt(0).toLocaleUpperCase(data().language) + text.slice(1);

/**
 * Show the figures of the current choice and cutoff.
 *
 * @param {State} state
 */
export function showFigures(state) {
  const box = partOf("figures");
  if (!state.choice) {
    box.replaceChildren(element("p", {}, [say("no_choices")]));
    return;
  }
  if (state.view === "equity") {
    box.replaceChildren(...equityFigures(state));
    return;
  }
  const tried = state.view === "try" ? triedFigures(state, capital(data().group)) : [];
  if (tried.length) {
    box.replaceChildren(...tried);
    return;
  }
  const counts = countsOf(state);
  const what = { group: capital(data().group), what: labelOf(state.choice), minutes: state.cutoff };
  const heading = element("h2", {}, [say("figures", what)]);
  if (!counts || sumOf(counts) === 0) {
    box.replaceChildren(heading, element("p", {}, [say("nobody")]));
    return;
  }
  const colours = data().colours.states;
  const total = sumOf(counts);
  /** @type {[string, Attributes][]} */
  const shapes = [];
  let start = 0;
  counts.persons.forEach((count, k) => {
    shapes.push(["rect", { x: start, y: 0, width: (100 * count) / total, height: 10, fill: colours[k] }]);
    start += (100 * count) / total;
  });
  const bar = svgPicture(100, 10, shapes);
  bar.setAttribute("preserveAspectRatio", "none");
  const rows = ["covered", "gap", "unknown"].map((name, k) =>
    row(message("states." + name), counts.persons[k], counts.shares[k], colours[k])
  );
  rows.push(row(say("sum"), total, "100.0%", "none"));
  const table = element("table", { class: "c15-figures" }, [element("tbody", {}, rows)]);
  box.replaceChildren(heading, element("div", { class: "c15-bar" }, [bar]), table, ...todayNote(state), ...servedNote(state), ...basisNote(state));
}

/**
 * How evenly the chosen measure is spread over people: its indices and the Lorenz curve.
 *
 * @param {State} state
 */
function equityFigures(state) {
  const heading = element("h2", {}, [say("figures_equity", { group: capital(data().group), what: labelOf(state.choice) })]);
  const found = evennessOf(state);
  if (!found) {
    return [heading, element("p", {}, [say("no_equity")])];
  }
  const rows = found.rows.map(([name, text]) =>
    element("div", {}, [element("dt", {}, [name]), element("dd", {}, [text])])
  );
  const measured = element("p", { class: "c15-served" }, [found.of]);
  const picture = lorenzPicture(state);
  const curve = picture ? [element("div", { class: "c15-curve" }, [picture, element("p", {}, [found.said])])] : [];
  const note = found.note ? [element("p", { class: "c15-served" }, [found.note])] : [];
  return [heading, measured, element("dl", { class: "c15-evenness" }, rows), ...note, ...curve];
}

/**
 * Beside a scenario: the figures are those of today.
 *
 * @param {State} state
 */
const todayNote = (state) =>
  (state.view === "scenarios" ? [element("p", { class: "c15-served" }, [say("figures_today")])] : []);

/**
 * How many of the people covered are served, and how many reach full sites only.
 *
 * @param {State} state
 */
function servedNote(state) {
  const found = data().served_people[state.choice];
  const minutes = data().cutoffs[data().cutoffs.length - 1];
  if (!found || state.cutoff !== minutes) {
    return [];
  }
  const [served, away] = found.persons.map(numberText);
  return [element("p", { class: "c15-served" }, [say("figures_served", { served, away })])];
}

/**
 * Beside the people, what share of residential land and buildings is covered.
 *
 * @param {State} state
 */
function basisNote(state) {
  const shares = data().basis[state.choice]?.[state.cutoff];
  return shares ? [element("p", { class: "c15-basis" }, [say("figures_basis", { shares })])] : [];
}

/**
 * @param {string} word
 * @param {number} count
 * @param {string} percent
 * @param {string} colour
 */
function row(word, count, percent, colour) {
  const swatch = svgPicture(16, 10, [["rect", { width: 10, height: 10, fill: colour }]]);
  return element("tr", {}, [
    element("th", { scope: "row" }, [swatch, word]),
    element("td", {}, [amount(count, "persons")]),
    element("td", {}, [percent]),
  ]);
}
