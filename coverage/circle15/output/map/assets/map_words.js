// Words, numbers and elements. Text from data enters the page as text, never as HTML.
(function (circle15) {
  "use strict";

  circle15.data = null;

  // Return a message with its values filled in, as the Python side does.
  circle15.say = function (key, values) {
    const template = circle15.data.words[key];
    if (template === undefined) {
      throw new Error("no message " + key);
    }
    return template.replace(/\{(\w+)\}/g, (whole, name) => String(values[name]));
  };

  // Print a number; text is one that Python has printed, as the report does.
  circle15.number = function (value) {
    if (typeof value === "string") {
      return value;
    }
    if (value > 0 && value < 0.005) {
      return "<0.01";
    }
    return new Intl.NumberFormat(circle15.data.language, { maximumFractionDigits: 2 }).format(value);
  };

  // Number with its unit; the word for unknown where there is none.
  circle15.amount = function (value, unit) {
    return value === null || value === undefined
      ? circle15.say("map.not_known")
      : circle15.say(unit, { n: circle15.number(value) });
  };

  // Make an element: properties, then children (elements or text).
  circle15.element = function (name, properties, children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties || {})) {
      if (key === "class") {
        made.className = value;
      } else {
        made.setAttribute(key, value);
      }
    }
    (children || []).forEach((child) => made.append(child));
    return made;
  };

  const LONG_NAME = 40;

  // No word of ours is as long: a longer run of letters may be broken anywhere, else it would
  // widen its column. Names of files and ids are broken after their signs first.
  const LONG_WORD = 17;
  const AFTER_SIGNS = /(?<=[_:/\\=@&+])(?=[^\s_:/\\=@&+])|(?<=\.)(?=\p{L}{3})/u;

  circle15.breakable = function (text) {
    const made = [];
    for (const token of text.split(/(\s+)/u)) {
      token.split(token.length > 8 ? AFTER_SIGNS : /$^/u).forEach((part, k) => {
        made.push(...(k ? [circle15.element("wbr")] : []));
        made.push(part.length > LONG_WORD ? circle15.element("span", { class: "c15-long" }, [part]) : part);
      });
    }
    return made;
  };

  // A name from data, kept apart from the direction of the text around it; one that may be cut
  // off on the page shows in full under the pointer.
  circle15.name = function (text) {
    return circle15.element("bdi", text.length > LONG_NAME ? { title: text } : {}, circle15.breakable(text));
  };

  // Make an SVG picture of w × h from shapes: [name, attributes].
  circle15.picture = function (w, h, shapes) {
    const space = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(space, "svg");
    const size = { width: w, height: h, viewBox: "0 0 " + w + " " + h, "aria-hidden": "true" };
    Object.entries(size).forEach(([key, value]) => picture.setAttribute(key, value));
    for (const [name, attributes] of shapes) {
      const shape = document.createElementNS(space, name);
      Object.entries(attributes).forEach(([key, value]) => shape.setAttribute(key, value));
      picture.append(shape);
    }
    return picture;
  };
})((window.circle15 = window.circle15 || {}));
