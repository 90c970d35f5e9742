// Panes of the map and their renderers: canvas on the screen, SVG for printing.

/** @type {[name: string, level: number, still: boolean][]} */
const PANES = [
  // From the bottom up; panes that are `still` let pointer events through to those below.
  ["base", 210, true], ["served", 220, true], ["people", 230, true], ["gains", 235, true], ["areas", 240, false],
  ["gaps", 245, false], ["own", 246, true], ["outlines", 250, true], ["zones", 260, false], ["lost", 265, true],
  ["sites", 270, false], ["labels", 280, true], ["tried", 285, false], ["mark", 290, true],
];

const TOUCHED = new Set(["areas", "gaps", "own", "zones", "sites", "mark"]);

/** @type {Map<string, L.Renderer>} */
const renderers = new Map();

/** Switch between drawing for the screen (canvas) and for print (SVG). */
export const drawing = { vector: false };

/** @param {L.Map} map */
export function addPanes(map) {
  for (const [name, level, still] of PANES) {
    const pane = map.createPane("c15-" + name);
    pane.style.zIndex = String(level);
    pane.classList.toggle("c15-still", still);
  }
}

/**
 * A pane of ours.
 *
 * @param {L.Map} map
 * @param {string} name
 */
export function paneOf(map, name) {
  const pane = map.getPane("c15-" + name);
  if (!pane) {
    throw new Error("the map has no pane " + name);
  }
  return pane;
}

/** @param {string} name */
function rendererOf(name) {
  const asLines = drawing.vector || TOUCHED.has(name);
  const key = name + asLines;
  const options = { pane: "c15-" + name, padding: 0.3 };
  const made = renderers.get(key) || (asLines ? L.svg(options) : L.canvas(options));
  renderers.set(key, made);
  return made;
}

/** Remove unused canvases, which printers turn into white areas. */
export function dropCanvases() {
  for (const [key, renderer] of [...renderers]) {
    if (renderer instanceof L.Canvas) {
      renderer.remove();
      renderers.delete(key);
    }
  }
}

/**
 * Options of a path in a pane.
 *
 * @template {L.PathOptions} Options
 * @param {string} pane
 * @param {Options} style
 */
export function pathOptions(pane, style) {
  return { pane: "c15-" + pane, renderer: rendererOf(pane), interactive: false, ...style };
}
