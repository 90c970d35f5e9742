// The panel: views, categories, cutoffs, figures and layers; and the start of everything.
(function (circle15) {
  "use strict";

  const say = (key, values) => circle15.say("map." + key, values);
  const box = (id) => document.getElementById("c15-" + id);
  let framed = "";

  // Fill a group with buttons; pressing one calls `press` with its id.
  function buttons(group, entries, press) {
    group.replaceChildren(
      ...entries.map(({ id, content }) => {
        const button = circle15.element("button", { type: "button", role: "radio", "data-id": id }, content);
        button.addEventListener("click", () => press(id));
        return button;
      })
    );
    circle15.radioKeys(group);
  }

  function choiceContent(choice) {
    const circle = { cx: 6, cy: 6, r: 5, fill: choice.colour, stroke: "#ffffff", "stroke-width": 1 };
    return [
      circle15.picture(12, 12, [["circle", circle]]),
      circle15.element("span", {}, [circle15.name(choice.label)]),
      circle15.element("span", { class: "c15-share" }),
    ];
  }

  // A circle of one service is that service: it is not offered twice.
  const isOne = (choice) => choice.id === "all" && choice.categories.length === 1;
  const offered = () => circle15.data.choices.filter((choice) => !isOne(choice));

  circle15.headline = function () {
    const [first] = circle15.data.choices;
    return first ? (isOne(first) ? first.categories[0] : first.id) : "";
  };

  const capital = (text) => text.charAt(0).toLocaleUpperCase(circle15.data.language) + text.slice(1);

  // Figures of the choice: a bar, people by state, and their sum.
  function showFigures(state) {
    if (!state.choice) {
      box("figures").replaceChildren(circle15.element("p", {}, [say("no_choices")]));
      return;
    }
    const counts = circle15.countsOf(state);
    const heading = circle15.element("h2", {}, [
      say("figures", { group: capital(circle15.data.group), what: circle15.labelOf(state.choice), minutes: state.cutoff }),
    ]);
    if (!counts || circle15.sum(counts) === 0) {
      box("figures").replaceChildren(heading, circle15.element("p", {}, [say("nobody")]));
      return;
    }
    const colours = circle15.data.colours.states;
    const total = circle15.sum(counts);
    const shapes = [];
    let start = 0;
    counts.persons.forEach((count, k) => {
      shapes.push(["rect", { x: start, y: 0, width: (100 * count) / total, height: 10, fill: colours[k] }]);
      start += (100 * count) / total;
    });
    const bar = circle15.picture(100, 10, shapes);
    bar.setAttribute("preserveAspectRatio", "none");
    const rows = ["covered", "gap", "unknown"].map((name, k) =>
      row(circle15.say("states." + name), counts.persons[k], counts.shares[k], colours[k])
    );
    rows.push(row(say("sum"), total, "100.0%", "none"));
    const table = circle15.element("table", { class: "c15-figures" }, [circle15.element("tbody", {}, rows)]);
    box("figures").replaceChildren(heading, circle15.element("div", { class: "c15-bar" }, [bar]), table);
  }

  function row(word, count, percent, colour) {
    const swatch = circle15.picture(16, 10, [["rect", { width: 10, height: 10, fill: colour }]]);
    return circle15.element("tr", {}, [
      circle15.element("th", { scope: "row" }, [swatch, word]),
      circle15.element("td", {}, [circle15.amount(count, "map.persons")]),
      circle15.element("td", {}, [percent]),
    ]);
  }

  // Put the layers that are on onto the map; draw again those that depend on the choice.
  function showLayers(map, state, layers) {
    for (const layer of layers) {
      const on = state.on.has(layer.id);
      const chosen = layer.fixed ? [] : [state.choice, state.cutoff, layer.id === "communities" ? state.list : ""];
      const key = [circle15.vector, ...chosen].join("/");
      if (layer.drawn && (!on || layer.key !== key)) {
        layer.drawn.remove();
        layer.drawn = null;
      }
      if (on && !layer.drawn) {
        layer.drawn = layer.build(state, map).addTo(map);
        layer.key = key;
      }
      layer.input.checked = on;
      layer.legend.replaceChildren(...(on ? circle15.legends[layer.id](state) : []));
    }
  }

  function layerList(layers, toggle) {
    for (const layer of layers) {
      layer.input = circle15.element("input", { type: "checkbox", id: "c15-layer-" + layer.id });
      layer.input.addEventListener("change", () => toggle(layer.id, layer.input.checked));
      layer.legend = circle15.element("div", { class: "c15-key", id: "c15-key-" + layer.id });
      box("layers").append(circle15.element("label", {}, [layer.input, say("layer_" + (layer.name || layer.id))]));
      box("legend").append(layer.legend);
    }
  }

  function controls(map) {
    L.control.scale({ imperial: false, maxWidth: 130, position: "bottomright" }).addTo(map);
    L.control
      .zoom({ position: "topright", zoomInTitle: say("zoom_in"), zoomOutTitle: say("zoom_out") })
      .addTo(map);
    const north = L.control({ position: "bottomright" });
    north.onAdd = () => circle15.element("div", { class: "c15-north" }, ["↑", circle15.element("br"), say("north")]);
    north.addTo(map);
  }

  // A page in a hidden tab or frame gives the map no room: it is framed when it has some.
  const LEAST_PX = 80;
  const hasRoom = (map) => Math.min(map.getSize().x, map.getSize().y) >= LEAST_PX;

  circle15.frame = function (map) {
    const bounds = circle15.data.bounds;
    map.getContainer().setAttribute("aria-label", say("map_label"));
    map.getContainer().setAttribute("role", "region");
    if (bounds) {
      const [south, west, north, east] = bounds;
      // On the screen the search stands above the map's upper edge; a sheet has none.
      const room = { paddingTopLeft: [14, circle15.vector ? 14 : 50], paddingBottomRight: [14, 14] };
      if (hasRoom(map)) {
        map.fitBounds([[south, west], [north, east]], { ...room, maxZoom: 16, animate: false });
      } else {
        map.setView([(south + north) / 2, (west + east) / 2], 13, { animate: false });
      }
    }
    framed = map.getCenter().toString() + map.getZoom();
  };

  circle15.untouched = (map) => framed === map.getCenter().toString() + map.getZoom();

  // The map has another size now: show the whole area again, unless somebody has moved the map.
  circle15.resized = function (map) {
    const box = map.getContainer();
    const size = map.getSize();
    if (size.x === box.clientWidth && size.y === box.clientHeight) {
      return;
    }
    const untouched = circle15.untouched(map);
    if (untouched && Math.min(box.clientWidth, box.clientHeight) < LEAST_PX) {
      return;
    }
    map.invalidateSize({ animate: false, pan: !untouched });
    if (untouched) {
      circle15.frame(map);
    }
  };

  // Reads the data, then shows them. `circle15.ready` is kept when the map can be used.
  circle15.start = function (map) {
    circle15.ready = circle15.readData().then((data) => {
      if (data) {
        circle15.data = data;
        show(map);
        setTimeout(circle15.readIds);
      }
    });
  };

  function show(map) {
    const data = circle15.data;
    const views = circle15.views();
    const layers = circle15.layers();
    const state = {
      view: views[0].id,
      choice: circle15.headline(),
      cutoff: data.cutoffs[data.cutoffs.length - 1],
      on: new Set(views[0].layers),
      list: null,
    };
    box("views").hidden = views.length < 2;
    const update = function () {
      circle15.markRadio(box("views"), state.view);
      circle15.markRadio(box("choices"), state.choice);
      circle15.markRadio(box("cutoffs"), state.cutoff);
      box("choices").querySelectorAll("button").forEach((button) => {
        const counts = circle15.countsOf({ choice: button.dataset.id, cutoff: state.cutoff });
        button.querySelector(".c15-share").textContent = counts ? counts.shares[0] : "–";
      });
      const what = { what: circle15.labelOf(state.choice), minutes: state.cutoff };
      box("legend-title").textContent = state.choice ? say("legend_title", what) : say("legend");
      state.list = circle15.listOf(state);
      showFigures(state);
      showLayers(map, state, layers);
      circle15.showDock(map, state, set("list", String));
      circle15.showSheet(state);
      circle15.settleStops();
    };
    const toggle = (id, on) => {
      state.on[on ? "add" : "delete"](id);
      update();
    };
    circle15.stage = { map: map, state: state, turnOn: (id) => state.on.has(id) || toggle(id, true) };
    const set = (key, read) => (value) => {
      state[key] = read(value);
      map.closePopup();
      update();
    };
    circle15.addPanes(map);
    circle15.frame(map);
    controls(map);
    new ResizeObserver(() => circle15.resized(map)).observe(map.getContainer());
    buttons(box("views"), views.map((view) => ({ id: view.id, content: [say("view_" + (view.name || view.id))] })), (id) => {
      state.on = new Set(views.find((view) => view.id === id).layers);
      set("view", String)(id);
    });
    buttons(box("choices"), offered().map((one) => ({ id: one.id, content: choiceContent(one) })), set("choice", String));
    const cutoffs = data.cutoffs.map((cutoff) => ({ id: cutoff, content: [say("minutes", { n: cutoff })] }));
    buttons(box("cutoffs"), cutoffs, set("cutoff", Number));
    box("legend").append(circle15.element("div", { class: "c15-key", id: "c15-key-own" }));
    layerList(layers, toggle);
    circle15.startSearch();
    circle15.startKeys(map);
    circle15.startClear(map);
    update();
    circle15.preparePrint(map, update);
  }
})((window.circle15 = window.circle15 || {}));
