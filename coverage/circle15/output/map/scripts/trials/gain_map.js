// The gain map of a page: computed in a worker, or in small slices where the browser has none.

import { Gains, hotSpots } from "./gains.js";

/** @import { Trial, Trials } from "./trial.js" */
/** @import { HotSpot } from "./gains.js" */
/** @import { People, TrialMeta } from "./types.js" */

/**
 * Gains at the street corners, of which the first `done` are known; `x` and `y` are mm from the
 * origin, `gain` micro-persons newly covered by a site there. `spots` is empty until all are known.
 *
 * @typedef {object} GainResult
 * @property {Float64Array} x
 * @property {Float64Array} y
 * @property {Float64Array} gain
 * @property {number} done
 * @property {HotSpot[]} spots
 */

/**
 * What the page asks of the worker; a question ends the one before it.
 *
 * @typedef {{ kind: "data", meta: TrialMeta, buffer: ArrayBuffer, people: People }
 *   | { kind: "begin", run: number, sure: Uint8Array[], limit: number } | { kind: "stop" }} Question
 */

/**
 * @typedef {{ kind: "corners", x: Float64Array, y: Float64Array }
 *   | { kind: "gains", run: number, from: number, gain: Float64Array }} Answer
 */

/** Milliseconds that a slice on the page may take: half a frame. */
const SLICE_MS = 8;

/** Computes the gain map of trials; one at a time. */
export class GainMap {
  /**
   * @param {Trials} trials
   * @param {string | null} code script of the worker; null to compute on the page
   */
  constructor(trials, code) {
    this.trials = trials;
    this.run = 0;
    /** @type {GainResult | null} */
    this.result = null;
    /** @type {{ trial: Trial, progress: (result: GainResult) => void, end: (result: GainResult | null) => void } | null} */
    this.asked = null;
    /** @type {{ x: Float64Array, y: Float64Array } | null} */
    this.corners = null;
    /** @type {Gains | null} */
    this.here = null;
    this.worker = code === null ? null : this.#started(code);
  }

  /**
   * Compute the gains for the sites that are open in a trial now; ends an unfinished computation.
   *
   * @param {Trial} trial
   * @param {(result: GainResult) => void} [progress] called as more corners are known
   * @returns {Promise<GainResult | null>} null if it was cancelled
   */
  start(trial, progress = () => {}) {
    this.cancel();
    return new Promise((end) => {
      this.asked = { trial, progress, end };
      this.#begin();
    });
  }

  /** End an unfinished computation: its promise gives null. */
  cancel() {
    this.run += 1;
    const asked = this.asked;
    if (asked) {
      this.asked = null;
      this.#ask({ kind: "stop" });
      asked.end(null);
    }
  }

  /** End the worker as well; the next start computes on the page. */
  close() {
    this.cancel();
    this.worker?.terminate();
    this.worker = null;
  }

  #begin() {
    const { trial } = /** @type {{ trial: Trial }} */ (this.asked);
    this.result = null;
    const sure = trial.people.map((one) => Uint8Array.from(one.sure, (count) => Number(count > 0)));
    if (this.worker) {
      this.#ask({ kind: "begin", run: this.run, sure, limit: trial.limit });
    } else {
      const { run } = this;
      setTimeout(() => this.#beginHere(run, sure, trial.limit));
    }
  }

  /** @param {Question} question */
  #ask(question) {
    this.worker?.postMessage(question);
  }

  /**
   * @param {string} code
   * @returns {Worker | null}
   */
  #started(code) {
    try {
      const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
      const worker = new Worker(address);
      worker.onmessage = ({ data }) => this.#answered(data);
      // A policy or a lack of memory stops a worker after it was made: go on without it.
      worker.onerror = (event) => {
        event.preventDefault();
        worker.terminate();
        this.worker = null;
        if (this.asked) {
          this.run += 1;
          this.#begin();
        }
      };
      const { meta, buffer, people } = this.trials;
      worker.postMessage(/** @type {Question} */ ({ kind: "data", meta, buffer, people }));
      return worker;
    } catch {
      return null;
    }
  }

  /** @param {Answer} answer */
  #answered(answer) {
    if (answer.kind === "corners") {
      this.corners = { x: answer.x, y: answer.y };
    } else if (answer.run === this.run) {
      this.#add(answer.from, answer.gain);
    }
  }

  /**
   * @param {number} run
   * @param {Uint8Array[]} sure
   * @param {number} limit
   */
  #beginHere(run, sure, limit) {
    if (run !== this.run) {
      return;
    }
    const gains = this.here || new Gains(this.trials);
    this.here = gains;
    this.corners = gains.corners;
    gains.begin(sure, limit);
    const n = gains.corners.x.length;
    /** @param {number} from */
    const step = (from) => {
      if (run === this.run) {
        const gain = from < n ? gains.some(from, SLICE_MS) : new Float64Array(0);
        this.#add(from, gain);
        if (from + gain.length < n) {
          setTimeout(() => step(from + gain.length));
        }
      }
    };
    setTimeout(() => step(0));
  }

  /**
   * @param {number} from
   * @param {Float64Array} gain
   */
  #add(from, gain) {
    const { asked, corners } = this;
    if (!asked || !corners) {
      return;
    }
    this.result ||= { ...corners, gain: new Float64Array(corners.x.length), done: 0, spots: [] };
    const { result } = this;
    result.gain.set(gain, from);
    result.done = from + gain.length;
    const whole = result.done === result.gain.length;
    if (whole) {
      result.spots = hotSpots(result, result.gain);
      this.asked = null;
    }
    asked.progress(result);
    if (whole) {
      asked.end(result);
    }
  }
}
