// Shapes: from lists of integers (degrees × 10⁵, each vertex a step from the last) to Leaflet.
(function (circle15) {
  "use strict";

  const SCALE = 100000;

  circle15.place = function (at) {
    return [at[1] / SCALE, at[0] / SCALE];
  };

  circle15.line = function (flat) {
    const points = [];
    let lon = 0;
    let lat = 0;
    for (let i = 0; i < flat.length; i += 2) {
      lon += flat[i];
      lat += flat[i + 1];
      points.push([lat / SCALE, lon / SCALE]);
    }
    return points;
  };

  circle15.lines = (list) => list.map(circle15.line);

  circle15.polygons = (list) => list.map(circle15.lines);

  // Panes from the ground up; those that take no pointer let it through to the ones below.
  const PANES = [
    ["base", 210, true], ["served", 220, true], ["people", 230, true], ["areas", 240, false],
    ["gaps", 245, false], ["own", 246, true], ["outlines", 250, true], ["zones", 260, false], ["lost", 265, true],
    ["sites", 270, false], ["labels", 280, true], ["mark", 290, true],
  ];

  const TOUCHED = new Set(["areas", "gaps", "own", "zones", "sites", "mark"]);

  circle15.vector = false;

  circle15.addPanes = function (map) {
    for (const [name, level, still] of PANES) {
      const pane = map.createPane("c15-" + name);
      pane.style.zIndex = String(level);
      pane.classList.toggle("c15-still", still);
    }
    const made = {};
    // On paper all is drawn as lines, not as pixels.
    circle15.renderer = function (name) {
      const lines = circle15.vector || TOUCHED.has(name);
      const key = name + lines;
      made[key] = made[key] || (lines ? L.svg : L.canvas)({ pane: "c15-" + name, padding: 0.3 });
      return made[key];
    };
    // Take away the canvases that nothing is drawn on any more: printers make them white sheets.
    circle15.dropCanvases = function () {
      for (const key of Object.keys(made).filter((one) => made[one] instanceof L.Canvas)) {
        made[key].remove();
        delete made[key];
      }
    };
  };

  // Options of a path in a pane.
  circle15.drawn = function (pane, style) {
    return { pane: "c15-" + pane, renderer: circle15.renderer(pane), interactive: false, ...style };
  };

  // Names at places; where two would overlap, also of other groups, one is hidden until there is
  // room: the later one, and names before those of a group that comes `first`. One that names a
  // `shape` is hidden, too, while it is larger than that and would cover it.
  const groups = new Set();

  function covers(map, box, bounds) {
    if (!bounds) {
      return false;
    }
    const high = map.latLngToContainerPoint(bounds.getNorthEast());
    const low = map.latLngToContainerPoint(bounds.getSouthWest());
    return box.width > high.x - low.x || box.height > low.y - high.y;
  }

  function thin(map) {
    const taken = [];
    const clear = (box) => taken.every(
      (b) => box.left >= b.right + 4 || box.right + 4 <= b.left || box.top >= b.bottom + 2 || box.bottom + 2 <= b.top
    );
    for (const { spans, bounds, options } of [...groups].sort((a, b) => Boolean(b.options.first) - Boolean(a.options.first))) {
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

  circle15.labels = function (map, named, options) {
    const group = L.layerGroup();
    const spans = named.map(({ name, at }) => {
      const span = circle15.element("span", {}, [circle15.name(name)]);
      const icon = L.divIcon({ className: "c15-label " + (options.class || ""), html: span, iconSize: [0, 0] });
      const where = { icon: icon, interactive: false, keyboard: false, pane: "c15-labels" };
      group.addLayer(L.marker(circle15.place(at), where));
      return span;
    });
    const bounds = named.map(({ shape }) => (shape ? L.polygon(circle15.polygons(shape)).getBounds() : null));
    const member = { spans: spans, bounds: bounds, options: options };
    const again = () => thin(map);
    group.on("add", () => {
      groups.add(member);
      map.on("zoomend resize", again);
      again();
    });
    group.on("remove", () => {
      groups.delete(member);
      map.off("zoomend resize", again);
      again();
    });
    return group;
  };
})((window.circle15 = window.circle15 || {}));
