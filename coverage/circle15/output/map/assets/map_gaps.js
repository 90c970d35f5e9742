// Layers of the views on gaps and on the quality of the data.
(function (circle15) {
  "use strict";

  const say = (key, values) => circle15.say("map." + key, values);

  circle15.gapsOf = function (state) {
    const none = { areas: [], more: 0, more_persons: 0 };
    return (circle15.data.gaps[state.choice] || {})[state.cutoff] || none;
  };

  // Outlines of the gap areas with their ranks.
  circle15.gapLayer = function (state, map) {
    const group = L.layerGroup();
    const found = circle15.gapsOf(state);
    const style = { color: "#1d2733", weight: 1.8, fillColor: "#ffffff", fillOpacity: 0, interactive: true };
    found.areas.forEach((area) => {
      const shape = L.polygon(circle15.polygons(area.shape), circle15.drawn("gaps", style));
      circle15.pickable(shape, "gap", area, title(area));
      group.addLayer(circle15.tied(shape, "gaps", area.rank));
    });
    const named = found.areas.map((area) => ({ name: String(area.rank), at: area.at, shape: area.shape }));
    group.addLayer(circle15.labels(map, named, { from: 0, first: true, class: "c15-rank" }));
    return group;
  };

  const people = (n) => circle15.amount(n, "map.persons");
  const title = (area) => say("gap_area", { rank: area.rank, n: circle15.number(area.persons) });

  // What the people of an area do not reach, and how far the farthest of it is.
  function lackingRows(area, state) {
    const lacks = Object.entries(area.lacks).sort((a, b) => b[1] - a[1]);
    const heading = lacks.length ? [[say("gap_by_service", { minutes: state.cutoff })]] : [];
    return [...heading, ...lacks.map(([category, n]) => [circle15.name(circle15.labelOf(category)), people(n)])];
  }

  // Rounded up to the second, as the report has it.
  function median(area) {
    const { people: layer, judge } = circle15.data;
    if (area.median_s === null) {
      return say("place_beyond", { minutes: layer.horizon_min });
    }
    const seconds = Math.ceil(area.median_s);
    return say("gap_time_" + judge, { m: Math.floor(seconds / 60), s: seconds % 60 });
  }

  function zoneRows(area) {
    const level = circle15.data.zones.community.length ? "community" : "street";
    const rows = area.zones.map(([k, n]) => [circle15.name(circle15.data.zones[level][k].name), people(n)]);
    if (area.more_zones) {
      rows.push([say("gap_more_zones", { n: circle15.number(area.more_zones) }), people(area.more_in_zones)]);
    }
    return rows.length ? [[say("gap_zones_" + level)], ...rows] : [];
  }

  circle15.gapCard = function (area, state) {
    const rows = [
      [say("gap_group", { group: circle15.data.group }), people(area.persons)],
      [say("column_cells"), circle15.number(area.cells)],
      [say("gap_median"), median(area)],
      ...lackingRows(area, state),
      ...zoneRows(area),
    ];
    const what = [circle15.labelOf(state.choice), say("minutes", { n: state.cutoff })].join(" · ");
    const shown = circle15.element("p", { class: "c15-source" }, [what]);
    // The layer has the areas of the whole circle alone.
    const whole = state.choice === circle15.headline() && state.cutoff === circle15.data.cutoffs.at(-1);
    const origin = whole ? circle15.origins("", "gap_areas", "rank", area.rank) : [];
    return circle15.card(title(area), rows, [], [shown, ...origin]);
  };

  circle15.gapBrief = (area, state) =>
    circle15.card(title(area), [[say("gap_median"), median(area)], ...lackingRows(area, state)], []);

  circle15.lostSites = () => circle15.data.facilities.filter((site) => site.at && (site.snap || site.unsure));

  // Homes and sites that did not join the network.
  circle15.lostLayer = function () {
    const group = L.layerGroup();
    const at = (place, style) => group.addLayer(L.circleMarker(circle15.place(place), circle15.drawn("lost", style)));
    for (const home of circle15.data.quality.homes) {
      at(home.at, { radius: 3.5, color: "#111111", weight: 1.2, fillColor: "#ffffff", fillOpacity: 1 });
    }
    for (const site of circle15.lostSites()) {
      at(site.at, { radius: 7, color: "#111111", weight: 2.2, dashArray: "3 2", fillColor: "#ffe066", fillOpacity: 1 });
    }
    return group;
  };
})((window.circle15 = window.circle15 || {}));
