// The people layer: drawn for the chosen category and cutoff; each place tells what is known of it.
(function (circle15) {
  "use strict";

  const say = (key, values) => circle15.say("map." + key, values);
  const NEAR_PX = 3;

  // What is worked out once for all choices: persons and parts of each place, and its pixels.
  function prepared(people) {
    if (!people.known) {
      const known = circle15.partsOf(people);
      known.level = Uint8Array.from(known.persons, (persons) => circle15.levelOf(people, persons));
      if (people.kind === "cells") {
        known.place = circle15.paint(people);
        known.canvas = circle15.element("canvas", { width: people.width, height: people.height, "aria-hidden": "true" });
      }
      people.known = known;
    }
    return people.known;
  }

  const codesOf = (people, state) => people.column("code:" + state.choice + ":" + state.cutoff);

  circle15.peopleLayer = function (state, map) {
    const people = circle15.data.people;
    const codes = people && codesOf(people, state);
    const group = L.layerGroup();
    if (codes) {
      const known = prepared(people);
      const at = people.kind === "cells" ? drawCells(group, people, known, codes) : drawPoints(group, people, known, codes, map);
      giveTips(group, map, at, (k) => circle15.placeCard(k, state));
    }
    return group;
  };

  // Draw the picture of the cells; return a function from a position to a cell.
  function drawCells(group, people, known, codes) {
    const [south, west, north, east] = people.bounds;
    const brush = known.canvas.getContext("2d");
    const image = brush.createImageData(people.width, people.height);
    circle15.colourPixels(people, known, codes, new Uint32Array(image.data.buffer));
    brush.putImageData(image, 0, 0);
    const options = { pane: "c15-people", className: "c15-pixels" };
    // Leaflet lays any element over the map in this way.
    group.addLayer(L.svgOverlay(known.canvas, [[south, west], [north, east]], options));
    const mercator = (lat) => Math.asinh(Math.tan((lat * Math.PI) / 180));
    const top = mercator(north);
    const down = people.height / (top - mercator(south));
    return function (at) {
      const row = Math.floor((top - mercator(at.lat)) * down);
      const col = Math.floor(((at.lng - west) / (east - west)) * people.width);
      const inside = row >= 0 && row < people.height && col >= 0 && col < people.width;
      return inside ? known.place[row * people.width + col] : -1;
    };
  }

  // Draw a circle for each place, gaps above the others; return a function from a position to a place.
  function drawPoints(group, people, known, codes, map) {
    const most = known.persons.reduce((a, b) => Math.max(a, b), 1);
    const colours = circle15.data.colours;
    const styles = {
      covered: { stroke: false, fillColor: colours.covered, fillOpacity: 0.3 },
      unknown: { color: colours.unknown_line, weight: 1.2, dashArray: "2 2", fillColor: colours.unknown, fillOpacity: 0.8 },
      gap: { color: "#ffffff", weight: 0.6, fillOpacity: 0.92 },
    };
    const east = people.column("east");
    const north = people.column("north");
    const drawn = [];
    for (const wanted of ["covered", "unknown", "gap"]) {
      for (let k = 0; k < people.n; k += 1) {
        const found = circle15.stateOf(people, codes[k]);
        if (!found || found[0] !== wanted) {
          continue;
        }
        const at = L.latLng(north[k] / 1e5 - 180, east[k] / 1e5 - 180);
        const radius = 2 + 7 * Math.sqrt(known.persons[k] / most);
        const fill = wanted === "gap" ? { fillColor: colours.gap[known.level[k]] } : {};
        group.addLayer(L.circleMarker(at, circle15.drawn("people", { radius: radius, ...styles[wanted], ...fill })));
        drawn.push([k, at, radius]);
      }
    }
    return function (where) {
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

  // Tell of the place under the pointer; a click or tap keeps it open.
  function giveTips(group, map, placeAt, build) {
    const tip = L.tooltip({ opacity: 1, direction: "auto", className: "c15-tip" });
    let shown = -1;
    const hide = function () {
      shown = -1;
      map.closeTooltip(tip);
    };
    const taken = (event) => event.target.closest(".leaflet-interactive, .leaflet-control, .leaflet-popup");
    const move = function (event) {
      const where = map.mouseEventToLatLng(event);
      const k = taken(event) ? -1 : placeAt(where);
      if (k < 0) {
        hide();
        return;
      }
      if (k !== shown) {
        tip.setContent(build(k));
        shown = k;
      }
      tip.setLatLng(where);
      map.openTooltip(tip);
    };
    const keep = function (event) {
      const k = taken(event.originalEvent) ? -1 : placeAt(event.latlng);
      if (k >= 0) {
        hide();
        circle15.openCard(map, event.latlng, build(k));
      }
    };
    const box = map.getContainer();
    group.on("add", () => {
      box.addEventListener("mousemove", move);
      box.addEventListener("mouseleave", hide);
      map.on("movestart", hide);
      map.on("click", keep);
    });
    group.on("remove", () => {
      box.removeEventListener("mousemove", move);
      box.removeEventListener("mouseleave", hide);
      map.off("movestart", hide);
      map.off("click", keep);
      hide();
    });
  }

  // A card at a position, as a click on a shape opens it.
  circle15.openCard = function (map, at, content) {
    const popup = L.popup(circle15.cardOptions(map));
    popup.setLatLng(at).setContent(content).openOn(map);
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", say("close"));
  };

  // What is known of a place: its people, states, minutes, reasons, zones and source.
  circle15.placeCard = function (k, state) {
    const people = circle15.data.people;
    const known = prepared(people);
    const choice = circle15.data.choices.find((one) => one.id === state.choice);
    const rows = [[circle15.data.group_drawn, circle15.amount(known.persons[k], "map.persons")]];
    const reasons = new Set();
    for (const category of [choice.id, ...(choice.categories.includes(choice.id) ? [] : choice.categories)]) {
      const found = circle15.stateOf(people, people.column("code:" + category + ":" + state.cutoff)[k]);
      const word = found ? circle15.say("states." + found[0]) : say("not_known");
      rows.push([circle15.labelOf(category), circle15.element("span", {}, [circle15.element("b", {}, [word]), ...nearest(people, k, category)])]);
      if (found && found[1]) {
        reasons.add(found[1]);
      }
    }
    const notes = [...reasons].map((one) =>
      say("place_reason", { reason: circle15.say("reasons." + one), settle: circle15.say("reasons." + one + "_settle") })
    );
    const { names, source } = partsOf(people, known, k);
    rows.push(...names);
    return circle15.card(say("place_" + people.kind, { minutes: state.cutoff }), rows, notes, source);
  };

  // Time to the nearest site of a category, and its name; nothing for the whole circle.
  function nearest(people, k, category) {
    const seconds = people.column("seconds:" + category);
    if (!seconds) {
      return [];
    }
    const value = seconds[k] - 1;
    const time = value < 0
      ? say("place_beyond", { minutes: people.horizon_min })
      : say("place_time_" + circle15.data.judge, { m: Math.floor(value / 60), s: value % 60 });
    const site = circle15.data.facilities[people.column("site:" + category)[k]];
    return [" · " + time, ...(site ? [circle15.element("br"), circle15.name(site.name || site.id)] : [])];
  }

  // Zones and sources of the parts of a place; people of each zone where it lies in several.
  function partsOf(people, known, k) {
    const zones = circle15.data.zones;
    const names = [];
    const sources = new Set();
    const [begin, end] = [known.first[k], known.first[k + 1]];
    const micro = people.column("micro");
    for (let part = begin; part < end; part += 1) {
      const community = zones.community[people.column("community")[part]];
      const street = zones.street[people.column("street")[part]];
      const name = [street, community].filter(Boolean).map((zone) => circle15.name(zone.name));
      if (name.length) {
        const share = end - begin > 1 ? [" · " + circle15.amount(micro[part] / 1e6, "map.persons")] : [];
        const gap = name.length > 1 ? [name[0], " ", name[1]] : name;
        names.push([part === begin ? say("place_zone") : "", circle15.element("span", {}, [...gap, ...share])]);
      }
      const own = circle15.ids ? circle15.ids[part] : "";
      const id = own && (own.startsWith(":") ? own : " · " + own);
      sources.add(people.sources[people.column("source")[part]] + id);
    }
    return { names: names, source: [...sources].join("; ") };
  }
})((window.circle15 = window.circle15 || {}));
