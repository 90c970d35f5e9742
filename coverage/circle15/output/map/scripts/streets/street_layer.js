// The layer of streets and barriers: one picture of what is seen, and some room around it.

import { data } from "../data/held.js";
import { element } from "../drawing/elements.js";
import { drawing, paneOf } from "../drawing/panes.js";
import { Blocks } from "./blocks.js";
import { holds, missing, padded } from "./frames.js";
import { isCrowded, paint, vectorPicture, verticesIn } from "./painting.js";
import { inSlices } from "./slices.js";

/** @import { Frame, Ground } from "../data/types.js" */

// Room around the view, in shares of its sides: the picture has the first, and is painted anew below the second.
const [ROOM, LEAST_ROOM] = [0.2, 0.05];
// A sheet with more vertices is printed as a picture of so many pixels for each of the sheet.
const [MOST_IN_PRINT, PRINT_RATIO] = [400_000, 3];

/** What of the streets is drawn, for tests: `busy` while a picture is painted. */
export const streets = {
  busy: false,
  /** @type {Blocks | null} */
  blocks: null,
};

/** @typedef {{ frame: Frame, picture: HTMLCanvasElement | SVGSVGElement, crowded: boolean }} Shown */

/** @param {Ground} ground */
function linesOf(ground) {
  streets.blocks ??= new Blocks(ground);
  return { blocks: streets.blocks, classes: ground.classes, bits: ground.bits };
}

/**
 * @param {unknown} _
 * @param {L.Map} map
 */
export function streetLayer(_, map) {
  const group = L.layerGroup();
  const lines = linesOf(data().ground);
  const isVector = drawing.vector;
  /** @type {Shown | null} */
  let shown = null;
  /** @type {{ cancel: () => void } | null} */
  let work = null;

  /** @param {Shown} made */
  const show = function (made) {
    const picture = made.picture;
    picture.classList.add("leaflet-zoom-animated");
    picture.setAttribute("aria-hidden", "true");
    shown?.picture.remove();
    paneOf(map, "base").append(picture);
    shown = made;
    stop();
    place();
  };

  const stop = function () {
    work?.cancel();
    work = null;
    streets.busy = false;
  };

  /**
   * Put the picture where it belongs at a zoom, as large as it is there.
   *
   * @param {number} [zoom]
   * @param {L.Point} [origin] of the layers' pixels
   */
  const place = function (zoom = map.getZoom(), origin = map.getPixelOrigin()) {
    if (shown) {
      const scale = map.getZoomScale(zoom, shown.frame.zoom);
      const corner = L.point(shown.frame.left, shown.frame.top).multiplyBy(scale).subtract(origin);
      L.DomUtil.setTransform(/** @type {HTMLElement} */ (shown.picture), corner, scale);
    }
  };

  /** @param {L.ZoomAnimEvent} event */
  const animate = function ({ zoom, center }) {
    const half = map.getSize().divideBy(2);
    const moved = L.DomUtil.getPosition(map.getPane("mapPane") || map.getContainer());
    place(zoom, map.project(center, zoom).subtract(half).add(moved).round());
  };

  const paintView = function () {
    const { min, max } = map.getPixelBounds();
    const view = padded({
      zoom: map.getZoom(),
      left: min?.x || 0,
      top: min?.y || 0,
      width: (max?.x || 0) - (min?.x || 0),
      height: (max?.y || 0) - (min?.y || 0),
    }, 0);
    place();
    if (view.width < 1 || view.height < 1 || holds(shown && shown.frame, view, LEAST_ROOM)) {
      return;
    }
    stop();
    const frame = padded(view, isVector ? LEAST_ROOM : ROOM);
    if (isVector && verticesIn(lines, frame) <= MOST_IN_PRINT) {
      show({ frame, picture: vectorPicture(lines, frame), crowded: false });
      return;
    }
    const ratio = isVector ? PRINT_RATIO : L.Browser.retina ? 2 : 1;
    const picture = element("canvas", { width: frame.width * ratio, height: frame.height * ratio });
    picture.style.width = frame.width + "px";
    picture.style.height = frame.height + "px";
    const brush = picture.getContext("2d");
    if (!brush) {
      return;
    }
    // A picture at the same zoom goes on as it is, and only what it does not show is painted.
    const older = shown?.frame.zoom === frame.zoom && shown.picture instanceof HTMLCanvasElement ? shown : null;
    if (older) {
      const [left, top] = [older.frame.left - frame.left, older.frame.top - frame.top];
      brush.drawImage(/** @type {HTMLCanvasElement} */ (older.picture), left * ratio, top * ratio);
    }
    const crowded = older ? older.crowded : isVector || isCrowded(lines, frame);
    const steps = paint(lines, brush, frame, missing(frame, older && older.frame), { ratio, crowded });
    streets.busy = true;
    picture.classList.toggle("c15-pixels", isVector);
    // A sheet is printed as soon as it is laid out.
    work = inSlices(steps, () => show({ frame, picture, crowded }), isVector ? Infinity : undefined);
  };

  const events = { zoom: () => place(), viewreset: () => place(), zoomanim: animate, moveend: paintView };
  group.on("add", () => {
    map.on(events);
    paintView();
  });
  group.on("remove", () => {
    map.off(events);
    stop();
    shown?.picture.remove();
    shown = null;
  });
  return group;
}
