// The entry point of the page, and the object it exposes to the page and to tests.

import { held } from "./data/held.js";
import { readData, readIds } from "./data/unpack.js";
import { colourPixels } from "./drawing/pixels.js";
import { showPage } from "./panel/panel.js";
import { streets } from "./streets/street_layer.js";

/** @import { MapData, Stage } from "./data/types.js" */

/**
 * `start` reads the data, then shows them; `ready` resolves when the map can be used.
 *
 * @typedef {object} Circle15
 * @property {(map: L.Map) => void} start
 * @property {Promise<void> | null} ready
 * @property {MapData | null} data
 * @property {string[] | null} ids
 * @property {Stage | null} stage
 * @property {typeof colourPixels} colourPixels
 * @property {typeof streets} streets
 */

/** @type {Circle15} */
const page = {
  start: function (map) {
    page.ready = readData().then((data) => {
      if (data) {
        held.data = data;
        showPage(map);
        setTimeout(readIds);
      }
    });
  },
  ready: null,
  get data() {
    return held.data;
  },
  get ids() {
    return held.ids;
  },
  get stage() {
    return held.stage;
  },
  colourPixels,
  streets,
};

/** @type {typeof globalThis & { circle15?: Circle15 }} */ (globalThis).circle15 = page;
