// The picture of streets and barriers: on a canvas in steps, or as SVG.

import { Ink } from "./ink.js";
import { boxOf, placing } from "./frames.js";
import { PathText, trace } from "./tracing.js";

/** @import { Frame, Rect } from "../data/types.js" */
/** @import { Blocks } from "./blocks.js" */

/** Colour, width in pixels, and by how much lines get thinner with each zoom below `FULL_WIDTH`.
 * @type {Record<string, { colour: string, width: number, far: number }>} */
const STYLES = {
  barrier: { colour: "#9db3c4", width: 1.8, far: 0.7 },
  path: { colour: "#d8d5cd", width: 0.7, far: 0.5 },
  local: { colour: "#c6c2b8", width: 1.3, far: 0.5 },
  main: { colour: "#b5b0a4", width: 2.4, far: 0.75 },
};

// Streets come closer to each other than their width on maps of large areas: small ones keep their width on the ground.
const [FULL_WIDTH, LEAST_PX] = [12, 0.1];
// A picture of more vertices shows how much lines cover each pixel; they are so short that no line is seen by itself.
const MOST_ONE_BY_ONE = 40_000;
const ROOM_PX = 4;
// Vertices this close are passed over, in pixels of the screen and of the print, which is finer.
const [SCREEN_PX, PRINT_PX] = [0.75, 0.3];

/**
 * Width of the lines of a class, pixels.
 *
 * @param {string} name
 * @param {number} zoom
 */
export function widthAt(name, zoom) {
  const { width, far } = STYLES[name];
  return Math.max(LEAST_PX, width * far ** Math.max(0, FULL_WIDTH - zoom));
}

/** @typedef {{ blocks: Blocks, classes: string[], bits: number }} Lines */

/**
 * Whether a picture of a frame shows coverage rather than lines.
 *
 * @param {Lines} lines
 * @param {Frame} frame
 */
export const isCrowded = (lines, frame) => verticesIn(lines, frame) > MOST_ONE_BY_ONE;

/**
 * Paint parts of a frame on an empty canvas, one step after the other; each takes some milliseconds at most.
 *
 * @param {Lines} lines
 * @param {CanvasRenderingContext2D} brush
 * @param {Frame} frame
 * @param {Rect[]} parts
 * @param {{ ratio: number, crowded: boolean }} how `ratio`: pixels of the canvas for each of the frame
 */
export function* paint(lines, brush, frame, parts, { ratio, crowded }) {
  for (const part of parts) {
    yield* (crowded ? inked : stroked)(lines, brush, { frame, part, ratio });
  }
}

/**
 * The classes with their blocks in a part of a frame, in drawing order.
 *
 * @param {Lines} lines
 * @param {Frame} frame
 * @param {Rect} part
 */
function blocksIn(lines, frame, part) {
  const box = boxOf(frame, part, lines.bits, ROOM_PX);
  return lines.classes.map((name, kind) => ({ name, blocks: lines.blocks.within(kind, box) }));
}

/** @param {Frame} frame @returns {Rect} */
const whole = ({ width, height }) => ({ x: 0, y: 0, width, height });

/** @typedef {{ frame: Frame, part: Rect, ratio: number }} Patch */

/**
 * @param {Lines} lines
 * @param {CanvasRenderingContext2D} brush
 * @param {Patch} patch
 */
function* stroked(lines, brush, { frame, part, ratio }) {
  const place = placing(frame, { x: 0, y: 0 }, lines.bits);
  for (const { name, blocks } of blocksIn(lines, frame, part)) {
    for (const k of blocks) {
      brush.save();
      brush.scale(ratio, ratio);
      brush.beginPath();
      brush.rect(part.x, part.y, part.width, part.height);
      brush.clip();
      brush.beginPath();
      trace(lines.blocks.linesOf(k), place, SCREEN_PX, brush);
      brush.lineJoin = "round";
      brush.lineCap = "round";
      brush.lineWidth = widthAt(name, frame.zoom);
      brush.strokeStyle = STYLES[name].colour;
      brush.stroke();
      brush.restore();
      yield;
    }
  }
}

/**
 * @param {Lines} lines
 * @param {CanvasRenderingContext2D} brush
 * @param {Patch} patch
 */
function* inked(lines, brush, { frame, part, ratio }) {
  // What lies on the rim is not drawn whole.
  const rim = ROOM_PX * ratio;
  const place = placing(frame, { x: part.x - ROOM_PX, y: part.y - ROOM_PX }, lines.bits, ratio);
  const [width, height] = [part.width * ratio, part.height * ratio];
  const ink = new Ink(width + 2 * rim, height + 2 * rim);
  const image = new ImageData(ink.width, ink.height);
  const pixels = new Uint32Array(image.data.buffer);
  for (const { name, blocks } of blocksIn(lines, frame, part)) {
    for (const k of blocks) {
      ink.add(lines.blocks.linesOf(k), place, widthAt(name, frame.zoom) * ratio);
      yield;
    }
    if (blocks.length) {
      ink.pour(STYLES[name].colour, pixels);
      yield;
    }
  }
  brush.putImageData(image, part.x * ratio - rim, part.y * ratio - rim, rim, rim, width, height);
  yield;
}

/**
 * Number of vertices that a frame shows.
 *
 * @param {Lines} lines
 * @param {Frame} frame
 */
export function verticesIn(lines, frame) {
  let sum = 0;
  for (const { blocks } of blocksIn(lines, frame, whole(frame))) {
    sum = blocks.reduce((all, k) => all + lines.blocks.vertices[k], sum);
  }
  return sum;
}

/**
 * The frame as SVG, a path for each class.
 *
 * @param {Lines} lines
 * @param {Frame} frame
 */
export function vectorPicture(lines, frame) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("width", String(frame.width));
  picture.setAttribute("height", String(frame.height));
  const place = placing(frame, { x: 0, y: 0 }, lines.bits);
  for (const { name, blocks } of blocksIn(lines, frame, whole(frame))) {
    const pen = new PathText();
    for (const k of blocks) {
      trace(lines.blocks.linesOf(k), place, PRINT_PX, pen);
    }
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", pen.text());
    path.setAttribute("fill", "none");
    path.setAttribute("stroke", STYLES[name].colour);
    path.setAttribute("stroke-width", String(widthAt(name, frame.zoom)));
    path.setAttribute("stroke-linejoin", "round");
    path.setAttribute("stroke-linecap", "round");
    picture.append(path);
  }
  return picture;
}
