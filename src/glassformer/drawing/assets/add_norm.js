/** What stands around a sublayer: the residual sum, and LayerNorm with what it does to each row. */

/** @import { Context, Pass, Step } from "./types.js" */
/** @import { LayerOf } from "./layer_view.js" */
import { h } from "./dom.js";
import { after, level, matrixFigure, named, shownStep } from "./step_matrix.js";
import { fixed, phrase, printable } from "./texts.js";

const ROOM = 280;

/**
 * A sum: each summand, and what they come to.
 * @param {Context} context
 * @param {Pass} pass
 * @param {Step} step
 * @param {LayerOf} of
 */
export async function residualSum(context, pass, step, of) {
  const parents = step.parents.map((name) => pass.step(name));
  /** @type {{element: HTMLElement, map: HTMLElement}[]} */
  const summands = [];
  for (const [index, parent] of parents.entries()) {
    summands.push(matrixFigure(context, {
      symbol: index ? "sublayer(x)" : "x", what: whatOf(parent), shown: await shownStep(pass, parent, 1), followed: of.row, room: ROOM,
    }));
  }
  const total = matrixFigure(context, {
    symbol: phrase("sum"), formula: step.formula, shown: await shownStep(pass, step, 1), followed: of.row, room: ROOM,
    relates: (row, column) => summands.map(({ map }) => ({ map, row, column })),
  });
  return [level(summands.map(({ element }, index) => (index ? after("+", element) : element)), after("=", total.element))];
}

/**
 * What is known of a summand besides its letter.
 * @param {Step} step
 */
function whatOf(step) {
  if (step.role === "attention") return phrase("output of the attention");
  if (step.role === "feed_forward") return phrase("output of the feed-forward network");
  return undefined;
}

/**
 * LayerNorm: before and after, mean and spread of each row, γ and β.
 * @param {Context} context
 * @param {Pass} pass
 * @param {Step} step
 * @param {LayerOf} of
 */
export async function layerNorm(context, pass, step, of) {
  const x = pass.step(step.parents[0]);
  const [given, made] = [await shownStep(pass, x, 1), await shownStep(pass, step, 1)];
  const from = matrixFigure(context, { symbol: phrase("before"), shown: given, followed: of.row, room: ROOM });
  const to = matrixFigure(context, {
    symbol: phrase("after"), formula: step.formula, shown: made, followed: of.row, room: ROOM,
    relates: (row) => [{ map: from.map, row }],
  });
  const [gain, shift] = step.parameters;
  const vectors = [];
  for (const [symbol, name] of [["γ", gain], ["β", shift]]) {
    vectors.push(await vector(context, pass, symbol, name));
  }
  return [
    h("p", null, phrase("LayerNorm gives each row mean 0 and standard deviation 1, then multiplies each feature by its γ and adds its β, which are learned.")),
    level(from.element, after("→", to.element), h("div", { class: "norm-vectors" }, vectors)),
    measures(pass.sentence(step.rows).tokens, given, made, of.row),
  ];
}

/**
 * @param {Context} context
 * @param {Pass} pass
 * @param {string} symbol
 * @param {string} name
 */
async function vector(context, pass, symbol, name) {
  if (!pass.has(name)) {
    const shape = pass.manifest.parameters[name]?.shape ?? [];
    return h("div", { class: "step-matrix" }, named(symbol, undefined, shape), h("p", { class: "unheld" }, phrase("learned")));
  }
  const numbers = await pass.array(name);
  return matrixFigure(context, {
    symbol, shown: { values: numbers.data, rows: 1, columns: numbers.shape[0], rowLabels: [symbol] }, room: 260,
  }).element;
}

/**
 * Mean and standard deviation of a row, in double precision; divided by n, as LayerNorm has it.
 * @param {ArrayLike<number>} values
 * @param {number} row
 * @param {number} columns
 */
export function measured(values, row, columns) {
  let sum = 0;
  for (let i = 0; i < columns; i++) sum += values[row * columns + i];
  const mean = sum / columns;
  let squares = 0;
  for (let i = 0; i < columns; i++) squares += (values[row * columns + i] - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / columns) };
}

/**
 * Mean and spread of each row, in numbers and as a bar from mean − sd to mean + sd.
 * @param {string[]} tokens
 * @param {import("./step_matrix.js").Shown} before
 * @param {import("./step_matrix.js").Shown} norm
 * @param {number} followed
 */
function measures(tokens, before, norm, followed) {
  const found = tokens.map((_, row) => [before, norm].map(({ values, columns }) => measured(values, row, columns)));
  const reach = [0, 1].map((side) => Math.max(...found.map((row) => Math.abs(row[side].mean) + row[side].deviation)) || 1);
  const rows = found.map((sides, row) => h(
    "tr", { class: row === followed ? "followed" : null, "data-row": row },
    h("th", { scope: "row" }, h("bdi", null, printable(tokens[row]))),
    sides.map(({ mean, deviation }, side) => [
      h("td", null, fixed(mean, 3)), h("td", null, fixed(deviation, 3)),
      h("td", { class: "spread-cell", "aria-hidden": "true" }, h("span", { class: "spread", style: {
        left: `${50 + (50 * (mean - deviation)) / reach[side]}%`, width: `${(100 * deviation) / reach[side]}%`,
      } })),
    ]),
  ));
  return h(
    "div", { class: "scrolls tall", tabindex: "0", role: "group", "aria-label": phrase("Mean and standard deviation of each row") },
    h(
      "table", { class: "row-numbers measures" },
      h("caption", null, phrase("Mean and standard deviation (sd) of each row")),
      h("thead", null,
        h("tr", null, h("td", null), h("th", { colspan: 3, scope: "colgroup" }, phrase("before")), h("th", { colspan: 3, scope: "colgroup" }, phrase("after"))),
        h("tr", null, h("th", { scope: "col" }, phrase("token")),
          [0, 1].map(() => [h("th", { scope: "col" }, phrase("mean")), h("th", { scope: "col" }, phrase("sd")), h("td", null)]))),
      h("tbody", null, rows),
    ),
  );
}
