// The tables beside the map, and the ties between their rows and the shapes.
(function (circle15) {
  "use strict";

  const say = (key, values) => circle15.say("map." + key, values);
  const box = (id) => document.getElementById("c15-" + id);
  const sorts = {};
  let shown = null;
  let marker = null;

  // Name of a row of the facilities; one site may have several.
  circle15.siteKey = (site) => String(circle15.data.facilities.indexOf(site));

  // Draw a frame around what a row is about, over all else; null takes it away.
  function point(map, where) {
    if (marker) {
      marker.remove();
      marker = null;
    }
    if (!where) {
      return;
    }
    const under = circle15.drawn("mark", { color: "#ffffff", weight: 7, fill: false, radius: 11 });
    const over = circle15.drawn("mark", { color: "#111111", weight: 3, fill: false, radius: 11 });
    const shape = (style) =>
      where.at
        ? L.circleMarker(circle15.place(where.at), style)
        : L.polygon(circle15.polygons(where.shape), style);
    marker = L.layerGroup([shape(under), shape(over)]).addTo(map);
  }

  function go(map, where) {
    if (!where) {
      return;
    }
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (where.at) {
      map.setView(circle15.place(where.at), Math.max(map.getZoom(), 16), { animate: !still });
    } else {
      const bounds = L.polygon(circle15.polygons(where.shape)).getBounds();
      map.fitBounds(bounds, { padding: [40, 40], maxZoom: 16.5, animate: !still });
    }
  }

  // Open the card of a row; closing it gives the focus back to the row.
  const pick = ([kind, item]) => circle15.pick(kind, item, { opener: document.activeElement, travel: true });

  // While the pointer is over a shape, mark its row in the table that is open.
  circle15.tied = function (layer, list, key) {
    layer.on("mouseover", () => shown && shown.list === list && shown.table.mark(key));
    layer.on("mouseout", () => shown && shown.list === list && shown.table.mark(null));
    return layer;
  };

  // The list that is open; the first one of the view until another one is chosen.
  function chosen(state) {
    const lists = circle15.lists(state.view);
    return lists.find((one) => one.id === state.list) || lists[0] || null;
  }

  circle15.listOf = function (state) {
    const list = chosen(state);
    return list ? list.id : null;
  };

  function tabs(state, choose) {
    const lists = circle15.lists(state.view);
    const current = circle15.listOf(state);
    const made = lists.map((one) => {
      const tab = circle15.element("button", { type: "button", "data-id": one.id }, [say("list_" + one.id)]);
      tab.setAttribute("aria-pressed", String(one.id === current));
      tab.addEventListener("click", () => choose(one.id));
      return tab;
    });
    const old = document.activeElement;
    const held = old && old.parentElement === box("lists") ? old.dataset.id : null;
    box("lists").replaceChildren(...made);
    box("lists").hidden = lists.length < 2;
    const again = made.find((tab) => tab.dataset.id === held);
    if (again) {
      again.focus();
    }
  }

  // Show the table of the view, category and cutoff; `choose` opens another list of the view.
  circle15.showDock = function (map, state, choose) {
    const list = chosen(state);
    const was = document.body.classList.contains("c15-docked");
    document.body.classList.toggle("c15-docked", list !== null);
    point(map, null);
    shown = null;
    if (was !== (list !== null)) {
      circle15.resized(map);
    }
    if (!list) {
      box("dock-body").replaceChildren();
      return;
    }
    const built = list.build(state);
    const key = state.view + "/" + list.id;
    sorts[key] = sorts[key] && built.columns.some((one) => one.id === sorts[key].column) ? sorts[key] : built.sort;
    tabs(state, choose);
    box("dock-title").textContent = built.title;
    box("dock-note").textContent = built.note || "";
    const table = circle15.table(box("dock-body"), {
      ...built,
      sort: sorts[key],
      empty: say("empty_" + list.id),
      hover: (row) => point(map, row && built.where(row)),
      press: (row) => (built.picks ? pick(built.picks(row)) : go(map, built.where(row))),
    });
    shown = { list: list.id, table: table };
  };
})((window.circle15 = window.circle15 || {}));
