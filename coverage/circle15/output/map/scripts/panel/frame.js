// The extent that the map shows when it opens and when its size changes.

import { data } from "../data/held.js";
import { say } from "../data/words.js";
import { drawing } from "../drawing/panes.js";

let framed = "";

// In a hidden tab or frame the map has no size; its extent is set once it has one.
const LEAST_PX = 80;

/** @param {L.Map} map */
const hasRoom = (map) => Math.min(map.getSize().x, map.getSize().y) >= LEAST_PX;

/**
 * Show the whole area.
 *
 * @param {L.Map} map
 */
export function frameMap(map) {
  const bounds = data().bounds;
  map.getContainer().setAttribute("aria-label", say("map_label"));
  map.getContainer().setAttribute("role", "region");
  if (bounds) {
    const [south, west, north, east] = bounds;
    // On the screen the search box lies at the map's upper edge; a printed sheet has none.
    /** @type {L.FitBoundsOptions} */
    const room = { paddingTopLeft: [14, drawing.vector ? 14 : 50], paddingBottomRight: [14, 14] };
    if (hasRoom(map)) {
      map.fitBounds([[south, west], [north, east]], { ...room, maxZoom: 16, animate: false });
    } else {
      map.setView([(south + north) / 2, (west + east) / 2], 13, { animate: false });
    }
  }
  framed = whereabouts(map);
}

/** @param {L.Map} map */
const whereabouts = (map) => map.getCenter().toString() + map.getZoom();

/**
 * Whether the map still shows the extent that was set.
 *
 * @param {L.Map} map
 */
export const untouched = (map) => framed === whereabouts(map);

/**
 * After a change of the map's size: show the whole area again, unless the user has moved the map.
 *
 * @param {L.Map} map
 */
export function resized(map) {
  const box = map.getContainer();
  const size = map.getSize();
  if (size.x === box.clientWidth && size.y === box.clientHeight) {
    return;
  }
  const whole = untouched(map);
  if (whole && Math.min(box.clientWidth, box.clientHeight) < LEAST_PX) {
    return;
  }
  map.invalidateSize({ animate: false, pan: !whole });
  if (whole) {
    frameMap(map);
  }
}
