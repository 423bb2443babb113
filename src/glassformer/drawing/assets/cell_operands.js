/** The numbers that a cell was made of: single ones, and rows with what each of their places gives. */

/** @import { Arithmetic, Operand, Row } from "./arithmetic.js" */
/** @import { Pass } from "./data.js" */
/** @import { Step } from "./types.js" */
import { indexOf, labelAt, nameOf } from "./cell_names.js";
import { h, replace, svg } from "./dom.js";
import { number, phrase } from "./texts.js";

/**
 * @typedef {object} Opened
 * @property {Pass} pass
 * @property {Step} step
 * @property {number[]} at
 * @property {(name: string, at: number[]) => void} down go to an operand
 */

const FIRST = 12;
const MORE = 200;
const WIDTH = 360; // units of the strip: no more bars than these

/**
 * Single operands, each with where it comes from.
 * @param {Opened} opened
 * @param {Operand[]} operands
 */
export function singles(opened, operands) {
  if (!operands.length) return null;
  return h(
    "table", { class: "cell-table" },
    h("tbody", null, operands.map((one) =>
      h("tr", null,
        h("th", { scope: "row", class: "formula" }, one.symbol),
        h("td", null, one.value === null ? phrase("not here") : number(one.value, 6)),
        h("td", { class: "cell-origin" }, one.name && one.at ? link(opened, one.name, one.at) : null),
      ),
    )),
  );
}

/**
 * A button that goes down to a cell.
 * @param {Opened} opened
 * @param {string} name
 * @param {number[]} at
 * @param {string} [text]
 */
function link({ pass, down }, name, at, text) {
  const full = `${nameOf(pass, name)} ${indexOf(at)}`;
  return h(
    "button",
    { type: "button", class: "cell-link", title: name + indexOf(at), "aria-label": text ? `${text}: ${full}` : null, onclick: () => down(name, at) },
    text ?? full,
  );
}

/**
 * Rows of operands: a strip of what their places give, and a list of them.
 * @param {Opened} opened
 * @param {Arithmetic} found
 */
export function rows(opened, found) {
  const here = found.rows.filter((one) => one.values !== null);
  if (!here.length) return null;
  const count = here[0].values?.length ?? 0;
  const parts = found.missing.length ? null : found.parts ?? null;
  return h(
    "div", { class: "cell-rows" },
    h("ul", { class: "cell-sources" }, found.rows.map((row) => sourceOf(opened, row, count))),
    parts && found.part && strip(opened, found, found.part, parts),
    list(opened, { ...found, rows: here }, count, parts),
  );
}

/**
 * Where a row comes from.
 * @param {Opened} opened
 * @param {Row} row
 * @param {number} count
 */
function sourceOf({ pass }, row, count) {
  const [first, next, last] = [row.at(0), row.at(1), row.at(count - 1)];
  // The index that runs is the one in which neighbours differ; where heads are joined, a second one
  // goes from the first of them to the last.
  const written = first.map((value, axis) => {
    if (next[axis] !== value) return "i";
    return last[axis] === value ? String(value) : `${value}…${last[axis]}`;
  });
  return h("li", { class: row.values ? null : "faint" }, h("span", { class: "formula" }, `${row.symbol}ᵢ`), " ", nameOf(pass, row.name), " ", h("code", null, `[${written.join(", ")}]`),
    !row.values && [" — ", phrase("not here")]);
}

/**
 * Bars of what each place gives, and the sum up to there as a line.
 * @param {Opened} opened
 * @param {Arithmetic} found
 * @param {string} part
 * @param {ArrayLike<number>} parts
 */
function strip(opened, found, part, parts) {
  const count = parts.length;
  const block = Math.ceil(count / WIDTH);
  const bars = Math.ceil(count / block);
  const sums = running(parts);
  const largest = Math.max(...Array.from({ length: bars }, (_, i) => Math.abs(parts[peak(parts, i * block, block)])), 1e-300);
  const [low, high] = Array.from(sums).reduce(([a, b], one) => [Math.min(a, one), Math.max(b, one)], [0, 0]);
  const width = WIDTH / bars;
  const signed = Array.from(parts).some((one) => one < 0);
  const [middle, reach] = signed ? [30, 28] : [58, 56];
  const said = h("p", { class: "cell-said", "aria-live": "polite" });
  const rest = phrase("{n} terms {part}; the line is their sum so far", { n: count, part });
  const mark = svg("rect", { class: "mark", y: 0, height: 60, width: Math.max(width, 1.5), visibility: "hidden" });
  let at = 0;
  const show = () => {
    const i = peak(parts, at * block, block);
    mark.setAttribute("x", String(at * width));
    mark.setAttribute("visibility", "visible");
    said.textContent = `i = ${i}: ${number(parts[i])} · Σ = ${number(sums[Math.min(count, (at + 1) * block) - 1])}`;
  };
  const hide = () => {
    mark.setAttribute("visibility", "hidden");
    said.textContent = rest;
  };
  const bar = (/** @type {number} */ i) => {
    const size = (parts[peak(parts, i * block, block)] / largest) * reach;
    return `M${((i + 0.5) * width).toFixed(2)} ${middle}V${(middle - size).toFixed(2)}`;
  };
  const all = Array.from({ length: bars }, (_, i) => i);
  const isBelow = (/** @type {number} */ i) => parts[peak(parts, i * block, block)] < 0;
  const level = (/** @type {number} */ sum) => 58 - ((sum - low) / (high - low || 1)) * 56;
  const points = all.map((i) => `${((i + 0.5) * width).toFixed(2)},${level(sums[Math.min(count, (i + 1) * block) - 1]).toFixed(2)}`);
  const stroke = { "stroke-width": Math.max(0.6, width * 0.8) };
  const picture = svg(
    "svg",
    {
      class: "cell-strip", viewBox: `0 0 ${WIDTH} 60`, preserveAspectRatio: "none", tabindex: 0, role: "application",
      "aria-label": phrase("{what}: arrow keys move from term to term", { what: rest }),
      onpointermove: (/** @type {PointerEvent} */ event) => {
        const box = picture.getBoundingClientRect();
        at = Math.max(0, Math.min(bars - 1, Math.floor(((event.clientX - box.left) / box.width) * bars)));
        show();
      },
      onpointerleave: hide,
      onfocus: show,
      onblur: hide,
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const step = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1 })[event.key];
        if (!step) return;
        at = Math.max(0, Math.min(bars - 1, at + step));
        show();
        event.preventDefault();
      },
    },
    mark,
    svg("path", { class: "axis", d: `M0 ${middle}H${WIDTH}` }),
    svg("path", { class: "above", d: all.filter((i) => !isBelow(i)).map(bar).join(""), ...stroke }),
    svg("path", { class: "below", d: all.filter(isBelow).map(bar).join(""), ...stroke }),
    svg("polyline", { class: "running", points: points.join(" ") }),
  );
  hide();
  return h(
    "figure", { class: "cell-figure" },
    picture,
    said,
    block > 1 && h("p", { class: "cell-note" }, phrase("Each bar is the largest of {n} neighbouring terms.", { n: block })),
  );
}

/**
 * The places one by one, in order or the largest first; how many there are is always said.
 * @param {Opened} opened
 * @param {Arithmetic} found
 * @param {number} count
 * @param {ArrayLike<number> | null} parts
 */
function list(opened, found, count, parts) {
  const isChosen = (/** @type {number} */ i) => found.chosen === i;
  const many = count > 1000;
  const shown = { most: Math.min(count, FIRST), largestFirst: parts !== null && many };
  const host = h("div");
  const columns = [
    h("th", { scope: "col" }, "i"),
    ...found.rows.map((row) => h("th", { scope: "col", class: "formula" }, `${row.symbol}ᵢ`)),
    parts && h("th", { scope: "col", class: "formula" }, found.part),
  ];
  const sums = parts && running(parts);
  const draw = () => {
    const order = Array.from({ length: count }, (_, i) => i);
    const sizes = parts;
    if (sizes && shown.largestFirst) order.sort((a, b) => Math.abs(sizes[b]) - Math.abs(sizes[a]) || a - b);
    const places = order.slice(0, shown.most);
    const chosen = found.chosen;
    if (chosen !== undefined && !places.includes(chosen)) places.push(chosen);
    const running_ = sums && !shown.largestFirst && found.chosen === undefined;
    replace(
      host,
      h("p", { class: "cell-count" },
        phrase("{shown} of {n} terms", { shown: places.length, n: count }), " ",
        parts && count > 1 && h("button", {
          type: "button", "aria-pressed": String(shown.largestFirst),
          onclick: () => { shown.largestFirst = !shown.largestFirst; draw(); host.querySelector("button")?.focus(); },
        }, phrase("largest first")),
      ),
      h("div", { class: "scrolls" }, h("table", { class: "cell-table" },
        h("thead", null, h("tr", null, columns, running_ && h("th", { scope: "col" }, phrase("sum so far")))),
        h("tbody", null, places.map((i) =>
          h("tr", { class: isChosen(i) ? "chosen" : null },
            h("th", { scope: "row" }, nameAt(opened, found, i)),
            found.rows.map((row) => h("td", null, cellOf(opened, row, i))),
            parts && h("td", null, number(parts[i])),
            running_ && h("td", null, number(sums[i])),
          ),
        )),
      )),
      shown.most < count && h("button", {
        type: "button", class: "cell-more",
        onclick: () => { shown.most = Math.min(count, shown.most + MORE); draw(); },
      }, phrase("show {n} more", { n: Math.min(MORE, count - shown.most) })),
    );
  };
  draw();
  return host;
}

/**
 * @param {Opened} opened
 * @param {Row} row
 * @param {number} i
 */
function cellOf(opened, row, i) {
  return link(opened, row.name, row.at(i), number(row.values?.[i] ?? NaN));
}

/**
 * What the place i is: a token where the sum runs over tokens.
 * @param {Opened} opened
 * @param {Arithmetic} found
 * @param {number} i
 */
function nameAt({ pass, step }, found, i) {
  if (step.operation === "softmax" || step.operation === "context") return labelAt(pass, step, "key", i);
  if (step.operation === "choose") return `${i} ${labelAt(pass, step, "entry", i)}`;
  return String(i);
}

/** @param {ArrayLike<number>} parts */
function running(parts) {
  let sum = 0;
  return Float64Array.from(parts, (one) => (sum += one));
}

/**
 * Where the largest size is in a block.
 * @param {ArrayLike<number>} parts
 * @param {number} start
 * @param {number} block
 */
function peak(parts, start, block) {
  let found = start;
  for (let i = start; i < Math.min(parts.length, start + block); i++) {
    if (Math.abs(parts[i]) > Math.abs(parts[found])) found = i;
  }
  return found;
}
