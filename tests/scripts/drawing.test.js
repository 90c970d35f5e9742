// Shapes from steps, and the picture of the cells pixel by pixel.

import assert from "node:assert/strict";
import { test } from "node:test";

import { colourPixels, paintPlaces } from "../../coverage/circle15/output/map/scripts/drawing/pixels.js";
import { latLng, pointsOf, polygons } from "../../coverage/circle15/output/map/scripts/drawing/shapes.js";

test("a line is steps from the vertex before", () => {
  const points = pointsOf([12_030_000, 3_150_000, 1, 2, -1, -2]);
  assert.deepEqual(points, [[31.5, 120.3], [31.50002, 120.30001], [31.5, 120.3]]);
  assert.deepEqual(polygons([[[0, 0, 100_000, 0]]]), [[[[0, 0], [0, 1]]]]);
  assert.deepEqual(latLng([12_030_000, 3_150_000]), [31.5, 120.3]);
});

/** Cells of a size at columns and rows of pixels. */
function cells(width, height, size, left, top) {
  return { n: left.length, width, height, size, column: (name) => ({ left, top })[name] || null };
}

test("a cell fills its square, cut at the edge of the picture", () => {
  assert.deepEqual([...paintPlaces(cells(3, 2, 2, [0, 2], [0, 0]))], [0, 0, 1, 0, 0, 1]);
});

test("a seam of one pixel between cells is closed, one of two is not", () => {
  assert.deepEqual([...paintPlaces(cells(3, 1, 1, [0, 2], [0, 0]))], [0, 0, 1]);
  assert.deepEqual([...paintPlaces(cells(4, 1, 1, [0, 3], [0, 0]))], [0, -1, -1, 1]);
  assert.deepEqual([...paintPlaces(cells(1, 3, 1, [0, 0], [0, 2]))], [0, 0, 1]);
});

test("gaps are full, the covered dotted, the unknown hatched, and none is clear", () => {
  const colours = { gap: ["#010203", "#040506"], covered: "#0a0b0c", unknown: "#111213", unknown_line: "#141516" };
  const size = { width: 4, height: 3 };
  const place = Int32Array.from([0, 1, 2, 3, 0, 1, 2, -1, 0, 1, 2, 3]);
  const pixels = new Uint32Array(12);
  colourPixels(size, { place, level: Uint8Array.from([1, 0, 0, 0]) }, [1, 0, 2, 255], colours, pixels);
  const gap = ((235 << 24) | 0x060504) >>> 0;
  const covered = ((110 << 24) | 0x0c0b0a) >>> 0;
  const unknown = ((200 << 24) | 0x131211) >>> 0;
  const line = ((235 << 24) | 0x161514) >>> 0;
  assert.deepEqual([...pixels], [gap, 0, unknown, 0, gap, covered, unknown, 0, gap, 0, line, 0]);
});
