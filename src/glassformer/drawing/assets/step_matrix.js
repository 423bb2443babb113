/** The matrix of one step: its name, formula and size, and its numbers as a heat map. */

/** @import { Context, Pass, Step } from "./types.js" */
/** @import { Child } from "./dom.js" */
/** @import { Place } from "./matrix.js" */
import { h } from "./dom.js";
import { heatMap } from "./matrix.js";
import { fullFrom } from "./scale.js";
import { said } from "./texts.js";

/**
 * @typedef {object} Shown one matrix, as heatMap() takes it
 * @property {ArrayLike<number>} values
 * @property {number} rows
 * @property {number} columns
 * @property {string[]} [rowLabels]
 * @property {string[]} [columnLabels]
 * @property {(row: number, column: number) => {name: string, at: number[]} | null} [opens]
 */

/**
 * The numbers of a step; of one with heads those of one head.
 * @param {Pass} pass
 * @param {Step} step
 * @param {number} head from 1
 * @returns {Promise<Shown>}
 */
export async function shownStep(pass, step, head) {
  const numbers = await pass.array(step.name);
  const heads = step.axes[0] === "head";
  const [rows, columns] = numbers.shape.slice(-2);
  const keys = step.axes.includes("key");
  return {
    values: heads ? numbers.below(head - 1) : numbers.data,
    rows,
    columns,
    rowLabels: pass.sentence(step.rows).tokens,
    columnLabels: keys ? pass.sentence(step.columns ?? step.rows).tokens : undefined,
    opens: (row, column) => ({ name: step.name, at: heads ? [head - 1, row, column] : [row, column] }),
  };
}

/**
 * A weight matrix as x W has it, a row for each feature of x; of one that is cut into heads the
 * columns of one head. Null where this page has no weights.
 * @param {Pass} pass
 * @param {string} name
 * @param {{head: number, size: number} | null} cut head from 1, and how many features each has
 * @returns {Promise<Shown | null>}
 */
export async function shownWeight(pass, name, cut = null) {
  if (!pass.has(name)) return null;
  const kept = await pass.array(name); // [outputs, inputs], as torch keeps it
  const [outputs, rows] = kept.shape;
  const columns = cut ? cut.size : outputs;
  const first = cut ? (cut.head - 1) * cut.size : 0;
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) values[row * columns + column] = kept.at(first + column, row);
  }
  return { values, rows, columns };
}

/**
 * A figure with its heading. `map` is the heat map itself, for frames around what is related.
 * @param {Context} context
 * @param {object} of
 * @param {string} of.symbol what formulas call it
 * @param {string} [of.what] what it is
 * @param {string} [of.formula] in English, as the trace has it
 * @param {Shown} of.shown
 * @param {number | null} [of.followed]
 * @param {number} [of.room] pixels of width
 * @param {number} [of.scale] where colour is full; by default the number that one in a hundred exceeds
 * @param {boolean} [of.legend]
 * @param {string} [of.role] which of the step's matrices it is: operand or result
 * @param {(row: number, column: number) => Place[]} [of.relates]
 * @returns {{element: HTMLElement, map: HTMLElement}}
 */
export function matrixFigure(context, of) {
  const { rows, columns } = of.shown;
  const heading = named(of.symbol, of.what, [rows, columns], of.formula);
  const map = heatMap(context, {
    ...of.shown,
    label: of.what ? `${of.symbol}, ${of.what}` : of.symbol,
    followed: of.followed,
    room: of.room,
    scale: of.scale ?? fullFrom([of.shown.values]),
    legend: of.legend,
    relates: of.relates,
  });
  return { element: h("div", { class: "step-matrix", "data-symbol": of.symbol, "data-role": of.role }, heading, map), map };
}

/**
 * What stands above a matrix.
 * @param {string} symbol
 * @param {string | undefined} what
 * @param {(number | string)[]} shape
 * @param {string} [formula]
 * @returns {HTMLElement}
 */
export function named(symbol, what, shape, formula) {
  return h(
    "p",
    { class: "step-name" },
    h("b", { class: "formula" }, symbol),
    what && [" ", h("span", null, what)],
    " ",
    h("span", { class: "step-shape" }, `[${shape.join(" × ")}]`),
    formula && [h("br", null), h("span", { class: "formula faint" }, `= ${said(formula)}`)],
  );
}

/**
 * An operator between matrices.
 * @param {string} sign
 * @returns {HTMLElement}
 */
function operator(sign) {
  return h("span", { class: "step-operator formula", "aria-hidden": "true" }, sign);
}

/**
 * An operator and what comes after it, which stay together.
 * @param {string} sign
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function after(sign, ...children) {
  return h("div", { class: "step-after" }, operator(sign), children);
}

/**
 * Matrices of the same rows beside one another; the names of the rows stand once where there is room.
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function level(...children) {
  return h("div", { class: "step-row level" }, children);
}

/**
 * Matrices beside one another, each in a place of its own.
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function beside(...children) {
  return h("div", { class: "step-row" }, children);
}
