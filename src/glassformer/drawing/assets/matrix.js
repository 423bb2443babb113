/**
 * A heat map: rows × columns of numbers on a canvas; a cell can be looked at, and opened.
 *
 * Colours are those of drawing/svg/colours.py: the sign is in the hue, the size in how full it is.
 * Numbers stand in cells of 34 pixels and more. Column labels lie flat where they fit, stand upright
 * in cells of 12 pixels and more, and are left to the line below in smaller ones.
 */

/** @import { Context, Pass } from "./types.js" */
import { h, replace, uid } from "./dom.js";
import { exportable } from "./figures.js";
import { fixed, number, phrase, printable } from "./texts.js";

/**
 * @typedef {object} Place of a related row or column (or cell) in another heat map
 * @property {HTMLElement} map what heatMap() gave
 * @property {number} [row]
 * @property {number} [column]
 *
 * @typedef {object} HeatMap
 * @property {ArrayLike<number>} values in row order
 * @property {number} rows
 * @property {number} columns
 * @property {string} label what it is, for people who hear the page
 * @property {string[]} [rowLabels]
 * @property {string[]} [columnLabels]
 * @property {number} [scale] the absolute value whose colour is full; by default the largest
 * @property {boolean} [legend] whether the scale of colours is drawn below
 * @property {number} [room] pixels of width that it may take, at most
 * @property {number} [cell] pixels of a cell; by default as many as there is room for
 * @property {number | null} [followed] the row of the word looked at, which is framed
 * @property {(row: number, column: number) => {name: string, at: number[], pass?: Pass} | null} [opens]
 * @property {(row: number, column: number) => void} [hovers]
 * @property {() => void} [leaves]
 * @property {(row: number, column: number) => Place[]} [relates] what a cell was made of, framed
 *   in other heat maps while it is looked at
 */

const ROOM = 560; // pixels of width, where there are so many
const LARGEST_CELL = 40;
const OF_NUMBERS = 34;
const OF_LABELS = 12;
const MOST_NUMBERS = 900; // in cells, and in a table

/** @type {WeakMap<HTMLElement, (row?: number, column?: number) => void>} */
const FRAMES = new WeakMap();

/**
 * The element of a heat map.
 * @param {Context} context
 * @param {HeatMap} map
 * @returns {HTMLElement}
 */
export function heatMap(context, map) {
  const { rows, columns } = map;
  const scale = map.scale ?? largestOf(map.values);
  const layout = layoutOf(map, Math.min(map.room ?? ROOM, (context.root.clientWidth || ROOM + 140) - 140));
  const { width, height, down, across } = layout;
  const few = rows * columns <= MOST_NUMBERS;
  const canvas = painted(map, layout, scale);
  const said = h("output", { class: "matrix-value", id: uid("value") }, "\u00a0");
  const mark = h("span", { class: "matrix-mark", hidden: true });
  const frame = h("span", { class: "matrix-related", hidden: true });
  const at = { row: map.followed ?? 0, column: 0 };
  /** @type {Place[]} */
  let related = [];

  /** @param {HTMLElement} element @param {number | undefined} row @param {number | undefined} column */
  const place = (element, row, column) => {
    const [left, top] = [Math.floor((column ?? 0) / across), Math.floor((row ?? 0) / down)];
    element.hidden = row === undefined && column === undefined;
    element.style.cssText =
      `left:${left * width}px;width:${column === undefined ? layout.wide : width}px;` +
      `top:${top * height}px;height:${row === undefined ? layout.high : height}px`;
  };
  const unrelate = () => {
    for (const one of related) FRAMES.get(one.map)?.();
    related = [];
  };
  const show = () => {
    said.textContent = `${named(map, at.row, at.column)}: ${number(map.values[at.row * columns + at.column])}`;
    place(mark, at.row, at.column);
    unrelate();
    related = map.relates?.(at.row, at.column) ?? [];
    for (const one of related) FRAMES.get(one.map)?.(one.row, one.column);
    map.hovers?.(at.row, at.column);
  };
  const leave = () => {
    mark.hidden = true;
    unrelate();
    map.leaves?.();
  };
  const open = () => {
    const cell = map.opens?.(at.row, at.column);
    if (cell) context.openCell(cell.name, cell.at, cell.pass);
  };
  /** @param {PointerEvent | MouseEvent} event */
  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    const column = clamp(Math.floor((event.clientX - box.left) / width), Math.ceil(columns / across));
    const row = clamp(Math.floor((event.clientY - box.top) / height), Math.ceil(rows / down));
    const found = largestIn(map, row * down, column * across, down, across);
    at.row = Math.floor(found / columns);
    at.column = found % columns;
    show();
  };
  const field = h(
    "div",
    {
      class: map.opens ? "matrix-field opens" : "matrix-field",
      tabindex: 0,
      role: "application",
      "aria-roledescription": phrase("heat map"),
      "aria-label": map.opens ? phrase("{what}: arrow keys move, Enter opens a cell's arithmetic", { what: map.label }) : map.label,
      "aria-describedby": said.id,
      onpointermove: point,
      onpointerleave: leave,
      onfocus: show,
      onblur: leave,
      onclick: (/** @type {MouseEvent} */ event) => { point(event); open(); },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (moved(at, event.key, rows, columns)) show();
        else if (event.key === "Enter" || event.key === " ") open();
        else return;
        event.preventDefault();
      },
    },
    canvas,
    few && width >= OF_NUMBERS && numbersIn(map, layout, scale),
    map.followed != null && framed("matrix-followed", map.followed, layout),
    frame,
    mark,
  );
  const element = h(
    "figure",
    { class: "matrix" },
    h("div", { class: "matrix-body" }, columnLabels(map, layout), rowLabels(map, layout), field),
    said,
    map.legend && legend(scale, smallestOf(map.values) < 0),
    down * across > 1 && h("p", { class: "matrix-note" }, blockNote(down, across)),
    few && asNumbers(map),
  );
  FRAMES.set(element, (row, column) => place(frame, row, column));
  return exportable(element, { name: map.label, cells: { values: map.values, rows, columns, scale } });
}

/**
 * The scale of colours that maps share: full at ± `scale`, none at 0.
 * @param {number} scale
 * @param {boolean} [signed] whether there are negative numbers
 * @returns {HTMLElement}
 */
export function legend(scale, signed = true) {
  return h(
    "p",
    { class: "matrix-legend" },
    signed && [h("span", null, number(-scale, 3)), h("span", { class: "matrix-ramp below" })],
    h("span", null, "0"),
    h("span", { class: "matrix-ramp above" }),
    h("span", null, number(scale, 3)),
  );
}

/**
 * The colour of a number, where `scale` is full colour: red, green, blue, and opacity in 255ths.
 * @param {number} value
 * @param {number} scale
 * @returns {[number, number, number, number]}
 */
export function shade(value, scale) {
  const share = scale && !Number.isNaN(value) ? Math.max(-1, Math.min(1, value / scale)) : 0;
  const opacity = Math.round(Math.abs(share) * 255);
  return share < 0 ? [194, 65, 12, opacity] : [36, 116, 200, opacity];
}

/**
 * How large cells are, and of how many cells one is drawn: `down` × `across`, more than one only
 * where there are more cells than pixels.
 * @param {HeatMap} map
 * @param {number} room pixels of width
 */
function layoutOf({ rows, columns, cell }, room) {
  const most = Math.max(120, room);
  const across = cell ? 1 : Math.ceil(columns / most);
  const width = cell ?? Math.max(1, Math.min(LARGEST_CELL, Math.floor(most / Math.ceil(columns / across))));
  const down = cell ? 1 : Math.ceil(rows / ROOM);
  // Rows that have room keep their labels, however narrow the columns are.
  const height = cell ?? Math.max(Math.min(width, 26), rows <= 40 ? 16 : width);
  const [wide, high] = [width * Math.ceil(columns / across), height * Math.ceil(rows / down)];
  return { width, height, down, across, wide, high };
}

/** @typedef {ReturnType<typeof layoutOf>} Layout */

/**
 * @param {HeatMap} map
 * @param {Layout} layout
 * @param {number} scale
 */
function painted(map, { down, across, wide, high }, scale) {
  const [high_, wide_] = [Math.ceil(map.rows / down), Math.ceil(map.columns / across)];
  const canvas = /** @type {HTMLCanvasElement} */ (
    h("canvas", { width: wide_, height: high_, style: { width: `${wide}px`, height: `${high}px` } })
  );
  const pen = canvas.getContext("2d");
  if (!pen || !wide_ || !high_) return canvas;
  const image = pen.createImageData(wide_, high_);
  for (let i = 0; i < wide_ * high_; i++) {
    const [row, column] = [Math.floor(i / wide_) * down, (i % wide_) * across];
    image.data.set(shade(map.values[largestIn(map, row, column, down, across)], scale), i * 4);
  }
  pen.putImageData(image, 0, 0);
  return canvas;
}

/**
 * Where in a block of cells the largest absolute value is: its place among all values.
 * @param {HeatMap} map
 * @param {number} row
 * @param {number} column
 * @param {number} down
 * @param {number} across
 */
function largestIn({ values, rows, columns }, row, column, down, across) {
  let largest = row * columns + column;
  for (let y = row; y < Math.min(rows, row + down); y++) {
    for (let x = column; x < Math.min(columns, column + across); x++) {
      const i = y * columns + x;
      if (Math.abs(values[i]) > Math.abs(values[largest])) largest = i;
    }
  }
  return largest;
}

/**
 * @param {HeatMap} map
 * @param {Layout} layout
 * @param {number} scale
 */
function numbersIn(map, { width, height }, scale) {
  const style = { "grid-template-columns": `repeat(${map.columns}, ${width}px)`, "grid-auto-rows": `${height}px` };
  return h(
    "div", { class: "matrix-numbers", "aria-hidden": "true", style },
    Array.from({ length: map.rows * map.columns }, (_, i) =>
      h("span", { class: shade(map.values[i], scale)[3] > 0.8 * 255 ? "full" : null }, short(map.values[i])),
    ),
  );
}

/** A number that a cell has room for. @param {number} value */
function short(value) {
  return Math.abs(value) < 100 ? fixed(value).replace(/^−(0\.00)$/, "$1") : number(value, 2);
}

/**
 * @param {string} kind
 * @param {number} row
 * @param {Layout} layout
 */
function framed(kind, row, { height, down, wide }) {
  const top = `${Math.floor(row / down) * height}px`;
  return h("span", { class: kind, style: { top, width: `${wide}px`, height: `${height}px` } });
}

/**
 * @param {HeatMap} map
 * @param {Layout} layout
 */
function rowLabels(map, { height, down }) {
  if (!map.rowLabels || height < OF_LABELS || down > 1) return null;
  return h(
    "div", { class: "matrix-rows", "aria-hidden": "true" },
    map.rowLabels.map((one, row) =>
      h("bdi", { style: { height: `${height}px` }, class: row === map.followed ? "followed" : null }, printable(one)),
    ),
  );
}

/**
 * @param {HeatMap} map
 * @param {Layout} layout
 */
function columnLabels(map, { width, across }) {
  if (!map.columnLabels || width < OF_LABELS || across > 1) return null;
  const labels = map.columnLabels.map(printable);
  const fits = labels.every((one) => lengthOf(one) * 7 <= width - 2);
  const style = { "grid-template-columns": `repeat(${map.columns}, ${width}px)` };
  return h(
    "div", { class: fits ? "matrix-columns" : "matrix-columns upright", "aria-hidden": "true", style },
    labels.map((one) => h("bdi", null, one)),
  );
}

/**
 * A button that shows the map as a table of numbers, for those who read or hear it.
 * @param {HeatMap} map
 */
function asNumbers(map) {
  const host = h("div", { class: "scrolls", tabindex: 0, role: "group", "aria-label": map.label, hidden: true });
  const button = h(
    "button",
    {
      type: "button", class: "matrix-toggle", "aria-expanded": "false",
      "aria-label": phrase("{what}, as numbers", { what: map.label }),
      onclick: () => {
        const opened = button.getAttribute("aria-expanded") !== "true";
        button.setAttribute("aria-expanded", String(opened));
        host.hidden = !opened;
        replace(host, opened && tableOf(map));
      },
    },
    phrase("as numbers"),
  );
  return h("div", { class: "matrix-as-numbers" }, button, host);
}

/** @param {HeatMap} map */
function tableOf({ values, rows, columns, label, rowLabels, columnLabels }) {
  const columnName = (/** @type {number} */ i) => h("th", { scope: "col", dir: "auto" }, printable(columnLabels?.[i] ?? String(i)));
  const rowName = (/** @type {number} */ i) => h("th", { scope: "row", dir: "auto" }, printable(rowLabels?.[i] ?? String(i)));
  const counted = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => i);
  return h(
    "table", { class: "numbers" },
    h("caption", { class: "only-heard" }, label),
    h("thead", null, h("tr", null, h("td", null), counted(columns).map(columnName))),
    h("tbody", null, counted(rows).map((row) =>
      h("tr", null, rowName(row), counted(columns).map((column) => h("td", null, number(values[row * columns + column])))),
    )),
  );
}

/**
 * @param {HeatMap} map
 * @param {number} row
 * @param {number} column
 */
function named({ rowLabels, columnLabels }, row, column) {
  // Isolated, so that a label from right to left keeps to its place.
  const isolated = (/** @type {string} */ one) => `\u2068${printable(one)}\u2069`;
  return `${isolated(rowLabels?.[row] ?? String(row))} · ${isolated(columnLabels?.[column] ?? String(column))}`;
}

/**
 * @param {number} down
 * @param {number} across
 */
function blockNote(down, across) {
  return phrase("Each pixel is the number of the largest size in a block of {down} × {across} cells.", { down, across });
}

/**
 * @param {{row: number, column: number}} at
 * @param {string} key
 * @param {number} rows
 * @param {number} columns
 */
function moved(at, key, rows, columns) {
  const moves = /** @type {Record<string, [number, number]>} */ ({
    ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0],
    Home: [0, -columns], End: [0, columns], PageUp: [-10, 0], PageDown: [10, 0],
  });
  const move = moves[key];
  if (!move) return false;
  at.row = clamp(at.row + move[0], rows);
  at.column = clamp(at.column + move[1], columns);
  return true;
}

/** How long a label is, in letters; a Chinese character is as wide as two. @param {string} label */
function lengthOf(label) {
  return [...label].reduce((sum, one) => sum + (one > "\u2e7f" ? 2 : 1), 0);
}

/** @param {ArrayLike<number>} values */
function largestOf(values) {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return largest;
}

/** @param {ArrayLike<number>} values */
function smallestOf(values) {
  let smallest = 0;
  for (let i = 0; i < values.length; i++) smallest = Math.min(smallest, values[i]);
  return smallest;
}

/**
 * @param {number} value
 * @param {number} count
 */
function clamp(value, count) {
  return Math.max(0, Math.min(count - 1, value));
}
