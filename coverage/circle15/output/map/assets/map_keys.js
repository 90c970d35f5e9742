// Keys: groups of radio buttons, ways between shapes on the map, and the list of all keys.
(function (circle15) {
  "use strict";

  const say = (key, values) => circle15.say("map." + key, values);
  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const PANES = ["areas", "gaps", "zones", "sites"];

  // Make a group of buttons one stop for Tab; arrows, Home and End choose within it.
  circle15.radioKeys = function (group) {
    group.addEventListener("keydown", (event) => {
      const buttons = [...group.querySelectorAll("[role=radio]")];
      const here = buttons.indexOf(event.target);
      const ends = { Home: 0, End: buttons.length - 1 };
      let next = ends[event.key];
      if (event.key in STEPS) {
        next = (here + STEPS[event.key] + buttons.length) % buttons.length;
      }
      if (here >= 0 && next !== undefined) {
        event.preventDefault();
        buttons[next].focus();
        buttons[next].click();
      }
    });
  };

  // Show which button of a group is chosen; Tab stops there.
  circle15.markRadio = function (group, id) {
    const buttons = [...group.querySelectorAll("[role=radio]")];
    const chosen = buttons.find((button) => button.dataset.id === String(id)) || buttons[0];
    for (const button of buttons) {
      button.setAttribute("aria-checked", String(button.dataset.id === String(id)));
      button.setAttribute("tabindex", button === chosen ? "0" : "-1");
    }
  };

  const shapesOf = (pane) => [...pane.querySelectorAll("[role=button]")];

  // Each pane of shapes is one stop for Tab: the shape that was last there, else the middle one.
  circle15.settleStops = function () {
    const { map } = circle15.stage;
    const away = (shape) => (shape.circle15.place ? map.distance(map.getCenter(), shape.circle15.place) : Infinity);
    for (const name of PANES) {
      const shapes = shapesOf(map.getPane("c15-" + name));
      if (shapes.length && !shapes.some((shape) => shape.getAttribute("tabindex") === "0")) {
        shapes.reduce((a, b) => (away(b) < away(a) ? b : a)).setAttribute("tabindex", "0");
      }
    }
  };

  // The nearest shape in the direction of an arrow; ways to the side count double.
  function neighbour(map, shapes, from, [east, south]) {
    const start = map.latLngToLayerPoint(from.circle15.place);
    let best = null;
    let least = Infinity;
    for (const shape of shapes) {
      const { x, y } = map.latLngToLayerPoint(shape.circle15.place).subtract(start);
      const along = x * east + y * south;
      const cost = along + 2 * Math.abs(x * south + y * east);
      if (shape !== from && along > 0.5 && cost < least) {
        best = shape;
        least = cost;
      }
    }
    return best;
  }

  function shapeKeys(map, pane) {
    pane.addEventListener("keydown", (event) => {
      const shape = event.target.closest("[role=button]");
      if (!shape || !shape.circle15 || event.ctrlKey || event.altKey || event.metaKey) {
        return;
      }
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        shape.circle15.open();
      } else if (event.key in WAYS) {
        event.preventDefault();
        const next = neighbour(map, shapesOf(pane), shape, WAYS[event.key]);
        if (next) {
          next.focus({ preventScroll: true });
        }
      }
    });
    pane.addEventListener("focusin", (event) => {
      const shape = event.target;
      if (shape.circle15) {
        pane.querySelectorAll('[tabindex="0"]').forEach((old) => old.setAttribute("tabindex", "-1"));
        shape.setAttribute("tabindex", "0");
        if (shape.matches(":focus-visible") && shape.circle15.place) {
          map.panInside(shape.circle15.place, { padding: [60, 60], animate: false });
        }
      }
    });
  }

  function help() {
    const rows = ["tab", "arrows", "zoom", "enter", "escape", "search", "help"].map((key) =>
      circle15.element("tr", {}, [
        circle15.element("th", { scope: "row" }, say("key_" + key).split(" ").map((cap) => circle15.element("kbd", {}, [cap]))),
        circle15.element("td", {}, [say("key_" + key + "_does")]),
      ])
    );
    const close = circle15.element("button", { type: "button" }, [say("close")]);
    const title = circle15.element("h2", { id: "c15-keys-title" }, [say("keys_title")]);
    const table = circle15.element("table", {}, [circle15.element("tbody", {}, rows)]);
    const dialog = circle15.element("dialog", { id: "c15-keys", "aria-labelledby": "c15-keys-title" }, [title, table, close]);
    close.addEventListener("click", () => dialog.close());
    document.body.append(dialog);
    return dialog;
  }

  circle15.startKeys = function (map) {
    const dialog = help();
    const input = document.getElementById("c15-search");
    document.getElementById("c15-keys-button").addEventListener("click", () => dialog.showModal());
    PANES.forEach((name) => shapeKeys(map, map.getPane("c15-" + name)));
    const does = {
      "?": () => dialog.showModal(),
      "/": () => input.select(),
      Escape: circle15.unpick,
      "+": () => map.zoomIn(),
      "=": () => map.zoomIn(),
      "-": () => map.zoomOut(),
    };
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
      const taken = event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || dialog.open;
      // Leaflet zooms by itself while the map has the focus.
      const zoomed = event.target === map.getContainer() && "+=-".includes(event.key);
      if (taken || zoomed || !does[event.key] || (typing && event.key !== "Escape")) {
        return;
      }
      event.preventDefault();
      does[event.key]();
    });
  };
})((window.circle15 = window.circle15 || {}));
