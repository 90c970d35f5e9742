// The sheet that is printed: the map of now with title, legend, figures and fields, on A4 or A3.
(function (circle15) {
  "use strict";

  const say = (key, values) => circle15.say("map." + key, values);
  const box = (id) => document.getElementById("c15-" + id);
  const SIZES = ["A4", "A3"];
  const MARGIN_MM = 8;
  const page = new CSSStyleSheet();
  const fields = { unit: "", approval: "" };
  let size = null;

  // A copy without the ids, which a page may have only once.
  function copy(element) {
    const made = element.cloneNode(true);
    [made, ...made.querySelectorAll("[id]")].forEach((one) => one.removeAttribute("id"));
    made.removeAttribute("aria-live");
    return made;
  }

  const line = (text, name) => circle15.element("p", name ? { class: name } : {}, [text]);

  function field(key) {
    const input = circle15.element("input", { type: "text", maxlength: "60" });
    input.value = fields[key];
    input.addEventListener("input", () => (fields[key] = input.value));
    return circle15.element("label", {}, [say("print_" + key), input]);
  }

  function head(state) {
    const title = circle15.element("p", { class: "c15-sheet-title" }, [circle15.name(document.querySelector(".c15-panel h1").textContent)]);
    const view = box("views").querySelector('[aria-checked="true"]');
    const what = say("print_what", {
      view: view ? view.textContent : "", what: circle15.labelOf(state.choice), minutes: state.cutoff,
    });
    const synthetic = copy(document.querySelector(".c15-synthetic"));
    box("sheet-head").replaceChildren(title, line(what, "c15-sheet-what"), synthetic);
  }

  function plate() {
    const legend = copy(box("legend"));
    legend.className = "c15-sheet-legend";
    // As the other dates are written: Sweden writes them so.
    const made = new Date().toLocaleDateString("sv-SE");
    const stamp = () => circle15.element("div", { class: "c15-stamp" }, [say("print_stamp")]);
    const signing = circle15.data.approval ? [stamp(), field("unit"), field("approval")] : [field("unit")];
    const room = circle15.data.approval ? "c15-signing" : "c15-signing c15-unstamped";
    box("plate").replaceChildren(
      copy(box("figures")),
      circle15.element("h2", {}, [say("legend")]),
      legend,
      circle15.element("h2", {}, [say("print_parameters")]),
      ...circle15.data.parameters.map((text) => line(text)),
      line(say("print_date", { date: made })),
      circle15.element("div", { class: room }, signing)
    );
    const spans = [...document.querySelectorAll(".c15-footer span:not(.c15-approval)")];
    const footer = spans.filter((span) => span.textContent);
    box("sheet-foot").replaceChildren(...footer.map(copy));
  }

  // Lay the page out as a sheet, null as it was; the map keeps what it shows.
  function lay(map, update, chosen) {
    const bounds = map.getBounds();
    const whole = circle15.untouched(map);
    size = chosen;
    document.body.classList.toggle("c15-sheet", size !== null);
    SIZES.forEach((one) => document.body.classList.toggle("c15-" + one, one === size));
    page.replaceSync(size ? "@page { size: " + size + " landscape; margin: " + MARGIN_MM + "mm; }" : "");
    circle15.vector = size !== null;
    // The card goes, but the areas of its facility are printed.
    const own = chosen ? circle15.ownSite() : null;
    map.closePopup();
    circle15.showOwn(own);
    update();
    if (size) {
      circle15.dropCanvases();
    }
    map.invalidateSize({ animate: false, pan: false });
    if (whole) {
      circle15.frame(map);
    } else {
      map.fitBounds(bounds, { animate: false });
    }
  }

  // Fill the sheet for what is chosen now.
  circle15.showSheet = function (state) {
    if (size) {
      head(state);
      plate();
      box("print-sizes").querySelectorAll("button").forEach((button) => {
        button.setAttribute("aria-pressed", String(button.dataset.id === size));
      });
    }
  };

  circle15.preparePrint = function (map, update) {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, page];
    const open = () => {
      lay(map, update, "A4");
      box("print-now").focus();
    };
    const close = () => {
      lay(map, update, null);
      box("print").focus();
    };
    box("print").addEventListener("click", open);
    box("print-close").addEventListener("click", close);
    box("print-now").addEventListener("click", () => window.print());
    box("print-sizes").replaceChildren(
      ...SIZES.map((one) => {
        const button = circle15.element("button", { type: "button", "data-id": one }, [one]);
        button.addEventListener("click", () => lay(map, update, one));
        return button;
      })
    );
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && size) {
        close();
      }
    });
    // Printed straight from the browser's menu: the same sheet.
    let own = false;
    window.addEventListener("beforeprint", () => {
      own = size === null;
      if (own) {
        lay(map, update, "A4");
      }
    });
    window.addEventListener("afterprint", () => {
      if (own) {
        lay(map, update, null);
      }
      own = false;
    });
  };
})((window.circle15 = window.circle15 || {}));
