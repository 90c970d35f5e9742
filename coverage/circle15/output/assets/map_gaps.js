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
    found.areas.forEach((area, k) => {
      const shape = L.polygon(circle15.polygons(area.shape), circle15.drawn("gaps", style));
      const said = { rank: k + 1, n: circle15.number(area.persons) };
      shape.bindTooltip(() => circle15.element("span", {}, [say("gap_area", said)]), { sticky: true });
      group.addLayer(circle15.tied(shape, "gaps", k + 1));
    });
    const named = found.areas.map((area, k) => ({ name: String(k + 1), at: area.at }));
    group.addLayer(circle15.labels(map, named, { from: 0, first: true, class: "c15-rank" }));
    return group;
  };

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
