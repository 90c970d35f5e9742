// Labels on the map. If two would overlap, one is hidden until there is room.

import { element, shownName } from "./elements.js";
import { latLng, polygons } from "./shapes.js";

/** @import { Place, Polygons } from "../data/types.js" */

/**
 * Lowest zoom at which labels are shown, their class, and whether they have priority (`first`).
 *
 * @typedef {{ from: number, first?: boolean, class?: string }} LabelOptions
 */
/** @typedef {{ spans: HTMLElement[], bounds: (L.LatLngBounds | null)[], options: LabelOptions }} Group */

// Leaflet simplifies outlines, so that a drawn one may be a pixel smaller on each side.
const SMOOTHED_PX = 2;

/** @type {Set<Group>} */
const groups = new Set();

/**
 * @param {L.Map} map
 * @param {DOMRect} box
 * @param {L.LatLngBounds | null} bounds
 */
function covers(map, box, bounds) {
  if (!bounds) {
    return false;
  }
  const high = map.latLngToContainerPoint(bounds.getNorthEast());
  const low = map.latLngToContainerPoint(bounds.getSouthWest());
  return box.width > high.x - low.x - SMOOTHED_PX || box.height > low.y - high.y - SMOOTHED_PX;
}

/** @param {L.Map} map */
function thin(map) {
  /** @type {DOMRect[]} */
  const taken = [];
  /** @param {DOMRect} box */
  const clear = (box) => taken.every(
    (b) => box.left >= b.right + 4 || box.right + 4 <= b.left || box.top >= b.bottom + 2 || box.bottom + 2 <= b.top
  );
  /** @param {Group} group */
  const rank = (group) => Number(Boolean(group.options.first));
  for (const { spans, bounds, options } of [...groups].sort((a, b) => rank(b) - rank(a))) {
    for (const [k, span] of spans.entries()) {
      const box = span.getBoundingClientRect();
      const free = map.getZoom() >= options.from && clear(box) && !covers(map, box, bounds[k]);
      span.style.visibility = free ? "visible" : "hidden";
      if (free) {
        taken.push(box);
      }
    }
  }
}

/**
 * Add labels. If two would overlap, also of different groups, the later one is hidden; groups with
 * `first` have priority. A label of a `shape` is also hidden while it is larger than the shape.
 *
 * @param {L.Map} map
 * @param {{ name: string, at: Place, shape?: Polygons }[]} named
 * @param {LabelOptions} options
 */
export function labelLayer(map, named, options) {
  const layer = L.layerGroup();
  const spans = named.map(({ name, at }) => {
    const span = element("span", {}, [shownName(name)]);
    const icon = L.divIcon({ className: "c15-label " + (options.class || ""), html: span, iconSize: [0, 0] });
    const where = { icon, interactive: false, keyboard: false, pane: "c15-labels" };
    layer.addLayer(L.marker(latLng(at), where));
    return span;
  });
  const bounds = named.map(({ shape }) => (shape ? L.polygon(polygons(shape)).getBounds() : null));
  const group = { spans, bounds, options };
  const again = () => thin(map);
  layer.on("add", () => {
    groups.add(group);
    map.on("zoomend resize", again);
    again();
  });
  layer.on("remove", () => {
    groups.delete(group);
    map.off("zoomend resize", again);
    again();
  });
  return layer;
}
