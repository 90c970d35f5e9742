// The picture of homes newly covered and no longer covered, over that of today.

import { needed } from "../../data/columns.js";
import { data } from "../../data/held.js";
import { pathOptions } from "../../drawing/panes.js";
import { rgba } from "../../drawing/pixels.js";
import { knownPlaces } from "../../drawing/places.js";
import { canvasOf } from "../../drawing/supply.js";
import { GAINED, LOST, SAME } from "./count.js";

/** @import { People } from "../../data/types.js" */

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

/** Draws what happens at each place; only what differs from the last picture is painted again. */
export class ChangePicture {
  /**
   * @param {People} people
   * @param {L.LayerGroup} group
   */
  constructor(people, group) {
    this.people = people;
    this.group = group;
    this.drawn = new Uint8Array(people.n);
    /** @type {Map<number, L.CircleMarker>} */
    this.points = new Map();
    this.canvas = canvasOf(people);
    if (this.canvas) {
      const [south, west, north, east] = people.bounds;
      // Leaflet can overlay any element in this way.
      const shown = /** @type {SVGElement} */ (/** @type {unknown} */ (this.canvas));
      group.addLayer(L.svgOverlay(shown, [[south, west], [north, east]], { pane: "c15-people", className: "c15-pixels" }));
    }
  }

  /** @param {Uint8Array} places */
  draw(places) {
    const changed = [];
    for (let k = 0; k < this.people.n; k += 1) {
      if (places[k] !== this.drawn[k]) {
        this.drawn[k] = places[k];
        changed.push(k);
      }
    }
    if (!changed.length) {
      return;
    }
    if (this.canvas) {
      this.#paint(this.#boxOf(changed));
    } else {
      changed.forEach((k) => this.#point(k));
    }
  }

  /** @param {number[]} places @returns {Box} */
  #boxOf(places) {
    const { people } = this;
    const [left, top] = [needed(people, "left"), needed(people, "top")];
    const box = { left: people.width, top: people.height, right: 0, bottom: 0 };
    for (const k of places) {
      // One more for the seam beside a cell.
      box.left = Math.min(box.left, left[k]);
      box.top = Math.min(box.top, top[k]);
      box.right = Math.max(box.right, left[k] + people.size + 1);
      box.bottom = Math.max(box.bottom, top[k] + people.size + 1);
    }
    return { ...box, right: Math.min(box.right, people.width), bottom: Math.min(box.bottom, people.height) };
  }

  /** @param {Box} box */
  #paint(box) {
    const { place } = knownPlaces(this.people);
    const brush = this.canvas?.getContext("2d");
    const [width, height] = [box.right - box.left, box.bottom - box.top];
    if (!brush || !place || width <= 0 || height <= 0) {
      return;
    }
    const image = brush.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const colour = coloursOfChange().map((hex) => (hex ? rgba(hex, 255) : 0));
    for (let row = 0, at = 0; row < height; row += 1) {
      let from = (row + box.top) * this.people.width + box.left;
      for (let col = 0; col < width; col += 1, at += 1, from += 1) {
        pixels[at] = place[from] < 0 ? 0 : colour[this.drawn[place[from]]];
      }
    }
    brush.putImageData(image, box.left, box.top);
  }

  /** @param {number} k */
  #point(k) {
    const old = this.points.get(k);
    if (old) {
      this.group.removeLayer(old);
      this.points.delete(k);
    }
    const fillColor = coloursOfChange()[this.drawn[k]];
    if (fillColor) {
      const at = L.latLng(needed(this.people, "north")[k] / 1e5 - 180, needed(this.people, "east")[k] / 1e5 - 180);
      const style = { radius: 6, color: "#ffffff", weight: 1, fillColor, fillOpacity: 1 };
      const made = L.circleMarker(at, pathOptions("people", style));
      this.points.set(k, made);
      this.group.addLayer(made);
    }
  }
}

function coloursOfChange() {
  const { gained, lost } = data().colours.changes;
  /** @type {string[]} */
  const found = [];
  [found[SAME], found[GAINED], found[LOST]] = ["", gained, lost];
  return found;
}
