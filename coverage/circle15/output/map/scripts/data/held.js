// State of the page: its data once read, the ids of its homes, and the map in use.

/** @import { MapData, Stage } from "./types.js" */

/** @type {{ data: MapData | null, ids: string[] | null, stage: Stage | null }} */
export const held = { data: null, ids: null, stage: null };

/** The data of the page, read before anything is drawn. */
export function data() {
  if (!held.data) {
    throw new Error("the data of the page are not read yet");
  }
  return held.data;
}

/** The map and the current choice. */
export function stage() {
  if (!held.stage) {
    throw new Error("the map is not set up yet");
  }
  return held.stage;
}
