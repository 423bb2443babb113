/** A heat map: rows × columns of numbers on a canvas; a cell can be looked at, and opened. */

/** @import { Context } from "./types.js" */
import { h, uid } from "./dom.js";
import { number, phrase, printable } from "./texts.js";

/**
 * @typedef {object} HeatMap
 * @property {ArrayLike<number>} values in row order
 * @property {number} rows
 * @property {number} columns
 * @property {string} label what it is, for people who hear the page
 * @property {string[]} [rowLabels]
 * @property {string[]} [columnLabels]
 * @property {number} [scale] the absolute value whose colour is full; by default the largest
 * @property {number} [cell] pixels of a cell; by default as many as there is room for
 * @property {number} [rowHeight] pixels of a row, where cells are no squares
 * @property {number | null} [followed] the row of the word looked at, which is framed
 * @property {(row: number, column: number) => {name: string, at: number[]} | null} [opens]
 * @property {(row: number, column: number) => void} [hovers]
 */

/**
 * The element of a heat map. The sign is in the hue, the size in how full the colour is.
 * @param {Context} context
 * @param {HeatMap} map
 * @returns {HTMLElement}
 */
export function heatMap(context, map) {
  const { values, rows, columns } = map;
  const scale = map.scale ?? largestOf(values);
  const size = map.cell ?? Math.max(2, Math.min(26, Math.floor(560 / columns)));
  const tall = map.rowHeight ?? size;
  const canvas = /** @type {HTMLCanvasElement} */ (
    h("canvas", { width: columns, height: rows, style: { width: `${columns * size}px`, height: `${rows * tall}px` } })
  );
  paint(canvas, values, rows, columns, scale);
  const said = h("output", { class: "matrix-value", id: uid("value") }, "\u00a0");
  const at = { row: map.followed ?? 0, column: 0 };
  const mark = h("span", { class: "matrix-mark", hidden: true });
  const show = () => {
    const value = values[at.row * columns + at.column];
    const row = map.rowLabels ? printable(map.rowLabels[at.row]) : String(at.row);
    const column = map.columnLabels ? printable(map.columnLabels[at.column]) : String(at.column);
    said.textContent = `${row} · ${column}: ${number(value)}`;
    mark.hidden = false;
    mark.style.cssText = `left:${at.column * size}px;top:${at.row * tall}px;width:${size}px;height:${tall}px`;
    map.hovers?.(at.row, at.column);
  };
  const open = () => {
    const cell = map.opens?.(at.row, at.column);
    if (cell) context.openCell(cell.name, cell.at);
  };
  const field = h(
    "div",
    {
      class: "matrix-field",
      tabindex: 0,
      role: "application",
      "aria-label": map.opens ? phrase("{what}: arrow keys move, Enter opens a cell's arithmetic", { what: map.label }) : map.label,
      "aria-describedby": said.id,
      onpointermove: (/** @type {PointerEvent} */ event) => {
        const box = canvas.getBoundingClientRect();
        at.column = clamp(Math.floor((event.clientX - box.left) / (box.width / columns)), columns);
        at.row = clamp(Math.floor((event.clientY - box.top) / (box.height / rows)), rows);
        show();
      },
      onpointerleave: () => { mark.hidden = true; },
      onclick: () => { show(); open(); },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const moves = /** @type {Record<string, [number, number]>} */ ({
          ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0],
        });
        const move = moves[event.key];
        if (move) {
          at.row = clamp(at.row + move[0], rows);
          at.column = clamp(at.column + move[1], columns);
          show();
        } else if (event.key === "Enter" || event.key === " ") open();
        else return;
        event.preventDefault();
      },
    },
    canvas,
    map.followed != null && h("span", {
      class: "matrix-followed",
      style: { top: `${map.followed * tall}px`, width: `${columns * size}px`, height: `${tall}px` },
    }),
    mark,
  );
  const labels = map.rowLabels && tall >= 12 && h(
    "div", { class: "matrix-rows", "aria-hidden": "true" },
    map.rowLabels.map((one) => h("span", { style: { height: `${tall}px` } }, printable(one))),
  );
  return h("figure", { class: "matrix" }, h("div", { class: "matrix-body" }, labels, field), said);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values
 * @param {number} rows
 * @param {number} columns
 * @param {number} scale
 */
function paint(canvas, values, rows, columns, scale) {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const image = pen.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    const share = scale ? Math.max(-1, Math.min(1, values[i] / scale)) : 0;
    const [red, green, blue] = share < 0 ? [194, 65, 12] : [36, 116, 200];
    image.data.set([red, green, blue, Math.round(Math.abs(share) * 255)], i * 4);
  }
  pen.putImageData(image, 0, 0);
}

/** @param {ArrayLike<number>} values */
function largestOf(values) {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return largest;
}

/**
 * @param {number} value
 * @param {number} count
 */
function clamp(value, count) {
  return Math.max(0, Math.min(count - 1, value));
}
