// The gain map: how many people a site at each street corner would newly cover, with what is tried.

import { data, stage } from "../../data/held.js";
import { readWorker } from "../../data/unpack.js";
import { element } from "../../drawing/elements.js";
import { paneOf } from "../../drawing/panes.js";
import { GainMap } from "../gain_map.js";
import { planText } from "./files.js";
import { tool } from "./tool.js";

/** @import { State } from "../../data/types.js" */
/** @import { GainResult } from "../gain_map.js" */

const REDRAWN_MS = 250;
const WORLD = 256;
const MOVES = ["moveend", "resize"];

/** The gains that are shown; `share` of the corners is known, `result` is null until one is. */
export const gains = {
  /** @type {GainMap | null} */
  map: null,
  /** @type {GainResult | null} */
  result: null,
  share: 1,
  /** What the gains were computed for. */
  key: "",
};

/**
 * Lower bounds of the classes of gains, whole persons: quarters of the largest, of two digits.
 *
 * @param {number} most micro-persons
 */
export function gainBreaks(most) {
  const classes = data().colours.gains.length;
  const bounds = Array.from({ length: classes - 1 }, (_, k) => (most / 1e6) * ((k + 1) / classes));
  return [...new Set(bounds.map((one) => {
    const unit = Math.max(10 ** (Math.floor(Math.log10(one)) - 1), 1);
    return Math.max(Math.floor(one / unit + 0.5) * unit, 1);
  }))];
}

/** The largest gain that is known, micro-persons. */
export const mostGained = () => (gains.result ? gains.result.gain.reduce((a, b) => Math.max(a, b), 0) : 0);

/** Draws the corners on a canvas over the map. */
class Corners {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    this.canvas = element("canvas", { class: "c15-gains leaflet-zoom-hide", "aria-hidden": "true" });
    paneOf(map, "gains").append(this.canvas);
    this.level = new Uint8Array(0);
    /** Corners on the map of the world, 256 pixels wide. */
    this.x = new Float64Array(0);
    this.y = new Float64Array(0);
    this.placed = 0;
  }

  draw() {
    const { map, canvas } = this;
    const { result } = gains;
    const size = map.getSize();
    const ratio = devicePixelRatio || 1;
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    [canvas.width, canvas.height] = [size.x * ratio, size.y * ratio];
    [canvas.style.width, canvas.style.height] = [size.x + "px", size.y + "px"];
    const brush = canvas.getContext("2d");
    if (!result || !brush) {
      return;
    }
    this.#place(result);
    brush.scale(ratio, ratio);
    const zoom = map.getZoom();
    const scale = 2 ** zoom;
    const { x: west, y: north } = map.getPixelBounds().min || L.point(0, 0);
    this.#rank(result);
    const { colours } = data();
    // The largest gains last, over the others.
    for (let level = 1; level <= colours.gains.length; level += 1) {
      const half = Math.max(1.2, (zoom - 11) * 0.7) + level * 0.5;
      brush.fillStyle = colours.gains[level - 1];
      brush.globalAlpha = level === 1 ? 0.6 : 1;
      for (let k = 0; k < result.done; k += 1) {
        if (this.level[k] === level) {
          const x = this.x[k] * scale - west;
          const y = this.y[k] * scale - north;
          if (x > -9 && y > -9 && x < size.x + 9 && y < size.y + 9) {
            brush.fillRect(x - half, y - half, 2 * half, 2 * half);
          }
        }
      }
    }
  }

  /** The class of each corner; 0 where nobody is newly covered. @param {GainResult} result */
  #rank(result) {
    const bounds = gainBreaks(mostGained()).map((one) => one * 1e6);
    this.level = new Uint8Array(result.done);
    for (let k = 0; k < result.done; k += 1) {
      const gain = result.gain[k];
      let level = gain ? 1 : 0;
      for (let i = 0; gain && i < bounds.length && gain >= bounds[i]; i += 1) {
        level += 1;
      }
      this.level[k] = level;
    }
  }

  /** @param {GainResult} result */
  #place(result) {
    if (this.x.length !== result.x.length) {
      [this.x, this.y, this.placed] = [new Float64Array(result.x.length), new Float64Array(result.x.length), 0];
    }
    for (; this.placed < result.done; this.placed += 1) {
      const [lon, lat] = tool.degrees(result.x[this.placed], result.y[this.placed]);
      const high = Math.asinh(Math.tan((lat * Math.PI) / 180));
      this.x[this.placed] = ((lon + 180) / 360) * WORLD;
      this.y[this.placed] = (0.5 - high / (2 * Math.PI)) * WORLD;
    }
  }
}

/** Compute the gains of what is shown, unless they are known. @param {() => void} draw */
async function compute(draw) {
  const { trial, trials } = tool;
  if (!trial || !trials) {
    return;
  }
  const key = [trial.category, trial.cutoff, planText(tool.shown)].join(" ");
  if (gains.key === key) {
    draw();
    return;
  }
  Object.assign(gains, { key, result: null, share: 0 });
  gains.map ||= new GainMap(trials, typeof Worker === "undefined" ? null : await readWorker().catch(() => null));
  if (gains.key !== key) {
    return;
  }
  let last = 0;
  const result = await gains.map.start(trial, (found) => {
    Object.assign(gains, { result: found, share: found.done / found.gain.length });
    if (performance.now() - last > REDRAWN_MS) {
      last = performance.now();
      draw();
      tool.tell();
    }
  });
  if (result) {
    draw();
    stage().update();
  }
}

function cancel() {
  gains.map?.cancel();
  Object.assign(gains, { key: "", result: null, share: 1 });
}

/**
 * @param {State} _
 * @param {L.Map} map
 */
export function gainLayer(_, map) {
  const group = L.layerGroup();
  /** @type {Corners | null} */
  let corners = null;
  const draw = () => corners?.draw();
  const follow = (/** @type {boolean} */ dragged) => {
    if (!dragged) {
      compute(draw);
    }
  };
  group.on("add", () => {
    corners = new Corners(map);
    tool.watchers.add(follow);
    MOVES.forEach((event) => map.on(event, draw));
    compute(draw);
  });
  group.on("remove", () => {
    corners?.canvas.remove();
    corners = null;
    tool.watchers.delete(follow);
    MOVES.forEach((event) => map.off(event, draw));
    cancel();
  });
  return group;
}
