// The layers of the map, each drawn for the chosen category and cutoff.
(function (circle15) {
  "use strict";

  const data = () => circle15.data;

  circle15.countsOf = (state) => (data().counts[state.choice] || {})[state.cutoff];

  // Categories of what is chosen: one, or all that the circle requires.
  circle15.categoriesOf = function (state) {
    const choice = data().choices.find((one) => one.id === state.choice);
    return choice ? choice.categories : [];
  };

  // Facilities of the chosen categories, or those of all the others.
  circle15.sitesOf = function (state, chosen) {
    const wanted = new Set(circle15.categoriesOf(state));
    return data().facilities.filter((site) => wanted.has(site.category) === chosen);
  };

  const colourOf = (category) => data().choices.find((one) => one.id === category).colour;

  const STREETS = {
    main: { color: "#b5b0a4", weight: 2.4 },
    local: { color: "#c6c2b8", weight: 1.3 },
    path: { color: "#d8d5cd", weight: 0.7 },
  };

  function base() {
    const group = L.layerGroup();
    const barrier = circle15.drawn("base", { color: "#9db3c4", weight: 1.8, smoothFactor: 1.5 });
    group.addLayer(L.polyline(circle15.lines(data().barriers), barrier));
    for (const [name, lines] of data().base) {
      group.addLayer(L.polyline(circle15.lines(lines), circle15.drawn("base", { smoothFactor: 1.5, ...STREETS[name] })));
    }
    return group;
  }

  function outlines(state, map) {
    const group = L.layerGroup();
    const thin = { color: "#4a3b63", weight: 1.4, dashArray: "5 3", fill: false };
    const thick = { color: "#1d2733", weight: 2.6, fill: false };
    group.addLayer(L.polyline(circle15.lines(data().borders.street), circle15.drawn("outlines", thin)));
    group.addLayer(L.polygon(circle15.polygons(data().boundary), circle15.drawn("outlines", thick)));
    const named = data().zones.street.map((zone) => ({ name: zone.name, at: zone.label }));
    group.addLayer(circle15.labels(map, named, { from: 0 }));
    return group;
  }

  function served(state) {
    const areas = data().served[state.choice] || {};
    const group = L.layerGroup();
    for (const cutoff of data().cutoffs.filter((one) => one <= state.cutoff).reverse()) {
      const style = { stroke: false, fillColor: circle15.servedColour(cutoff), fillOpacity: 1, smoothFactor: 0.6 };
      group.addLayer(L.polygon(circle15.polygons(areas[cutoff] || []), circle15.drawn("served", style)));
    }
    return group;
  }

  // Facilities are smaller on a small map, which they would cover otherwise.
  const SMALL_MAP_PX = 560;
  const CLOSE_UP = 15;
  const RADIUS = { chosen: [6, 4], others: [4.5, 3] };

  function radius(map, chosen) {
    const small = Math.min(map.getSize().x, map.getSize().y) < SMALL_MAP_PX;
    return RADIUS[chosen ? "chosen" : "others"][Number(small && map.getZoom() < CLOSE_UP)];
  }

  function sites(state, chosen, map) {
    const group = L.layerGroup();
    const size = radius(map, chosen);
    const rank = { open: 2, planned: 1 };
    const shown = circle15.sitesOf(state, chosen).filter((site) => site.at);
    shown.sort((a, b) => (rank[a.status] || 0) - (rank[b.status] || 0));
    for (const site of shown) {
      const look = circle15.siteStyle(site.status, colourOf(site.category), !site.snap);
      const style = {
        radius: size, color: look.stroke, weight: look["stroke-width"], fillColor: look.fill,
        fillOpacity: 1, dashArray: look["stroke-dasharray"] || null, interactive: true, bubblingMouseEvents: false,
      };
      const marker = L.circleMarker(circle15.place(site.at), circle15.drawn("sites", style));
      circle15.tied(marker, "sites", circle15.siteKey(site));
      const label = circle15.labelOf(site.category) + ": " + (site.name || site.id);
      group.addLayer(circle15.pickable(marker, "site", site, label));
    }
    const again = () => group.eachLayer((marker) => marker.setRadius(radius(map, chosen)));
    group.on("add", () => map.on("zoomend resize", again));
    group.on("remove", () => map.off("zoomend resize", again));
    return group;
  }

  function shareColour(counts) {
    const total = counts ? circle15.sum(counts) : 0;
    if (total === 0 || counts.persons[2] * 2 > total) {
      return "#c9c9c9";
    }
    const percent = (100 * counts.persons[1]) / total;
    return data().colours.share[data().colours.share_steps.filter((bound) => percent >= bound).length];
  }

  function communities(state, map) {
    const group = L.layerGroup();
    const level = areasLevel(state);
    const zones = data().zones[level];
    for (const zone of zones) {
      const counts = (zone.counts[state.choice] || {})[state.cutoff];
      const style = { stroke: false, fillColor: shareColour(counts), fillOpacity: 0.82, interactive: true };
      const area = L.polygon(circle15.polygons(zone.shape), circle15.drawn("areas", style));
      circle15.pickable(area, level, zone, zone.name);
      area.on("mouseover", () => area.setStyle({ stroke: true, weight: 2.5, color: "#000000" }));
      area.on("mouseout", () => area.setStyle({ stroke: false }));
      group.addLayer(circle15.tied(area, level, zone.id));
    }
    const border = { color: "#6d6d6d", weight: 0.8 };
    group.addLayer(L.polyline(circle15.lines(data().borders[level]), circle15.drawn("outlines", border)));
    if (level === "community") {
      const named = zones.map((zone) => ({ name: zone.name, at: zone.label }));
      group.addLayer(circle15.labels(map, named, { from: 14, class: "c15-small" }));
    }
    return group;
  }

  // Communities, or streets where these are chosen or the study has nothing else.
  const areasLevel = (state) => (state.list === "street" || !data().zones.community.length ? "street" : "community");

  const areasName = () => (data().zones.community.length ? "communities" : "streets");

  function residential() {
    const group = L.layerGroup();
    for (const zone of data().residential) {
      const style = {
        color: "#222222", weight: 1.5, fillColor: data().colours.verdicts[zone.verdict || "none"],
        fillOpacity: 0.75, interactive: true, radius: 9,
      };
      const options = circle15.drawn("zones", style);
      const shape = zone.shape.length
        ? L.polygon(circle15.polygons(zone.shape), options)
        : zone.at && L.circleMarker(circle15.place(zone.at), options);
      if (shape) {
        circle15.tied(shape, "zones", zone.id);
        group.addLayer(circle15.pickable(shape, "residential", zone, zone.name));
      }
    }
    return group;
  }

  // Tiles of a map service, in the online variant alone.
  function tiles() {
    const { layers, deepest, attribution } = data().tiles;
    document.querySelector(".c15-online-note").textContent = attribution;
    const options = { maxNativeZoom: deepest, maxZoom: 19, pane: "tilePane" };
    return L.layerGroup(layers.map((address) => L.tileLayer(address, options)));
  }

  // What can be shown, in the order of the legend. `fixed` layers are the same for every choice.
  circle15.layers = function () {
    const found = new Set(data().facilities.map((site) => site.category));
    const someAreas = data().zones.community.length + data().zones.street.length > 0;
    return [
      { id: "people", build: circle15.peopleLayer, shown: data().choices.length > 0 },
      { id: "served", build: served, shown: data().choices.length > 0 },
      { id: "sites", build: (state, map) => sites(state, true, map), shown: data().choices.length > 0 },
      { id: "others", build: (state, map) => sites(state, false, map), shown: found.size > 1 },
      { id: "communities", build: communities, shown: someAreas, name: areasName() },
      { id: "gaps", build: circle15.gapLayer, shown: Object.keys(data().gaps).length > 0 },
      { id: "residential", build: residential, fixed: true, shown: data().residential.length > 0 },
      { id: "lost", build: circle15.lostLayer, fixed: true, shown: true },
      { id: "outlines", build: outlines, fixed: true, shown: data().boundary.length + data().zones.street.length > 0 },
      { id: "base", build: base, fixed: true, shown: true },
      { id: "tiles", build: tiles, fixed: true, shown: Boolean(data().tiles) },
    ].filter((layer) => layer.shown);
  };

  // Which layers answer a question; each view is a button above the legend.
  circle15.views = function () {
    const known = new Set(circle15.layers().map((layer) => layer.id));
    // Streets of our own, or those of the map service.
    const ground = data().tiles ? "tiles" : "base";
    return [
      { id: "people", layers: ["people", "served", "sites", "outlines", ground] },
      { id: "facilities", layers: ["served", "sites", "outlines", ground], needs: "sites" },
      { id: "communities", layers: ["communities", "outlines", ground], name: areasName(), needs: "communities" },
      { id: "gaps", layers: ["gaps", "people", "outlines", ground], needs: "gaps" },
      { id: "residential", layers: ["residential", "outlines", ground] },
      { id: "quality", layers: ["lost", "people", "outlines", ground] },
    ].filter((view) => {
      const judged = view.id === "residential" && data().residential.length + data().rules.length > 0;
      return judged || (view.id !== "residential" && (!view.needs || known.has(view.needs)));
    });
  };
})((window.circle15 = window.circle15 || {}));
