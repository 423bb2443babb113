/** Links between words whose widths change while a reader goes through a training. */

/** @import { Part } from "./types.js" */
import { replace, svg } from "./dom.js";
import { number, phrase, printable } from "./texts.js";

const LINE = 24; // pixels from word to word
const WIDEST = 12; // pixels of a weight of 1
const MANY = 25;
const STRONGEST = 3;
const MASS = 0.95;
const MIDDLE = 190;

/**
 * @typedef {object} Moving
 * @property {SVGElement} element
 * @property {(frame: Frame) => void} show
 *
 * @typedef {object} Frame
 * @property {Part} part
 * @property {number | null} layer
 * @property {number | null} head
 * @property {string[]} queries
 * @property {string[]} keys
 * @property {Float64Array} weights queries × keys
 * @property {number[]} looked places of the words looked at, among the queries
 */

/** The picture, which keeps its lines from frame to frame, so that they can move. @returns {Moving} */
export function movingLines() {
  const element = svg("svg", { class: "moving", role: "img" });
  let drawn = "";
  /** @type {SVGElement[]} */
  let lines = [];
  return {
    element,
    show(frame) {
      const { part, layer, head, queries, keys, weights } = frame;
      const words = JSON.stringify([part, layer, head, queries, keys]);
      if (words !== drawn) lines = draw(element, frame);
      drawn = words;
      const kept = keptLinks(frame);
      lines.forEach((line, i) => {
        const shown = kept.has(i);
        line.setAttribute("data-weight", weights[i].toFixed(6));
        line.setAttribute("stroke-width", String(shown ? WIDEST * weights[i] : 0));
        line.classList.toggle("hidden-link", !shown);
      });
      for (const word of element.querySelectorAll(".word")) {
        const looked = word.getAttribute("data-side") === "from" && frame.looked.includes(Number(word.getAttribute("data-position")));
        word.classList.toggle("looked", looked);
      }
      element.setAttribute("aria-label", phrase("Attention lines; the thickest: {links}", { links: thickest(frame) }));
    },
  };
}

/** What the picture leaves out. @param {Frame} frame */
export function leftOut({ queries }) {
  return queries.length > MANY
    ? phrase("Of each word the {count} strongest lines are drawn.", { count: STRONGEST })
    : phrase("The thinnest lines, 5 % of the attention in all, are left out.");
}

/** How wide a line is. */
export function widthSaid() {
  return phrase("A line is {pixels} pixels × its weight wide.", { pixels: WIDEST });
}

/**
 * The links that a person can tell apart, by the rule of all pictures of attention: of many words the
 * strongest of each, else the largest that together make up most of what is shown.
 * @param {Frame} frame
 * @returns {Set<number>} places among the weights
 */
export function keptLinks({ queries, keys, weights, looked }) {
  const columns = keys.length;
  const rows = looked.length ? looked : [...queries.keys()];
  const inRow = (/** @type {number} */ row) => Array.from({ length: columns }, (_, column) => row * columns + column);
  const byWeight = (/** @type {number[]} */ places) => places.sort((a, b) => weights[b] - weights[a]);
  if (rows.length > MANY) {
    return new Set(rows.flatMap((row) => byWeight(inRow(row)).slice(0, STRONGEST)).filter((i) => weights[i] > 0));
  }
  const places = byWeight(rows.flatMap(inRow));
  const enough = MASS * places.reduce((sum, i) => sum + weights[i], 0);
  const kept = new Set();
  let total = 0;
  for (const i of places) {
    if (total >= enough) break;
    total += weights[i];
    kept.add(i);
  }
  return kept;
}

/**
 * @param {SVGElement} element
 * @param {Frame} frame
 * @returns {SVGElement[]} a line for each weight
 */
function draw(element, { part, layer, head, queries, keys }) {
  const room = Math.max(40, ...[...queries, ...keys].map(widthOf)) + 10;
  const [left, right] = [room, room + MIDDLE];
  const high = LINE * Math.max(queries.length, keys.length) + 8;
  const middle = (/** @type {number} */ place) => LINE * place + LINE / 2 + 4;
  const bend = (left + right) / 2;
  const lines = queries.flatMap((_, from) => keys.map((__, to) => svg("path", {
    class: "link",
    "data-part": part,
    "data-layer": layer ?? "",
    "data-head": head ?? "",
    "data-from": from,
    "data-to": to,
    d: `M${left},${middle(from)}C${bend},${middle(from)} ${bend},${middle(to)} ${right},${middle(to)}`,
  })));
  const word = (/** @type {string} */ side, /** @type {number} */ x) => (/** @type {string} */ one, /** @type {number} */ place) =>
    svg("text", { class: "word", "data-side": side, "data-position": place, x, y: middle(place) + 5 }, printable(one));
  element.setAttribute("viewBox", `0 0 ${right + room} ${high}`);
  element.setAttribute("width", String(right + room));
  element.setAttribute("height", String(high));
  replace(element, lines, queries.map(word("from", left - 6)), keys.map(word("to", right + 6)));
  return lines;
}

/** @param {Frame} frame */
function thickest({ queries, keys, weights, looked }) {
  const columns = keys.length;
  const rows = looked.length ? looked : [...queries.keys()];
  const places = rows.flatMap((row) => keys.map((_, column) => row * columns + column));
  return places.sort((a, b) => weights[b] - weights[a]).slice(0, 3).map((i) =>
    `${printable(queries[Math.floor(i / columns)])} → ${printable(keys[i % columns])} ${number(weights[i], 3)}`).join("; ");
}

/** About how wide a word is, in pixels. @param {string} word */
function widthOf(word) {
  return [...printable(word)].reduce((sum, one) => sum + (one > "\u2e7f" ? 16 : 8.6), 0);
}
