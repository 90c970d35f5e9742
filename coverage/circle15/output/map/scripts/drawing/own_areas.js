// The service areas of one facility; those of all facilities fade while they are shown.

import { data, stage } from "../data/held.js";
import { say } from "../data/words.js";
import { element, partOf, shownName, svgPicture } from "./elements.js";
import { pathOptions } from "./panes.js";
import { latLng, polygons } from "./shapes.js";
import { ownStyle } from "./styles.js";

/** @import { Site } from "../data/types.js" */
/** @import { Attributes } from "./elements.js" */

/** @type {L.LayerGroup | null} */
let drawn = null;
/** @type {Site | null} */
let shown = null;

/** The facility whose service areas are drawn; null if none. */
export const ownSite = () => shown;

/** @param {Site} site */
const areasOf = (site) => (site.own === null ? null : data().own_areas[site.own]);

/**
 * Bounds of the service areas of a facility; null if it has none.
 *
 * @param {Site} site
 */
export function ownBounds(site) {
  const areas = areasOf(site) || [];
  const widest = areas[areas.length - 1] || [];
  return widest.length ? L.polygon(polygons(widest)).getBounds() : null;
}

/**
 * Draw the service areas of a facility; null removes them.
 *
 * @param {Site | null} site
 */
export function showOwn(site) {
  const { map } = stage();
  if (drawn) {
    drawn.remove();
    drawn = null;
  }
  const areas = site ? areasOf(site) : null;
  shown = areas ? site : null;
  map.getContainer().classList.toggle("c15-faded", areas !== null);
  partOf("key-own").replaceChildren(...(site && areas ? legend(site) : []));
  if (!site || !areas) {
    return;
  }
  const color = data().colours.own;
  drawn = L.layerGroup();
  for (let k = areas.length - 1; k >= 0; k -= 1) {
    const shape = polygons(areas[k]);
    const casing = { color: "#ffffff", weight: 5, opacity: 0.8, fillColor: color, fillOpacity: 0.1, smoothFactor: 0.5 };
    drawn.addLayer(L.polygon(shape, pathOptions("own", casing)));
    drawn.addLayer(L.polygon(shape, pathOptions("own", { fill: false, smoothFactor: 0.5, ...ownStyle(k, areas.length) })));
  }
  if (site.at) {
    const ring = { radius: 11, color, weight: 3, fill: false };
    drawn.addLayer(L.circleMarker(latLng(site.at), pathOptions("own", ring)));
  }
  drawn.addTo(map);
}

/** @param {Site} site */
function legend(site) {
  const cutoffs = data().cutoffs;
  const entries = cutoffs.map((minutes, k) => {
    const style = ownStyle(k, cutoffs.length);
    /** @type {Attributes} */
    const line = {
      d: "M1 6.5h24", fill: "none", stroke: style.color, "stroke-width": style.weight, "stroke-linecap": style.lineCap,
    };
    if (style.dashArray) {
      line["stroke-dasharray"] = style.dashArray;
    }
    return element("span", {}, [svgPicture(26, 13, [["path", line]]), say("within", { minutes })]);
  });
  const title = element("p", {}, [say("legend_own") + " ", shownName(site.name || site.id)]);
  return [title, ...entries];
}
