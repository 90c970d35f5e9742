// The worker of the gain map: a script of its own, started from a block of the page.

import { Gains } from "./gains.js";
import { Trials } from "./trial.js";

/** @import { Answer, Question } from "./gain_map.js" */

/** Milliseconds between two answers; in between the worker hears whether it should stop. */
const SLICE_MS = 80;

/** @type {Gains | null} */
let gains = null;
let current = 0;

/** @type {{ postMessage: (answer: Answer, given: Transferable[]) => void }} */
const page = /** @type {any} */ (globalThis);

/**
 * @param {number} run
 * @param {number} from
 */
function step(run, from) {
  if (gains && run === current) {
    const n = gains.corners.x.length;
    const gain = from < n ? gains.some(from, SLICE_MS) : new Float64Array(0);
    const next = from + gain.length;
    page.postMessage({ kind: "gains", run, from, gain }, [gain.buffer]);
    if (next < n) {
      setTimeout(() => step(run, next));
    }
  }
}

addEventListener("message", (event) => {
  /** @type {Question} */
  const question = event.data;
  if (question.kind === "data") {
    gains = new Gains(new Trials(question.meta, question.buffer, question.people));
    page.postMessage({ kind: "corners", ...gains.corners }, []);
  } else if (question.kind === "begin" && gains) {
    current = question.run;
    gains.begin(question.sure, question.limit);
    setTimeout(() => step(question.run, 0));
  } else {
    current = 0;
  }
});
