/** The feed-forward network of a layer: which hidden units fire for each token, and what comes out. */

/** @import { Context, Pass, Step } from "./types.js" */
/** @import { LayerOf } from "./layer_view.js" */
import { h } from "./dom.js";
import { after, beside, matrixFigure, named, shownStep, shownWeight } from "./step_matrix.js";
import { number, phrase, printable } from "./texts.js";

const STRONGEST = 8; // units of the token followed

/**
 * @param {Context} context
 * @param {Pass} pass
 * @param {Step} output
 * @param {LayerOf} of
 */
export async function feedForward(context, pass, output, of) {
  const hidden = pass.step(output.parents[0]);
  const input = pass.step(hidden.parents[0]);
  const x = matrixFigure(context, {
    symbol: "x", shown: await shownStep(pass, input, 1), followed: of.row, room: 200,
    what: input.role === "norm" ? phrase("after the norm") : phrase("input of this sublayer"),
  });
  const W1 = await learned(context, pass, "W₁", hidden.parameters[0], [input.shape[1], hidden.shape[1]]);
  const units = await shownStep(pass, hidden, 1);
  const middle = matrixFigure(context, {
    symbol: phrase("hidden layer"), formula: hidden.formula, shown: units, followed: of.row, room: 420,
    relates: (row, column) => [{ map: x.map, row }, ...(W1.map ? [{ map: W1.map, column }] : [])],
  });
  const W2 = await learned(context, pass, "W₂", output.parameters[0], [hidden.shape[1], output.shape[1]]);
  const made = matrixFigure(context, {
    symbol: phrase("output"), formula: output.formula, shown: await shownStep(pass, output, 1), followed: of.row, room: 200,
    relates: (row, column) => [{ map: middle.map, row }, ...(W2.map ? [{ map: W2.map, column }] : [])],
  });
  return [
    h("p", null, phrase("Two linear layers with a non-linearity in between: the same weights at every position, others in every layer.")),
    beside(x.element, after("×", W1.element), after("→", middle.element)),
    beside(after("×", W2.element), after("=", made.element)),
    firing(context, pass, hidden, units, of),
  ];
}

/**
 * @param {Context} context
 * @param {Pass} pass
 * @param {string} symbol
 * @param {string} name
 * @param {number[]} shape
 * @returns {Promise<{element: HTMLElement, map?: HTMLElement}>}
 */
async function learned(context, pass, symbol, name, shape) {
  const shown = await shownWeight(pass, name);
  if (shown) return matrixFigure(context, { symbol, shown, room: 200 });
  return { element: h("div", { class: "step-matrix" }, named(symbol, undefined, shape), h("p", { class: "unheld" }, phrase("learned"))) };
}

/**
 * How many units are above 0 for each token, and the strongest of the token followed.
 * @param {Context} context
 * @param {Pass} pass
 * @param {Step} hidden
 * @param {import("./step_matrix.js").Shown} units
 * @param {LayerOf} of
 */
function firing(context, pass, hidden, { values, rows, columns }, of) {
  const tokens = pass.sentence(hidden.rows).tokens;
  const counts = Array.from({ length: rows }, (_, row) => countAbove(values, row, columns));
  const kind = pass.stack(hidden.side === "source" ? "encoder" : "decoder").activation;
  const means = kind === "relu"
    ? phrase("A unit fires for a token where its value is above 0; ReLU makes all others 0.")
    : phrase("Counted as firing: values above 0. This activation gives small negative values too, where ReLU would give 0.");
  const list = strongest(values, of.row, columns).map((unit) => h("li", { "data-unit": unit }, h(
    "button", { type: "button", class: "plain-number", onclick: () => context.openCell(hidden.name, [of.row, unit]) },
    phrase("unit {unit}: {value}", { unit, value: number(values[of.row * columns + unit]) }),
  )));
  const bars = counts.map((count, row) => h(
    "tr", { class: row === of.row ? "followed" : null, "data-row": row },
    h("th", { scope: "row" }, h("bdi", null, printable(tokens[row]))),
    h("td", null, String(count)), h("td", null, `${number((100 * count) / columns, 2)} %`),
    h("td", { class: "bar-cell", "aria-hidden": "true" }, h("span", { class: "bar", style: { width: `${(100 * count) / columns}%` } })),
  ));
  return h(
    "div", { class: "firing" },
    h("div", { class: "scrolls tall", tabindex: "0", role: "group", "aria-label": phrase("Hidden units that fire") }, h(
      "table", { class: "row-numbers" },
      h("caption", null, phrase("Hidden units that fire, of {n}", { n: columns })),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, phrase("token")), h("th", { scope: "col" }, phrase("units")),
        h("th", { scope: "col" }, phrase("share")), h("td", null))),
      h("tbody", null, bars),
    )),
    h("div", null,
      h("p", { class: "faint" }, means),
      h("p", null, phrase("The strongest units for “{token}” (units counted from 0):", { token: printable(tokens[of.row]) })),
      h("ul", { class: "strongest" }, list)),
  );
}

/**
 * @param {ArrayLike<number>} values
 * @param {number} row
 * @param {number} columns
 */
function countAbove(values, row, columns) {
  let count = 0;
  for (let i = row * columns; i < (row + 1) * columns; i++) if (values[i] > 0) count++;
  return count;
}

/**
 * The units with the largest values in a row; those above 0, where there are such.
 * @param {ArrayLike<number>} values
 * @param {number} row
 * @param {number} columns
 */
function strongest(values, row, columns) {
  const units = Array.from({ length: columns }, (_, unit) => unit);
  units.sort((a, b) => values[row * columns + b] - values[row * columns + a]);
  const largest = units.slice(0, STRONGEST);
  const firing = largest.filter((unit) => values[row * columns + unit] > 0);
  return firing.length ? firing : largest;
}
