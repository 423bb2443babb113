/**
 * Two sides of attention in columns, each word opposite its counterpart, or one panel of what moved.
 * A line is c · weight pixels wide, or c · |difference|, with the same c everywhere.
 */

/** @import { Pair } from "./alignment.js" */
/** @import { Comparison } from "./compared.js" */
import { h, svg } from "./dom.js";
import { WIDEST } from "./lines.js";
import { rightToLeft } from "./placing.js";
import { fixed, phrase, printable } from "./texts.js";

const PITCH = 29;
const TOP = 30;
const LONGEST = 150;
const FONT = 15;
const LABEL = 92; // room for what a column is
const [LEAST_ACROSS, MOST_ACROSS] = [80, 170]; // from word to word

/**
 * @typedef {"left" | "right" | "difference"} Side
 *
 * @typedef {object} Line
 * @property {number} row
 * @property {number} to
 * @property {number} value
 * @property {Record<string, string | number>} data
 * @property {string} says
 */

/**
 * The words and lines of one side, or of the difference.
 * @param {Comparison} shown
 * @param {Side} side
 * @param {Set<number>} looked numbers of the pairs of words looked at
 * @param {(row: number, of: "queries" | "keys") => void} choose a word was clicked
 * @param {number} room pixels of width
 * @returns {SVGElement}
 */
export function panel(shown, side, looked, choose, room) {
  const queries = labels(shown, "queries", side);
  const keys = labels(shown, "keys", side);
  const widths = [queries, keys].map((words) => Math.min(LONGEST, Math.max(...words.map((word) => measure(word ?? "")), LABEL)));
  const mirrored = rightToLeft(queries.filter((word) => word !== null));
  const across = Math.max(LEAST_ACROSS, Math.min(MOST_ACROSS, room - widths[0] - widths[1] - 24));
  const width = widths[0] + widths[1] + across + 24;
  const flip = (/** @type {number} */ x) => (mirrored ? width - x : x);
  const starts = flip(widths[0] + 8);
  const ends = flip(width - widths[1] - 8);
  const lines = side === "difference" ? moved(shown) : weighed(shown, side);
  const rows = Math.max(queries.length, keys.length);
  const middle = (starts + ends) / 2;
  const y = (/** @type {number} */ row) => TOP + (row + 0.5) * PITCH;
  const drawn = lines.map((line) => svg(
    "path",
    {
      class: line.value < 0 ? "link less" : side === "difference" ? "link more" : "link", ...line.data,
      d: `M${starts},${y(line.row)} C${middle},${y(line.row)} ${middle},${y(line.to)} ${ends},${y(line.to)}`,
      "stroke-width": (WIDEST * Math.abs(line.value)).toFixed(6), fill: "none", "data-row": line.row, "data-end": line.to,
      "stroke-dasharray": line.value < 0 ? "7 4" : undefined,
    },
    svg("title", null, line.says),
  ));
  const words = /** @type {const} */ (["queries", "keys"]).flatMap((of) => (of === "queries" ? queries : keys).map((word, row) => {
    if (word === null) return null;
    const pair = shown[of][row];
    const before = of === "queries" ? !mirrored : mirrored;
    return svg("text", {
      class: `word ${pair.kind}${looked.has(row) ? " looked" : ""}`, "data-kind": pair.kind,
      "data-position": side === "difference" ? row : pair[side], "data-row": row, "data-of": of,
      x: (of === "queries" ? starts : ends) + (before ? -8 : 8), y: y(row) + 5,
      "text-anchor": before ? "end" : "start", "font-size": FONT,
      onclick: () => choose(row, of),
      onpointerenter: (/** @type {PointerEvent} */ event) => preview(event, of, row),
      onpointerleave: (/** @type {PointerEvent} */ event) => preview(event, of, null),
    }, shortened(word));
  }));
  const heads = [
    svg("text", { class: "side-label", x: starts + (mirrored ? 8 : -8), y: 16, "text-anchor": mirrored ? "start" : "end", "font-size": 12 }, phrase("attends")),
    svg("text", { class: "side-label", x: ends + (mirrored ? -8 : 8), y: 16, "text-anchor": mirrored ? "end" : "start", "font-size": 12 }, phrase("is attended to")),
  ];
  return svg(
    "svg",
    {
      class: "compared", width, height: TOP + rows * PITCH + 6, viewBox: `0 0 ${width} ${TOP + rows * PITCH + 6}`, role: "img",
      "aria-label": `${sideName(side)}: ${lines.slice(0, 8).map((line) => line.says).join("; ")}`, "data-side": side,
    },
    svg("g", { class: "attention" }, heads, drawn, words),
  );
}

/**
 * The words of pairs on a side; of the difference both, where they are not the same.
 * @param {Comparison} shown
 * @param {"queries" | "keys"} of
 * @param {Side} side
 * @returns {(string | null)[]} null where the side has none
 */
export function labels(shown, of, side) {
  return shown[of].map((pair) => {
    const words = [pair.left === null ? null : shown.left[of][pair.left], pair.right === null ? null : shown.right[of][pair.right]];
    if (side !== "difference") return words[side === "left" ? 0 : 1];
    if (pair.kind === "replaced") return `${words[0]} → ${words[1]}`;
    return words[0] ?? words[1];
  });
}

/** @param {Side} side */
export function sideName(side) {
  if (side === "difference") return phrase("right − left");
  return side === "left" ? phrase("left") : phrase("right");
}

/**
 * What a line's width says.
 * @param {boolean} difference
 */
export function widthLegend(difference) {
  const sample = (/** @type {string} */ kind, /** @type {number} */ weight) => svg(
    "svg", { width: 34, height: WIDEST, "aria-hidden": "true" },
    svg("line", { class: `sample ${kind}`, x2: 34, y1: WIDEST / 2, y2: WIDEST / 2, "stroke-width": WIDEST * weight, "stroke-dasharray": kind === "less" ? "7 4" : undefined }),
  );
  const c = WIDEST;
  const said = difference ? phrase("line width = {c} px × |difference|:", { c }) : phrase("line width = {c} px × weight:", { c });
  return h("p", { class: "legend faint", "data-c": WIDEST }, said, " ",
    difference
      ? [phrase("solid, +: more weight on the right:"), sample("more", 0.25), " ", phrase("dashed, −: more weight on the left:"), sample("less", 0.25)]
      : [0.1, 0.5, 1].map((weight) => [sample("plain", weight), ` ${weight} `]));
}

/**
 * @param {Comparison} shown
 * @param {"left" | "right"} side
 * @returns {Line[]}
 */
function weighed(shown, side) {
  const rowOf = (/** @type {Pair[]} */ pairs, /** @type {number} */ at) => pairs.findIndex((pair) => pair[side] === at);
  return shown[side].links
    .map((link) => ({
      row: rowOf(shown.queries, link.from),
      to: rowOf(shown.keys, link.to),
      value: link.weight,
      says: `${printable(shown[side].queries[link.from])} → ${printable(shown[side].keys[link.to])}: ${fixed(link.weight)}`,
      data: {
        "data-part": link.part, "data-layer": link.layer ?? "mean", "data-head": link.head ?? "mean", "data-side": side,
        "data-from": link.from, "data-to": link.to, "data-weight": link.weight.toFixed(6),
      },
    }))
    .filter((line) => line.row >= 0 && line.to >= 0)
    .sort((a, b) => b.value - a.value);
}

/**
 * @param {Comparison} shown
 * @returns {Line[]}
 */
function moved(shown) {
  const words = [labels(shown, "queries", "difference"), labels(shown, "keys", "difference")];
  const [layer, head] = shown.left.heads[0];
  return shown.differences
    .map((one) => ({
      row: one.from,
      to: one.to,
      value: one.difference,
      says: `${printable(words[0][one.from] ?? "")}, ${printable(words[1][one.to] ?? "")}: ${fixed(one.left)} → ${fixed(one.right)}`,
      data: {
        "data-part": shown.left.part, "data-layer": layer ?? "mean", "data-head": head ?? "mean", "data-side": "difference",
        "data-from": one.from, "data-to": one.to, "data-left": one.left.toFixed(6), "data-right": one.right.toFixed(6),
        "data-difference": one.difference.toFixed(6),
      },
    }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
}

/**
 * While a word is pointed at, the lines of others are pale.
 * @param {PointerEvent} event
 * @param {"queries" | "keys"} of
 * @param {number | null} row
 */
function preview(event, of, row) {
  const drawing = /** @type {Element} */ (event.currentTarget).closest("svg");
  const end = of === "queries" ? "data-row" : "data-end";
  for (const link of drawing?.querySelectorAll(".link") ?? []) {
    link.classList.toggle("pale", row !== null && Number(link.getAttribute(end)) !== row);
  }
}

/** @type {{pen: CanvasRenderingContext2D | null}} */
const MEASURING = { pen: null };

/** @param {string} text */
function measure(text) {
  MEASURING.pen ??= document.createElement("canvas").getContext("2d");
  if (!MEASURING.pen) return text.length * FONT * 0.6;
  MEASURING.pen.font = `600 ${FONT}px ${getComputedStyle(document.body).fontFamily}`;
  return MEASURING.pen.measureText(printable(text)).width;
}

/** @param {string} word */
function shortened(word) {
  const said = printable(word);
  if (measure(said) <= LONGEST) return said;
  const letters = [...said];
  while (letters.length && measure(`${letters.join("")}…`) > LONGEST) letters.pop();
  return `${letters.join("")}…`;
}
