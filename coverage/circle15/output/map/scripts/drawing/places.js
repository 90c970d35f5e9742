// The picture of the places where people live: cells as pixels, points as circles.

import { levelOf, needed, partsOfPlaces, stateOf } from "../data/columns.js";
import { data } from "../data/held.js";
import { element } from "./elements.js";
import { pathOptions } from "./panes.js";
import { colourPixels, paintPlaces } from "./pixels.js";

/** @import { Asked, Colours, KnownPlaces, Look, People, Values } from "../data/types.js" */

const NEAR_PX = 3;

/**
 * Data computed once for all choices: persons and parts of each place, and its pixels.
 *
 * @param {People} people
 * @returns {KnownPlaces}
 */
export function knownPlaces(people) {
  if (!people.known) {
    const parts = partsOfPlaces(people);
    const level = Uint8Array.from(parts.persons, (persons) => levelOf(people, persons));
    const cells = people.kind === "cells";
    const size = { width: people.width, height: people.height, "aria-hidden": "true" };
    people.known = {
      ...parts,
      level,
      place: cells ? paintPlaces(people) : null,
      canvas: cells ? element("canvas", size) : null,
    };
  }
  return people.known;
}

/**
 * Codes of the places for the current choice and cutoff; null if there are none.
 *
 * @param {People} people
 * @param {Asked} state
 */
export const codesOf = (people, state) => people.column("code:" + state.choice + ":" + state.cutoff);

/**
 * Draw the places into a group; return a function that finds the place at a position, -1 for none.
 *
 * @param {L.LayerGroup} group
 * @param {L.Map} map
 * @param {People} people
 * @param {Values} codes
 * @param {Look | null} [look] other classes, colours and canvas than those of people in the gap
 */
export function drawPlaces(group, map, people, codes, look = null) {
  const colours = look ? look.colours : data().colours;
  const known = { ...knownPlaces(people), ...look };
  const { place, canvas } = known;
  return place && canvas
    ? drawCells(group, people, { place, canvas, level: known.level, colours }, codes)
    : drawPoints(group, people, { ...known, colours }, codes, map);
}

/**
 * @param {L.LayerGroup} group
 * @param {People} people
 * @param {{ place: Int32Array, canvas: HTMLCanvasElement, level: Uint8Array, colours: Colours }} picture
 * @param {Values} codes
 */
function drawCells(group, people, picture, codes) {
  const [south, west, north, east] = people.bounds;
  const brush = picture.canvas.getContext("2d");
  if (brush) {
    const image = brush.createImageData(people.width, people.height);
    colourPixels(people, picture, codes, picture.colours, new Uint32Array(image.data.buffer));
    brush.putImageData(image, 0, 0);
  }
  const options = { pane: "c15-people", className: "c15-pixels" };
  // Leaflet can overlay any element in this way.
  const canvas = /** @type {SVGElement} */ (/** @type {unknown} */ (picture.canvas));
  group.addLayer(L.svgOverlay(canvas, [[south, west], [north, east]], options));
  /** @param {number} lat */
  const mercator = (lat) => Math.asinh(Math.tan((lat * Math.PI) / 180));
  const top = mercator(north);
  const down = people.height / (top - mercator(south));
  return function (/** @type {L.LatLng} */ at) {
    const row = Math.floor((top - mercator(at.lat)) * down);
    const col = Math.floor(((at.lng - west) / (east - west)) * people.width);
    const isInside = row >= 0 && row < people.height && col >= 0 && col < people.width;
    return isInside ? picture.place[row * people.width + col] : -1;
  };
}

/**
 * Draw a circle for each place, gaps above the others.
 *
 * @param {L.LayerGroup} group
 * @param {People} people
 * @param {KnownPlaces & { colours: Colours }} known
 * @param {Values} codes
 * @param {L.Map} map
 */
function drawPoints(group, people, known, codes, map) {
  const most = known.persons.reduce((a, b) => Math.max(a, b), 1);
  const colours = known.colours;
  /** @type {Record<string, L.CircleMarkerOptions>} */
  const styles = {
    covered: { stroke: false, fillColor: colours.covered, fillOpacity: 0.3 },
    unknown: { color: colours.unknown_line, weight: 1.2, dashArray: "2 2", fillColor: colours.unknown, fillOpacity: 0.8 },
    gap: { color: "#ffffff", weight: 0.6, fillOpacity: 0.92 },
  };
  const east = needed(people, "east");
  const north = needed(people, "north");
  /** @type {[number, L.LatLng, number][]} */
  const drawn = [];
  for (const wanted of ["covered", "unknown", "gap"]) {
    for (let k = 0; k < people.n; k += 1) {
      const found = stateOf(people, codes[k]);
      if (!found || found[0] !== wanted) {
        continue;
      }
      const at = L.latLng(north[k] / 1e5 - 180, east[k] / 1e5 - 180);
      const radius = 2 + 7 * Math.sqrt(known.persons[k] / most);
      const fill = wanted === "gap" ? { fillColor: colours.gap[known.level[k]] } : {};
      group.addLayer(L.circleMarker(at, pathOptions("people", { radius, ...styles[wanted], ...fill })));
      drawn.push([k, at, radius]);
    }
  }
  return function (/** @type {L.LatLng} */ where) {
    const pointer = map.latLngToLayerPoint(where);
    let nearest = -1;
    let least = Infinity;
    for (const [k, at, radius] of drawn) {
      const far = map.latLngToLayerPoint(at).distanceTo(pointer);
      if (far <= radius + NEAR_PX && far < least) {
        [nearest, least] = [k, far];
      }
    }
    return nearest;
  };
}
