// Unpack the data of the page: zlib-compressed blocks in base 64, decompressed by the browser.

import { columnsOf } from "./columns.js";
import { held } from "./held.js";

/** @import { MapData } from "./types.js" */

/**
 * Bytes of a block's text.
 *
 * @param {string} packed
 */
export async function inflated(packed) {
  const text = atob(packed);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) {
    bytes[i] = text.charCodeAt(i);
  }
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}

/** @param {string} id */
const unpack = (id) => inflated(document.getElementById(id)?.textContent || "");

/** @param {string} id */
function trouble(id) {
  const said = document.getElementById("c15-" + id);
  if (said) {
    said.hidden = false;
  }
  return null;
}

/** The columns by which sites are tried, read when the first one is. */
export const readStreets = () => unpack("circle15-trials");

/** The script of the worker that computes the gain map (`GainMap`). */
export const readWorker = async () => new TextDecoder().decode(await unpack("circle15-worker"));

/** Read the ids of the places where people live, once the map can already be used. */
export async function readIds() {
  try {
    held.ids = JSON.parse(new TextDecoder().decode(await unpack("circle15-ids")));
  } catch {
    trouble("damaged");
  }
}

/**
 * The data of the map; null if they cannot be read, in which case the panel says why.
 *
 * @returns {Promise<MapData | null>}
 */
export async function readData() {
  if (typeof DecompressionStream === "undefined") {
    return null; // assets/old_browser.js has said so
  }
  try {
    const blocks = ["circle15-data", "circle15-people", "circle15-ground"];
    const [text, values, ground] = await Promise.all(blocks.map(unpack));
    /** @type {MapData} */
    const found = JSON.parse(new TextDecoder().decode(text));
    if (found.people) {
      found.people.column = columnsOf(found.people.columns, values);
    }
    found.ground.column = columnsOf(found.ground.columns, ground);
    return found;
  } catch {
    return trouble("damaged");
  }
}
