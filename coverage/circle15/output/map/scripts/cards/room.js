// Keep cards and short cards clear of the edges of the map and of the search box over it.

import { inside, partOf } from "../drawing/elements.js";

const EDGE_PX = 8;
const LEFT_PX = 16;
const RIGHT_PX = 56; // the zoom buttons
const BOTTOM_PX = 34; // the scale bar
const FRAME = { x: 30, y: 44 }; // around the content of a card: margins and tip

const find = () => inside(document, ".c15-find");

/**
 * @param {DOMRect} a
 * @param {DOMRect} b
 */
const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * Height of the strip along the upper edge that holds the search box.
 *
 * @param {L.Map} map
 */
function topOf(map) {
  const search = partOf("search").getBoundingClientRect();
  return search.height ? search.bottom - map.getContainer().getBoundingClientRect().top + EDGE_PX : EDGE_PX;
}

/**
 * Options of a card: as large as fits; the map moves until nothing covers it.
 *
 * @param {L.Map} map
 * @returns {L.PopupOptions}
 */
export function cardOptions(map) {
  const size = map.getSize();
  const high = topOf(map);
  const widest = Math.max(160, Math.min(330, size.x - LEFT_PX - RIGHT_PX - FRAME.x));
  return {
    maxWidth: widest,
    minWidth: Math.min(220, widest),
    maxHeight: Math.max(90, Math.min(440, size.y - high - BOTTOM_PX - FRAME.y, 0.66 * size.y)),
    autoPanPaddingTopLeft: [LEFT_PX, high],
    autoPanPaddingBottomRight: [RIGHT_PX, BOTTOM_PX],
  };
}

/**
 * Shift a short card, which follows the pointer, up or down until all of it is visible.
 *
 * @param {L.Map} map
 * @param {HTMLElement} tip
 */
function shift(map, tip) {
  tip.style.marginTop = "";
  const box = tip.getBoundingClientRect();
  const room = map.getContainer().getBoundingClientRect();
  const search = find().getBoundingClientRect();
  const under = search.height && box.left < search.right && search.left < box.right;
  const highest = under ? search.bottom + 2 : room.top + 2;
  const down = highest - box.top;
  const up = box.bottom - (room.bottom - 2);
  if (down > 0 || up > 0) {
    const step = down > 0 ? down : -Math.min(up, box.top - highest);
    tip.style.marginTop = parseFloat(getComputedStyle(tip).marginTop) + step + "px";
  }
}

/** Members of Leaflet's tooltips that its types omit.
 * @typedef {{ _setPosition: (at: L.Point) => void, _map: L.Map, _container: HTMLElement }} Tip */

/** @param {L.Map} map */
export function startClear(map) {
  const place = /** @type {Tip} */ (/** @type {unknown} */ (L.Tooltip.prototype))._setPosition;
  L.Tooltip.include({
    /**
     * @this {Tip}
     * @param {L.Point} at
     */
    _setPosition: function (at) {
      place.call(this, at);
      shift(this._map, this._container);
    },
  });
  // If the user moves a card under the search box, the search box makes room.
  const check = function () {
    const shown = map.getPane("popupPane")?.querySelector(".leaflet-popup");
    const hidden = Boolean(shown) && over(/** @type {Element} */ (shown).getBoundingClientRect(), find().getBoundingClientRect());
    find().classList.toggle("c15-under", hidden);
  };
  ["move", "moveend", "popupopen", "popupclose", "resize"].forEach((event) => map.on(event, check));
}
