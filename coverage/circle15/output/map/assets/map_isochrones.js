// The areas of one facility: from where it alone is reached; those of all the others fade.
(function (circle15) {
  "use strict";

  const colour = () => circle15.data.colours.own;
  // Lines from the shortest walk to the longest, so that they differ without their colour, too.
  const DASHES = ["1 5", "6 5", "14 5"];

  function look(k, n) {
    const dash = k === n - 1 ? null : DASHES[Math.min(k, DASHES.length - 1)];
    return { color: colour(), weight: k === n - 1 ? 2.6 : 2, dashArray: dash, lineCap: dash === "1 5" ? "round" : "butt" };
  }

  let drawn = null;
  let shown = null;

  // The facility whose areas are drawn; null where there is none.
  circle15.ownSite = () => shown;

  const areasOf = (site) => (site.own === null ? null : circle15.data.own_areas[site.own]);

  // Box around the areas of a facility; null where it has none.
  circle15.ownBounds = function (site) {
    const widest = (areasOf(site) || []).at(-1) || [];
    return widest.length ? L.polygon(circle15.polygons(widest)).getBounds() : null;
  };

  // Draw the areas of a facility; null takes them away.
  circle15.showOwn = function (site) {
    const { map } = circle15.stage;
    if (drawn) {
      drawn.remove();
      drawn = null;
    }
    const areas = site ? areasOf(site) : null;
    shown = areas ? site : null;
    map.getContainer().classList.toggle("c15-faded", areas !== null);
    const key = document.getElementById("c15-key-own");
    key.replaceChildren(...(areas ? legend(site) : []));
    if (!areas) {
      return;
    }
    drawn = L.layerGroup();
    for (let k = areas.length - 1; k >= 0; k -= 1) {
      const shape = circle15.polygons(areas[k]);
      const casing = { color: "#ffffff", weight: 5, opacity: 0.8, fillColor: colour(), fillOpacity: 0.1, smoothFactor: 0.5 };
      drawn.addLayer(L.polygon(shape, circle15.drawn("own", casing)));
      drawn.addLayer(L.polygon(shape, circle15.drawn("own", { fill: false, smoothFactor: 0.5, ...look(k, areas.length) })));
    }
    const ring = { radius: 11, color: colour(), weight: 3, fill: false };
    drawn.addLayer(L.circleMarker(circle15.place(site.at), circle15.drawn("own", ring)));
    drawn.addTo(map);
  };

  function legend(site) {
    const cutoffs = circle15.data.cutoffs;
    const entries = cutoffs.map((minutes, k) => {
      const style = look(k, cutoffs.length);
      const line = {
        d: "M1 6.5h24", fill: "none", stroke: style.color, "stroke-width": style.weight, "stroke-linecap": style.lineCap,
      };
      if (style.dashArray) {
        line["stroke-dasharray"] = style.dashArray;
      }
      const picture = circle15.picture(26, 13, [["path", line]]);
      return circle15.element("span", {}, [picture, circle15.say("map.within", { minutes: minutes })]);
    });
    const title = circle15.element("p", {}, [circle15.say("map.legend_own") + " ", circle15.name(site.name || site.id)]);
    return [title, ...entries];
  }
})((window.circle15 = window.circle15 || {}));
