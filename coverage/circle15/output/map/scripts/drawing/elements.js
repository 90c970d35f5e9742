// Elements and small pictures. Text from data is inserted as text, never as HTML.

/** @import { Child } from "../data/types.js" */

const LONG_NAME = 40;

// A longer run of letters than any word of ours may be broken anywhere, as it would widen its
// column. File names and ids are broken after punctuation first.
const LONG_WORD = 17;
const AFTER_SIGNS = /(?<=[_:/\\=@&+])(?=[^\s_:/\\=@&+])|(?<=\.)(?=\p{L}{3})/u;

/**
 * Make an element.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number>} [properties] attributes; `class` is one of them
 * @param {Child[]} [children]
 */
export function element(name, properties = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    made.setAttribute(key, String(value));
  }
  made.append(...children);
  return made;
}

/**
 * The element of the page with an id of ours.
 *
 * @param {string} id the part after `c15-`
 */
export function partOf(id) {
  const found = document.getElementById("c15-" + id);
  if (!found) {
    throw new Error("the page has no part " + id);
  }
  return found;
}

/**
 * The first element that a selector finds inside another one.
 *
 * @param {ParentNode} root
 * @param {string} selector
 */
export function inside(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) {
    throw new Error("the page has no " + selector);
  }
  return found;
}

/**
 * A text with break opportunities, as the content of an element.
 *
 * @param {string} text
 */
export function breakable(text) {
  /** @type {Child[]} */
  const made = [];
  for (const token of text.split(/(\s+)/u)) {
    token.split(token.length > 8 ? AFTER_SIGNS : /$^/u).forEach((part, k) => {
      made.push(...(k ? [element("wbr")] : []));
      made.push(part.length > LONG_WORD ? element("span", { class: "c15-long" }, [part]) : part);
    });
  }
  return made;
}

/**
 * A name from data, isolated from the text direction around it; a name that may be cut off on the
 * page is shown in full as a tooltip.
 *
 * @param {string} text
 */
export function shownName(text) {
  /** @type {Record<string, string>} */
  const more = text.length > LONG_NAME ? { title: text } : {};
  return element("bdi", more, breakable(text));
}

/** @typedef {Record<string, string | number>} Attributes */

/**
 * Make an SVG picture of w × h from shapes: their names and attributes.
 *
 * @param {number} w
 * @param {number} h
 * @param {[string, Attributes][]} shapes
 */
export function svgPicture(w, h, shapes) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const size = { width: w, height: h, viewBox: "0 0 " + w + " " + h, "aria-hidden": "true" };
  Object.entries(size).forEach(([key, value]) => picture.setAttribute(key, String(value)));
  for (const [name, attributes] of shapes) {
    const shape = document.createElementNS(space, name);
    Object.entries(attributes).forEach(([key, value]) => shape.setAttribute(key, String(value)));
    picture.append(shape);
  }
  return picture;
}
